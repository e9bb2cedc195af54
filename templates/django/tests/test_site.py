import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import Client


@pytest.mark.django_db
def test_it_counts_visits(client: Client) -> None:
    assert client.get("/").content == b"Hello, visitor 1!"
    assert client.get("/").content == b"Hello, visitor 2!"


@pytest.mark.django_db
def test_the_migrations_make_the_models() -> None:
    call_command("makemigrations", "--check", "--dry-run")


def test_the_program_answers(tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    variables = {"SECRET_KEY": "x" * 50, "STATE_DIRECTORY": str(tmp_path), "PORT": str(port)}
    with subprocess.Popen([sys.executable, "-m", "demo_site"], env=os.environ | variables) as site:
        try:
            assert ask(f"http://127.0.0.1:{port}/") == "Hello, visitor 1!"
        finally:
            site.terminate()


def test_a_secret_is_needed(tmp_path: Path) -> None:
    variables = {**os.environ, "STATE_DIRECTORY": str(tmp_path)}
    command = [sys.executable, "-m", "demo_site"]
    done = subprocess.run(command, env=variables, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "set SECRET_KEY" in done.stderr


def ask(url: str, seconds: int = 60) -> str:
    """Return what a service answers, as soon as it does."""
    for _ in range(10 * seconds):
        try:
            with urllib.request.urlopen(url) as answer:
                return answer.read().decode()
        except urllib.error.URLError:
            time.sleep(0.1)
    raise TimeoutError(url)

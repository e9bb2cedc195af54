import os
import socket
import subprocess
import sys
import time

import httpx
import pytest
from demo_api import app
from fastapi.testclient import TestClient

client = TestClient(app)


def test_it_greets() -> None:
    assert client.get("/", params={"name": "Nix"}).json() == {"message": "Hello, Nix!"}


def test_notes_need_the_token(monkeypatch: pytest.MonkeyPatch) -> None:
    headers = {"Authorization": "Bearer x"}
    assert client.post("/notes", json={"text": "a"}, headers=headers).status_code == 403
    monkeypatch.setenv("TOKEN", "x")
    answer = client.post("/notes", json={"text": "a"}, headers=headers)
    assert (answer.status_code, answer.json()) == (201, [{"text": "a"}])


def test_the_program_answers() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    variables = {**os.environ, "PORT": str(port)}
    with subprocess.Popen([sys.executable, "-m", "demo_api"], env=variables) as service:
        try:
            assert ask(f"http://127.0.0.1:{port}/") == {"message": "Hello, world!"}
        finally:
            service.terminate()


def ask(url: str, seconds: int = 60) -> object:
    """Return what a service answers, as soon as it does."""
    for _ in range(10 * seconds):
        try:
            return httpx.get(url).json()
        except httpx.ConnectError:
            time.sleep(0.1)
    raise TimeoutError(url)

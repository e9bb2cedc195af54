"""nixpkgs.py: can the pinned nixpkgs be had?"""

from __future__ import annotations

import http.server
import json
import socket
import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

import nixpkgs
import pytest
from nixpkgs import Pin, is_available, read_pin, store_path

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

HASH = "sha256-" + "A" * 43 + "="


@contextmanager
def server(status: int) -> Iterator[str]:
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_HEAD(self) -> None:
            self.send_response(status)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as http_server:
        threading.Thread(target=http_server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{http_server.server_port}/x.tar.gz"
        http_server.shutdown()


def test_reads_the_pin_of_this_projects_lock(project: Path) -> None:
    pin = read_pin(project / "flake.lock")
    assert pin is not None
    assert pin.url is not None
    assert pin.url.startswith("https://")
    assert pin.nar_hash.startswith("sha256-")


@pytest.mark.parametrize("text", ["", "{}", '{"nodes": {}, "root": "root"}'])
def test_a_lock_without_nixpkgs_has_no_pin(tmp_path: Path, text: str) -> None:
    (tmp_path / "flake.lock").write_text(text)
    assert read_pin(tmp_path / "flake.lock") is None


def test_store_path_is_the_one_that_nix_uses() -> None:
    # `builtins.fetchTree` of a folder with one file "a" that holds "hi\\n"
    path = store_path("sha256-h4gyzSK14DjhF7cBN4VY+Km2ytc4Gg5tV6noZdNPhaY=")
    assert path == "/nix/store/ms37m6i4z2hfa1lm7a6lch7lw9vcr26l-source"


@pytest.mark.parametrize(("status", "available"), [(200, True), (404, False), (429, True)])
def test_asks_the_server(tmp_path: Path, status: int, available: bool) -> None:
    with server(status) as url:
        assert is_available(Pin(url, HASH), tmp_path) is available


def test_an_answer_is_remembered(tmp_path: Path) -> None:
    with server(200) as url:
        assert is_available(Pin(url, HASH), tmp_path)
    assert is_available(Pin(url, HASH), tmp_path)
    assert not is_available(Pin(url + "2", HASH), tmp_path)


def test_a_refusal_is_asked_again_after_an_hour(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with server(404) as url:
        assert not is_available(Pin(url, HASH), tmp_path)
    memory = tmp_path / "nixpkgs-reachable.json"
    assert json.loads(memory.read_text())["reachable"] is False
    now = time.time()
    monkeypatch.setattr(nixpkgs, "_answers", lambda _url: True)
    assert not is_available(Pin(url, HASH), tmp_path)
    monkeypatch.setattr(time, "time", lambda: now + 3700)
    assert is_available(Pin(url, HASH), tmp_path)


def test_a_server_that_says_nothing_costs_three_seconds(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        start = time.monotonic()
        pin = Pin(f"http://127.0.0.1:{silent.getsockname()[1]}/", HASH)
        assert not is_available(pin, tmp_path)
        assert time.monotonic() - start < 20


def test_what_the_store_has_needs_no_server(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(nixpkgs, "store_path", lambda _hash: str(tmp_path))
    assert is_available(Pin("http://127.0.0.1:1/", HASH), tmp_path)


def test_without_a_pin_there_is_no_nixpkgs(tmp_path: Path) -> None:
    assert not is_available(None, tmp_path)

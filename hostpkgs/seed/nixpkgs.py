"""Find out whether the nixpkgs that a flake.lock pins can be fetched here."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import threading
import time
from dataclasses import dataclass
from pathlib import Path

_SECONDS = 3
_REMEMBERED_REACHABLE = 24 * 3600
_REMEMBERED_UNREACHABLE = 3600
_BASE32 = "0123456789abcdfghijklmnpqrsvwxyz"


@dataclass(frozen=True)
class Pin:
    """A pinned nixpkgs: `url` of its archive, None if it has none; `nar_hash` in SRI form."""

    url: str | None
    nar_hash: str


def read_pin(lock_file: Path) -> Pin | None:
    """Return the input `nixpkgs` of a flake.lock; None when there is no lock or no such input."""
    try:
        lock = json.loads(lock_file.read_text())
        locked = lock["nodes"][lock["nodes"][lock["root"]]["inputs"]["nixpkgs"]]["locked"]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    if locked["type"] == "github":
        host = locked.get("host", "github.com")
        url = f"https://{host}/{locked['owner']}/{locked['repo']}/archive/{locked['rev']}.tar.gz"
        return Pin(url, locked["narHash"])
    return Pin(locked.get("url"), locked["narHash"])


def store_path(nar_hash: str, name: str = "source") -> str:
    """Return a source tree's store path by its hash (Nix manual, "Store Path Specification")."""
    inner = base64.b64decode(nar_hash.partition("-")[2]).hex()
    fingerprint = f"source:sha256:{inner}:/nix/store:{name}"
    digest = hashlib.sha256(fingerprint.encode()).digest()
    folded = bytearray(20)
    for index, byte in enumerate(digest):
        folded[index % 20] ^= byte
    bits = int.from_bytes(folded, "little")
    text = "".join(_BASE32[bits >> 5 * index & 31] for index in reversed(range(32)))
    return f"/nix/store/{text}-{name}"


def is_available(pin: Pin | None, cache: Path) -> bool:
    """Return whether it is in the store, or its server answers within three seconds (cached)."""
    if pin is None:
        return False
    if os.path.exists(store_path(pin.nar_hash)):  # noqa: PTH110
        return True
    if pin.url is None:
        return True
    memory = cache / "nixpkgs-reachable.json"
    remembered = _recall(memory, pin.url)
    if remembered is None:
        remembered = _answers(pin.url)
        _remember(memory, pin.url, remembered)
    return remembered


def _recall(memory: Path, url: str) -> bool | None:
    try:
        known = json.loads(memory.read_text())
        age = time.time() - memory.stat().st_mtime
    except (OSError, ValueError):
        return None
    limit = _REMEMBERED_REACHABLE if known["reachable"] else _REMEMBERED_UNREACHABLE
    return bool(known["reachable"]) if known["url"] == url and 0 <= age < limit else None


def _remember(memory: Path, url: str, reachable: bool) -> None:
    from state import write_atomically

    write_atomically(memory, json.dumps({"url": url, "reachable": reachable}))


def _answers(url: str) -> bool:
    from urllib.error import HTTPError
    from urllib.request import Request, urlopen

    answers: list[bool] = []

    def ask() -> None:
        try:
            with urlopen(Request(url, method="HEAD"), timeout=_SECONDS) as response:
                answers.append(response.status < 400)
        except HTTPError as error:
            # refuses HEAD, or is busy: it is there
            answers.append(error.code in (405, 429))
        except (OSError, ValueError):
            answers.append(False)

    # a name server that doesn't answer knows no time-out: leave the thread behind
    thread = threading.Thread(target=ask, daemon=True)
    thread.start()
    thread.join(_SECONDS)
    return bool(answers and answers[0])

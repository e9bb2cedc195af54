"""Finds files of an index in the Nix store, and puts them there as a build would.

Source: the Nix manual, "Store path specification" and "nix-store --add-fixed".
"""

import hashlib
import re
import shutil
import threading
from collections.abc import Mapping
from pathlib import Path

from lock.io import process
from lock.models.nix_base32 import from_hex

# Bytes of files that wait for one run of nix-store.
BATCH = 1 << 28
# Of a name in the store; lib/text.nix has the same rule.
LONGEST_NAME = 180
# Of the hash in a path of the store.
PATH_HASH_BYTES = 20


def store_name(name: str) -> str:
    """Return the name that a file gets in the store, as lib/text.nix gives it."""
    allowed = re.sub(r"[^A-Za-z0-9+._?=-]", "-", name)
    dotless = f"_{allowed}" if allowed.startswith(".") else allowed
    if len(dotless) <= LONGEST_NAME:
        return dotless
    digest = hashlib.sha256(name.encode()).hexdigest()[:10]
    return f"{dotless[:80]}-{digest}-{dotless[-80:]}"


def store_path(name: str, sha256: str, folder: str = "/nix/store") -> str:
    """Return the path of a file whose content has a hash (hexadecimal)."""
    inner = hashlib.sha256(f"fixed:out:sha256:{sha256}:".encode()).hexdigest()
    name = store_name(name)
    text = f"output:out:sha256:{inner}:{folder}:{name}"
    folded = bytearray(PATH_HASH_BYTES)
    for index, byte in enumerate(hashlib.sha256(text.encode()).digest()):
        folded[index % PATH_HASH_BYTES] ^= byte
    return f"{folder}/{from_hex(folded.hex())}-{name}"


class NixStore:
    """The store of this machine; `program` is None where there is none.

    Files to add are collected, because each run of nix-store takes a while.
    """

    def __init__(self, environment: Mapping[str, str], scratch: Path) -> None:
        self.environment = environment
        self.scratch = scratch
        self.folder = environment.get("NIX_STORE_DIR") or "/nix/store"
        # Empty for none, as where Nix isn't installed.
        named = environment.get("WHEELHOUSE_NIX_STORE")
        found = shutil.which("nix-store", path=environment.get("PATH"))
        self.program = (found if named is None else named) or None
        # What nix-store said when it could not add files; empty where it could.
        self.problem = ""
        self._guard = threading.Lock()
        self._waiting: list[Path] = []
        self._runs = 0

    def find(self, name: str, sha256: str, size: int | None) -> Path | None:
        """Return where a file lies in the store; None where it isn't there, or isn't whole."""
        if self.program is None:
            return None
        path = Path(store_path(name, sha256, self.folder))
        try:
            found = path.stat().st_size
        except OSError:
            return None
        return path if size in (None, found) else None

    def add(self, path: Path) -> None:
        """Add a file later, and delete it; its name is the one that it gets."""
        with self._guard:
            self._waiting.append(path)
            waiting = sum(one.stat().st_size for one in self._waiting)
        if waiting >= BATCH:
            self.flush()

    def flush(self) -> None:
        """Add the files that wait."""
        with self._guard:
            files, self._waiting = self._waiting, []
            self._runs += 1
            messages = self.scratch / f"nix-store-{self._runs}.log"
        if not files:
            return
        if self.program and not self.problem:
            command = [self.program, "--add-fixed", "sha256", *map(str, files)]
            try:
                code, text = process.run(command, self.scratch, self.environment, messages)
            except OSError as error:
                code, text = 1, str(error)
            if code:
                self.problem = (text.strip().splitlines() or [f"exit code {code}"])[-1]
        for file in files:
            file.unlink()

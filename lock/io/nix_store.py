"""Finds files of an index in the Nix store, and puts them there as a build would.

Source: the Nix manual, "Store path specification" and "nix-store --add-fixed".
"""

import hashlib
import re
import shutil
import subprocess
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path

from lock.errors import UsageError
from lock.io import process
from lock.models.nix_base32 import from_hex

# Bytes of files that wait for one run of nix-store.
BATCH = 1 << 26
# Of a name in the store; lib/text.nix has the same rule.
LONGEST_NAME = 180
# Paths that one run of nix-store is asked for: macOS lets a command line have 1 MiB.
MOST_PATHS = 4000
# After so many files that it refuses for one and the same reason, no further ones are tried.
MOST_REFUSALS = 3
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

    def invalid(self, paths: Sequence[str]) -> set[str]:
        """Return those paths that aren't valid. Raises UsageError where it can't be asked."""
        found: set[str] = set()
        for start in range(0, len(paths), MOST_PATHS):
            some = paths[start : start + MOST_PATHS]
            done = self._run("--check-validity", "--print-invalid", *some)
            if done.returncode:
                raise UsageError(f"the Nix store can't be asked: {_message(done)}")
            found.update(done.stdout.split())
        return found

    def add_all(self, files: Sequence[Path]) -> dict[Path, str]:
        """Add files, each in a folder named after its sha256; return why each couldn't be added.

        The text is empty for those that were.
        """
        problems: dict[Path, str] = {}
        refusals: list[str] = []
        waiting = [*files]
        while waiting and not (len(refusals) == MOST_REFUSALS and len({*refusals}) == 1):
            done = self._run("--add-fixed", "sha256", *map(str, waiting))
            # It adds them in their order, and ends at the first that it can't add.
            added = done.stdout.split()
            for file, path in zip(waiting, added, strict=False):
                expected = store_path(file.name, file.parent.name, self.folder)
                problems[file] = "" if path == expected else f"it was added as {path}"
            waiting = waiting[len(added) :]
            if waiting:
                refusals = [*([] if added else refusals), _message(done)]
                problems[waiting.pop(0)] = refusals[-1]
        return problems | dict.fromkeys(waiting, refusals[-1] if refusals else "")

    def _run(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        """Run nix-store, which a signal to this process doesn't end in the middle of its work.

        One that can't be run counts as one that failed.
        """
        command = [self.program or "nix-store", *arguments]
        try:
            return subprocess.run(
                command,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                encoding="utf-8",
                errors="replace",
                process_group=0,
                check=False,
            )
        except OSError as error:
            return subprocess.CompletedProcess(command, 1, "", f"{command[0]}: {error.strerror}")

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


def _message(done: "subprocess.CompletedProcess[str]") -> str:
    """Return what nix-store says against it, in one line."""
    lines = [line.strip() for line in done.stderr.splitlines() if line.strip()]
    errors = [line.partition("error:")[2].strip() for line in lines if line.startswith("error:")]
    return " ".join(filter(None, errors)) or [*lines, f"exit code {done.returncode}"][-1]

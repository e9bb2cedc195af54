"""uv, the resolver: a generated project in a folder of its own, isolated from the user's settings."""

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lock.errors import LockError, UnsatisfiableError
from lock.requirements import Requirements
from lock.target import OLDEST_MINOR, Target, marker

ROOT = "wheelhouse-requirements"
# What a user may say to uv through the environment: where to look, and how to get there.
PASSED = {
    "UV_CACHE_DIR",
    "UV_DEFAULT_INDEX",
    "UV_EXTRA_INDEX_URL",
    "UV_HTTP_TIMEOUT",
    "UV_INDEX",
    "UV_INDEX_URL",
    "UV_INSECURE_HOST",
    "UV_KEYRING_PROVIDER",
    "UV_NATIVE_TLS",
    "UV_OFFLINE",
}
PROBES = 2


@dataclass(frozen=True)
class Outcome:
    """What uv did: its lock (parsed uv.lock) or, where there is none, its message."""

    lock: dict[str, Any] | None
    exit_code: int
    message: str


def resolve(requirements: Requirements, targets: Sequence[Target]) -> dict[str, Any]:
    """The lock of the requirements for all targets at once, as uv.lock has it (TOML, parsed).

    Raises UnsatisfiableError with uv's proof and, where only some systems are to blame, their
    names; LockError where uv or the network fails.
    """
    outcome = run(requirements, targets)
    if outcome.lock is not None:
        return outcome.lock
    message = in_the_users_words(outcome.message, requirements)
    if outcome.exit_code != 1:
        raise LockError(f"uv could not resolve {requirements.file}:\n{message}")
    blamed = blame(requirements, targets) if len(targets) > 1 else []
    if blamed and len(blamed) < len(targets):
        good = [target.system for target in targets if target not in blamed]
        names = ", ".join(target.system for target in blamed)
        message += (
            f"\nThis concerns {names}; {', '.join(good)} can be locked: "
            + " ".join(f"--system {system}" for system in good)
        )
    raise UnsatisfiableError(f"{requirements.file} can't be satisfied:\n{message}")


def blame(requirements: Requirements, targets: Sequence[Target]) -> list[Target]:
    """The targets that can't be locked even alone."""
    with ThreadPoolExecutor(PROBES) as pool:
        outcomes = pool.map(lambda target: run(requirements, [target]), targets)
        return [
            target
            for target, outcome in zip(targets, outcomes, strict=True)
            if outcome.lock is None
        ]


def run(requirements: Requirements, targets: Sequence[Target]) -> Outcome:
    """Run `uv lock` on a generated project. Raises LockError where uv can't be run."""
    with tempfile.TemporaryDirectory(prefix="wheelhouse-lock-") as name:
        folder = Path(name)
        (folder / "pyproject.toml").write_text(project(requirements, targets), encoding="utf-8")
        (folder / "uv.toml").write_text("", encoding="utf-8")
        command = [
            find_uv(),
            "lock",
            "--project",
            name,
            "--config-file",
            str(folder / "uv.toml"),
            "--python",
            os.environ.get("WHEELHOUSE_PYTHON", sys.executable),
        ]
        with started(command, name) as process:
            _, message = process.communicate()
        lock = folder / "uv.lock"
        if process.returncode == 0 and lock.exists():
            return Outcome(tomllib.loads(lock.read_text(encoding="utf-8")), 0, message)
        return Outcome(None, process.returncode, message)


@contextmanager
def started(command: list[str], folder: str) -> Iterator["subprocess.Popen[str]"]:
    """A process of uv's that does not outlive us: an interruption ends it first."""
    try:
        process = subprocess.Popen(
            command,
            cwd=folder,
            env=environment(os.environ),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
    except OSError as error:
        raise LockError(f"{command[0]} can't be run: {error.strerror}") from error
    try:
        yield process
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
            process.wait()


def find_uv() -> str:
    """The path of uv. Raises LockError where there is none."""
    found = os.environ.get("WHEELHOUSE_UV") or shutil.which("uv")
    if not found:
        raise LockError("uv is not on PATH; `nix run .#lock` brings its own, or set WHEELHOUSE_UV")
    return found


def environment(given: Mapping[str, str]) -> dict[str, str]:
    """The variables for uv: the user's, less what would change the result."""
    kept = {
        name: value
        for name, value in given.items()
        if (not name.startswith("UV_") or name in PASSED)
        and name not in ("VIRTUAL_ENV", "PYTHONPATH", "PYTHONHOME")
    }
    return {**kept, "UV_PYTHON_DOWNLOADS": "never", "UV_NO_PROGRESS": "1", "NO_COLOR": "1"}


def project(requirements: Requirements, targets: Sequence[Target]) -> str:
    """The pyproject.toml of a project that requires what the user requires, on the targets."""
    return "\n".join(
        [
            "[project]",
            f'name = "{ROOT}"',
            'version = "0"',
            f'requires-python = ">=3.{OLDEST_MINOR}"',
            "dependencies = [",
            *(f"  {toml_text(item.specifier)}," for item in requirements.requirements),
            "]",
            "[tool.uv]",
            "package = false",
            "environments = [",
            *(f"  {toml_text(marker(target))}," for target in targets),
            "]",
            "",
        ]
    )


def toml_text(text: str) -> str:
    """A TOML basic string."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def in_the_users_words(message: str, requirements: Requirements) -> str:
    """uv's message without what the user never wrote: the project's name, split markers."""
    lines = [line for line in message.splitlines() if not line.startswith(("Using ", "warning: "))]
    text = "\n".join(lines).strip()
    text = re.sub(rf"\(included\) |{ROOT} ?@? ?\S*file:\S+", "", text)
    text = re.sub(rf"your project(?='s| )|{ROOT}(==0)?", requirements.file, text)
    return re.sub(r" for split \(markers:[^)]*\)", "", text) or "uv gave no reason"

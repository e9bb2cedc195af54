"""Drives `uv lock`: a generated project in, the text of uv.lock out, apart from the user's uv."""

import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from lock.errors import UsageError
from lock.target import Target

# The generated project's name, which nothing on an index has.
ROOT = "wheelhouse-requirements-root"
OLDEST_PYTHON = "3.8"

# What the user's environment may say to uv; all else would change what is resolved.
PASSED_ON = re.compile(
    r"UV_(CACHE_DIR|NO_CACHE|OFFLINE|(DEFAULT_|EXTRA_)?INDEX(_URL)?|INDEX_\w+_(USERNAME|PASSWORD)"
    r"|KEYRING_PROVIDER|INSECURE_HOST|NATIVE_TLS|SYSTEM_CERTS|HTTP_\w+|CONCURRENT_\w+)"
)
# Beside uv's own: what would reach the interpreter that builds metadata, or choose another one,
# and what would fill uv's messages with its log.
CLEARED = re.compile(r"(UV|PYTHON)\w*|VIRTUAL_ENV|CONDA_PREFIX|CONDA_DEFAULT_ENV|RUST_LOG")
SETTINGS = {
    "NO_COLOR": "1",
    "UV_NO_PROGRESS": "1",
    "UV_PYTHON_DOWNLOADS": "never",
}


@dataclass(frozen=True)
class Outcome:
    """How `uv lock` ended: 0 done, 1 unsatisfiable or a failed build, 2 usage or network."""

    exit_code: int
    # The content of uv.lock, empty when there is none.
    lock: str
    messages: str


def executable(environment: Mapping[str, str]) -> str:
    """The path of uv: the launcher's, else the one on PATH. Raises UsageError without one."""
    path = environment.get("WHEELHOUSE_UV") or shutil.which("uv", path=environment.get("PATH"))
    if not path:
        raise UsageError("uv, which resolves the versions, is not on PATH; install it")
    # uv runs in another folder.
    return os.path.abspath(path)  # noqa: PTH100


def project(requirements: Iterable[str], targets: Iterable[Target]) -> str:
    """The pyproject.toml that asks uv for some requirements (PEP 508) on some targets."""
    return "\n".join(
        [
            "[project]",
            f'name = "{ROOT}"',
            'version = "0"',
            f'requires-python = ">={OLDEST_PYTHON}"',
            f"dependencies = {_toml(requirements)}",
            "",
            "[tool.uv]",
            "package = false",
            f"environments = {_toml(target.uv_environment() for target in targets)}",
            "",
            # Without a workspace of its own the project would join one in a folder above.
            "[tool.uv.workspace]",
            "members = []",
            "",
        ]
    )


def clean_environment(environment: Mapping[str, str]) -> dict[str, str]:
    """The environment for uv: the user's, without what would change the resolution."""
    kept = {
        name: value
        for name, value in environment.items()
        if PASSED_ON.fullmatch(name) or not CLEARED.fullmatch(name)
    }
    return kept | SETTINGS


class Resolver:
    """Runs uv in folders below a scratch folder; leaving its context ends every run."""

    def __init__(self, scratch: Path, environment: Mapping[str, str]) -> None:
        self.scratch = scratch
        self.uv = executable(environment)
        self.python = environment.get("WHEELHOUSE_PYTHON") or sys.executable
        self.environment = clean_environment(environment)

    @contextmanager
    def running(
        self, name: str, requirements: Iterable[str], targets: Iterable[Target]
    ) -> Iterator[Callable[[], Outcome]]:
        """Starts `uv lock` in a folder of its own; gives what waits for the outcome.

        Raises UsageError when uv can't be run.
        """
        folder = self.scratch / name
        folder.mkdir()
        (folder / "pyproject.toml").write_text(project(requirements, targets), encoding="utf-8")
        (folder / "uv.toml").write_text("", encoding="utf-8")
        messages = folder / "messages"
        command = [self.uv, "lock", "--config-file", "uv.toml", "--python", self.python]
        with messages.open("wb") as stream:
            try:
                process = subprocess.Popen(
                    command,
                    cwd=folder,
                    env=self.environment,
                    stdin=subprocess.DEVNULL,
                    stdout=stream,
                    stderr=stream,
                    # A group of its own, so that the builds that uv starts end with it.
                    process_group=0,
                )
            except OSError as error:
                raise UsageError(
                    f"{self.uv}: {error.strerror}; set WHEELHOUSE_UV to uv's path"
                ) from None

        def outcome() -> Outcome:
            exit_code = process.wait()
            lock = folder / "uv.lock"
            return Outcome(
                exit_code,
                lock.read_text(encoding="utf-8") if lock.exists() else "",
                messages.read_text(encoding="utf-8", errors="replace"),
            )

        try:
            yield outcome
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()

    def lock(self, name: str, requirements: Iterable[str], targets: Iterable[Target]) -> Outcome:
        """Runs `uv lock` to its end. Raises UsageError when uv can't be run."""
        with self.running(name, requirements, targets) as outcome:
            return outcome()

    def probe(self, requirements: Sequence[str], targets: Sequence[Target]) -> list[Outcome]:
        """Runs `uv lock` for each target alone, two at a time."""
        outcomes: list[Outcome] = []
        for first in range(0, len(targets), 2):
            outcomes += self._together(requirements, targets[first : first + 2])
        return outcomes

    def _together(self, requirements: Sequence[str], targets: Sequence[Target]) -> list[Outcome]:
        if not targets:
            return []
        head, *rest = targets
        with self.running(head.system.name, requirements, [head]) as outcome:
            others = self._together(requirements, rest)
            return [outcome(), *others]


def _toml(texts: Iterable[str]) -> str:
    """A TOML array of basic strings."""
    return f"[{', '.join(map(_toml_string, texts))}]"


def _toml_string(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    controls = re.sub(r"[\x00-\x1f\x7f]", lambda sign: f"\\u{ord(sign[0]):04x}", escaped)
    return f'"{controls}"'

"""Run the lock app as its users do."""

import os
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from tests.support.project import ROOT


@dataclass
class LockApp:
    """`python -m lock` in a folder, with these environment variables only.

    `module` may be that of another program of the project, whose messages are like those of `lock`.
    """

    folder: Path
    environment: dict[str, str]
    # When a run is taken to hang, in seconds: other tests run beside it.
    timeout: float = 300
    module: str = "lock"

    def write(self, text: str, name: str = "requirements.yaml") -> Path:
        """Write a file in the folder, and return its path."""
        file = self.folder / name
        file.write_text(text, encoding="utf-8")
        return file

    def start(self, *arguments: str, **environment: str) -> "subprocess.Popen[str]":
        """Start a run in a process group of its own."""
        return subprocess.Popen(
            [sys.executable, "-m", self.module, *arguments],
            cwd=self.folder,
            env=self.environment | environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def run(self, *arguments: str, **environment: str) -> "subprocess.CompletedProcess[str]":
        """Run to the end; there must be no traceback."""
        process = self.start(*arguments, **environment)
        try:
            out, messages = process.communicate(timeout=self.timeout)
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
        assert "Traceback" not in messages, messages
        return subprocess.CompletedProcess(process.args, process.returncode, out, messages)

    def succeed(self, *arguments: str, **environment: str) -> str:
        """Return the sources.yaml that a run writes, which must succeed."""
        done = self.run(*arguments, **environment)
        assert done.returncode == 0, done.stderr
        return (self.folder / "sources.yaml").read_text(encoding="utf-8")

    def fail(self, code: int, *arguments: str, **environment: str) -> str:
        """Return the messages of a run that must fail with this exit code and write no file."""
        before = self.tree()
        done = self.run(*arguments, **environment)
        assert done.returncode == code, (done.returncode, done.stderr)
        assert done.stdout == ""
        assert self.tree() == before
        assert [*Path(self.environment["TMPDIR"]).iterdir()] == []
        return done.stderr

    def tree(self) -> dict[str, bytes]:
        """Return the contents of all files below the folder, by relative path."""
        return {
            os.fspath(file.relative_to(self.folder)): file.read_bytes()
            for file in sorted(self.folder.rglob("*"))
            if file.is_file()
        }


def lock_from(url: str, folder: Path, requirements: str) -> None:
    """Lock requirements for this system in a folder, from the index at an URL and no other."""
    variables = {
        "UV_DEFAULT_INDEX": url,
        "PYTHONPATH": os.fspath(ROOT),
        # What tests lock is nothing for the store, and has no native libraries.
        "WHEELHOUSE_NIX_STORE": "",
        "WHEELHOUSE_NO_NATIVE": "1",
    }
    lock = LockApp(folder, {**os.environ, **variables})
    lock.write(requirements)
    lock.succeed("--system", "x86_64-linux", "3.11")

"""Other tools that lock and install, to compare the lock app with."""

import json
import subprocess
import sys
import tomllib

from tests.support.lock_app import LockApp


class Tools:
    """Runs uv, and other tools through it, in the folder of a project."""

    def __init__(self, lock: LockApp, uv: str) -> None:
        self.lock = lock
        self.uv = uv

    def run(self, *arguments: str) -> str:
        """Return the output of a command of uv, which must succeed."""
        done = subprocess.run(
            [self.uv, *arguments],
            cwd=self.lock.folder,
            env=self.lock.environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def run_tool(self, *arguments: str) -> str:
        """Return the output of another tool, the first argument, which must succeed."""
        return self.run("tool", "run", "--python", sys.executable, *arguments)

    @staticmethod
    def pip_install(*arguments: str) -> list[str]:
        """Return the arguments by which uv runs `pip install` on the virtual environment."""
        run = ["tool", "run", "--python", sys.executable, "pip", "--python", ".venv/bin/python"]
        return [*run, "install", *arguments]

    def install(self, *command: str) -> dict[str, str]:
        """Install into a new virtual environment; return the versions of what is in it, by name."""
        self.run("venv", "--quiet", "--clear", "--python", sys.executable, ".venv")
        self.run(*command)
        return self.list_installed()

    def list_installed(self) -> dict[str, str]:
        """Return the versions of what is in the virtual environment, by name."""
        entries = json.loads(self.run("pip", "list", "--format", "json", "--quiet"))
        return {entry["name"]: entry["version"] for entry in entries}

    @property
    def index_url(self) -> str:
        """Return the URL of the index that uv.lock was locked with."""
        packages = tomllib.loads((self.lock.folder / "uv.lock").read_text("utf-8"))["package"]
        return next(entry["source"]["registry"] for entry in packages if "wheels" in entry)

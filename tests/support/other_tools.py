"""The tools of others, which lock and install as well."""

import json
import subprocess
import sys
import tomllib

from tests.support.lock_app import Lock


class Tools:
    """Runs the tools of others, through uv, in the folder of a project."""

    def __init__(self, lock: Lock, uv: str) -> None:
        self.lock = lock
        self.uv = uv

    def run(self, *arguments: str) -> str:
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

    def tool(self, *arguments: str) -> str:
        return self.run("tool", "run", "--python", sys.executable, *arguments)

    @staticmethod
    def pip(*arguments: str) -> list[str]:
        """The command by which uv runs pip, for it to install into the virtual environment."""
        run = ["tool", "run", "--python", sys.executable, "pip", "--python", ".venv/bin/python"]
        return [*run, "install", *arguments]

    def installed(self, *install: str) -> dict[str, str]:
        """What is in a new virtual environment after a command that fills it, by its name."""
        self.run("venv", "--quiet", "--clear", "--python", sys.executable, ".venv")
        self.run(*install)
        return self.listed()

    def listed(self) -> dict[str, str]:
        """Name → version of what is in the virtual environment."""
        listed = json.loads(self.run("pip", "list", "--format", "json", "--quiet"))
        return {entry["name"]: entry["version"] for entry in listed}

    @property
    def index(self) -> str:
        """The address of the index that uv asks by default."""
        packages = tomllib.loads((self.lock.folder / "uv.lock").read_text("utf-8"))["package"]
        return next(entry["source"]["registry"] for entry in packages if "wheels" in entry)

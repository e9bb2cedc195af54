"""The builder's steps, run as a derivation runs them."""

import json
import os
import subprocess
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.support.wheels import Wheel


@dataclass(frozen=True)
class Interpreter:
    """A Python that environments are made for."""

    executable: str
    version: str

    @property
    def site(self) -> str:
        """Site-packages, from the prefix of an environment."""
        return f"lib/python{self.version}/site-packages"

    def spec(self) -> dict[str, str]:
        """What a derivation says of its interpreter."""
        return {
            "executable": self.executable,
            "version": self.version,
            "sitePackages": self.site,
        }


OWN = Interpreter(
    os.path.realpath(sys.executable), f"{sys.version_info.major}.{sys.version_info.minor}"
)


@dataclass(frozen=True)
class Package:
    """An unpacked wheel."""

    name: str
    version: str
    path: Path
    log: str

    @property
    def notes(self) -> dict[str, Any]:
        """What `unpack` noted."""
        notes: dict[str, Any] = json.loads((self.path / "wheelhouse/package.json").read_text())
        return notes


@dataclass(frozen=True)
class Environment:
    """A composed environment."""

    path: Path
    python: Interpreter

    @property
    def site(self) -> Path:
        """Its site-packages."""
        return self.path / self.python.site

    def run(
        self, *command: str | Path, env: Mapping[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Run a program of its `bin`, with no variable but those of `env`."""
        program, *arguments = command
        return subprocess.run(
            [self.path / "bin" / program, *arguments],
            env=env or {},
            capture_output=True,
            text=True,
            check=False,
        )

    def evaluate(self, code: str, *options: str, env: Mapping[str, str] | None = None) -> str:
        """What a program prints; it must succeed."""
        done = self.run("python", *options, "-c", code, env=env)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()


@dataclass(frozen=True)
class Builder:
    """The builder as it lies in the store, and a folder for what it makes."""

    program: Path
    scratch: Path
    python: Interpreter = OWN

    def step(
        self,
        step: str,
        spec: Mapping[str, Any],
        out: Path,
        env: Mapping[str, str] | None = None,
        cwd: Path | None = None,
    ) -> subprocess.CompletedProcess[str]:
        """Run a step with the variables that Nix gives it; it may fail."""
        instructions = out.with_name(f"{out.name}.json")
        instructions.parent.mkdir(parents=True, exist_ok=True)
        instructions.write_text(json.dumps(spec))
        return subprocess.run(
            [OWN.executable, "-sSB", self.program, step],
            env={
                "PATH": str(Path(OWN.executable).parent),
                "PYTHONHASHSEED": "0",
                "TMPDIR": os.fspath(self.scratch),
                "out": os.fspath(out),
                "specPath": os.fspath(instructions),
                **(env or {}),
            },
            cwd=cwd,
            capture_output=True,
            text=True,
            check=False,
        )

    def unpack_spec(self, wheel: Wheel, path: Path, **options: Any) -> dict[str, Any]:
        """What a derivation says of a wheel."""
        return {
            "package": wheel.name,
            "version": wheel.version,
            "wheel": {"path": os.fspath(path), "name": wheel.archive_name},
            "python": self.python.spec(),
            "patchelf": None,
            "libc": "glibc",
            "libraries": [],
            "driverPath": "/run/opengl-driver/lib",
            **options,
        }

    def try_unpack(
        self, wheel: Wheel, path: Path | None = None, **options: Any
    ) -> subprocess.CompletedProcess[str]:
        """Unpack a wheel, which may be a bad one."""
        out = self.scratch / f"{wheel.name}-{wheel.version}"
        path = path or wheel.write(self.scratch / "wheels")
        return self.step("unpack", self.unpack_spec(wheel, path, **options), out)

    def unpack(self, wheel: Wheel, **options: Any) -> Package:
        """Unpack a good wheel."""
        done = self.try_unpack(wheel, **options)
        assert done.returncode == 0, done.stderr
        out = self.scratch / f"{wheel.name}-{wheel.version}"
        return Package(wheel.name, wheel.version, out, done.stderr)

    def try_compose(
        self,
        packages: Iterable[Package],
        out: Path,
        ignore_collisions: Iterable[str] = (),
        name: str = "example",
        start: Path | None = None,
        strict: bool = False,
    ) -> subprocess.CompletedProcess[str]:
        """Compose packages, which may not go together."""
        spec = {
            "name": name,
            "python": self.python.spec(),
            "start": None if start is None else os.fspath(start),
            "packages": [
                {"name": package.name, "version": package.version, "path": os.fspath(package.path)}
                for package in packages
            ],
            "template": "echo template\n",
            "strict": strict,
            "ignoreCollisions": list(ignore_collisions),
        }
        return self.step("compose", spec, out)

    def compose(
        self, packages: Iterable[Package], out: Path | None = None, **options: Any
    ) -> Environment:
        """Compose packages that go together."""
        out = out or self.scratch / "environment"
        done = self.try_compose(packages, out, **options)
        assert done.returncode == 0, done.stderr
        return Environment(out, self.python)

    def report(self, packages: Iterable[Package]) -> str:
        """The report on the native libraries of packages."""
        out = self.scratch / "report"
        spec = {
            "packages": [os.fspath(package.path) for package in packages],
            "sitePackages": self.python.site,
        }
        done = self.step("report", spec, out)
        assert done.returncode == 0, done.stderr
        return out.read_text()


def refusal(done: subprocess.CompletedProcess[str]) -> str:
    """The message of a step that refused what it was given: one error, no traceback."""
    assert done.returncode == 1, done.stderr
    assert "Traceback" not in done.stderr
    assert done.stderr.startswith("wheelhouse: error: ")
    assert done.stderr.count("wheelhouse: error: ") == 1
    return done.stderr.removeprefix("wheelhouse: error: ").strip()

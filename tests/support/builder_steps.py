"""Run the builder's steps as a derivation does."""

import json
import os
import subprocess
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.support.project import ROOT
from tests.support.wheels import Wheel


@dataclass(frozen=True)
class Interpreter:
    """A Python that environments are made for."""

    executable: str
    version: str

    @property
    def site(self) -> str:
        """Return site-packages relative to the prefix of an environment."""
        return f"lib/python{self.version}/site-packages"

    def spec(self) -> dict[str, str]:
        """Return the interpreter as the spec of a derivation has it."""
        return {
            "executable": self.executable,
            "version": self.version,
            "sitePackages": self.site,
        }


RUNNING_PYTHON = Interpreter(
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
        """Return the notes that `unpack` wrote."""
        notes: dict[str, Any] = json.loads((self.path / "wheelhouse/package.json").read_text())
        return notes


@dataclass(frozen=True)
class Environment:
    """A composed environment."""

    path: Path
    python: Interpreter

    @property
    def site(self) -> Path:
        """Return the path of site-packages."""
        return self.path / self.python.site

    def run(
        self, *command: str | Path, env: Mapping[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Run a program of the environment with no variables but those of `env`."""
        program, *arguments = command
        return subprocess.run(
            [self.path / "bin" / program, *arguments],
            env=env or {},
            capture_output=True,
            text=True,
            check=False,
        )

    def evaluate(self, code: str, *options: str, env: Mapping[str, str] | None = None) -> str:
        """Run code, which must succeed; return what it prints."""
        done = self.run("python", *options, "-c", code, env=env)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()


@dataclass(frozen=True)
class Builder:
    """The builder as the store has it, and a folder for its results."""

    program: Path
    scratch: Path
    python: Interpreter = RUNNING_PYTHON

    def run_step(
        self,
        name: str,
        spec: Mapping[str, Any],
        out: Path,
        env: Mapping[str, str] | None = None,
        cwd: Path | None = None,
    ) -> subprocess.CompletedProcess[str]:
        """Run a step with the environment variables that Nix sets; it may fail."""
        return self._run([os.fspath(self.program), name], spec, out, env, cwd)

    def run_lines(
        self, spec: Mapping[str, Any], out: Path, *lines: str
    ) -> subprocess.CompletedProcess[str]:
        """Run lines of code where a derivation would run a step; they may fail.

        They begin where the step does, with `builder.step` imported.
        """
        start = [
            "import sys",
            f"sys.path.insert(0, {os.fspath(self.program)!r})",
            "from builder import lazy_imports",
            "lazy_imports.install()",
            "import builder.step",
        ]
        return self._run(["-c", "\n".join([*start, *lines])], spec, out)

    def _run(
        self,
        arguments: Iterable[str],
        spec: Mapping[str, Any],
        out: Path,
        env: Mapping[str, str] | None = None,
        cwd: Path | None = None,
    ) -> subprocess.CompletedProcess[str]:
        spec_file = out.with_name(f"{out.name}.json")
        spec_file.parent.mkdir(parents=True, exist_ok=True)
        spec_file.write_text(json.dumps(spec))
        return subprocess.run(
            [RUNNING_PYTHON.executable, "-sSB", *arguments],
            env={
                "PATH": str(Path(RUNNING_PYTHON.executable).parent),
                "PYTHONHASHSEED": "0",
                "TMPDIR": os.fspath(self.scratch),
                "out": os.fspath(out),
                "specPath": os.fspath(spec_file),
                **(env or {}),
            },
            cwd=cwd,
            capture_output=True,
            text=True,
            check=False,
        )

    def unpack_spec(self, wheel: Wheel, path: Path, **options: Any) -> dict[str, Any]:
        """Return the spec of the derivation that unpacks a wheel."""
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
        self,
        wheel: Wheel,
        path: Path | None = None,
        env: Mapping[str, str] | None = None,
        **options: Any,
    ) -> subprocess.CompletedProcess[str]:
        """Unpack a wheel; it may fail."""
        out = self.scratch / f"{wheel.name}-{wheel.version}"
        path = path or wheel.write(self.scratch / "wheels")
        return self.run_step("unpack", self.unpack_spec(wheel, path, **options), out, env)

    def unpack(self, wheel: Wheel, **options: Any) -> Package:
        """Unpack a valid wheel."""
        done = self.try_unpack(wheel, **options)
        assert done.returncode == 0, done.stderr
        out = self.scratch / f"{wheel.name}-{wheel.version}"
        return Package(wheel.name, wheel.version, out, done.stderr)

    def compose_spec(
        self,
        packages: Iterable[Package],
        ignore_collisions: Iterable[str] = (),
        name: str = "example",
        wrapper: Path | None = None,
        strict: bool = False,
        variables: Mapping[str, str | list[str]] | None = None,
    ) -> dict[str, Any]:
        """Return the spec of the derivation that composes packages."""
        spec: dict[str, Any] = {
            "name": name,
            "python": self.python.spec(),
            "start": None if wrapper is None else os.fspath(wrapper),
            "packages": [
                {"name": package.name, "version": package.version, "path": os.fspath(package.path)}
                for package in packages
            ],
            "template": "echo template\n",
            "strict": strict,
            "ignoreCollisions": list(ignore_collisions),
        }
        if variables is not None:
            spec |= {
                "variables": variables,
                "variablesModule": os.fspath(ROOT / "runtime" / "_wheelhouse_variables.py"),
            }
        return spec

    def try_compose(
        self, packages: Iterable[Package], out: Path, **options: Any
    ) -> subprocess.CompletedProcess[str]:
        """Compose packages; it may fail."""
        return self.run_step("compose", self.compose_spec(packages, **options), out)

    def compose(
        self, packages: Iterable[Package], out: Path | None = None, **options: Any
    ) -> Environment:
        """Compose packages that have no collisions."""
        out = out or self.scratch / "environment"
        done = self.try_compose(packages, out, **options)
        assert done.returncode == 0, done.stderr
        return Environment(out, self.python)

    def report(
        self,
        packages: Iterable[Package],
        *,
        host_driver: bool = False,
        directories: Iterable[Path] | None = (),
        lacking: Iterable[str] = (),
    ) -> str:
        """Return the report on the native libraries of packages."""
        out = self.scratch / "report"
        spec = {
            "packages": [os.fspath(package.path) for package in packages],
            "sitePackages": self.python.site,
            "hostDriver": host_driver,
            "directories": None if directories is None else [*map(os.fspath, directories)],
            "lacking": [*lacking],
        }
        done = self.run_step("report", spec, out)
        assert done.returncode == 0, done.stderr
        return out.read_text()


def error_message(done: subprocess.CompletedProcess[str]) -> str:
    """Check that a step failed with one error and no traceback; return its message."""
    assert done.returncode == 1, done.stderr
    assert "Traceback" not in done.stderr
    assert done.stderr.startswith("wheelhouse: error: ")
    assert done.stderr.count("wheelhouse: error: ") == 1
    return done.stderr.removeprefix("wheelhouse: error: ").strip()

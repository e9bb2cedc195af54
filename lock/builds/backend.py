"""Calls the hook by which a build backend returns further build requirements (PEP 517).

It runs on this machine, in an environment with the build requirements that are known so far.
"""

import os
import re
import warnings
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pyproject_hooks import BackendUnavailable, BuildBackendHookCaller

from lock.builds.sdist import BuildSystem, normalize_requirements
from lock.errors import LockError, UsageError
from lock.io import credentials, process
from lock.models.packages import Package
from lock.models.target import SYSTEMS, Target
from lock.resolution import uv, uv_messages

# Programs that backends require only where they are missing. In Nix' sandbox they are.
HIDDEN_PROGRAMS = frozenset({"cmake", "cmake3", "ninja", "ninja-build", "samu", "patchelf"})
# Such a requirement would download a toolchain during the build, which can't be locked.
VARIABLES = {"MATURIN_NO_INSTALL_RUST": "1"}


class HookError(LockError):
    """A hook failed; the text is the last line of its output."""

    def __init__(self, output: str) -> None:
        self.output = output
        lines = [line.strip() for line in output.splitlines() if line.strip()]
        super().__init__(lines[-1] if lines else "no message")
        # The module that was missing, if that is why.
        self.missing = uv_messages.missing_module(lines[-1]) if lines else None


@dataclass(frozen=True)
class HostEnvironment:
    """A virtual environment on this machine, in which a backend runs."""

    folder: Path
    # The target that it corresponds to; None on a machine that can't be locked for.
    target: Target | None

    @property
    def scripts(self) -> Path:
        """Return the folder of its programs."""
        return self.folder / "bin"


def create(resolver: uv.Resolver, name: str, version: str) -> HostEnvironment:
    """Create an empty environment in a new folder below the resolver's.

    It has a version of CPython ("3.11") if this machine has one, else the one that runs uv.

    Raises UsageError where uv can't create any.
    """
    folder = resolver.folder / name
    folder.mkdir()
    resolver.write_settings(folder)
    environment = folder / "environment"
    messages = ""
    known = resolver.interpreters.get(version)
    for python in [known] if known else (f"cpython@{version}", resolver.python):
        arguments = ["venv", "--python", python, "--no-project", os.fspath(environment)]
        exit_code, messages = _run_uv(resolver, arguments, folder)
        if exit_code == 0:
            resolver.interpreters[version] = python
            configuration = (environment / "pyvenv.cfg").read_text("utf-8")
            return HostEnvironment(environment, _host_target(configuration))
    raise UsageError(f"uv can't make an environment for a build:\n{messages}")


def _host_target(configuration: str) -> Target | None:
    """Return the target that this machine is, with the Python of a pyvenv.cfg (PEP 405)."""
    version = re.search(r"^version_info = (\d+\.\d+)", configuration, re.MULTILINE)
    for system in SYSTEMS.values():
        if version and system.is_here:
            return Target(system, version[1])
    return None


def install(
    resolver: uv.Resolver, environment: HostEnvironment, packages: Iterable[Package], build: bool
) -> None:
    """Install exactly these packages, from files with the sha256 that the index gives.

    Source distributions are built only with `build`. Builds that need each other must then be ruled
    out, since uv waits forever for them.

    Raises HookError where one can't be built here, UsageError where the network fails.
    """
    folder = environment.folder.parent
    lines = [_pinned_requirement(package) for package in packages]
    if not lines:
        return
    (folder / "requirements.txt").write_text("".join(lines), encoding="utf-8")
    arguments = ["pip", "install", "--python", os.fspath(environment.folder), "--no-deps"]
    arguments += ["--require-hashes", "-r", "requirements.txt"]
    arguments += [] if build else ["--no-build"]
    exit_code, messages = _run_uv(resolver, arguments, folder)
    if exit_code == 1:
        raise HookError(uv_messages.reason(messages))
    if exit_code != 0:
        raise UsageError(f"uv can't install what a build needs:\n{messages}")


def _pinned_requirement(package: Package) -> str:
    hashes = sorted({file.sha256 for file in package.files if file.sha256})
    options = "".join(f" \\\n  --hash=sha256:{sha256}" for sha256 in hashes)
    return f"{package.name}=={package.version}{options}\n"


def _run_uv(resolver: uv.Resolver, arguments: Sequence[str], folder: Path) -> tuple[int, str]:
    command = [resolver.uv, arguments[0], "--config-file", "uv.toml", *arguments[1:]]
    messages = folder / "messages"
    with resolver.running(command, folder, messages) as started:
        exit_code = started.wait()
    return exit_code, credentials.redact(messages.read_text(encoding="utf-8", errors="replace"))


def get_requires_for_build_wheel(
    resolver: uv.Resolver,
    environment: HostEnvironment,
    project: Path,
    build_system: BuildSystem,
) -> frozenset[str]:
    """Return what the hook of this name returns for an unpacked source distribution (PEP 517).

    Raises HookError where the hook fails, LockError where it returns no requirements.
    """
    folder = environment.folder.parent
    path = path_without_hidden_programs(
        resolver.environment.get("PATH", os.defpath), resolver.folder
    )
    # No user's configuration reaches the hook, and what it writes goes with the temporary folder.
    home = folder / "home"
    home.mkdir()
    variables = {
        **resolver.environment,
        **VARIABLES,
        "PATH": f"{environment.scripts}{os.pathsep}{path}",
        "HOME": os.fspath(home),
    }
    messages = folder / "messages"

    def run(
        cmd: Sequence[str], cwd: str | None = None, extra_environ: Mapping[str, str] | None = None
    ) -> None:
        exit_code, output = process.run(
            cmd, Path(cwd or project), variables | dict(extra_environ or {}), messages
        )
        if exit_code != 0:
            raise HookError(output)

    name = build_system.backend
    try:
        caller = BuildBackendHookCaller(
            os.fspath(project),
            name,
            build_system.backend_path or None,
            run,
            os.fspath(environment.scripts / "python"),
        )
        with warnings.catch_warnings():
            # Warnings of a backend concern the package's authors, not the user.
            warnings.simplefilter("ignore")
            requirements = caller.get_requires_for_build_wheel()
    except BackendUnavailable as error:
        raise HookError(error.traceback or str(error)) from None
    except (OSError, ValueError) as error:
        raise HookError(f"{name}: {error}") from None
    if not isinstance(requirements, list) or not all(
        isinstance(text, str) for text in requirements
    ):
        raise HookError(f"{name}: the answer is not a list of texts")
    return normalize_requirements(requirements)


def path_without_hidden_programs(path: str, folder: Path) -> str:
    """Return a PATH without the programs that Nix' sandbox doesn't have.

    A folder that has one is replaced by a folder below `folder`, with links to its other programs.
    """
    parts = []
    for part in dict.fromkeys(Path(part).resolve() for part in path.split(os.pathsep) if part):
        if not any((part / name).exists() for name in HIDDEN_PROGRAMS):
            parts.append(part)
            continue
        links = folder / f"tools-{len(parts)}"
        parts.append(links)
        if not links.exists():
            links.mkdir()
            for command in part.iterdir():
                if command.name not in HIDDEN_PROGRAMS:
                    (links / command.name).symlink_to(command)
    return os.pathsep.join(map(os.fspath, parts))

"""Asks a build backend what else its build needs (PEP 517), in an environment made for that."""

import os
import platform
import re
import sys
import warnings
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pyproject_hooks import BackendUnavailable, BuildBackendHookCaller

from lock.builds.sdist import BuildSystem, normalize
from lock.errors import LockError, UsageError
from lock.io import credentials, process
from lock.models.packages import Package
from lock.models.target import SYSTEMS, Target
from lock.resolution import uv, uv_messages

# Tools for which backends ask only where they are missing. In the sandbox they are.
HIDDEN = frozenset({"cmake", "cmake3", "ninja", "ninja-build", "samu", "patchelf"})
# What such a requirement downloads during a build can't be locked.
SETTINGS = {"MATURIN_NO_INSTALL_RUST": "1"}


class HookError(LockError):
    """A hook gave no answer; the text is the last line of what it wrote."""

    def __init__(self, output: str) -> None:
        lines = [line.strip() for line in output.splitlines() if line.strip()]
        super().__init__(lines[-1] if lines else "no message")
        # The module that was missing, if that is why.
        self.missing = uv_messages.missing_module(lines[-1]) if lines else None


@dataclass(frozen=True)
class Environment:
    """A virtual environment on this machine."""

    folder: Path
    # What it is a target of; None on a machine that can't be locked for.
    target: Target | None

    @property
    def scripts(self) -> Path:
        return self.folder / "bin"


def create(resolver: uv.Resolver, name: str, version: str) -> Environment:
    """An empty environment for a version of Python, or without one, for the version uv runs with.

    Raises UsageError when uv can't make any.
    """
    folder = resolver.scratch / name
    folder.mkdir()
    resolver.configure(folder)
    environment = folder / "environment"
    told = ""
    for python in (f"cpython@{version}", resolver.python):
        arguments = ["venv", "--python", python, "--no-project", os.fspath(environment)]
        exit_code, told = _uv(resolver, arguments, folder)
        if exit_code == 0:
            return Environment(environment, _host((environment / "pyvenv.cfg").read_text("utf-8")))
    raise UsageError(f"uv can't make an environment for a build:\n{told}")


def _host(configuration: str) -> Target | None:
    """What an environment on this machine is a target of, by its pyvenv.cfg."""
    version = re.search(r"^version_info = (\d+\.\d+)", configuration, re.MULTILINE)
    machine = platform.machine()
    for system in SYSTEMS.values():
        if version and (system.sys_platform, system.machine) == (sys.platform, machine):
            return Target(system, version[1])
    return None


def install(
    resolver: uv.Resolver, environment: Environment, packages: Iterable[Package], build: bool
) -> None:
    """Installs exactly these packages, from files of which the index gave the sha256.

    With `build` also from source; builds that need each other must then be ruled out, since uv
    waits for them for ever.

    Raises HookError when one can't be built here, UsageError for the network.
    """
    folder = environment.folder.parent
    lines = [_pinned(package) for package in packages]
    if not lines:
        return
    (folder / "requirements.txt").write_text("".join(lines), encoding="utf-8")
    arguments = ["pip", "install", "--python", os.fspath(environment.folder), "--no-deps"]
    arguments += ["--require-hashes", "-r", "requirements.txt"]
    arguments += [] if build else ["--no-build"]
    exit_code, told = _uv(resolver, arguments, folder)
    if exit_code == 1:
        raise HookError(uv_messages.reason(told))
    if exit_code != 0:
        raise UsageError(f"uv can't install what a build needs:\n{told}")


def _pinned(package: Package) -> str:
    hashes = sorted({file.sha256 for file in package.files if file.sha256})
    options = "".join(f" \\\n  --hash=sha256:{sha256}" for sha256 in hashes)
    return f"{package.name}=={package.version}{options}\n"


def _uv(resolver: uv.Resolver, arguments: Sequence[str], folder: Path) -> tuple[int, str]:
    command = [resolver.uv, arguments[0], "--config-file", "uv.toml", *arguments[1:]]
    messages = folder / "messages"
    with resolver.guarded(command, folder, messages) as started:
        exit_code = started.wait()
    return exit_code, credentials.hidden(messages.read_text(encoding="utf-8", errors="replace"))


def ask(
    resolver: uv.Resolver, environment: Environment, source: Path, build_system: BuildSystem
) -> frozenset[str]:
    """What `get_requires_for_build_wheel` answers in an unpacked source distribution.

    Raises HookError when there is no answer, LockError for one that is no requirements.
    """
    folder = environment.folder.parent
    path = visible(resolver.environment.get("PATH", os.defpath), resolver.scratch)
    # No user's configuration reaches the hook, and what it writes ends with the scratch folder.
    home = folder / "home"
    home.mkdir()
    variables = {
        **resolver.environment,
        **SETTINGS,
        "PATH": f"{environment.scripts}{os.pathsep}{path}",
        "HOME": os.fspath(home),
    }
    messages = folder / "messages"

    def run(
        cmd: Sequence[str], cwd: str | None = None, extra_environ: Mapping[str, str] | None = None
    ) -> None:
        exit_code, output = process.run(
            cmd, Path(cwd or source), variables | dict(extra_environ or {}), messages
        )
        if exit_code != 0:
            raise HookError(output)

    name = build_system.backend
    try:
        caller = BuildBackendHookCaller(
            os.fspath(source),
            name,
            build_system.backend_path or None,
            run,
            os.fspath(environment.scripts / "python"),
        )
        with warnings.catch_warnings():
            # What backends warn of is the package's affair, and not the user's.
            warnings.simplefilter("ignore")
            answer = caller.get_requires_for_build_wheel()
    except BackendUnavailable as error:
        raise HookError(error.traceback or str(error)) from None
    except (OSError, ValueError) as error:
        raise HookError(f"{name}: {error}") from None
    if not isinstance(answer, list) or not all(isinstance(text, str) for text in answer):
        raise HookError(f"{name}: the answer is not a list of texts")
    return normalize(answer)


def visible(path: str, folder: Path) -> str:
    """A PATH without the tools that the sandbox doesn't have.

    In place of each folder that has one, it names a folder of links to the others, in `folder`.
    """
    parts = []
    for part in dict.fromkeys(Path(part).resolve() for part in path.split(os.pathsep) if part):
        if not any((part / name).exists() for name in HIDDEN):
            parts.append(part)
            continue
        links = folder / f"tools-{len(parts)}"
        parts.append(links)
        if not links.exists():
            links.mkdir()
            for command in part.iterdir():
                if command.name not in HIDDEN:
                    (links / command.name).symlink_to(command)
    return os.pathsep.join(map(os.fspath, parts))

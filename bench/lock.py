"""Locking, from a warm cache: against `uv lock`, and against what other people use."""

import json
import shutil
import sys
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.nix import ROOT, Nix
from bench.running import (
    Argument,
    Command,
    FailedError,
    Usage,
    memory,
    output,
    run,
    side_by_side,
    wall,
)
from bench.table import Row
from lock import inputs
from lock.models.target import SYSTEMS, USUAL_SYSTEMS, Target
from lock.resolution.uv import Question, project

SETS = ("small", "medium", "large")
PYTHON = "3.12"
# With the cache that wheelhouse's runs of uv have filled.
UV_AFTER = "`uv lock`, on wheelhouse's cache"
# Seconds that a rival may take: some search for many minutes.
LIMIT = 20


@dataclass(frozen=True)
class Contender:
    """Something that locks: its command, and the file whose absence makes it lock anew."""

    command: Command
    made: Path

    def __call__(self, _number: int = 0) -> Usage:
        self.made.unlink(missing_ok=True)
        return run(self.command)


def rows(
    nix: Nix, scratch: Path, runs: int, rivals: Mapping[str, Path], sets: Sequence[str]
) -> Iterator[Row]:
    """The time and memory of a lock, for each set; `rivals` are programs by name."""
    locker = (
        Path(output(nix.command("nix-build", ROOT, "-A", "lock", "--no-out-link"))) / "bin/lock"
    )
    for name in sets:
        requirements = ROOT / "bench" / "sets" / name / "requirements.yaml"
        # What one of them keeps of the index's answers is not to serve the other.
        ours = _own(locker, requirements, scratch / name / "own", scratch / "own-cache")
        uv = _uv(rivals["uv"], requirements, scratch / name / "uv", scratch / "uv-lock-cache")
        same = _uv(rivals["uv"], requirements, scratch / name / "same", scratch / "own-cache")
        for contender in (ours, uv, same):
            contender()
        own_usages, uv_usages, same_usages = side_by_side(runs, ours, uv, same)
        own, theirs = wall(own_usages), wall(uv_usages)
        yield Row(f"lock, {name}, warm", "s", own, "`uv lock`", theirs, _goal(name, theirs))
        shared = wall(same_usages)
        yield Row(f"lock, {name}, warm", "s", own, UV_AFTER, shared, _goal(name, shared))
        yield Row(
            f"lock, {name}: peak memory",
            "MB",
            memory(own_usages) / 1e6,
            "`uv lock`",
            memory(uv_usages) / 1e6,
            memory(uv_usages) / 1e6 + 100,
        )
        if "pip-compile" not in rivals:
            continue
        index = _index(uv.made)
        for rival, contender in _others(rivals, requirements, scratch / name, index).items():
            yield _row_against(f"lock, {name}, warm", own, rival, contender)


def _goal(name: str, theirs: float) -> float:
    return 1.25 * theirs if name == "large" else theirs + 0.3


def _row_against(what: str, own: float, rival: str, contender: Contender) -> Row:
    """One run of a slow rival, its caches filled by a run before. A failure is told."""
    try:
        contender()
        return Row(what, "s", own, rival, contender().wall)
    except FailedError as failure:
        return Row(what, "s", own, rival, note=str(failure).strip().splitlines()[-1])


def _own(locker: Path, requirements: Path, folder: Path, cache: Path) -> Contender:
    folder.mkdir(parents=True)
    shutil.copy(requirements, folder)
    command = Command([locker], folder, {"UV_CACHE_DIR": str(cache)})
    return Contender(command, folder / "sources.yaml")


def _uv(program: Path, requirements: Path, folder: Path, cache: Path) -> Contender:
    """`uv lock` of the same question: the same requirements for the same systems."""
    folder.mkdir(parents=True)
    targets = [Target(SYSTEMS[name], PYTHON) for name in USUAL_SYSTEMS]
    question = Question("all", _pep508(requirements), targets)
    (folder / "pyproject.toml").write_text(project(question))
    command: list[Argument] = [program, "lock", "--quiet", "--python", sys.executable]
    variables = {"UV_CACHE_DIR": str(cache)}
    return Contender(Command(command, folder, variables), folder / "uv.lock")


def _others(
    rivals: Mapping[str, Path], requirements: Path, folder: Path, index: str
) -> Mapping[str, Contender]:
    """Those that lock for the machine's own system or, Poetry, for all; each in its own form.

    Poetry is told the `index`, since it would ask the usual one by another interface.
    """
    folder = folder / "others"
    folder.mkdir()
    listed = _pep508(requirements)
    (folder / "requirements.in").write_text("\n".join(listed) + "\n")
    poetry = folder / "poetry"
    poetry.mkdir()
    (poetry / "pyproject.toml").write_text(
        f'[project]\nname = "bench"\nversion = "0"\nrequires-python = "=={PYTHON}.*"\n'
        f"dependencies = {json.dumps(listed)}\n[tool.poetry]\npackage-mode = false\n"
        f'[[tool.poetry.source]]\nname = "main"\nurl = "{index}"\n'
    )
    pip_lock: list[Argument] = [
        rivals["python"],
        "-m",
        "pip",
        "lock",
        "--quiet",
        "-r",
        "requirements.in",
    ]
    compile_: list[Argument] = [
        rivals["pip-compile"],
        "--quiet",
        "--generate-hashes",
        "--strip-extras",
    ]
    return {
        "`pip lock`": Contender(
            Command([*pip_lock, "-o", "pylock.toml"], folder, limit=LIMIT), folder / "pylock.toml"
        ),
        "`pip-compile`": Contender(
            Command([*compile_, "-o", "requirements.txt", "requirements.in"], folder, limit=LIMIT),
            folder / "requirements.txt",
        ),
        "`poetry lock`": Contender(
            Command([rivals["poetry"], "lock", "--quiet"], poetry, limit=LIMIT),
            poetry / "poetry.lock",
        ),
    }


def _index(uv_lock: Path) -> str:
    """The address of the index that uv asked."""
    packages = tomllib.loads(uv_lock.read_text("utf-8"))["package"]
    return next(str(one["source"]["registry"]) for one in packages if "wheels" in one)


def _pep508(requirements: Path) -> list[str]:
    return [str(requirement) for requirement in inputs.read(requirements).packages]

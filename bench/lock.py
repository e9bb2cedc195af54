"""Measure locking from a warm cache, against `uv lock` and the other baselines."""

import json
import shutil
import sys
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from bench.nix import ROOT, Nix
from bench.running import (
    Argument,
    Command,
    FailedError,
    Usage,
    cpu,
    in_turns,
    memory,
    output,
    run,
    wall,
)
from bench.table import Row, timed
from bench.uv_share import AGAINST, cpu_of_uv
from lock import inputs
from lock.models.target import DEFAULT_SYSTEMS, SYSTEMS, Target
from lock.resolution.request import Request
from lock.resolution.uv_project import pyproject

SETS = ("small", "medium", "large")
PYTHON = "3.12"
UV_ON_WHEELHOUSE_CACHE = "`uv lock`, on wheelhouse's cache"
# The others take minutes for larger sets.
WITH_OTHERS = ("small",)
NO_NATIVE = "`lock --no-native`"
# Seconds that a baseline other than uv may take: some take many minutes.
LIMIT = 20


@dataclass(frozen=True)
class Locker:
    """A tool that locks: its command, and the lock file that it writes."""

    command: Command
    lock_file: Path

    def __call__(self, _number: int = 0) -> Usage:
        """Lock anew: without the lock file of an earlier run."""
        self.lock_file.unlink(missing_ok=True)
        return run(self.command)


def rows(
    nix: Nix, scratch: Path, runs: int, programs: Mapping[str, Path], sets: Sequence[str]
) -> Iterator[Row]:
    """Measure the time and the memory of locking sets; `programs` are the baselines' by name."""
    app = lock_app(nix)
    for name in sets:
        requirements = ROOT / "bench" / "sets" / name / "requirements.yaml"
        folder = scratch / name
        # Two caches: what wheelhouse caches of the index's responses must not speed up uv.
        own_cache, uv_cache = scratch / "own-cache", scratch / "uv-lock-cache"
        wheelhouse = wheelhouse_locker(app, requirements, folder / "own", own_cache)
        uv = uv_locker(programs["uv"], requirements, folder / "uv", uv_cache)
        uv_same_cache = uv_locker(programs["uv"], requirements, folder / "same", own_cache)
        blind = wheelhouse_locker(app, requirements, folder / "blind", own_cache, "--no-native")
        licensed = wheelhouse_locker(
            app, requirements, folder / "licensed", own_cache, "--licenses"
        )
        for locker in (wheelhouse, blind, licensed, uv, uv_same_cache):
            # Fills the cache.
            locker()
        ours, without, with_licenses, theirs, same_cache = in_turns(
            runs, wheelhouse, blind, licensed, uv, uv_same_cache
        )
        what = f"lock, {name}, warm"
        for baseline, usages in (("`uv lock`", theirs), (UV_ON_WHEELHOUSE_CACHE, same_cache)):
            yield timed(what, ours, baseline, usages, goal(name, wall(usages)))
        yield timed(what, ours, NO_NATIVE, without, 1.15 * wall(without))
        wheelhouse.lock_file.unlink()
        of_uv = cpu_of_uv(wheelhouse.command, programs["uv"], folder / "share")
        yield Row(f"{what}: CPU", "s", cpu(ours), AGAINST, of_uv)
        told = f"lock --licenses, {name}, warm"
        yield timed(told, with_licenses, "`lock`", ours, 1.15 * wall(ours))
        yield Row(
            f"lock, {name}: peak memory",
            "MB",
            memory(ours) / 1e6,
            "`uv lock`",
            memory(theirs) / 1e6,
            memory(theirs) / 1e6 + 100,
        )
        if "pip-compile" not in programs or name not in WITH_OTHERS:
            continue
        index = _index(uv.lock_file)
        for baseline, locker in _other_lockers(programs, requirements, folder, index).items():
            yield _row_against(what, ours, baseline, locker)


def lock_app(nix: Nix) -> Path:
    """Return the program of the lock app, which is built if needed."""
    return Path(output(nix.command("nix-build", ROOT, "-A", "lock", "--no-out-link"))) / "bin/lock"


def goal(name: str, uv_time: float) -> float:
    """Return the highest time of locking a set, by that of uv."""
    return 1.25 * uv_time if name == "large" else uv_time + 0.3


def _row_against(what: str, ours: Sequence[Usage], baseline: str, locker: Locker) -> Row:
    """Measure one run of a slow baseline, after one that fills its caches.

    If it fails, the row has the last line of its output.
    """
    try:
        locker()
        return timed(what, ours, baseline, [locker()])
    except FailedError as failure:
        note = str(failure).strip().splitlines()[-1]
        return replace(timed(what, ours, baseline), note=note)


def wheelhouse_locker(
    app: Path, requirements: Path, folder: Path, cache: Path, *options: str
) -> Locker:
    """Return the lock app on a copy of the requirements."""
    folder.mkdir(parents=True)
    shutil.copy(requirements, folder)
    command = Command([app, *options], folder, {"UV_CACHE_DIR": str(cache)})
    return Locker(command, folder / "sources.yaml")


def uv_locker(program: Path, requirements: Path, folder: Path, cache: Path) -> Locker:
    """Return `uv lock` of the project that the lock app gives uv for these requirements."""
    folder.mkdir(parents=True)
    (folder / "pyproject.toml").write_text(uv_project(requirements, [PYTHON]))
    command: list[Argument] = [program, "lock", "--quiet", "--python", sys.executable]
    variables = {"UV_CACHE_DIR": str(cache)}
    return Locker(Command(command, folder, variables), folder / "uv.lock")


def uv_project(requirements: Path, pythons: Sequence[str]) -> str:
    """Return the pyproject.toml that the lock app gives uv, for several Pythons at once."""
    targets = [Target(SYSTEMS[name], python) for python in pythons for name in DEFAULT_SYSTEMS]
    return pyproject(Request("all", _pep508(requirements), targets))


def _other_lockers(
    programs: Mapping[str, Path], requirements: Path, folder: Path, index: str
) -> Mapping[str, Locker]:
    """Return pip, pip-compile and Poetry, each with the requirements in a format of its own.

    Poetry locks for all systems, the others for this machine's. Poetry gets the index's address,
    because it would read the default index by another interface.
    """
    folder = folder / "others"
    folder.mkdir()
    lines = _pep508(requirements)
    (folder / "requirements.in").write_text("\n".join(lines) + "\n")
    poetry = folder / "poetry"
    poetry.mkdir()
    (poetry / "pyproject.toml").write_text(
        f'[project]\nname = "bench"\nversion = "0"\nrequires-python = "=={PYTHON}.*"\n'
        f"dependencies = {json.dumps(lines)}\n[tool.poetry]\npackage-mode = false\n"
        f'[[tool.poetry.source]]\nname = "main"\nurl = "{index}"\n'
    )
    pip_lock: list[Argument] = [
        programs["python"],
        "-m",
        "pip",
        "lock",
        "--quiet",
        "-r",
        "requirements.in",
    ]
    pip_compile: list[Argument] = [
        programs["pip-compile"],
        "--quiet",
        "--generate-hashes",
        "--strip-extras",
    ]
    return {
        "`pip lock`": Locker(
            Command([*pip_lock, "-o", "pylock.toml"], folder, limit=LIMIT), folder / "pylock.toml"
        ),
        "`pip-compile`": Locker(
            Command(
                [*pip_compile, "-o", "requirements.txt", "requirements.in"], folder, limit=LIMIT
            ),
            folder / "requirements.txt",
        ),
        "`poetry lock`": Locker(
            Command([programs["poetry"], "lock", "--quiet"], poetry, limit=LIMIT),
            poetry / "poetry.lock",
        ),
    }


def _index(uv_lock: Path) -> str:
    """Return the address of the index that uv read."""
    packages = tomllib.loads(uv_lock.read_text("utf-8"))["package"]
    return next(str(item["source"]["registry"]) for item in packages if "wheels" in item)


def _pep508(requirements: Path) -> list[str]:
    return [str(requirement) for requirement in inputs.read(requirements).packages]

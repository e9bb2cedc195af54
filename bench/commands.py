"""Measure the lock app's other commands, and locking with cold caches, against uv and curl."""

import shutil
import sys
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import yaml

from bench.lock import Locker, goal, lock_app, uv_locker, uv_project, wheelhouse_locker
from bench.nix import ROOT, Nix
from bench.running import Argument, Command, TimedRun, Usage, cpu, in_turns, run, wall
from bench.table import Row, timed
from bench.uv_share import AGAINST, cpu_of_uv
from lock.inspection.outdated import CONCURRENT_REQUESTS
from lock.inspection.simple_index import ACCEPT
from lock.models.target import DEFAULT_SYSTEMS

ADDED = "cowsay"
# Seconds that starting Python and reading a lock may take.
CHECKING = 0.3
PYTHONS = ("3.10", "3.11", "3.12")


@dataclass(frozen=True)
class _Tools:
    """The lock app and uv, each with a project of the same requirements and a warm cache."""

    app: Path
    uv: Path
    folder: Path
    requirements: Path

    def own(self, place: str, cache: str = "own-cache") -> Locker:
        """Return the lock app in a new folder, with all of its caches below one."""
        caches = self.folder / cache
        locker = wheelhouse_locker(self.app, self.requirements, self.folder / place, caches / "uv")
        variables = {**(locker.command.variables or {}), "XDG_CACHE_HOME": str(caches)}
        return replace(locker, command=replace(locker.command, variables=variables))

    def theirs(self, place: str, cache: str = "uv-cache") -> Locker:
        """Return `uv lock` in a new folder."""
        return uv_locker(self.uv, self.requirements, self.folder / place, self.folder / cache)


def rows(
    nix: Nix, scratch: Path, runs: int, programs: Mapping[str, Path], name: str, verified: str
) -> Iterator[Row]:
    """Measure the commands with a set, and `verify` with one that may be smaller."""
    folder = scratch / "commands"
    folder.mkdir()
    tools = _Tools(lock_app(nix), programs["uv"], folder, _requirements(name))
    own, theirs = tools.own("own"), tools.theirs("uv")
    for locker in (own, theirs):
        locker()
    yield from _check(own, theirs, runs, name)
    yield from _add(own, theirs, runs, name)
    yield from _outdated(own, theirs, runs, name)
    yield from _cold(tools, name)
    yield _sizes(tools, name)
    yield from _verify(tools, runs, verified)


def _requirements(name: str) -> Path:
    return ROOT / "bench" / "sets" / name / "requirements.yaml"


def _with(locker: Locker, *arguments: Argument) -> Command:
    """Return a command of the lock app, in place of locking."""
    command = locker.command
    return replace(command, arguments=[command.arguments[0], *arguments])


def _uv(locker: Locker, *arguments: Argument) -> Command:
    """Return a command of uv; its environment is none of uv's own."""
    return _with(locker, *arguments, "--quiet", "--python", sys.executable)


def _check(own: Locker, theirs: Locker, runs: int, name: str) -> Iterator[Row]:
    check, uv_check = _with(own, "--check"), _uv(theirs, "lock", "--check")
    ours, baseline = in_turns(runs, _each(check), _each(uv_check))
    what = f"`lock --check`, {name}"
    # uv takes less than Python takes to start.
    yield timed(what, ours, "`uv lock --check`", baseline, wall(baseline) + CHECKING)


def _add(own: Locker, theirs: Locker, runs: int, name: str) -> Iterator[Row]:
    add = _restoring(_with(own, "add", ADDED))
    uv_add = _restoring(_uv(theirs, "add", "--no-sync", ADDED))
    # Fills the caches.
    add(0)
    uv_add(0)
    ours, baseline = in_turns(runs, add, uv_add)
    what = f"`lock add {ADDED}`, {name}"
    yield timed(what, ours, "`uv add --no-sync`", baseline, goal(name, wall(baseline)))


def _outdated(own: Locker, theirs: Locker, runs: int, name: str) -> Iterator[Row]:
    outdated = _with(own, "outdated")
    tree = _uv(theirs, "tree", "--universal", "--frozen", "--outdated")
    ours, baseline, floor = in_turns(runs, _each(outdated), _each(tree), _each(_reader(theirs)))
    what = f"`lock outdated`, {name}"
    yield timed(what, ours, "`uv tree --outdated`", baseline, goal(name, wall(baseline)))
    yield timed(what, ours, "its pages, downloaded and parsed", floor)


def _reader(theirs: Locker) -> Command:
    """Return what reads the index' pages of all packages of a uv.lock."""
    packages = tomllib.loads(theirs.lock_file.read_text("utf-8"))["package"]
    pages = [
        f"{package['source']['registry'].rstrip('/')}/{package['name']}/"
        for package in packages
        if "registry" in package["source"]
    ]
    addresses = theirs.lock_file.with_name("pages")
    addresses.write_text("\n".join(pages))
    program = ROOT / "bench" / "page_reader.py"
    return Command([sys.executable, "-I", program, ACCEPT, str(CONCURRENT_REQUESTS), addresses])


def _cold(tools: _Tools, name: str) -> Iterator[Row]:
    """Measure locking once with empty caches."""

    def cold(make: Callable[[str, str], Locker], kind: str, *options: str) -> TimedRun:
        def run_cold(number: int) -> Usage:
            place = f"{kind}-cold-{number}"
            return run(_with(make(place, f"{place}-cache"), *options))

        return run_cold

    ours, blind, theirs = in_turns(
        1,
        cold(tools.own, "own"),
        cold(tools.own, "blind", "--no-native"),
        cold(tools.theirs, "uv", "lock", "--quiet", "--python", sys.executable),
    )
    what = f"lock, {name}, cold"
    yield timed(what, ours, "`uv lock`", theirs, 1.5 * wall(theirs))
    yield timed(what, ours, "`lock --no-native`", blind)
    command = _with(tools.own("share-cold", "share-cold-cache"), "--no-native")
    of_uv = cpu_of_uv(command, tools.uv, tools.folder / "share")
    yield Row(f"lock --no-native, {name}, cold: CPU", "s", cpu(blind), AGAINST, of_uv)


def _sizes(tools: _Tools, name: str) -> Row:
    """Return the row of the size of the locks of several Pythons, against one uv.lock for all."""
    own = tools.own("pythons")
    run(_with(own, "--no-native", *PYTHONS, "requirements.yaml", "{python}.yaml"))
    folder = own.lock_file.parent
    size = sum((folder / f"{python}.yaml").stat().st_size for python in PYTHONS)
    theirs = tools.theirs("uv-pythons")
    project = theirs.lock_file.with_name("pyproject.toml")
    project.write_text(uv_project(tools.requirements, PYTHONS))
    theirs()
    uv_size = theirs.lock_file.stat().st_size
    what = f"locks of {name}, {len(DEFAULT_SYSTEMS)} systems, {len(PYTHONS)} Pythons"
    return Row(what, "MB", size / 1e6, "`uv.lock`", uv_size / 1e6, uv_size / 1e6)


def _verify(tools: _Tools, runs: int, name: str) -> Iterator[Row]:
    """Measure downloading and hashing all files of a lock."""
    lock = ROOT / "bench" / "sets" / name / "sources.yaml"
    links = yaml.safe_load(lock.read_text("utf-8"))["links"]
    config = tools.folder / "curl.conf"
    config.write_text("".join(f'url = "{link["url"]}"\noutput = /dev/null\n' for link in links))
    curl = Command(["curl", "--silent", "--fail", "--location", "--parallel", "--config", config])
    verify = _with(tools.own("verify"), "verify", lock)
    ours, theirs, one = in_turns(runs, _each(verify), _each(curl), _each(_verify_one(tools)))
    what = f"`lock verify`, {name}"
    yield timed(what, ours, "`curl --parallel`", theirs, 1.2 * wall(theirs))
    yield timed(what, ours, "of a lock with one file", one)


def _verify_one(tools: _Tools) -> Command:
    requirements = tools.folder / "one" / "requirements.yaml"
    requirements.parent.mkdir()
    requirements.write_text(f'python: 3.12\nrequirements: {{{ADDED}: "*"}}\n')
    locker = replace(tools, requirements=requirements).own("verify-one")
    locker()
    return _with(locker, "verify")


def _each(command: Command) -> TimedRun:
    return lambda _number: run(command)


def _restoring(command: Command) -> TimedRun:
    """Run a command in a copy of its folder."""
    assert command.folder is not None
    folder = command.folder
    copy = folder.with_name(f"{folder.name}-copy")

    def restored(_number: int) -> Usage:
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(folder, copy)
        return run(replace(command, folder=copy))

    return restored

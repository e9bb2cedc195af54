"""Locks requirements into the user's cache, builds their environments, and remembers calls.

Each file is written in one step, and the call last: an interrupted run leaves nothing that a later
one would take for whole. Runs that ask for the same at a time wait for each other.
"""

import fcntl
import json
import re
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path

from lock.io import files, progress
from lock.lockfile.requested import requested
from lock.lockfile.sources import FORMAT
from lock.models.requirements import Local, Requirements
from lock.models.target import SYSTEMS
from lock.pipeline import jobs
from lock.pipeline.plan import LockOptions, Plan, plan
from run import library
from run.machine import Machine
from run.warm import DECIDING

EXPRESSION = """\
{ library, name, sources }:
library.makePythonPypiEnvironment {
  inherit name;
  ${if builtins.match ".*[.]json" sources == null then "sourcesYaml" else "sourcesJson"} =
    /. + sources;
}
"""
# Stands in locks that name projects or files of this machine.
LOCAL = re.compile(r"^ +path: ", re.MULTILINE)
# Seconds after which an environment that nothing has run is left to the garbage collector.
UNUSED = 60 * 24 * 3600


@dataclass(frozen=True)
class Cache:
    """The folder of `run.warm`."""

    folder: Path

    def file(self, kind: str, key: str) -> Path:
        """Return a file of a kind, in a folder that exists."""
        folder = self.folder / kind
        files.create_in_cache(folder)
        return folder / key

    @contextmanager
    def alone(self, key: str) -> Iterator[None]:
        """Wait until no other run works on a key."""
        with self.file("locks", f"{key}.busy").open("w") as stream:
            try:
                fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                progress.tell("waiting for another run, which makes the same environment")
                fcntl.flock(stream, fcntl.LOCK_EX)
            yield

    def remember(self, call: str, environment: str, program: str) -> None:
        """Write a call's environment and its default program."""
        self.file("calls", call)
        files.write({self.folder / "calls" / call: f"{environment}\n{program}\n"})

    def forget_unused(self) -> None:
        """Remove the calls and the links to environments that nothing has run for long."""
        used = set()
        for call in self._listed("calls"):
            if self._is_unused(call):
                call.unlink(missing_ok=True)
                continue
            with suppress(OSError, UnicodeDecodeError):
                used.add(call.read_text("utf-8").partition("\n")[0])
        for link in self._listed("environments"):
            if link.name not in used and self._is_unused(link):
                link.unlink(missing_ok=True)

    def _listed(self, kind: str) -> list[Path]:
        try:
            return [*(self.folder / kind).iterdir()]
        except OSError:
            return []

    def _is_unused(self, file: Path) -> bool:
        try:
            return time.time() - file.lstat().st_mtime > UNUSED
        except OSError:
            return False


@dataclass(frozen=True)
class Wanted:
    """What is asked for: requirements, and the file or program that messages say they stand in."""

    requirements: Requirements
    origin: Path
    # Of Python, checked.
    python: str
    machine: Machine
    # Of the environment in the store.
    name: str
    # RFC 3339, in UTC.
    exclude_newer: str | None = None

    @property
    def is_empty(self) -> bool:
        """Return whether nothing is asked for beside Python."""
        return not self.requirements.every_requirement()

    @property
    def is_local(self) -> bool:
        """Return whether something of it lies on this machine and may change at any time."""
        found = self.requirements
        return bool(
            found.projects
            or any(isinstance(one.reference, Local) for one in found.every_requirement())
            or any(index.written for index in found.indexes)
        )

    def key(self, environment: Mapping[str, str]) -> str:
        """Return the key of its lock: what is asked for, however that is written."""
        where = str(self.origin.absolute().parent) if self.is_local else ""
        data = [
            requested(replace(self.requirements, exclude_newer=self.exclude_newer)),
            self.requirements.requires_python,
            self.python,
            self.machine.system,
            where,
            [environment.get(name, "") for name in DECIDING if name.startswith("UV_")],
        ]
        return _hash(json.dumps(data, sort_keys=True))


def plan_lock(wanted: Wanted, file: Path, *, refresh: bool) -> Plan:
    """Plan a lock of what is wanted for this machine. Raises LockError where it can't be."""
    options = LockOptions(
        systems=(wanted.machine.system,), upgrade=refresh, exclude_newer=wanted.exclude_newer
    )
    return plan(wanted.requirements, [wanted.origin], [(file, wanted.python)], options)


def locked(
    wanted: Wanted, cache: Cache, environment: Mapping[str, str], *, refresh: bool
) -> tuple[Path, list[str]]:
    """Return the lock in the cache, made if it isn't there, and the warnings of making it.

    What is on this machine is locked again, with the same versions of all others.

    Raises LockError where it can't be made; the one that is there stays then.
    """
    if wanted.is_empty:
        return _empty(wanted, cache.file("locks", f"{wanted.key(environment)}.json")), []
    file = cache.file("locks", f"{wanted.key(environment)}.yaml")
    if file.exists() and not (refresh or wanted.is_local):
        return file, []
    planned = plan_lock(wanted, file, refresh=refresh)
    return file, make(planned, environment)


def _empty(wanted: Wanted, file: Path) -> Path:
    """Write a lock without packages, of which `lock` makes none."""
    system = SYSTEMS[wanted.machine.system]
    data = {
        "wheelhouse": FORMAT,
        "python": wanted.python,
        "systems": {system.name: {system.floor_kind: system.floor_version}},
        "closure": {},
        "links": [],
    }
    files.write({file: json.dumps(data)})
    return file


def make(planned: Plan, environment: Mapping[str, str]) -> list[str]:
    """Make and write a lock; return its warnings."""
    progress.tell(planned.summary)
    made = jobs.make(planned.jobs, planned.requirements, planned.origin, environment)
    jobs.write(made)
    return [warning for lock in made for warning in lock.warnings]


def build(
    name: str, sources: Path, cache: Cache, environment: Mapping[str, str]
) -> tuple[str, Path]:
    """Build the environment of a lock; return the name of its link in the cache, and its path.

    Raises LockError where it can't be built.
    """
    found = library.find(environment)
    text = sources.read_text("utf-8")
    parts = [text, found.folder, found.package_set, found.system, name]
    key = _hash(json.dumps(parts))
    link = cache.file("environments", key)
    if not link.exists() or LOCAL.search(text):
        progress.tell("evaluating")
        arguments = {"name": name, "sources": str(sources.absolute())}
        library.build(EXPRESSION, arguments, environment, out_link=link, progress=progress.tell)
    return key, link.readlink()


def _hash(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:40]

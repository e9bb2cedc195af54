"""Locks requirements into the user's cache, builds their environments, and remembers calls.

Each file is written in one step, and the call last: an interrupted run leaves nothing that a later
one would take for whole. Runs that ask for the same at a time wait for each other.
"""

import fcntl
import json
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path

from lock.io import files, progress
from lock.lockfile.formats import FORMAT
from lock.lockfile.requested import requested
from lock.models.requirements import Local, Requirements
from lock.models.target import SYSTEMS
from lock.pipeline import jobs
from lock.pipeline.plan import LockOptions, plan
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


@dataclass(frozen=True)
class Made:
    """An environment: its link in the cache, its path in the store, and warnings of its lock."""

    link: str
    prefix: Path
    warnings: Sequence[str] = ()


def cached(wanted: Wanted, cache: Cache, environment: Mapping[str, str], *, refresh: bool) -> Made:
    """Return the environment of the lock in the cache; both are made where they aren't there.

    What is on this machine is locked again, with the same versions of all others. A new lock takes
    the old one's place when its environment is there.

    Raises LockError where it can't be made; what is there stays as it is then.
    """
    key = wanted.key(environment)
    file = lock_file(wanted, cache, environment)
    is_new = refresh or wanted.is_local or not file.exists()
    sources = file
    warnings: list[str] = []
    if is_new and wanted.is_empty:
        files.write({file: _empty(wanted)})
    elif is_new:
        text, warnings = _locked(wanted, file, environment, refresh=refresh)
        sources = file.with_name(f"{key}.new.yaml") if file.exists() else file
        files.write({sources: text})
    made = build(wanted.name, sources, key, cache, environment, again=is_new)
    sources.replace(file)
    return replace(made, warnings=warnings)


def lock_file(wanted: Wanted, cache: Cache, environment: Mapping[str, str]) -> Path:
    """Return where the lock of what is wanted stands in the cache, if it was made."""
    suffix = "json" if wanted.is_empty else "yaml"
    return cache.file("locks", f"{wanted.key(environment)}.{suffix}")


def build(
    name: str,
    sources: Path,
    identity: str,
    cache: Cache,
    environment: Mapping[str, str],
    *,
    again: bool = False,
) -> Made:
    """Build the environment of a lock, unless one of its identity is there and not made `again`.

    Raises LockError where it can't be built.
    """
    found = library.find(environment)
    key = _hash(json.dumps([identity, found.folder, found.package_set, found.system, name]))
    link = cache.file("environments", key)
    if again or not link.exists():
        progress.tell("evaluating")
        arguments = {"name": name, "sources": str(sources.absolute())}
        library.build(EXPRESSION, arguments, environment, out_link=link, progress=progress.tell)
    return Made(key, link.readlink())


def _locked(
    wanted: Wanted, file: Path, environment: Mapping[str, str], *, refresh: bool
) -> tuple[str, list[str]]:
    """Return the text of a lock for this machine, and the warnings of making it."""
    options = LockOptions(
        systems=(wanted.machine.system,), upgrade=refresh, exclude_newer=wanted.exclude_newer
    )
    planned = plan(wanted.requirements, [wanted.origin], [(file, wanted.python)], options)
    progress.tell(planned.summary)
    [lock] = jobs.make(planned.jobs, planned.requirements, planned.origin, environment)
    return lock.text, [*lock.sources.requirements.notes, *lock.warnings]


def _empty(wanted: Wanted) -> str:
    """Return a lock without packages, of which `lock` makes none."""
    system = SYSTEMS[wanted.machine.system]
    data = {
        "wheelhouse": FORMAT,
        "python": wanted.python,
        "systems": {system.name: {system.floor_kind: system.floor_version}},
        "closure": {},
        "links": [],
    }
    return json.dumps(data)


def _hash(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:40]

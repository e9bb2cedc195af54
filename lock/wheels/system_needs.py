"""What the packages of a lock need of the system that they run on."""

import zipfile
import zlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from lock.builds import cache
from lock.errors import UsageError
from lock.io import parallel
from lock.models.needs import SystemNeeds
from lock.models.packages import File
from lock.models.target import Target
from lock.resolution.uv import Resolver
from lock.wheels.wheel_files import WheelFiles
from lock.wheels.wheel_needs import WheelNeeds, read_wheel

# Of several Linux systems, the first that has a wheel of a package speaks for all: locks don't
# depend on the machine that they are made on.
ORDER = ("x86_64-linux", "aarch64-linux", "x86_64-linux-musl", "aarch64-linux-musl")
# Wheels that are read at a time: one is downloaded while another is unpacked.
CONCURRENT_READS = 4
READ_ERRORS = (zipfile.BadZipFile, zlib.error, OSError, EOFError, NotImplementedError)

# Name and version.
Key = tuple[str, str]


@dataclass(frozen=True)
class LockedFile:
    """The file of a package that a target installs, or that builds there need."""

    name: str
    version: str
    file: File
    target: Target

    @property
    def key(self) -> Key:
        """Return the package's name and version."""
        return self.name, self.version


@dataclass(frozen=True)
class Looked:
    """What packages need of the system, and remarks for the user."""

    needs: Mapping[Key, SystemNeeds]
    notes: Sequence[str]


def look_at_wheels(
    resolver: Resolver,
    files: Sequence[LockedFile],
    installed: Collection[str],
    known: Mapping[Key, SystemNeeds],
) -> Looked:
    """Return what the wheels among some files need that none of them has.

    `installed` has the hashes of the files that this machine installs. What can't be looked at
    needs what is `known` of it.
    """
    wheels = representatives(files)
    opened = WheelFiles(resolver, installed)
    user_cache = cache.user_cache(resolver.environment)

    def look(locked: LockedFile) -> WheelNeeds | str:
        file, machine = locked.file, locked.target.system.machine
        cached = _cached(user_cache, file, machine)
        if cached is not None:
            return cached
        try:
            with opened.open(file) as wheel:
                found = read_wheel(wheel, machine)
        except UsageError as error:
            return str(error)
        except READ_ERRORS as error:
            return f"{file.name}: it can't be read: {error}"
        user_cache.store_wheel_needs(file.sha256, machine, found.to_json())
        return found

    results = parallel.map_threads(look, wheels, CONCURRENT_READS)
    problem = opened.close()
    notes = [
        f"{locked.name} {locked.version}: what it needs of the system isn't known: {result}"
        for locked, result in zip(wheels, results, strict=True)
        if isinstance(result, str)
    ]
    if problem:
        notes.append(f"Nix will download the wheels again that were looked at: {problem}")
    looked = {
        locked.key: result
        for locked, result in zip(wheels, results, strict=True)
        if isinstance(result, WheelNeeds)
    }
    missing = {
        locked.key: known[locked.key]
        for locked in wheels
        if locked.key not in looked and locked.key in known
    }
    return Looked(missing | lacking(looked), notes)


def representatives(files: Sequence[LockedFile]) -> list[LockedFile]:
    """Return of each package the wheel that speaks for all its Linux systems, sorted."""
    chosen: dict[Key, LockedFile] = {}
    for locked in files:
        system = locked.target.system.name
        if locked.file.needs_build or system not in ORDER:
            continue
        other = chosen.get(locked.key)
        if other is None or ORDER.index(system) < ORDER.index(other.target.system.name):
            chosen[locked.key] = locked
    return [chosen[key] for key in sorted(chosen)]


def lacking(looked: Mapping[Key, WheelNeeds]) -> dict[Key, SystemNeeds]:
    """Return what packages need that none of them has; only those that need something."""
    given = frozenset[str]().union(*(one.given for one in looked.values()))
    needs = {key: SystemNeeds(tuple(sorted(one.needed - given))) for key, one in looked.items()}
    return {key: one for key, one in needs.items() if one}


def _cached(user_cache: cache.BuildCache, file: File, machine: str) -> WheelNeeds | None:
    data = user_cache.wheel_needs(file.sha256, machine)
    try:
        return WheelNeeds.from_json(data) if data else None
    except (KeyError, TypeError):
        return None

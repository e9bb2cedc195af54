"""What the packages of a lock need of the system that they run on."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from lock.builds import cache
from lock.errors import UsageError
from lock.io import parallel, progress
from lock.io.messages import count
from lock.models.needs import Key, SystemNeeds, merged
from lock.models.packages import File
from lock.models.target import SYSTEMS, Target
from lock.resolution.uv import Resolver
from lock.wheels.library_graph import missing_libraries
from lock.wheels.readers import Reader, Readers, readers
from lock.wheels.reading_process import READ_ERRORS
from lock.wheels.wheel_files import LARGE, TooLargeError, WheelFiles
from lock.wheels.wheel_needs import WheelNeeds, read_sources, read_wheel
from native.opened import foreign_imports, giver, reached, wanted_modules

# Of several Linux systems, the first that has a wheel of a package speaks for all: locks don't
# depend on the machine that they are made on.
FIRST = ("x86_64-linux", "aarch64-linux", "x86_64-linux-musl", "aarch64-linux-musl")
ORDER = (
    *FIRST,
    *(
        system.name
        for system in SYSTEMS.values()
        if system.sys_platform == "linux" and system.name not in FIRST
    ),
)
# Wheels of a kind that are downloaded or read at a time: enough that some are downloaded while
# others wait to be unpacked.
CONCURRENT_READS = 5
# What the cache says of wheels that are only read where they are installed.
TOO_LARGE = "too-large"


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
    results = {one: _remembered(one, user_cache, installed) for one in wheels}
    unknown = [one for one, found in results.items() if found is None]
    if unknown:
        size = _size(unknown) >> 20
        progress.tell(f"looking at {count(len(unknown), 'wheel')} ({size} MB) for native libraries")
    unread: dict[LockedFile, UsageError] = {}
    kinds = by_kind(unknown)
    with readers() as reading:
        reader = reading.of(_size(unknown))
        for kind, read in zip(kinds, _read_kinds(kinds, opened, user_cache, reader), strict=True):
            results |= zip(kind, read, strict=True)
        looked = {one: found for one, found in results.items() if isinstance(found, WheelNeeds)}
        found = _needs(
            looked, lambda wanted: _imports(opened, user_cache, reading, looked, wanted, unread)
        )
    failed = {one: error for one, error in results.items() if isinstance(error, UsageError)}
    needs = {one.key: known[one.key] for one in failed if one.key in known} | found
    problem = opened.close()
    notes = [*_notes({one: error for one, error in failed.items() if one.key not in known})]
    if unread:
        # The threads add them in any order.
        unread = {one: unread[one] for one in looked if one in unread}
        needs = merged(needs, _still_opened(looked, known))
        notes.append(
            f"what {_listed(unread)} imports isn't known, so that libraries which other packages "
            f"open may be missing in the lock: {next(iter(unread.values()))}"
        )
    if problem:
        notes.append(f"Nix will download the wheels again that were looked at: {problem}")
    return Looked(needs, notes)


def _remembered(
    locked: LockedFile, user_cache: cache.BuildCache, installed: Collection[str]
) -> WheelNeeds | UsageError | None:
    """Return what an earlier run found in a wheel, or why it didn't look; None for nothing."""
    file = locked.file
    data = user_cache.wheel_needs(file.sha256, locked.target.system.machine)
    if data.get(TOO_LARGE) and file.sha256 not in installed:
        return TooLargeError(file.name)
    try:
        return WheelNeeds.from_json(data) if data else None
    except (KeyError, TypeError, ValueError):
        return None


def _size(wheels: Iterable[LockedFile]) -> int:
    """Return how many bytes wheels have, as far as that is known."""
    return sum(one.file.size or 0 for one in wheels)


def _read_kinds(
    kinds: Sequence[Sequence[LockedFile]],
    opened: WheelFiles,
    user_cache: cache.BuildCache,
    reader: Reader,
) -> list[list[WheelNeeds | UsageError]]:
    """Return what the wheels of each kind need, or why that isn't known; the answers are cached."""

    def read(locked: LockedFile) -> WheelNeeds | UsageError:
        return _read(locked, opened, user_cache, reader)

    return parallel.map_threads(
        lambda kind: parallel.map_threads(read, kind, CONCURRENT_READS), kinds, len(kinds)
    )


def _read(
    locked: LockedFile, opened: WheelFiles, user_cache: cache.BuildCache, reader: Reader
) -> WheelNeeds | UsageError:
    """Return what a wheel needs, or why that isn't known; the answer is cached."""
    file, machine = locked.file, locked.target.system.machine
    try:
        with opened.open(file) as wheel:
            if isinstance(wheel, Path):
                found = reader.needs(wheel, machine)
            else:
                found = read_wheel(wheel, machine)
    except TooLargeError as error:
        user_cache.store_wheel_needs(file.sha256, machine, {TOO_LARGE: True})
        return error
    except UsageError as error:
        return error
    except READ_ERRORS as error:
        return UsageError(f"{file.name}: it can't be read: {error}")
    user_cache.store_wheel_needs(file.sha256, machine, found.to_json())
    return found


def _notes(failed: Mapping[LockedFile, UsageError]) -> Iterator[str]:
    """Yield what to tell of wheels that weren't looked at."""
    large = [one for one, error in failed.items() if isinstance(error, TooLargeError)]
    if large:
        names = ", ".join(one.name for one in large)
        systems = ", ".join(sorted({one.target.system.name for one in large}))
        yield (
            f"what {names} need of the system isn't known: their files are too large to look at "
            f"where they aren't installed; lock once on {systems} to have it in the lock"
        )
    others = {one: error for one, error in failed.items() if one not in large}
    if others:
        error = next(iter(others.values()))
        yield f"what {_listed(others)} needs of the system isn't known: {error}"


def _listed(files: Collection[LockedFile]) -> str:
    """Return the first of some packages, and how many others there are."""
    first, *others = files
    more = f" (and {count(len(others), 'other package')})" if others else ""
    return f"{first.name} {first.version}{more}"


def _still_opened(
    looked: Mapping[LockedFile, WheelNeeds], known: Mapping[Key, SystemNeeds]
) -> dict[Key, SystemNeeds]:
    """Return which libraries the code of packages opens by what is known, and has in it still."""
    return {
        one.key: SystemNeeds(opened=tuple(name for name in known[one.key].opened if name in names))
        for one, found in looked.items()
        if one.key in known and (names := {opening.soname for opening in found.openings})
    }


def _needs(
    looked: Mapping[LockedFile, WheelNeeds],
    imports_of: Callable[[frozenset[str]], Mapping[str, Iterable[str]]],
) -> dict[Key, SystemNeeds]:
    """Return what packages need that none of them has; only those that need something.

    `imports_of` returns, by wheel, which of some modules its code imports.
    """
    libraries = missing_libraries({one.key: found.files for one, found in looked.items()})
    openings = {one.file.name: found.openings for one, found in looked.items() if found.openings}
    wanted = wanted_modules(openings.values())
    given = {
        one.name: [name for file in found.files for name in file.names]
        for one, found in looked.items()
        if found.files
    }
    owners = {one.file.name: one.name for one in looked}
    opened = {
        wheel: {one.soname for one in counting if not giver(one.soname, owners[wheel], given)}
        for wheel, counting in reached(openings, imports_of(wanted) if wanted else {}).items()
    }
    needs = {
        one.key: SystemNeeds(
            tuple(sorted(libraries.get(one.key, ()))), tuple(sorted(opened.get(one.file.name, ())))
        )
        for one in looked
    }
    return {key: one for key, one in needs.items() if one}


def _imports(
    opened: WheelFiles,
    user_cache: cache.BuildCache,
    reading: Readers,
    looked: Mapping[LockedFile, WheelNeeds],
    wanted: Collection[str],
    unread: dict[LockedFile, UsageError],
) -> dict[str, Sequence[str]]:
    """Return, by wheel, which wanted modules of others its code imports; the answers are cached.

    Only wheels that mention one are read for it, and those that can't be are added to `unread`.
    """
    mentioning = {one: _mentioned(found, wanted) for one, found in looked.items()}
    asked = {one: names for one, names in mentioning.items() if names}
    imports = {one: user_cache.wheel_imports(one.file.sha256, asked[one]) for one in asked}
    unknown = [one for one, names in imports.items() if names is None]
    if unknown:
        opened.keep()
    reader = reading.of(_size(unknown))

    def read(locked: LockedFile) -> Sequence[str]:
        wanted = asked[locked]
        try:
            with opened.open(locked.file) as wheel:
                if isinstance(wheel, Path):
                    found = reader.imports(wheel, wanted)
                else:
                    found = foreign_imports(read_sources(wheel), wanted)
        except UsageError as error:
            unread[locked] = error
            return ()
        except READ_ERRORS as error:
            unread[locked] = UsageError(f"{locked.file.name}: it can't be read: {error}")
            return ()
        user_cache.store_wheel_imports(locked.file.sha256, wanted, found)
        return found

    imports |= zip(unknown, parallel.map_threads(read, unknown, CONCURRENT_READS), strict=True)
    return {one.file.name: names or () for one, names in imports.items()}


def _mentioned(found: WheelNeeds, modules: Iterable[str]) -> list[str]:
    """Return those modules that a wheel's code may import, and are not known to be its own."""
    own = {name for opening in found.openings for name in opening.reached_from}
    return sorted(
        name for name in modules if name not in own and name.partition(".")[0] in found.mentioned
    )


def by_kind(wheels: Iterable[LockedFile]) -> list[list[LockedFile]]:
    """Return large wheels and small ones, both from the largest on; only kinds that there are.

    The line is the limit for large ones and the cores are for small ones, so that both kinds are to
    be read at the same time, and the ones that take long not last.
    """
    by_size = sorted(wheels, key=lambda one: one.file.size or 0, reverse=True)
    large_count = sum((one.file.size or 0) >= LARGE for one in by_size)
    return [kind for kind in (by_size[:large_count], by_size[large_count:]) if kind]


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

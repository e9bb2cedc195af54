"""What the packages of a lock need of the system that they run on."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lock.builds import cache
from lock.errors import UsageError
from lock.io import progress
from lock.io.messages import count
from lock.models.needs import Key, SystemNeeds, merged
from lock.models.target import SYSTEMS
from lock.resolution.uv import Resolver
from lock.wheels.library_graph import missing_libraries
from lock.wheels.locked_file import LockedFile, total_size
from lock.wheels.wheel_needs import TOO_LARGE, TooLargeError, WheelNeeds

if TYPE_CHECKING:
    from lock.wheels.reading import WheelReading

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

# Names of modules, or why they aren't known.
Imports = Sequence[str] | UsageError


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
    results, imports, problem = _read(resolver, representatives(files), installed)
    looked = _looked(results)
    failed = {one: error for one, error in results.items() if isinstance(error, UsageError)}
    unread = {one: error for one, error in imports.items() if isinstance(error, UsageError)}
    imported = {
        one.file.name: names for one, names in imports.items() if not isinstance(names, UsageError)
    }
    needs = {one.key: known[one.key] for one in failed if one.key in known}
    needs |= _needs(looked, imported)
    notes = [*_notes({one: error for one, error in failed.items() if one.key not in known})]
    if unread:
        needs = merged(needs, _still_opened(looked, known))
        notes.append(
            f"what {_listed(unread)} imports isn't known, so that libraries which other packages "
            f"open may be missing in the lock: {next(iter(unread.values()))}"
        )
    if problem:
        notes.append(f"Nix will download the wheels again that were looked at: {problem}")
    return Looked(needs, notes)


def _read(
    resolver: Resolver, wheels: Sequence[LockedFile], installed: Collection[str]
) -> tuple[dict[LockedFile, WheelNeeds | UsageError], dict[LockedFile, Imports], str]:
    """Return what wheels need, what they import, and why they aren't in the store, if they aren't.

    What an earlier run found isn't read again.
    """
    user_cache = cache.user_cache(resolver.environment)
    remembered = {one: _remembered(one, user_cache, installed) for one in wheels}
    results = {one: found for one, found in remembered.items() if found is not None}
    unknown = [one for one in wheels if one not in results]
    reading: WheelReading | None = None
    with ExitStack() as stack:
        if unknown:
            size = total_size(unknown) >> 20
            progress.tell(
                f"looking at {count(len(unknown), 'wheel')} ({size} MB) for native libraries"
            )
            reading = stack.enter_context(_reading(resolver, installed, user_cache))
            results |= reading.needs(unknown)
        asked = _asked(_looked(results))
        imports: dict[LockedFile, Imports] = {
            one: cached
            for one, names in asked.items()
            if (cached := user_cache.wheel_imports(one.file.sha256, names)) is not None
        }
        unasked = {one: names for one, names in asked.items() if one not in imports}
        if unasked:
            reading = reading or stack.enter_context(_reading(resolver, installed, user_cache))
            imports |= reading.imports(unasked)
        problem = reading.close() if reading is not None else ""
    # Notes name the first of them.
    return {one: results[one] for one in wheels}, imports, problem


def _reading(
    resolver: Resolver, installed: Collection[str], user_cache: cache.BuildCache
) -> "AbstractContextManager[WheelReading]":
    # Imported here because most locks have no wheel that isn't known.
    from lock.wheels.reading import reading

    return reading(resolver, installed, user_cache)


def _looked(results: Mapping[LockedFile, WheelNeeds | UsageError]) -> dict[LockedFile, WheelNeeds]:
    """Return the wheels that were read."""
    return {one: found for one, found in results.items() if isinstance(found, WheelNeeds)}


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


def _asked(looked: Mapping[LockedFile, WheelNeeds]) -> dict[LockedFile, list[str]]:
    """Return which wheels may import a module that has to be imported before openings count.

    Each has those modules; they are none that are known to be its own.
    """
    if not any(found.openings for found in looked.values()):
        return {}
    from native.opened import wanted_modules

    wanted = sorted(wanted_modules(found.openings for found in looked.values()))
    asked = {}
    for one, found in looked.items():
        own = {name for opening in found.openings for name in opening.reached_from}
        mentioned = [name for name in wanted if name.partition(".")[0] in found.mentioned]
        if names := [name for name in mentioned if name not in own]:
            asked[one] = names
    return asked


def _needs(
    looked: Mapping[LockedFile, WheelNeeds], imports: Mapping[str, Iterable[str]]
) -> dict[Key, SystemNeeds]:
    """Return what packages need that none of them has; only those that need something.

    `imports` has, by wheel, which modules of others its code imports.
    """
    libraries = missing_libraries({one.key: found.files for one, found in looked.items()})
    opened = _opened(looked, imports)
    needs = {
        one.key: SystemNeeds(
            tuple(sorted(libraries.get(one.key, ()))), tuple(sorted(opened.get(one.file.name, ())))
        )
        for one in looked
    }
    return {key: one for key, one in needs.items() if one}


def _opened(
    looked: Mapping[LockedFile, WheelNeeds], imports: Mapping[str, Iterable[str]]
) -> dict[str, set[str]]:
    """Return, by wheel, the sonames that count of those that its code opens, and no wheel has."""
    openings = {one.file.name: found.openings for one, found in looked.items() if found.openings}
    if not openings:
        return {}
    from native.opened import giver, reached

    given = {
        one.name: [name for file in found.files for name in file.names]
        for one, found in looked.items()
        if found.files
    }
    owners = {one.file.name: one.name for one in looked}
    return {
        wheel: {one.soname for one in counting if not giver(one.soname, owners[wheel], given)}
        for wheel, counting in reached(openings, imports).items()
    }


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

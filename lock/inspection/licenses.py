"""`lock licenses`: the licences of a lock's packages, and which of them a policy forbids."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from lock.errors import LockError
from lock.inspection import why
from lock.io import temporary
from lock.licenses.metadata import License, from_text
from lock.licenses.policy import Forbidden, Policy
from lock.licenses.reading import LicenseReader
from lock.lockfile import graph, licenses_section
from lock.lockfile.groups import group_closure
from lock.lockfile.reader import Link, Lock, Package
from lock.models.filenames import SDIST_SUFFIXES
from lock.models.needs import Key
from lock.models.packages import File
from lock.wheels.distribution_files import Distribution

FILE_SUFFIXES = (".whl", *SDIST_SUFFIXES)


@dataclass(frozen=True)
class Licensed:
    """A package, the chosen systems that install it, and its licence or why it isn't known."""

    package: Package
    systems: tuple[str, ...]
    license: License | LockError

    @property
    def label(self) -> str:
        """Return the name and the version."""
        return f"{self.package.name} {self.package.shown_version}"


@dataclass(frozen=True)
class Violation:
    """A package whose licence a policy forbids, and who needs it."""

    licensed: Licensed
    license: License
    forbidden: Sequence[Forbidden]
    # `GROUP: NAME VERSION -> …`, one for each package that depends on it.
    needed_by: Sequence[str]


def licenses(
    lock: Lock, groups: Sequence[str], systems: Sequence[str], environment: Mapping[str, str]
) -> list[Licensed]:
    """Return the licences of the packages that some groups need on some systems.

    No groups stand for the whole lock. What the lock says of a licence is taken from it; files are
    read for the others.
    """
    chosen = [(one, having) for one in lock.packages if (having := _systems(one, systems))]
    if groups:
        needed = {
            (name, system)
            for system in systems
            for group in groups
            for name in group_closure(lock, system, [group])
        }
        chosen = [
            (one, kept)
            for one, having in chosen
            if (kept := tuple(system for system in having if (one.name, system) in needed))
        ]
    told = {(one.name, one.version): _of_lock(lock, one) for one, _ in chosen}
    files = files_of(lock)
    unknown = [
        Distribution(*key, tuple(files[key]))
        for key, found in told.items()
        if found is None and files[key]
    ]
    read: dict[Key, License | LockError] = {}
    if unknown:
        with temporary.temporary_folder() as folder:
            reader = LicenseReader(folder, environment, lock.indexes)
            found = reader.read(unknown)
        read = {(one.name, one.version): it for one, it in zip(unknown, found, strict=True)}
    return [
        Licensed(
            one,
            having,
            told[one.name, one.version] or read.get((one.name, one.version), License(None, "")),
        )
        for one, having in chosen
    ]


def violations(
    lock: Lock, licensed: Sequence[Licensed], policy: Policy, groups: Sequence[str]
) -> list[Violation]:
    """Return the packages that a policy forbids; those whose licence can't be had aren't among."""
    found = []
    for one in licensed:
        name = one.package.name
        told = None if isinstance(one.license, LockError) else one.license
        clarified = policy.clarified(name, told)
        if clarified is None:
            continue
        forbidden = policy.forbids(name, clarified)
        if forbidden:
            found.append(Violation(one, clarified, forbidden, _needed_by(lock, name, groups)))
    return found


def unused(lock: Lock, policy: Policy) -> list[str]:
    """Return a line for each package of a policy that the lock doesn't have."""
    return [
        f"{policy.file}:{one.line}: packages.{name}: {lock.file} has no such package; remove it"
        for name, one in policy.packages.items()
        if name not in lock.by_name
    ]


def _systems(package: Package, systems: Sequence[str]) -> tuple[str, ...]:
    return tuple(system for system in package.systems if system in systems)


def _of_lock(lock: Lock, package: Package) -> License | None:
    if package.origin:
        return License(None, package.origin, f"{package.origin} tells it")
    text = licenses_section.of_version(lock.licenses, package.name, package.version)
    return None if text is None else from_text(text, lock.file.name)


def files_of(lock: Lock) -> defaultdict[Key, list[File]]:
    """Return the files of each version of a package."""
    files: defaultdict[Key, list[File]] = defaultdict(list)
    for link in lock.links:
        files[link.package, link.version].append(file_of(link, lock.file.absolute().parent))
    return files


def file_of(link: Link, folder: Path) -> File:
    """Return the file of a link, with an absolute path where it is on this machine."""
    below = link.subdirectory or None
    if link.git:
        return File(link.name, link.git, None, None, commit=link.rev, subdirectory=below)
    if link.path:
        path = folder / link.path
        name = path.name if path.name.endswith(FILE_SUFFIXES) else link.name
        return File(name, "", None, None, path=str(path), subdirectory=below)
    return File(link.name, link.url, link.sha256, link.size, subdirectory=below)


def _needed_by(lock: Lock, name: str, groups: Sequence[str]) -> list[str]:
    """Return the paths by which a package gets into the lock, shortest first."""
    paths = [path for path in why.reasons(lock, name).paths if not groups or path.group in groups]
    return [
        f"{path.group}: {' -> '.join(map(str, path.nodes))}"
        for path in sorted(paths, key=lambda path: len(path.nodes))
    ]


def select(
    lock: Lock, groups: Sequence[str], systems: Sequence[str]
) -> tuple[list[str], list[str]]:
    """Return the named groups and systems. Raises UsageError for an unknown one."""
    chosen = graph.select_groups(lock, groups) if groups else []
    return chosen, [*graph.select_systems(lock, systems)]

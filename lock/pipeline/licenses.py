"""Adds to a lock what its packages are licensed under."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from lock.errors import LockError
from lock.io import progress
from lock.io.messages import count
from lock.licenses.metadata import UNKNOWN, from_text
from lock.licenses.reading import LicenseReader
from lock.lockfile import existing, licenses_section
from lock.lockfile.sources import Sources
from lock.models.needs import Key
from lock.models.packages import File
from lock.resolution.uv import Resolver
from lock.wheels.distribution_files import Distribution


def with_licenses(resolver: Resolver, sources: Sources, file: Path) -> Sources:
    """Return a lock with the licences of its packages.

    What the existing lock in `file` tells of a version stays. What can't be read is as that lock
    has it, or left out with a remark.
    """
    before = licenses_section.read(file)
    versions = {(one.name, one.version) for one in existing.preferences(file).environment}
    kept = {
        key: text
        for key in versions
        if (text := licenses_section.of_version(before, *key)) is not None
    }
    distributions = _distributions(sources)
    unknown = [one for one in distributions if one.file.is_folder or not _is_told(kept, one)]
    if unknown:
        progress.tell(f"reading the licences of {count(len(unknown), 'package')}")
    folder = resolver.folder / "licenses"
    folder.mkdir()
    reader = LicenseReader(folder, resolver.environment, resolver.options.indexes)
    found = dict(zip(unknown, reader.read(unknown), strict=True))
    licenses: dict[Key, str] = {}
    failed: dict[Distribution, LockError] = {}
    for one in distributions:
        key = one.name, one.version
        read = found.get(one)
        if isinstance(read, LockError):
            failed |= {} if key in kept else {one: read}
            licenses |= {key: kept[key]} if key in kept else {}
        else:
            licenses[key] = kept[key] if read is None else str(read)
    return replace(sources, licenses=licenses, notes=[*sources.notes, *_notes(failed)])


def _is_told(kept: dict[Key, str], one: Distribution) -> bool:
    text = kept.get((one.name, one.version), UNKNOWN)
    return from_text(text, "").expression is not None


def _distributions(sources: Sources) -> Sequence[Distribution]:
    """Return what systems install, with all of its files; packages of nixpkgs have none."""
    files: defaultdict[Key, dict[File, None]] = defaultdict(dict)
    for selection in sources.selections.values():
        for installation in selection.installations:
            system = installation.target.system.name
            for package in installation.packages.values():
                file = selection.files.get((system, package.name))
                if file is not None:
                    files[package.name, package.version][file] = None
    return [Distribution(*key, tuple(files[key])) for key in sorted(files)]


def _notes(failed: dict[Distribution, LockError]) -> list[str]:
    """Return what to tell of licences that couldn't be read."""
    if not failed:
        return []
    first, *others = failed
    more = f" (and {count(len(others), 'other package')})" if others else ""
    return [
        f"the licence of {first.name} {first.version}{more} isn't known: {failed[first]}; "
        "locking again reads it"
    ]

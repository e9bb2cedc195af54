"""Adds to a lock what its packages need of the system."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from lock.lockfile import native_section
from lock.lockfile.sources import Sources
from lock.models.needs import merged
from lock.resolution.uv import Resolver
from lock.wheels.locked_file import LockedFile
from lock.wheels.system_needs import look_at_wheels


def with_system_needs(resolver: Resolver, sources: Sources, existing: Path) -> Sources:
    """Return a lock with what its wheels need of the system.

    What can't be looked at needs what the existing lock says of it.
    """
    files = [*_files(sources)]
    installed = {
        locked.file.sha256
        for locked in files
        if locked.target.system.is_here
        and locked.target.system.floor_kind != "musl"
        and locked.file.sha256 is not None
    }
    looked = look_at_wheels(resolver, files, installed, native_section.read(existing))
    needs = merged(sources.needs, looked.needs)
    return replace(sources, needs=needs, notes=[*sources.notes, *looked.notes])


def _files(sources: Sources) -> Iterator[LockedFile]:
    """Yield the files of a lock: those of an index that targets install, and those of builds."""
    targets = {target.system.name: target for target in sources.targets}
    projects = {project.name for project in sources.requirements.projects}
    for selection in sources.selections.values():
        for installation in selection.installations:
            for package in installation.packages.values():
                file = selection.files.get((installation.target.system.name, package.name))
                if file is not None and package.name not in projects:
                    yield LockedFile(package.name, package.version, file, installation.target)
    for build in sources.builds:
        for system, pins in build.environments.items():
            for pin in pins:
                yield LockedFile(pin.name, pin.version, pin.file, targets[system])

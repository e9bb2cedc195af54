"""The selection of a resolution: what each target installs, and the file of each package."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from lock.errors import UnsatisfiableError
from lock.io.file_hashes import FileHashes
from lock.models.packages import File, Resolution
from lock.models.target import Target
from lock.selection.files import file_of, why_none
from lock.selection.hashes import with_files
from lock.selection.installation import Installation, install

# Project name, version, reason.
NoFile = tuple[str, str, str]


class NoFileError(UnsatisfiableError):
    """Some packages have no file for some systems."""

    def __init__(self, text: str, missing: Mapping[NoFile, Sequence[str]] | None = None) -> None:
        super().__init__(text)
        # Package and reason → names of the systems.
        self.missing = missing or {}


@dataclass(frozen=True)
class Selection:
    """What each target installs of a resolution, and the file of each package there."""

    resolution: Resolution
    # One a target, sorted by the system's name, all for the same Python.
    installations: Sequence[Installation]
    # System, project name → the package's file there; nixpkgs' packages have none.
    files: Mapping[tuple[str, str], File]

    @property
    def systems(self) -> list[str]:
        """Return the names of the targets' systems, sorted."""
        return system_names(self.installations)


def select(resolution: Resolution, targets: Iterable[Target], file_hashes: FileHashes) -> Selection:
    """Select what each target installs; files without a sha256 get one.

    Raises NoFileError, naming all packages and systems, where a target has no file of a package;
    UsageError where a file can't be hashed.
    """
    ordered = sorted(targets, key=lambda target: target.system.name)
    installations = [install(resolution, target) for target in ordered]
    files = _select_files(installations)
    without = {file for file in files.values() if file.sha256 is None and not file.is_folder}
    if without:
        return select(with_files(resolution, file_hashes.add(without)), ordered, file_hashes)
    return Selection(resolution, installations, files)


def _select_files(installations: Sequence[Installation]) -> dict[tuple[str, str], File]:
    """Return, by system and project name, the file of each installed package.

    Raises NoFileError where there is none.
    """
    files: dict[tuple[str, str], File] = {}
    missing: defaultdict[NoFile, list[str]] = defaultdict(list)
    for installation in installations:
        target = installation.target
        for package in installation.packages.values():
            if package.from_nixpkgs:
                continue
            file = file_of(package, target)
            if file is None:
                problem = (package.name, package.version, why_none(package, target))
                missing[problem].append(target.system.name)
            else:
                files[target.system.name, package.name] = file
    if missing:
        failed = [system for systems in missing.values() for system in systems]
        lines = [*describe_missing(missing), *describe_remedy(failed, system_names(installations))]
        raise NoFileError("\n".join(lines), missing)
    return files


def describe_missing(missing: Mapping[NoFile, Sequence[str]]) -> list[str]:
    """Say, a line each, which packages have no file for which systems, and why."""
    return [
        f"{name} {version} has no file for {', '.join(systems)}" + (f": {reason}" if reason else "")
        for (name, version, reason), systems in sorted(missing.items())
    ]


def describe_remedy(failed: Sequence[str], systems: Sequence[str]) -> list[str]:
    """Say how to lock for the systems that didn't fail; nothing where all did."""
    options = [f"--system {system}" for system in systems if system not in failed]
    return [f"To lock for the other systems only: {' '.join(options)}"] if options else []


def system_names(installations: Iterable[Installation]) -> list[str]:
    """Return the names of the systems of some installations."""
    return [installation.target.system.name for installation in installations]

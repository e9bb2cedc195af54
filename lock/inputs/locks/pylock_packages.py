"""Reads the packages of a pylock.toml (PEP 751): their versions, files and dependencies."""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from urllib.parse import unquote, urlsplit

from packaging.pylock import Package as LockedPackage
from packaging.pylock import (
    PackageArchive,
    PackageDirectory,
    PackageSdist,
    PackageVcs,
    PackageWheel,
)
from packaging.utils import canonicalize_name

from lock.errors import UsageError
from lock.inputs.documents.problems import Problems
from lock.inputs.project import projects
from lock.inputs.values.checks import check_path, check_subdirectory
from lock.models.filenames import filename_in_url, version_in
from lock.models.packages import UNKNOWN_VERSION, Dependency, File, Package, hashed, project_folder

Listed = PackageWheel | PackageSdist | PackageArchive
ELSEWHERE = "name it in requirements.yaml"


def package_of(package: LockedPackage, folder: Path, problems: Problems) -> Package:
    """Return a package of a lock in a folder; what can't be kept is added to the problems."""
    version = None if package.version is None else str(package.version)
    listed: Sequence[Listed] = [*(package.wheels or ())]
    listed = [*listed, *(one for one in (package.sdist, package.archive) if one is not None)]
    files = [_file(package.name, one, folder, problems) for one in listed]
    version = version or next(filter(None, (version_in(file.name) for file in files)), None)
    if package.directory is not None:
        files = [_folder(package.name, version, package.directory, folder, problems)]
        version = files[0].name.removeprefix(f"{package.name}-")
    elif package.vcs is not None:
        files = _repository(package.name, version, package.vcs, problems)
    elif version is None:
        problem = "neither its entry nor its file's name tells its version"
        problems.add(None, package.name, problem, 'write `version = "…"` into its entry')
    edges = (
        Dependency(canonicalize_name(needed["name"]), needed.get("version"))
        for needed in package.dependencies or ()
        if "name" in needed
    )
    return Package(package.name, version or UNKNOWN_VERSION, tuple(files), tuple(edges))


def _folder(
    name: str, version: str | None, at: PackageDirectory, folder: Path, problems: Problems
) -> File:
    """Return the folder of a project on this machine."""
    written = os.fspath(Path(at.path, at.subdirectory or ""))
    key = f"{name}.directory"
    path = problems.attempt(None, key, lambda text: check_path(folder, text), written)
    if path is not None and version is None:
        version = problems.attempt(None, key, _version_of_project, path)
    return project_folder(name, version, path or written)


def _version_of_project(path: str) -> str:
    return projects.read(Path(path)).version or UNKNOWN_VERSION


def _repository(name: str, version: str | None, at: PackageVcs, problems: Problems) -> list[File]:
    """Return the folder of a project in a repository, if it can be locked."""
    if at.type != "git" or not at.url:
        problem = "it comes from a repository that isn't git's, or has no address"
        problems.add(None, name, problem, ELSEWHERE)
    elif version is None:
        problem = "the lock doesn't tell its version, which only its repository has"
        entry = f'{name}: {{git: "{at.url}", rev: {at.commit_id}}}'
        problems.add(None, name, problem, f"write `{entry}` into requirements.yaml")
    else:
        below = _subdirectory(name, at, problems)
        folder = f"{name}-{version}"
        return [File(folder, at.url, None, None, commit=at.commit_id, subdirectory=below)]
    return []


def _subdirectory(name: str, at: PackageVcs | PackageArchive, problems: Problems) -> str | None:
    """Return where a project lies below the top of its repository or archive; None at the top."""
    if not at.subdirectory:
        return None
    return problems.attempt(None, f"{name}.subdirectory", check_subdirectory, at.subdirectory)


def _file(name: str, entry: Listed, folder: Path, problems: Problems) -> File:
    """Return a file at a URL, or of this machine."""
    below = _subdirectory(name, entry, problems) if isinstance(entry, PackageArchive) else None
    url, path = entry.url or "", entry.path
    if url.startswith("file:"):
        url, path = "", unquote(urlsplit(url).path)
    if below and not url:
        problems.add(None, name, "it lies in a subdirectory of a file on this machine", ELSEWHERE)
    if not url:
        checked = problems.attempt(None, name, lambda text: _existing(folder, text), path or "")
        path = checked or path
    named = None if isinstance(entry, PackageArchive) else entry.name
    return _with_hash(
        File(
            named or (filename_in_url(url) if url else Path(path or "").name),
            url,
            None,
            entry.size,
            path=None if url else path,
            subdirectory=below,
        ),
        entry.hashes,
    )


def _with_hash(file: File, hashes: Mapping[str, str]) -> File:
    """Return a file with its sha256, or with another hash where there is none."""
    algorithm = "sha256" if "sha256" in hashes else min(hashes)
    return hashed(file, f"{algorithm}:{hashes[algorithm].lower()}")


def _existing(folder: Path, text: str) -> str:
    """Return the absolute path of a file. Raises UsageError where there is none."""
    path = os.path.normpath(folder / text)
    if not Path(path).is_file():
        raise UsageError(f"there is no {path}; put the file there, or lock again")
    return path

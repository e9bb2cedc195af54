"""Reads source distributions: their build systems (PEP 517, PEP 518) and their files."""

import posixpath
import shutil
import tarfile
import tomllib
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

from lock.errors import LockError, UnsatisfiableError
from lock.models.builds import LEGACY_REQUIRES
from native.build_needs import BuildNeeds

if TYPE_CHECKING:
    from native.sdist_needs import Entry

# PEP 517: builds a source distribution that names no backend.
LEGACY_BACKEND = "setuptools.build_meta:__legacy__"
# Raised for an archive that is damaged, or of a kind that the standard library can't read.
ARCHIVE_ERRORS = (
    tarfile.TarError,
    zipfile.BadZipFile,
    EOFError,
    OSError,
    ValueError,
    NotImplementedError,
)


@dataclass(frozen=True)
class BuildSystem:
    """The table `build-system` of a pyproject.toml."""

    # PEP 508, normalised.
    requires: frozenset[str]
    backend: str
    # Folders of the source distribution that hold the backend; empty when it is a requirement.
    backend_path: tuple[str, ...] = ()


LEGACY = BuildSystem(frozenset(LEGACY_REQUIRES), LEGACY_BACKEND)


def archive_build_system(archive: Path, subdirectory: str = "") -> BuildSystem:
    """Return the build system of a source distribution, without unpacking it.

    The project may lie in a `subdirectory` of its only folder.

    Raises UnsatisfiableError where it or its pyproject.toml is broken.
    """
    try:
        text = read_member(archive, PurePosixPath(subdirectory, "pyproject.toml"))
    except ARCHIVE_ERRORS as error:
        raise UnsatisfiableError(f"{archive.name} can't be read: {error}") from None
    return _build_system(text, archive.name)


def project_build_system(project: Path) -> BuildSystem:
    """Return the build system of a project's folder.

    Raises UnsatisfiableError where its pyproject.toml is broken.
    """
    file = project / "pyproject.toml"
    return _build_system(file.read_bytes() if file.is_file() else None, project.name)


def _build_system(pyproject: bytes | None, name: str) -> BuildSystem:
    if pyproject is None:
        return LEGACY
    try:
        return parse_build_system(pyproject.decode("utf-8"))
    except (UnicodeDecodeError, LockError, tomllib.TOMLDecodeError) as error:
        raise UnsatisfiableError(f"pyproject.toml in {name}: {error}") from None


def parse_build_system(text: str) -> BuildSystem:
    """Return the build system in the text of a pyproject.toml.

    Raises tomllib.TOMLDecodeError; LockError for a table that PEP 517 and PEP 518 don't allow.
    """
    table = tomllib.loads(text).get("build-system")
    if table is None:
        return LEGACY
    if not isinstance(table, Mapping) or "requires" not in table:
        raise LockError("the table build-system has no `requires`, which PEP 518 demands")
    backend = table.get("build-backend", LEGACY_BACKEND)
    if not isinstance(backend, str):
        raise LockError("build-system.build-backend is not a text, as PEP 517 demands")
    return BuildSystem(
        normalize_requirements(_texts(table, "requires")),
        backend,
        tuple(_texts(table, "backend-path")),
    )


def _texts(table: Mapping[str, Any], key: str) -> list[str]:
    texts = table.get(key, [])
    if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
        raise LockError(f"build-system.{key} is not a list of texts, as PEP 517 demands")
    return texts


def normalize_requirements(requirements: list[str]) -> frozenset[str]:
    """Return requirements (PEP 508) in one spelling, so that equal ones compare equal.

    Raises LockError for a text that is no requirement.
    """
    normalized = set()
    for text in requirements:
        try:
            requirement = Requirement(text)
        except InvalidRequirement as error:
            reason = str(error).partition("\n")[0]
            raise LockError(f'"{text}" is no requirement (PEP 508): {reason}') from None
        requirement.name = canonicalize_name(requirement.name)
        requirement.extras = {canonicalize_name(extra) for extra in requirement.extras}
        normalized.add(str(requirement))
    return frozenset(normalized)


def read_member(archive: Path, path: PurePosixPath) -> bytes | None:
    """Return the file at a path below an archive's only folder; None where there is none.

    Raises one of ARCHIVE_ERRORS.
    """
    if archive.suffix == ".zip":
        with zipfile.ZipFile(archive) as unzipped:
            for name in unzipped.namelist():
                if _is_at(name, path):
                    return unzipped.read(name)
        return None
    with tarfile.open(archive) as tar:
        for member in tar:
            if _is_at(member.name, path):
                stream = tar.extractfile(member)
                return stream.read() if stream else None
    return None


def archive_needs(archive: Path, subdirectory: str = "") -> BuildNeeds:
    """Return what a source distribution needs of the system, by its files.

    The project may lie in a `subdirectory` of its only folder.

    Raises UnsatisfiableError where it can't be read.
    """
    # Imported here because mostly the cache knows it.
    from native.opened import opened_by_source
    from native.sdist_needs import needs

    try:
        return replace(
            needs(entries(archive, subdirectory)),
            opened=opened_by_source(entries(archive, subdirectory)),
        )
    except ARCHIVE_ERRORS as error:
        raise UnsatisfiableError(f"{archive.name} can't be read: {error}") from None


def entries(archive: Path, subdirectory: str = "") -> "Iterator[Entry]":
    """Yield the files of a project in an archive; each is read before the next, or not at all.

    Raises one of ARCHIVE_ERRORS.
    """
    project = PurePosixPath(subdirectory)
    if archive.suffix == ".zip":
        with zipfile.ZipFile(archive) as unzipped:
            for name in unzipped.namelist():
                path = PurePosixPath(*PurePosixPath(name).parts[1:])
                if not name.endswith("/") and path.is_relative_to(project):
                    yield str(path.relative_to(project)), partial(unzipped.read, name)
        return
    with tarfile.open(archive) as tar:
        for member in tar:
            path = PurePosixPath(*PurePosixPath(member.name).parts[1:])
            if member.isfile() and path.is_relative_to(project):
                yield str(path.relative_to(project)), partial(_content, tar, member)


def _content(tar: tarfile.TarFile, member: tarfile.TarInfo) -> bytes:
    stream = tar.extractfile(member)
    return stream.read() if stream else b""


def _is_at(name: str, path: PurePosixPath) -> bool:
    return PurePosixPath(name).parts[1:] == path.parts


def _checked(member: tarfile.TarInfo) -> tarfile.TarInfo:
    """Return a member. Raises tarfile.TarError for one that reaches outside the archive."""
    paths = [member.name]
    if member.issym():
        paths.append(posixpath.join(posixpath.dirname(member.name), member.linkname))
    elif member.islnk():
        paths.append(member.linkname)
    elif not (member.isfile() or member.isdir()):
        raise tarfile.ExtractError(f"{member.name} is neither a file nor a folder")
    for path in map(posixpath.normpath, paths):
        if path.startswith("/") or path.split("/", 1)[0] == "..":
            raise tarfile.ExtractError(f"{member.name} reaches outside")
    return member


def unpack(archive: Path, folder: Path) -> Path:
    """Unpack a source distribution below a new folder; return its only folder.

    Raises UnsatisfiableError where it is broken, reaches outside, or has not exactly one folder.
    """
    folder.mkdir()
    try:
        if archive.suffix == ".zip":
            shutil.unpack_archive(archive, folder, "zip")
        else:
            with tarfile.open(archive) as tar:
                # PEP 706, where this Python's patch release has it.
                tar.extraction_filter = getattr(tarfile, "data_filter", None)
                tar.extractall(folder, members=map(_checked, tar))
    except ARCHIVE_ERRORS as error:
        raise UnsatisfiableError(f"{archive.name} can't be unpacked: {error}") from None
    folders = [path for path in folder.iterdir() if path.is_dir()]
    if len(folders) != 1:
        raise UnsatisfiableError(
            f"{archive.name} holds {len(folders)} folders, where one is expected"
        )
    return folders[0]

"""Source distributions, asked how they are built (PEP 517, PEP 518)."""

import posixpath
import shutil
import tarfile
import tomllib
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, Any

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

from lock.errors import LockError, UnsatisfiableError

# PEP 517: what builds a source distribution that doesn't say.
LEGACY_BACKEND = "setuptools.build_meta:__legacy__"
LEGACY_REQUIRES = ("setuptools", "wheel")
# What is damaged, or packed in a way that the standard library cannot undo.
BROKEN = (tarfile.TarError, zipfile.BadZipFile, EOFError, OSError, ValueError, NotImplementedError)


@dataclass(frozen=True)
class BuildSystem:
    """The table `build-system` of a pyproject.toml."""

    # PEP 508, normalised.
    requires: frozenset[str]
    backend: str
    # Folders of the source distribution that hold the backend; empty when it is a requirement.
    backend_path: tuple[str, ...] = ()


LEGACY = BuildSystem(frozenset(LEGACY_REQUIRES), LEGACY_BACKEND)


def build_system(archive: Path) -> BuildSystem:
    """How a source distribution is built.

    Raises UnsatisfiableError when it is broken, or its pyproject.toml is.
    """
    try:
        text = _pyproject(archive)
    except BROKEN as error:
        raise UnsatisfiableError(f"{archive.name} can't be read: {error}") from None
    return _system(text, archive.name)


def build_system_of(project: Path) -> BuildSystem:
    """How a project's folder is built. Raises UnsatisfiableError for a broken pyproject.toml."""
    file = project / "pyproject.toml"
    return _system(file.read_bytes() if file.is_file() else None, project.name)


def _system(pyproject: bytes | None, name: str) -> BuildSystem:
    if pyproject is None:
        return LEGACY
    try:
        return parse(pyproject.decode("utf-8"))
    except (UnicodeDecodeError, LockError, tomllib.TOMLDecodeError) as error:
        raise UnsatisfiableError(f"pyproject.toml in {name}: {error}") from None


def parse(text: str) -> BuildSystem:
    """The build system in the text of a pyproject.toml.

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
        normalize(_texts(table, "requires")), backend, tuple(_texts(table, "backend-path"))
    )


def _texts(table: Mapping[str, Any], key: str) -> list[str]:
    texts = table.get(key, [])
    if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
        raise LockError(f"build-system.{key} is not a list of texts, as PEP 517 demands")
    return texts


def normalize(requirements: list[str]) -> frozenset[str]:
    """Requirements (PEP 508) in one spelling, so that equal ones are equal.

    Raises LockError for a text that is none.
    """
    found = set()
    for text in requirements:
        try:
            requirement = Requirement(text)
        except InvalidRequirement as error:
            reason = str(error).partition("\n")[0]
            raise LockError(f'"{text}" is no requirement (PEP 508): {reason}') from None
        requirement.name = canonicalize_name(requirement.name)
        requirement.extras = {canonicalize_name(extra) for extra in requirement.extras}
        found.add(str(requirement))
    return frozenset(found)


def _pyproject(archive: Path) -> bytes | None:
    """The pyproject.toml below the archive's only folder, without unpacking the rest."""
    if archive.suffix == ".zip":
        with zipfile.ZipFile(archive) as unzipped:
            for name in unzipped.namelist():
                if _is_pyproject(name):
                    return unzipped.read(name)
        return None
    with tarfile.open(archive) as tar:
        for member in tar:
            if _is_pyproject(member.name):
                return _read(tar.extractfile(member))
    return None


def _read(stream: IO[bytes] | None) -> bytes | None:
    return stream.read() if stream else None


def _is_pyproject(name: str) -> bool:
    parts = PurePosixPath(name).parts
    return len(parts) == 2 and parts[1] == "pyproject.toml"


def _inside(member: tarfile.TarInfo) -> tarfile.TarInfo:
    """Passes a member through. Raises tarfile.TarError for one that reaches outside."""
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
    """The folder of a source distribution, unpacked below a new folder.

    Raises UnsatisfiableError when it is broken, reaches outside, or holds no single folder.
    """
    folder.mkdir()
    try:
        if archive.suffix == ".zip":
            shutil.unpack_archive(archive, folder, "zip")
        else:
            with tarfile.open(archive) as tar:
                # PEP 706, where this Python's patch release has it.
                tar.extraction_filter = getattr(tarfile, "data_filter", None)
                tar.extractall(folder, members=map(_inside, tar))
    except BROKEN as error:
        raise UnsatisfiableError(f"{archive.name} can't be unpacked: {error}") from None
    tops = [path for path in folder.iterdir() if path.is_dir()]
    if len(tops) != 1:
        raise UnsatisfiableError(f"{archive.name} holds {len(tops)} folders, where one is expected")
    return tops[0]

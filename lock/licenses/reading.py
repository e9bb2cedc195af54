"""Reads the licences of distributions, from as little of their files as serves.

Source: PEP 658 (metadata beside a wheel), PEP 427 (in a wheel), PEP 643 (in a source distribution),
PEP 621 and PEP 639 (in a project's folder).
"""

import re
import tomllib
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import IO, Any

from packaging import licenses as spdx_names

from lock.builds import cache, sdist
from lock.errors import LockError, UsageError
from lock.io import parallel
from lock.io.offline import check_online
from lock.licenses import classifiers, metadata
from lock.licenses.metadata import (
    LONGEST_TEXT,
    MOST_TEXTS,
    License,
    is_license_file,
    license_of,
    license_told,
)
from lock.models.packages import File
from lock.models.requirements import Index
from lock.wheels.distribution_files import Distribution, DistributionFiles
from native.revision import revision

METADATA = re.compile(r"([^/]+\.dist-info)/METADATA")
# Folders of licence files in `.dist-info`: of PEP 639, and of tools before it.
LICENSE_FOLDERS = ("licenses/", "license_files/")
# Distributions that are read at a time: most of it is waiting for small answers.
CONCURRENT_READS = 8
# The code that decides what metadata tell, with packaging's list of SPDX names: a cached answer of
# other code isn't used.
DECIDING = (
    *(
        Path(metadata.__file__).with_name(f"{name}.py")
        for name in ("classifiers", "metadata", "reading", "spellings", "texts")
    ),
    *sorted(Path(spdx_names.__file__).parent.glob("*.py")),
)


class LicenseReader:
    """Reads licences; what was read is cached for later runs.

    `folder` is temporary; `environment` holds the variables that git and downloads run with.
    """

    def __init__(
        self, folder: Path, environment: Mapping[str, str], indexes: Sequence[Index] = ()
    ) -> None:
        self.environment = environment
        self.indexes = indexes
        self.cache = cache.user_cache(environment)
        self.files = DistributionFiles(folder, environment, indexes, self.cache)

    def read(self, distributions: Sequence[Distribution]) -> list[License | LockError]:
        """Return the licence of each distribution, or why it can't be had; several at a time."""
        known = [self._known(one) for one in distributions]
        unknown = [one for one, found in zip(distributions, known, strict=True) if found is None]
        read = iter(parallel.map_threads(self._read, unknown, CONCURRENT_READS))
        return [next(read) if found is None else found for found in known]

    def _known(self, distribution: Distribution) -> License | None:
        """Return what an earlier run has read; None for nothing."""
        data = self.cache.license(_key(distribution.file), revision(*DECIDING))
        try:
            return License(**{**data, "files": tuple(data["files"])}) if data else None
        except (KeyError, TypeError):
            return None

    def _read(self, distribution: Distribution) -> License | LockError:
        file = distribution.file
        try:
            found = self._of_file(distribution, file)
        except LockError as error:
            return error
        except (*sdist.ARCHIVE_ERRORS, RuntimeError) as error:
            return UsageError(f"{file.name}: it can't be read: {error}")
        self.cache.store_license(_key(file), revision(*DECIDING), asdict(found))
        return found

    def _of_file(self, distribution: Distribution, file: File) -> License:
        if file.is_folder:
            return of_folder(self.files.project(distribution, file))
        if file.needs_build:
            return of_sdist(self.files.whole(distribution, file), file.subdirectory or "")
        here = self.files.here(file)
        if here is None:
            beside = self._beside(file)
            found = license_of(beside) if beside else None
            # The texts of licences are in the wheel only.
            if found is not None and found.expression is not None:
                return found
        with self.files.opened(distribution, file, here) as wheel:
            return of_wheel(wheel)

    def _beside(self, file: File) -> str:
        """Return the metadata that an index has beside a wheel (PEP 658); empty without any."""
        # Imported here because mostly the cache knows it.
        from lock.io.http_client import StatusError, client_for

        if re.search("[?#]", file.url):
            return ""
        check_online(file.url, self.environment)
        try:
            client = client_for(self.environment, self.indexes)
            _, _, content = client.read(f"{file.url}.metadata")
        except StatusError:
            return ""
        return content.decode("utf-8", errors="replace")


def _key(file: File) -> str | None:
    """Return what tells a file's content; None for a folder on this machine, which may change."""
    if file.commit is not None:
        return f"{file.url}@{file.commit}/{file.subdirectory or ''}"
    return file.content


def of_wheel(wheel: zipfile.ZipFile) -> License:
    """Return the licence of a wheel. Raises what reading an archive raises."""
    names = wheel.namelist()
    found = next(filter(None, map(METADATA.fullmatch, names)), None)
    if found is None:
        raise zipfile.BadZipFile("it has no METADATA")
    text = wheel.read(found[0]).decode("utf-8", errors="replace")
    told = license_of(text)
    if told.expression is not None:
        return told
    beside = found[1]
    texts: dict[str, Callable[[], bytes]] = {}
    for name in names:
        path = name.removeprefix(f"{beside}/")
        folder = next(filter(path.startswith, LICENSE_FOLDERS), "")
        inner = path.removeprefix(folder)
        if path != name and is_license_file(inner, told.files):
            texts[inner] = _reader(wheel, name)
    return license_of(text, _texts(texts))


def _reader(wheel: zipfile.ZipFile, name: str) -> Callable[[], bytes]:
    def read() -> bytes:
        with wheel.open(name) as stream:
            return _limited(stream)

    return read


def of_sdist(archive: Path, subdirectory: str = "") -> License:
    """Return the licence of a source distribution. Raises what reading an archive raises."""
    found: dict[str, bytes] = {}
    for name, content in sdist.entries(archive, subdirectory):
        if name in ("PKG-INFO", "pyproject.toml") or is_license_file(name):
            found[name] = content()
    texts = _texts({name: _constant(text) for name, text in found.items() if is_license_file(name)})
    if "PKG-INFO" in found:
        told = license_of(found["PKG-INFO"].decode("utf-8", errors="replace"), texts)
        if told.expression is not None or "pyproject.toml" not in found:
            return told
        own = of_project(found["pyproject.toml"], texts)
        return told if own.expression is None and told.text else own
    return of_project(found.get("pyproject.toml", b""), texts)


def of_folder(folder: Path) -> License:
    """Return the licence of a project's folder. Raises OSError."""
    texts = {
        path.name: path.read_bytes
        for path in sorted(folder.iterdir())
        if is_license_file(path.name) and path.is_file()
    }
    pyproject = folder / "pyproject.toml"
    return of_project(pyproject.read_bytes() if pyproject.is_file() else b"", _texts(texts))


def of_project(pyproject: bytes, texts: Mapping[str, str]) -> License:
    """Return the licence that a pyproject.toml tells (PEP 621, PEP 639), or the files beside it.

    Poetry's own table has the same keys. What isn't read there tells nothing: the commands that
    build a project refuse it.
    """
    try:
        data = tomllib.loads(pyproject.decode("utf-8"))
        project = {**data.get("tool", {}).get("poetry", {}), **data.get("project", {})}
        listed = [str(one) for one in project.get("classifiers", ())]
        given = project.get("license", "")
    except (AttributeError, TypeError, ValueError):
        return license_told("", [], (), texts)
    field = str(given.get("text", "")) if isinstance(given, Mapping) else str(given)
    told = license_told(field, classifiers.names(listed), (), texts)
    is_said = told.origin in ("License", "Classifier")
    return replace(told, origin="pyproject.toml") if is_said else told


def _texts(readers: Mapping[str, Callable[[], bytes]]) -> dict[str, str]:
    """Return the texts of licence files; of too many of them, none is the only one."""
    if len(readers) > MOST_TEXTS:
        return {}
    return {
        name: read()[:LONGEST_TEXT].decode("utf-8", errors="replace")
        for name, read in readers.items()
    }


def _limited(stream: IO[Any]) -> bytes:
    return bytes(stream.read(LONGEST_TEXT))


def _constant(content: bytes) -> Callable[[], bytes]:
    return lambda: content

"""What packages of an index require by their own metadata, read without a build.

Source: core metadata specifications; PEP 658 (metadata beside a wheel), PEP 643 (of an sdist).
"""

import hashlib
import re
import tomllib
import zipfile
from collections.abc import Sequence
from pathlib import Path, PurePosixPath
from typing import IO, Any

from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version

from lock.builds import cache, sdist
from lock.builds.source import Source, SourceFiles
from lock.errors import UsageError
from lock.io.offline import check_online
from lock.models.packages import File, Package
from lock.resolution.uv import Resolver

METADATA = re.compile(r"[^/]+\.dist-info/METADATA")
# The first version of metadata in which an sdist says what only its build knows (PEP 643).
WITH_DYNAMIC = Version("2.2")
# Wheels of so many bytes aren't downloaded for their metadata, where the index sends parts.
LARGE = 1 << 20


class RequiresDist:
    """Reads requirements from files of an index; what was read is cached for later runs."""

    def __init__(self, resolver: Resolver) -> None:
        self.resolver = resolver
        self.cache = cache.user_cache(resolver.environment)
        self.files = SourceFiles(
            resolver.folder, resolver.environment, resolver.options.indexes, self.cache
        )
        self._known: dict[tuple[str, str, str], Sequence[str] | None] = {}

    def of(self, package: Package) -> Sequence[str] | None:
        """Return what a package requires (PEP 508); None where only its build knows it.

        None as well where its metadata can't be had.
        """
        key = package.name, package.version, package.source
        if key not in self._known:
            self._known[key] = self._of_files(package)
        return self._known[key]

    def _of_files(self, package: Package) -> Sequence[str] | None:
        files = sorted(package.files, key=_rank)
        if not files:
            return None
        file = files[0]
        found: Sequence[str] | None = self.cache.requires_dist(file.sha256)
        if found is None:
            try:
                found = self._of_file(package, file)
            except UsageError:
                return None
            if found is not None:
                self.cache.store_requires_dist(file.sha256, found)
        return found

    def _of_file(self, package: Package, file: File) -> Sequence[str] | None:
        """Return what a file says. Raises UsageError where it can't be had."""
        if file.is_folder:
            return self._of_folder(package, file)
        if not file.needs_build and file.url and not re.search("[?#]", file.url):
            found = parse(self._beside(file), package)
            if found is not None:
                return found
            if (file.size or LARGE) >= LARGE:
                found = self._in_parts(package, file)
                if found is not None:
                    return found
        path = self._path_of(package, file)
        return of_sdist(path, package) if file.needs_build else of_wheel(path, package)

    def _of_folder(self, package: Package, file: File) -> Sequence[str] | None:
        """Return what a project's folder says. Raises UsageError where it can't be fetched."""
        folder = Path(file.path or "")
        if file.path is None:
            check_online(file.url, self.resolver.environment)
            folder = self.files.repository(Source(package.name, package.version, file))
        try:
            text = (folder / "pyproject.toml").read_text(encoding="utf-8")
            return _of_project(tomllib.loads(text))
        except (OSError, ValueError, AttributeError, TypeError):
            return None

    def _beside(self, file: File) -> bytes:
        """Return the metadata that an index has beside a wheel; empty where it has none."""
        # Imported here because it takes a while, and mostly the cache knows it.
        from lock.io import download

        check_online(file.url, self.resolver.environment)
        # Two indexes may have files of one name.
        digest = hashlib.sha256(file.url.encode()).hexdigest()
        path = self.resolver.folder / f"{digest}.metadata"
        resolver = self.resolver
        try:
            download.download(
                f"{file.url}.metadata", path, resolver.environment, resolver.options.indexes
            )
            return path.read_bytes()
        except (OSError, UsageError):
            return b""

    def _in_parts(self, package: Package, file: File) -> Sequence[str] | None:
        """Return what a wheel on an index says, of which only parts are read; None without."""
        from lock.io.remote_file import open_remote

        resolver = self.resolver
        try:
            return of_wheel(
                open_remote(file.url, resolver.environment, resolver.options.indexes), package
            )
        except UsageError:
            return None

    def _path_of(self, package: Package, file: File) -> Path:
        if file.path is not None:
            return Path(file.path)
        check_online(file.url, self.resolver.environment)
        if file.sha256 is None:
            return self.resolver.file_hashes.path_of(file)
        return self.files.archive(Source(package.name, package.version, file))


def _rank(file: File) -> tuple[bool, int, str]:
    """Return a key that sorts wheels before source distributions, small ones first."""
    return file.needs_build, file.size or 0, file.name


def of_wheel(path: Path | IO[bytes], package: Package) -> Sequence[str] | None:
    """Return what a wheel requires (PEP 508); None where it can't be read."""
    try:
        with zipfile.ZipFile(path) as wheel:
            names = [name for name in wheel.namelist() if METADATA.fullmatch(name)]
            return parse(wheel.read(names[0]), package) if names else None
    except sdist.ARCHIVE_ERRORS:
        return None


def of_sdist(path: Path, package: Package) -> Sequence[str] | None:
    """Return what a source distribution requires (PEP 508); None where only its build knows it."""
    try:
        found = sdist.read_member(path, PurePosixPath("PKG-INFO"))
        required = None if found is None else parse(found, package, is_sdist=True)
        if required is not None:
            return required
        text = sdist.read_member(path, PurePosixPath("pyproject.toml"))
        return None if text is None else _of_project(tomllib.loads(text.decode()))
    except (*sdist.ARCHIVE_ERRORS, AttributeError, TypeError):
        return None


def _of_project(pyproject: dict[str, Any]) -> Sequence[str] | None:
    """Return what a pyproject.toml requires (PEP 621); None where it leaves that to the build."""
    project = pyproject.get("project")
    if project is None or {"dependencies", "optional-dependencies"} & {*project.get("dynamic", ())}:
        return None
    required = [*project.get("dependencies", ())]
    for extra, listed in project.get("optional-dependencies", {}).items():
        for text in listed:
            requirement, _, marker = text.partition(";")
            condition = f"({marker.strip()}) and " if marker else ""
            required.append(f'{requirement.strip()} ; {condition}extra == "{extra}"')
    return required


def parse(metadata: bytes, package: Package, *, is_sdist: bool = False) -> Sequence[str] | None:
    """Return what core metadata requires (PEP 508); None for that of another package.

    None as well for what an sdist leaves to its build.
    """
    # Imported here because few locks read metadata.
    from packaging.metadata import parse_email

    raw, _ = parse_email(metadata)
    try:
        is_own = canonicalize_name(raw["name"]) == package.name and Version(
            raw["version"]
        ) == Version(package.version)
        says_all = not is_sdist or (
            Version(raw["metadata_version"]) >= WITH_DYNAMIC
            and "requires-dist" not in {name.lower() for name in raw.get("dynamic", ())}
        )
    except (KeyError, InvalidVersion):
        return None
    return tuple(raw.get("requires_dist", ())) if is_own and says_all else None

"""Opens the files of distributions, of which as little as serves is downloaded."""

import zipfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from lock.builds.cache import BuildCache
from lock.builds.source import Source, SourceFiles
from lock.errors import UsageError
from lock.io.nix_store import NixStore
from lock.io.offline import check_online
from lock.models.packages import File
from lock.models.requirements import Index

# Of wheels with so many bytes only parts are downloaded, where the index sends parts.
LARGE = 1 << 16


@dataclass(frozen=True)
class Distribution:
    """A version of a package, with its files."""

    name: str
    version: str
    files: tuple[File, ...]

    @property
    def file(self) -> File:
        """Return the file that is read: a wheel before a source distribution, the smallest."""
        return min(self.files, key=lambda file: (file.needs_build, file.size or 0, file.name))


class DistributionFiles:
    """Opens files; `folder` is temporary, `environment` that of git and downloads."""

    def __init__(
        self,
        folder: Path,
        environment: Mapping[str, str],
        indexes: Sequence[Index],
        user_cache: BuildCache,
    ) -> None:
        self.folder = folder
        self.environment = environment
        self.indexes = indexes
        self.store = NixStore(environment, folder)
        self.sources = SourceFiles(folder, environment, indexes, user_cache)

    def here(self, file: File) -> Path | None:
        """Return where a file is on this machine: by its path, or in the Nix store."""
        if file.path is not None:
            return Path(file.path)
        return self.store.find(file.name, file.sha256, file.size) if file.sha256 else None

    def project(self, distribution: Distribution, file: File) -> Path:
        """Return the folder of a project: on this machine, or of a repository."""
        if file.path is not None:
            return Path(file.path)
        check_online(file.url, self.environment)
        return self.sources.repository(Source(distribution.name, distribution.version, file))

    @contextmanager
    def opened(
        self, distribution: Distribution, file: File, here: Path | None
    ) -> Iterator[zipfile.ZipFile]:
        """Open a wheel; of a large one, only what is read is downloaded."""
        remote = self._in_parts(file) if here is None and (file.size or LARGE) >= LARGE else None
        with remote or zipfile.ZipFile(here or self.whole(distribution, file)) as wheel:
            yield wheel

    def whole(self, distribution: Distribution, file: File) -> Path:
        """Return where a whole file is, which is downloaded if it must be. Raises UsageError."""
        here = self.here(file)
        if here is not None:
            return here
        check_online(file.url, self.environment)
        if file.sha256 is None:
            from lock.io.file_hashes import FileHashes

            return FileHashes(self.folder, self.environment, self.indexes).path_of(file)
        return self.sources.archive(Source(distribution.name, distribution.version, file))

    def _in_parts(self, file: File) -> zipfile.ZipFile | None:
        """Return a wheel of which parts are downloaded; None where its server sends none."""
        from lock.io.remote_file import open_remote

        check_online(file.url, self.environment)
        try:
            return zipfile.ZipFile(open_remote(file.url, self.environment, self.indexes))
        except (UsageError, zipfile.BadZipFile):
            return None

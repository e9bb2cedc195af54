"""The source distributions that are built: fetched, read and unpacked when they are needed."""

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from lock.builds import checkout, sdist
from lock.builds.cache import BuildCache
from lock.models.packages import File
from lock.models.requirements import Index
from native.build_needs import BuildNeeds


@dataclass(frozen=True)
class Source:
    """A source distribution, or a project's folder, that a wheel is built of."""

    name: str
    version: str
    file: File

    def __str__(self) -> str:
        return f"{self.name} {self.version}"


@dataclass(frozen=True)
class SourceFiles:
    """The files of sources, below a temporary folder.

    `environment` holds the variables that git and downloads run with.
    """

    folder: Path
    environment: Mapping[str, str]
    indexes: Sequence[Index]
    cache: BuildCache

    def build_system(self, source: Source) -> sdist.BuildSystem:
        """Return the build system that a source declares (PEP 518).

        Raises LockError where it can't be fetched or read.
        """
        if source.file.path is not None and source.file.is_folder:
            return sdist.project_build_system(Path(source.file.path))
        if source.file.is_folder:
            return sdist.project_build_system(self.repository(source))
        build_system = self.cache.build_system(source.file.content)
        if build_system is None:
            build_system = sdist.archive_build_system(
                self.archive(source), source.file.subdirectory or ""
            )
            self.cache.store_build_system(source.file.content, build_system)
        return build_system

    def needs(self, source: Source) -> BuildNeeds:
        """Return what a source's build, and what it builds, need of the system by its files.

        A project's folder on this machine isn't looked at.

        Raises LockError where it can't be fetched or read.
        """
        if source.file.path is not None and source.file.is_folder:
            return BuildNeeds()
        if source.file.is_folder:
            # Imported here because few sources are repositories.
            from native.opened import opened_by_source
            from native.sdist_needs import files_in, needs

            folder = self.repository(source)
            return replace(needs(files_in(folder)), opened=opened_by_source(files_in(folder)))
        found = self.cache.build_needs(source.file.content)
        if found is None:
            found = sdist.archive_needs(self.archive(source), source.file.subdirectory or "")
            self.cache.store_build_needs(source.file.content, found)
        return found

    def unpack(self, source: Source, folder: Path) -> Path:
        """Return the project's folder, unpacked or copied into a new folder."""
        if source.file.path is not None and source.file.is_folder:
            return checkout.copy(Path(source.file.path), folder, source.name, source.version)
        if source.file.is_folder:
            self.repository(source)
            shutil.copytree(self._folder_of(source), folder, symlinks=True)
            return folder / (source.file.subdirectory or "")
        return sdist.unpack(self.archive(source), folder) / (source.file.subdirectory or "")

    def _folder_of(self, source: Source) -> Path:
        """Return the folder that holds a source's archive alone, or is the project's."""
        return self.folder / f"{source.file.sha256 or source.file.name}"

    def repository(self, source: Source) -> Path:
        """Return the project's folder in a repository, which is fetched when it is first needed.

        Raises UsageError where it can't be had.
        """
        folder = self._folder_of(source)
        if not folder.exists():
            try:
                checkout.fetch(source.file, folder, self.environment)
            except BaseException:
                shutil.rmtree(folder, ignore_errors=True)
                raise
        return folder / (source.file.subdirectory or "")

    def archive(self, source: Source) -> Path:
        """Return the path of a source's archive, which is downloaded when it is first needed.

        Raises UsageError where it can't be had.
        """
        if source.file.path is not None:
            return Path(source.file.path)
        folder = self._folder_of(source)
        path = folder / Path(source.file.name).name
        if not path.exists():
            # Imported here because it takes a while, and mostly the cache knows all that is needed.
            from lock.io import download

            download.fetch(source.file, folder, self.environment, self.indexes)
        return path

"""Gets the wheels to read: from the Nix store, from this machine, or from an index."""

import shutil
import zipfile
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path

from lock.errors import UsageError
from lock.io.nix_store import NixStore, store_name
from lock.io.offline import check_online
from lock.models.packages import File
from lock.resolution.uv import Resolver
from lock.wheels.wheel_needs import TooLargeError
from lock.wheels.wheel_reading import read_share

# In bytes. Of larger wheels that this machine doesn't install only parts are downloaded.
LARGE = 1 << 20
# Of such wheels at most so much is downloaded.
MOST = 1 << 26
# After so many files that couldn't be downloaded, no further ones are tried: an index that doesn't
# answer takes minutes for each.
MOST_FAILURES = 4
# In bytes. So much that doesn't go into the store stays on the disk until all is read.
PUT_BY = 1 << 30


class WheelFiles:
    """Opens wheels; those that this machine installs are in the Nix store afterwards.

    `installed` has the hashes of the files that this machine installs.
    """

    def __init__(self, resolver: Resolver, installed: Collection[str]) -> None:
        self.resolver = resolver
        self.installed = installed
        self.folder = resolver.folder / "wheels"
        self.folder.mkdir()
        self.store = NixStore(resolver.environment, self.folder)
        self._failures = 0
        # Where files that don't go into the store are until the end, by hash.
        self._put_by: dict[str, Path] = {}
        self._room = PUT_BY

    @contextmanager
    def open(self, file: File) -> Iterator[Path | zipfile.ZipFile]:
        """Give the path of a wheel, or the wheel itself where only parts of it are downloaded.

        Raises UsageError, also while it is read, where it can't be had, and what reading an archive
        raises.
        """
        found = self._here(file)
        if found is not None:
            yield found
            return
        check_online(file.url, self.resolver.environment)
        if self._failures >= MOST_FAILURES:
            raise UsageError(f"{file.url}: it isn't downloaded after so many that couldn't be")
        is_kept = self.store.program is not None and file.sha256 in self.installed
        if not is_kept and (file.size or LARGE) >= LARGE:
            remote = self._in_parts(file)
            if remote is not None:
                with remote:
                    yield remote
                return
        path = self._download(file)
        try:
            yield path
        finally:
            if is_kept:
                self.store.add(path)
            else:
                self._put(path)

    def _put(self, path: Path) -> None:
        """Leave a file where it is, to be read again; delete it where there is no room for it."""
        size = path.stat().st_size
        if size > self._room:
            shutil.rmtree(path.parent)
        else:
            self._room -= size
            self._put_by[path.parent.name] = path

    def keep(self) -> None:
        """Put what was opened into the store, so that it isn't downloaded to be opened again."""
        self.store.flush()

    def close(self) -> str:
        """Put what is left into the store; return why that was not possible, empty if it was."""
        self.store.flush()
        return self.store.problem

    def _here(self, file: File) -> Path | None:
        if file.path is not None:
            return Path(file.path)
        if file.sha256 is None:
            return self.resolver.file_hashes.path_of(file)
        put_by = self._put_by.get(file.sha256)
        return put_by or self.store.find(file.name, file.sha256, file.size)

    def _in_parts(self, file: File) -> zipfile.ZipFile | None:
        """Return a wheel on an index, to be read in parts; None where the whole is cheaper.

        Raises TooLargeError.
        """
        from lock.io.remote_file import open_remote

        resolver = self.resolver
        share = file.size or 0
        wheel = None
        try:
            remote = open_remote(file.url, resolver.environment, resolver.options.indexes)
            # The directory is read, so that a server without ranges shows itself here.
            wheel = zipfile.ZipFile(remote)
            share = read_share(wheel)
        except (UsageError, zipfile.BadZipFile, OSError):
            pass
        if share > MOST:
            raise TooLargeError(f"{file.name}: {share >> 20} MB of it would have to be read")
        return wheel if share * 2 < (file.size or 0) else None

    def _download(self, file: File) -> Path:
        """Download a whole wheel into a folder of its own. Raises UsageError."""
        from lock.io import download

        resolver = self.resolver
        folder = self.folder / (file.sha256 or "")
        try:
            path = download.fetch(file, folder, resolver.environment, resolver.options.indexes)
        except download.FileGoneError:
            raise
        except UsageError:
            self._failures += 1
            raise
        return path.rename(folder / store_name(path.name))

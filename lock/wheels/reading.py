"""Reads the wheels of a lock: large ones beside small ones, some while others are downloaded."""

import zipfile
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from lock.builds.cache import BuildCache
from lock.errors import UsageError
from lock.io import parallel
from lock.models.packages import File
from lock.resolution.uv import Resolver
from lock.wheels.locked_file import LockedFile, total_size
from lock.wheels.readers import Reader, Readers, readers
from lock.wheels.reading_process import READ_ERRORS
from lock.wheels.wheel_files import LARGE, WheelFiles
from lock.wheels.wheel_needs import TOO_LARGE, TooLargeError, WheelNeeds
from lock.wheels.wheel_reading import read_sources, read_wheel
from native.opened import foreign_imports

# Wheels of a kind that are downloaded or read at a time: enough that some are downloaded while
# others wait to be unpacked.
CONCURRENT_READS = 5

Found = TypeVar("Found")


class WheelReading:
    """Reads wheels, and caches what it finds in them; `reading` gives one."""

    def __init__(self, opened: WheelFiles, user_cache: BuildCache, readers: Readers) -> None:
        self._opened = opened
        self._user_cache = user_cache
        self._readers = readers

    def needs(self, wheels: Collection[LockedFile]) -> dict[LockedFile, WheelNeeds | UsageError]:
        """Return what wheels need, or why that isn't known."""
        reader = self._readers.of(total_size(wheels))
        kinds = by_kind(wheels)

        def read(kind: Sequence[LockedFile]) -> list[WheelNeeds | UsageError]:
            return parallel.map_threads(
                lambda one: self._needs(one, reader), kind, CONCURRENT_READS
            )

        found: dict[LockedFile, WheelNeeds | UsageError] = {}
        for kind, needs in zip(kinds, parallel.map_threads(read, kinds, len(kinds)), strict=True):
            found |= zip(kind, needs, strict=True)
        return found

    def imports(
        self, asked: Mapping[LockedFile, Sequence[str]]
    ) -> dict[LockedFile, Sequence[str] | UsageError]:
        """Return which modules of others the code of wheels imports, or why that isn't known.

        Each wheel is asked for some modules.
        """
        self._opened.keep()
        reader = self._readers.of(total_size(asked))
        wheels = [*asked]
        imports = parallel.map_threads(
            lambda one: self._imports(one, asked[one], reader), wheels, CONCURRENT_READS
        )
        return dict(zip(wheels, imports, strict=True))

    def close(self) -> str:
        """Put what was downloaded into the store; return why that was not possible, or ""."""
        return self._opened.close()

    def _needs(self, locked: LockedFile, reader: Reader) -> WheelNeeds | UsageError:
        file, machine = locked.file, locked.target.system.machine
        found = self._read(
            file, lambda path: reader.needs(path, machine), lambda wheel: read_wheel(wheel, machine)
        )
        if isinstance(found, WheelNeeds):
            self._user_cache.store_wheel_needs(file.sha256, machine, found.to_json())
        elif isinstance(found, TooLargeError):
            self._user_cache.store_wheel_needs(file.sha256, machine, {TOO_LARGE: True})
        return found

    def _imports(
        self, locked: LockedFile, wanted: Sequence[str], reader: Reader
    ) -> Sequence[str] | UsageError:
        found = self._read(
            locked.file,
            lambda path: reader.imports(path, wanted),
            lambda wheel: foreign_imports(read_sources(wheel), wanted),
        )
        if not isinstance(found, UsageError):
            self._user_cache.store_wheel_imports(locked.file.sha256, wanted, found)
        return found

    def _read(
        self,
        file: File,
        from_path: Callable[[Path], Found],
        from_archive: Callable[[zipfile.ZipFile], Found],
    ) -> Found | UsageError:
        """Return what one of two functions finds in a wheel, or why it can't be read."""
        try:
            with self._opened.open(file) as wheel:
                return from_path(wheel) if isinstance(wheel, Path) else from_archive(wheel)
        except UsageError as error:
            return error
        except READ_ERRORS as error:
            return UsageError(f"{file.name}: it can't be read: {error}")


@contextmanager
def reading(
    resolver: Resolver, installed: Collection[str], user_cache: BuildCache
) -> Iterator[WheelReading]:
    """Give what reads wheels; its processes end with the context.

    `installed` has the hashes of the files that this machine installs.
    """
    with readers() as processes:
        yield WheelReading(WheelFiles(resolver, installed), user_cache, processes)


def by_kind(wheels: Iterable[LockedFile]) -> list[list[LockedFile]]:
    """Return large wheels and small ones, both from the largest on; only kinds that there are.

    The line is the limit for large ones and the cores are for small ones, so that both kinds are to
    be read at the same time, and the ones that take long not last.
    """
    by_size = sorted(wheels, key=lambda one: one.file.size or 0, reverse=True)
    large_count = sum((one.file.size or 0) >= LARGE for one in by_size)
    return [kind for kind in (by_size[:large_count], by_size[large_count:]) if kind]

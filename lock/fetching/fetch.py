"""`lock fetch`: downloads the files of a lock into the Nix store, where builds find them."""

import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from lock.errors import UsageError
from lock.fetching.parts import Part, Parts
from lock.fetching.store_queue import StoreQueue
from lock.io import parallel, temporary
from lock.io.files import cache_folder, create_in_cache
from lock.io.nix_store import NixStore, store_name, store_path
from lock.lockfile.reader import Link, Lock
from lock.models.requirements import Index


@dataclass(frozen=True)
class Fetched:
    """A file, its path in the store, and why it isn't there: `problem` is empty if it is."""

    link: Link
    path: str
    problem: str = ""
    # Whether the file is another one than the lock says, or gone, and not only out of reach.
    is_wrong: bool = False
    # Whether it was in the store before.
    was_there: bool = False


@dataclass(frozen=True)
class Plan:
    """The files to have in the store, by their paths there, and those that aren't there yet."""

    store: NixStore
    links: Mapping[str, Link]
    missing: Sequence[str]

    @property
    def size(self) -> int | None:
        """Return the bytes to download; None where that is unknown."""
        sizes = [self.links[path].size for path in self.missing]
        return None if None in sizes else sum(size or 0 for size in sizes)


def plan(links: Iterable[Link], environment: Mapping[str, str]) -> Plan:
    """Ask the store which files are missing. Raises UsageError where there is none."""
    store = NixStore(environment, Path())
    if store.program is None:
        raise UsageError("lock fetch: there is no nix-store on PATH; install Nix")
    by_path = {store_path(link.name, link.sha256, store.folder): link for link in links if link.url}
    invalid = store.invalid([*by_path])
    # The largest first, so that none is left to be downloaded alone.
    missing = sorted(invalid, key=lambda path: (-(by_path[path].size or 0), path))
    return Plan(store, by_path, missing)


def parts_folder(environment: Mapping[str, str]) -> Path:
    """Return the folder for what is downloaded, and isn't in the store yet."""
    return cache_folder("fetch", environment)


def fetch(
    planned: Plan,
    locks: Iterable[Lock],
    environment: Mapping[str, str],
    on_bytes: Callable[[int], None] = lambda _: None,
) -> list[Fetched]:
    """Fetch the missing files; what was downloaded by an interrupted run isn't downloaded again.

    `on_bytes` is called with the number of bytes of each block. One result a file, in the order of
    the plan; a file that can't be had doesn't hinder the others. Raises UsageError where the user's
    cache can't be written.
    """
    indexes = [index for lock in locks for index in lock.indexes]
    run = _Run(planned, Parts(parts_folder(environment)), environment, indexes, on_bytes)
    if planned.missing:
        create_in_cache(run.parts.folder)
    run.parts.clear(
        {planned.links[path].sha256 for path in planned.missing},
        {link.sha256 for link in planned.links.values()},
    )
    if planned.missing:
        run.fetch(planned.missing, parallel.CONCURRENT_DOWNLOADS)
    # Those that didn't fit beside others on the disk may fit alone.
    for path in [*run.postponed]:
        run.fetch([path], 1)
    run.parts.close()
    missing = {*planned.missing}
    return [
        run.results[path] if path in missing else Fetched(link, path, was_there=True)
        for path, link in planned.links.items()
    ]


class _Run:
    """The state of one run: results by path in the store."""

    def __init__(
        self,
        planned: Plan,
        parts: Parts,
        environment: Mapping[str, str],
        indexes: Sequence[Index],
        on_bytes: Callable[[int], None],
    ) -> None:
        self.plan = planned
        self.parts = parts
        self.environment = environment
        self.indexes = indexes
        self.on_bytes = on_bytes
        self.results: dict[str, Fetched] = {}
        self.postponed: set[str] = set()
        self._guard = threading.Lock()
        # What is downloaded and waits for the store, by its file.
        self._taken: dict[Path, tuple[str, Part]] = {}

    def fetch(self, paths: Sequence[str], thread_count: int) -> None:
        """Fetch files, several at a time."""
        queue = StoreQueue(self.plan.store, self._added)
        parallel.map_threads(lambda path: self._fetch(path, queue), paths, thread_count)
        queue.close()

    def _fetch(self, path: str, queue: StoreQueue) -> None:
        # Imported here because it takes a while, and often all files are there.
        from lock.io.http_client import FileGoneError

        link = self.plan.links[path]
        folder = self.parts.folder
        try:
            part = self.parts.take(link.sha256)
        except OSError as error:
            self._fail(path, f"{link.name}: {folder}: {error.strerror}")
            return
        # The other run may have added it.
        if part.waited and not self.plan.store.invalid([path]):
            part.remove()
            self.results[path] = Fetched(link, path)
            return
        file = part.folder / store_name(link.name)
        try:
            problem = self._download(link, file)
        except UsageError as error:
            part.leave()
            self._fail(path, str(error), is_wrong=isinstance(error, FileGoneError))
        except OSError as error:
            self._fail(path, _unwritten(link, folder, error))
            if error.errno in temporary.FULL:
                # Others may be smaller.
                part.remove()
                self.postponed.add(path)
            else:
                part.leave()
        else:
            if problem:
                part.remove()
                self._fail(path, problem, is_wrong=True)
                return
            with self._guard:
                self._taken[file] = path, part
            queue.put(file)

    def _download(self, link: Link, path: Path) -> str:
        """Download a file; return what is wrong with it. Raises UsageError and OSError."""
        from lock.io import download

        there = path.stat().st_size if path.exists() else 0
        self.on_bytes(there)
        if there and there == link.size and download.sha256_of(path) == link.sha256:
            return ""
        digest = download.download(link.url, path, self.environment, self.indexes, self.on_bytes)
        if digest != link.sha256 and there:
            # The beginning was of another file.
            path.unlink()
            digest = download.download(link.url, path, self.environment, self.indexes)
        if digest == link.sha256:
            return ""
        return f"{link.url}: its sha256 is {digest}, the lock says {link.sha256}"

    def _added(self, file: Path, problem: str) -> None:
        """Note that the store has a file, or why it hasn't."""
        with self._guard:
            path, part = self._taken.pop(file)
        if problem:
            part.leave()
            name = self.plan.links[path].name
            self._fail(path, f"{name}: the Nix store doesn't take it: {problem}")
        else:
            part.remove()
            self.results[path] = Fetched(self.plan.links[path], path)

    def _fail(self, path: str, problem: str, *, is_wrong: bool = False) -> None:
        self.results[path] = Fetched(self.plan.links[path], path, problem, is_wrong)


def _unwritten(link: Link, folder: Path, error: OSError) -> str:
    if error.errno in temporary.FULL:
        size = f" for its {link.size} bytes" if link.size else ""
        return (
            f"{link.name}: no space is left in {folder}{size}; free some, or let XDG_CACHE_HOME "
            "name a folder on another disk"
        )
    return f"{link.name}: {error.filename or folder}: {error.strerror or error}"

"""`lock verify`: downloads the files of locks again and checks their sizes and hashes."""

import hashlib
import shutil
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from lock.errors import UsageError
from lock.io import download, parallel
from lock.io.files import cache_folder, create_in_cache
from lock.lockfile.reader import Link, Lock

# As many are on their way at a time, each over a connection.
CONCURRENT_FILES = 8


@dataclass(frozen=True)
class Verification:
    """A file and what is wrong with it: `problem` is empty where nothing is."""

    link: Link
    problem: str = ""
    # Whether nothing is known about the file, because the server doesn't answer.
    is_unknown: bool = False


def links(locks: Iterable[Lock]) -> list[Link]:
    """Return the files of locks that have a URL, each once."""
    with_url = (link for lock in locks for link in (*lock.links, *lock.build_links) if link.url)
    return [*{(link.url, link.sha256): link for link in with_url}.values()]


def state_folder(locks: Sequence[Lock], environment: Mapping[str, str]) -> Path:
    """Return the folder where an unfinished run on these locks keeps its state for the next one."""
    digest = hashlib.sha256()
    for link in sorted(links(locks), key=lambda link: link.url):
        digest.update(f"{link.url} {link.sha256}\n".encode())
    return cache_folder("verify", environment) / digest.hexdigest()[:32]


def verify(
    locks: Sequence[Lock],
    environment: Mapping[str, str],
    on_bytes: Callable[[int], None] = lambda _: None,
) -> list[Verification]:
    """Verify each file; those that an interrupted run has verified aren't downloaded again.

    `on_bytes` is called with the number of bytes of each block.
    """
    indexes = [index for lock in locks for index in lock.indexes]
    folder = state_folder(locks, environment)
    create_in_cache(folder)
    finished = folder / "finished"
    verified = {*finished.read_text("utf-8").split()} if finished.exists() else set[str]()
    guard = threading.Lock()

    def verify_one(link: Link) -> Verification:
        if link.sha256 in verified:
            on_bytes(link.size or 0)
            return Verification(link)
        part = folder / link.sha256
        on_bytes(part.stat().st_size if part.exists() else 0)
        try:
            digest, size = download.read_through(
                link.url, part, link.size, environment, indexes, on_bytes
            )
        except download.FileGoneError as error:
            return Verification(link, str(error))
        except UsageError as error:
            return Verification(link, str(error), is_unknown=True)
        if digest != link.sha256:
            return Verification(
                link, f"{link.url}: its sha256 is {digest}, the lock says {link.sha256}"
            )
        if link.size not in (None, size):
            return Verification(link, f"{link.url}: it has {size} bytes, the lock says {link.size}")
        with guard, finished.open("a", encoding="utf-8") as stream:
            stream.write(f"{link.sha256}\n")
        return Verification(link)

    results = parallel.map_threads(verify_one, links(locks), CONCURRENT_FILES)
    if not any(result.is_unknown for result in results):
        shutil.rmtree(folder)
    return results

"""The files of locks, downloaded again and held against what the locks say of them."""

import hashlib
import os
import shutil
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from lock.errors import UsageError
from lock.io import download, parallel
from lock.lockfile.reader import Link, Lock
from lock.models.requirements import Index

AT_A_TIME = 8


@dataclass(frozen=True)
class Verdict:
    """What is wrong with a file: `problem` is empty when nothing is."""

    link: Link
    problem: str = ""
    # Whether nothing is known about the file, because the server gives no answer.
    unknown: bool = False


def links(locks: Iterable[Lock]) -> list[Link]:
    """The files of locks that have an address, each once."""
    every = (link for lock in locks for link in (*lock.links, *lock.build_links) if link.url)
    return [*{(link.url, link.sha256): link for link in every}.values()]


def folder(locks: Sequence[Lock], environment: Mapping[str, str]) -> Path:
    """Where an unfinished run on these locks leaves what the next one goes on with."""
    cache = environment.get("XDG_CACHE_HOME") or Path(environment.get("HOME", "/"), ".cache")
    digest = hashlib.sha256()
    for link in sorted(links(locks), key=lambda link: link.url):
        digest.update(f"{link.url} {link.sha256}\n".encode())
    return Path(cache, "wheelhouse", "verify", digest.hexdigest()[:32])


def verify(
    locks: Sequence[Lock],
    environment: Mapping[str, str],
    told: Callable[[int], None] = lambda _: None,
) -> list[Verdict]:
    """A verdict on each file; what an interrupted run has verified isn't downloaded again.

    `told` hears of every block, by its number of bytes.
    """
    wanted = links(locks)
    indexes = [
        Index(index["name"], index["url"])
        for lock in locks
        for index in lock.requested.get("indexes", ())
    ]
    place = folder(locks, environment)
    _make(place)
    finished = place / "finished"
    before = {*finished.read_text("utf-8").split()} if finished.exists() else set[str]()
    guard = threading.Lock()

    def one(link: Link) -> Verdict:
        if link.sha256 in before:
            told(link.size or 0)
            return Verdict(link)
        part = place / link.sha256
        told(part.stat().st_size if part.exists() else 0)
        try:
            digest = download.download(link.url, part, environment, indexes, told)
        except download.GoneError as error:
            return Verdict(link, str(error))
        except UsageError as error:
            return Verdict(link, str(error), unknown=True)
        size = part.stat().st_size
        part.unlink()
        if digest != link.sha256:
            return Verdict(link, f"{link.url}: its sha256 is {digest}, the lock says {link.sha256}")
        if link.size not in (None, size):
            return Verdict(link, f"{link.url}: it has {size} bytes, the lock says {link.size}")
        with guard, finished.open("a", encoding="utf-8") as stream:
            stream.write(f"{link.sha256}\n")
        return Verdict(link)

    verdicts = parallel.each(one, wanted, AT_A_TIME)
    if not any(verdict.unknown for verdict in verdicts):
        shutil.rmtree(place)
    return verdicts


def _make(place: Path) -> None:
    try:
        place.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(
            f"{place}: {error.strerror}; set XDG_CACHE_HOME to a folder that can be written"
        ) from None
    if not os.access(place, os.W_OK):
        raise UsageError(
            f"{place}: the folder is read-only; set XDG_CACHE_HOME to one that can be written"
        )

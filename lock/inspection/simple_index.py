"""What an index says of a package: each of its files (PEP 503, PEP 691, PEP 700)."""

import json
import re
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html.parser import HTMLParser
from http.client import HTTPException
from typing import Any
from urllib.parse import urljoin

from packaging.utils import canonicalize_version

from lock.errors import UsageError
from lock.io.download import opener, patience
from lock.lockfile.reader import Lock
from lock.models.packages import File, file_name
from lock.models.requirements import Index
from lock.models.target import Target
from lock.resolution import uv
from lock.selection.files import owner

JSON = "application/vnd.pypi.simple.v1+json"
ACCEPT = f"{JSON}, text/html;q=0.1"


@dataclass(frozen=True)
class Entry:
    """A file on an index."""

    name: str
    url: str
    # PEP 440: the versions of Python that it asks for; empty when it takes any.
    requires_python: str = ""
    # Why nobody should use it any more; None when it isn't yanked (PEP 592).
    yanked: str | None = None
    # RFC 3339; empty when the index is silent (PEP 700).
    uploaded: str = ""

    @property
    def version(self) -> str | None:
        """The normalised version in its name; None if it has none."""
        found = owner(File(self.name, self.url, None, None))
        return found[1] if found else None


def read(
    registry: str, name: str, environment: Mapping[str, str], indexes: Sequence[Index]
) -> list[Entry]:
    """The files of a package on an index. Raises UsageError when the index doesn't answer."""
    url = f"{registry.rstrip('/')}/{name}/"
    request = urllib.request.Request(url, headers={"Accept": ACCEPT})
    asking = opener(url, environment, indexes)
    try:
        with asking.open(request, timeout=patience(environment)) as answer:
            kind, content, base = answer.headers.get_content_type(), answer.read(), answer.url
    except urllib.error.HTTPError as error:
        raise UsageError(f"{url}: {error.code} {error.reason}") from None
    except (OSError, HTTPException, ValueError) as error:
        raise UsageError(f"{url}: the index doesn't answer: {error}") from None
    try:
        return of_json(content, base) if kind.endswith("json") else of_html(content.decode(), base)
    except (KeyError, TypeError, ValueError) as error:
        raise UsageError(f"{url}: the index' answer can't be read: {error!r}") from None


def of_json(content: bytes, base: str) -> list[Entry]:
    """The files on a page in JSON. Raises KeyError, TypeError or ValueError for another content."""
    return [_entry(listed, base) for listed in json.loads(content)["files"]]


def _entry(listed: Mapping[str, Any], base: str) -> Entry:
    yanked = listed.get("yanked") or None
    return Entry(
        listed["filename"],
        urljoin(base, listed["url"]),
        listed.get("requires-python") or "",
        "" if yanked is True else yanked,
        listed.get("upload-time") or "",
    )


class _Links(HTMLParser):
    """Collects the attributes of every link."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[Mapping[str, str | None]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            self.found.append(dict(attrs))


def of_html(content: str, base: str) -> list[Entry]:
    """The files on a page in HTML."""
    parser = _Links()
    parser.feed(content)
    return [
        Entry(
            file_name(href),
            urljoin(base, href).partition("#")[0],
            link.get("data-requires-python") or "",
            (link["data-yanked"] or "") if "data-yanked" in link else None,
        )
        for link in parser.found
        if (href := link.get("href"))
    ]


def registries(
    resolver: uv.Resolver, lock: Lock, targets: Sequence[Target], name: str | None = None
) -> dict[str, str]:
    """Name → the index that has it, of what a lock has from an index, or only of one package.

    uv is asked for the very versions, without what they need, so it has nothing to decide.
    Raises UsageError when it doesn't find them.
    """
    systems = {target.system.name: target for target in targets}
    folders = {link.package for link in lock.links if not link.url}
    pinned = [
        (package, [systems[name] for name in package.systems])
        for package in lock.packages
        if package.name not in folders and name in (None, package.name)
    ]
    if not pinned:
        return {}
    index_of = lock.requested.get("index-of", {})
    question = uv.Question(
        "registries",
        [
            f"{package.name}=={package.version}{uv.where(having, targets)}"
            for package, having in pinned
        ],
        targets,
        bare=[(package.name, package.version) for package, _ in pinned],
        index_of={
            package.name: index_of[package.name]
            for package, _ in pinned
            if package.name in index_of
        },
    )
    outcome = resolver.lock(question)
    if outcome.exit_code != 0:
        raise UsageError(f"{lock.file}: uv doesn't find what the lock has:\n{outcome.messages}")
    return {one.name: one.registry for one in uv.resolved(outcome.lock)}


def of_version(entries: Sequence[Entry], version: str) -> list[Entry]:
    """The files of one version."""
    wanted = canonicalize_version(version)
    # Of names that nobody reads any more, such as those of eggs.
    other = re.compile(rf"[^-]+-{re.escape(version)}[-.].*")
    return [
        entry
        for entry in entries
        if entry.version == wanted or (entry.version is None and other.fullmatch(entry.name))
    ]

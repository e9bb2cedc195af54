"""Reads the files of a package from an index, and the state of its project.

Specification: simple repository API (PEP 503, 691, 700 and 792). Keys that aren't known here
are left alone, such as those of newer versions and of attestations (PEP 740).
"""

import json
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

from packaging.utils import canonicalize_name, canonicalize_version

from lock.errors import UsageError
from lock.io.http_client import UnreachableError, client_for
from lock.io.messages import one_line
from lock.lockfile.reader import Lock, Package
from lock.models.filenames import SDIST_SUFFIXES, filename_in_url, name_and_version
from lock.models.requirements import Index, Origin
from lock.models.target import Target
from lock.resolution import suggestions, uv_messages
from lock.resolution.request import Request, marker_of
from lock.resolution.uv import Resolver
from lock.resolution.uv_lock import versions

JSON = "application/vnd.pypi.simple.v1+json"
ACCEPT = f"{JSON}, text/html;q=0.1"
FILENAME_KEY = b'"filename"'
FILENAME_STARTS = (FILENAME_KEY + b':"', FILENAME_KEY + b': "')
# PEP 792. An index may tell it of every project, most of which are active.
STATUS_KEY = b'"project-status"'
ACTIVE = re.compile(STATUS_KEY + rb'\s*:\s*\{\s*"status"\s*:\s*"active"\s*\}')


@dataclass(frozen=True)
class IndexFile:
    """A file on an index."""

    name: str
    url: str
    # PEP 440: the versions of Python that it supports; empty for any.
    requires_python: str = ""
    # The reason why it is yanked, maybe empty; None where it isn't (PEP 592).
    yanked: str | None = None
    # RFC 3339; empty where the index doesn't give it (PEP 700).
    uploaded: str = ""

    @property
    def project(self) -> str | None:
        """Return the normalized project name in its name; None if it has none."""
        parsed = name_and_version(self.name)
        return parsed[0] if parsed else None

    @property
    def version(self) -> str | None:
        """Return the normalized version in its name; None if it has none."""
        parsed = name_and_version(self.name)
        return parsed[1] if parsed else None


@dataclass(frozen=True)
class Page:
    """The files of a package on an index, and the state of its project (PEP 792).

    `status` is empty for an active project, which is the usual one; `reason` may be empty.
    """

    files: Sequence[IndexFile]
    status: str = ""
    reason: str = ""

    @property
    def state(self) -> str:
        """Return the state in words; empty for an active project."""
        return state(self.status, self.reason)


def state(status: str, reason: str) -> str:
    """Return the state of a project in words."""
    return f"{status}: {reason}" if reason else status


@dataclass(frozen=True)
class Choice:
    """Which files of a page are looked at: pages have thousands.

    `names` returns those of the names of a page's files. Where these names `suffice`, the page need
    not be parsed, which takes most of the time, and its files have nothing but names.
    """

    names: Callable[[Sequence[str]], Collection[str]]
    suffice: Callable[[Collection[str]], bool]


def read(
    registry: str,
    name: str,
    environment: Mapping[str, str],
    indexes: Sequence[Index],
    choice: Choice | None = None,
) -> Page:
    """Return the page of a package on an index, with the files that are chosen, or with all.

    Raises UsageError where it doesn't answer, FileGoneError where it has no such page.
    """
    is_flat = _is_flat(registry, indexes)
    url = registry if is_flat else f"{registry.rstrip('/')}/{name}/"
    headers = {"Accept": ACCEPT, "Accept-Encoding": "gzip"}
    try:
        base, kind, content = client_for(environment, indexes).read(url, headers)
    except UnreachableError as error:
        raise UsageError(f"{url}: the index doesn't answer: {error.reason}") from None
    try:
        if kind.endswith("json"):
            return parse_json(content, base, choice)
        page = parse_html(content.decode(), base)
        if is_flat:
            return Page([one for one in page.files if one.project == name])
        chosen = choice.names([one.name for one in page.files]) if choice else None
        files = page.files if chosen is None else [one for one in page.files if one.name in chosen]
        return replace(page, files=files)
    except (KeyError, TypeError, ValueError) as error:
        raise UsageError(f"{url}: the index' answer can't be read: {error!r}") from None


def read_folder(folder: Path, name: str) -> Page:
    """Return the page of a package in a folder: of pages (PEP 503), or of files of all packages.

    Raises UsageError where it can't be read.
    """
    page = folder / name / "index.html"
    try:
        if page.is_file():
            return parse_html(page.read_text(encoding="utf-8"), page.as_uri())
        files = [IndexFile(file.name, file.as_uri()) for file in sorted(folder.iterdir())]
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{folder}: the index can't be read: {error}") from None
    return Page([file for file in files if file.project == name])


def _is_flat(registry: str, indexes: Sequence[Index]) -> bool:
    """Return whether an index is one page of links, with the files of all packages."""
    return any(index.flat and index.url.rstrip("/") == registry.rstrip("/") for index in indexes)


def parse_json(content: bytes, base: str, choice: Choice | None = None) -> Page:
    """Return a page in JSON (PEP 691). Raises KeyError, TypeError or ValueError for others."""
    chosen: Collection[str] | None = None
    names = None if choice is None else _names(content)
    if choice is not None and names is not None:
        chosen = choice.names(names)
        if choice.suffice(chosen):
            return Page([IndexFile(name, "") for name in names if name in chosen])
    data = json.loads(content)
    if not isinstance(data, dict):
        raise TypeError("it is no object of JSON")
    given = data.get("project-status")
    given = given if isinstance(given, dict) else {}
    listed = data["files"]
    if choice is not None:
        listed = _chosen(listed, choice, chosen)
    files = [_index_file(one, base) for one in listed]
    return _page(files, given.get("status"), given.get("reason"))


def _names(content: bytes) -> list[str] | None:
    """Return the names of the files of a page in JSON; None where they can't be told so simply.

    So it is with the page of a project that isn't active, and with names that have escapes.
    """
    status = content.find(STATUS_KEY)
    is_told_twice = content.rfind(STATUS_KEY) != status
    if status >= 0 and (is_told_twice or not ACTIVE.match(content, status)):
        return None
    # With and without the space that writers of JSON put there.
    parts = next(
        (found for start in FILENAME_STARTS if len(found := content.split(start)) > 1), [content]
    )
    if len(parts) == 1 or len(parts) - 1 != content.count(FILENAME_KEY):
        return None
    try:
        names = [part[: part.index(b'"')].decode() for part in parts[1:]]
    except ValueError:
        return None
    return None if any("\\" in name for name in names) else names


def _chosen(
    listed: Sequence[Mapping[str, Any]], choice: Choice, chosen: Collection[str] | None
) -> Sequence[Mapping[str, Any]]:
    """Return those of a page's files that are looked at; `chosen` are their names, if known."""
    names = [one["filename"] for one in listed]
    # As quick as can be: pages have thousands of files.
    if {*map(type, names)} - {str}:
        raise TypeError("a file has no name")
    if chosen is None:
        chosen = choice.names(names)
    return [one for one, name in zip(listed, names, strict=True) if name in chosen]


def _page(files: Sequence[IndexFile], status: object, reason: object) -> Page:
    """Return a page; what stands in its state may be anybody's, so it is put on one line."""
    status, reason = (one_line(text) if isinstance(text, str) else "" for text in (status, reason))
    return Page(files) if status in ("", "active") else Page(files, status, reason)


def _index_file(listed: Mapping[str, Any], base: str) -> IndexFile:
    """Return a file of a page, which may have thousands. Raises KeyError and TypeError."""
    name, url = listed["filename"], listed["url"]
    requires_python = listed.get("requires-python") or ""
    uploaded = listed.get("upload-time") or ""
    if not (
        isinstance(name, str)
        and isinstance(url, str)
        and isinstance(requires_python, str)
        and isinstance(uploaded, str)
    ):
        raise TypeError(f"{listed!r} is no file")
    yanked = listed.get("yanked") or None
    return IndexFile(
        name,
        _joined(base, url),
        requires_python,
        "" if yanked is True else yanked,
        uploaded,
    )


def _joined(base: str, url: str) -> str:
    """Return an absolute URL; that is quick for one that is absolute already."""
    return url if url.startswith(("https://", "http://")) else urljoin(base, url)


class _Links(HTMLParser):
    """Collects the attributes of every anchor, and what the page says of itself by name."""

    def __init__(self) -> None:
        super().__init__()
        self.links: list[Mapping[str, str | None]] = []
        self.meta: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            self.links.append(dict(attrs))
        elif tag == "meta":
            given = dict(attrs)
            self.meta[given.get("name") or ""] = given.get("content") or ""


def parse_html(content: str, base: str) -> Page:
    """Return a page in HTML (PEP 503)."""
    parser = _Links()
    parser.feed(content)
    files = [
        IndexFile(
            filename_in_url(href),
            _joined(base, href).partition("#")[0],
            link.get("data-requires-python") or "",
            (link["data-yanked"] or "") if "data-yanked" in link else None,
        )
        for link in parser.links
        if (href := link.get("href"))
    ]
    status, reason = (parser.meta.get(f"pypi:project-status{end}") for end in ("", "-reason"))
    return _page(files, status, reason)


def registries(
    resolver: Resolver, lock: Lock, targets: Sequence[Target], name: str | None = None
) -> tuple[dict[str, str], list[str]]:
    """Return, by project name, the index that has it; only of one package if it is named.

    uv resolves the very versions of the lock, without their dependencies, so it has nothing to
    decide. Names of packages come second whose versions no index has any more. Raises UsageError
    where uv fails for any other reason.
    """
    systems = {target.system.name: target for target in targets}
    names = names_of_indexes(lock, name)
    pinned = [
        (package, [systems[system] for system in package.systems])
        for package in lock.packages
        if package.name in names
    ]
    gone: list[str] = []
    while pinned:
        request = _request(f"registries-{len(gone)}", pinned, targets, _origins(lock))
        outcome = resolver.lock(request)
        if outcome.exit_code == 0:
            return {one.name: one.registry for one in versions(outcome.lock)}, gone
        names = {package.name for package, _ in pinned}
        text = " ".join(outcome.messages.split())
        new = names.intersection(uv_messages.gone(text) + suggestions.unknown(text))
        if not new:
            text = f"{lock.file}: uv doesn't find what the lock has:\n{outcome.messages}"
            raise UsageError(text)
        gone += sorted(new)
        pinned = [(package, having) for package, having in pinned if package.name not in new]
    return {}, gone


def names_of_indexes(lock: Lock, name: str | None = None) -> set[str]:
    """Return the names of a lock's packages that are from indexes; only `name` if it is given."""
    direct = _direct(lock)
    return {
        package.name
        for package in lock.packages
        if package.name not in direct and name in (None, package.name) and not package.origin
    }


def _request(
    name: str,
    pinned: Sequence[tuple[Package, Sequence[Target]]],
    targets: Sequence[Target],
    origins: Mapping[str, list[Origin]],
) -> Request:
    """Return the request for some packages as they are, each on the targets that have it."""
    return Request(
        name,
        [
            f"{package.name}=={package.version}{marker_of(having, targets)}"
            for package, having in pinned
        ],
        targets,
        without_dependencies=[(package.name, package.version) for package, _ in pinned],
        origins={
            package.name: origins[package.name] for package, _ in pinned if package.name in origins
        },
    )


def _origins(lock: Lock) -> dict[str, list[Origin]]:
    """Return, by project name, the indexes that the requirements of a lock named for it."""
    simple = {
        name: [Origin(None, index)] for name, index in lock.requested.get("index-of", {}).items()
    }
    several = {
        name: [Origin(item.get("marker"), item["index"]) for item in items if "index" in item]
        for name, items in lock.requested.get("origins", {}).items()
    }
    return simple | {name: listed for name, listed in several.items() if listed}


def _direct(lock: Lock) -> set[str]:
    """Return the names of the packages that no index has: projects and direct references.

    The lock of another tool doesn't tell its local files from those of a folder that is an index.
    """
    if "lock" in lock.requested:
        return {link.package for link in lock.links if not link.url}
    requested = lock.requested.get("requirements", {})
    texts = {text for listed in requested.values() for text in listed if " @ " in text}
    named = {canonicalize_name(re.split(r"[\[ ]", text)[0]) for text in texts}
    return {
        link.package
        for link in lock.links
        if not (link.url or link.path.endswith((".whl", *SDIST_SUFFIXES))) or link.package in named
    }


def files_of_version(files: Sequence[IndexFile], version: str) -> list[IndexFile]:
    """Return the files of one version."""
    normalized = canonicalize_version(version)
    # File names of formats that are no longer in use, such as eggs.
    other = re.compile(rf"[^-]+-{re.escape(version)}[-.].*")
    return [
        file
        for file in files
        if file.version == normalized or (file.version is None and other.fullmatch(file.name))
    ]

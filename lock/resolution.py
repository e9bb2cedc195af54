"""uv.lock becomes a graph a target: what is installed there, and why the rest isn't."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from posixpath import basename
from typing import Any
from urllib.parse import unquote, urlsplit

from packaging.markers import Marker
from packaging.utils import canonicalize_name

from lock.errors import LockError
from lock.target import Target, marker_environments

PackageKey = tuple[str, str]


@dataclass(frozen=True)
class File:
    """A file of the index: its name, URL, sha256 (hexadecimal) and size in bytes, if known."""

    name: str
    url: str
    sha256: str
    size: int | None


@dataclass(frozen=True)
class Edge:
    """A dependency: the extras it asks for, and the marker under which it holds ("": always)."""

    name: str
    version: str
    extras: tuple[str, ...]
    marker: str


@dataclass(frozen=True)
class Package:
    """A version of a distribution: its files, its edges, and those of each extra."""

    name: str
    version: str
    files: tuple[File, ...]
    edges: tuple[Edge, ...]
    extras: Mapping[str, tuple[Edge, ...]]

    @property
    def key(self) -> PackageKey:
        """Name and version."""
        return self.name, self.version


@dataclass(frozen=True)
class Graph:
    """All packages of a resolution, and what the user asked for."""

    packages: Mapping[PackageKey, Package]
    roots: tuple[Edge, ...]


@dataclass(frozen=True)
class Installed:
    """What one target installs: package → the packages that it depends on there."""

    target: Target
    edges: Mapping[PackageKey, frozenset[PackageKey]]


def read_graph(lock: Mapping[str, Any], root: str) -> Graph:
    """The graph in a parsed uv.lock whose project is `root`. Raises LockError for another format."""
    if lock.get("version") != 1:
        raise LockError(
            f"uv wrote a lock of format {lock.get('version')}, and this app reads format 1; "
            "use another uv"
        )
    entries = lock.get("package", [])
    versions: dict[str, list[str]] = {}
    for entry in entries:
        versions.setdefault(entry["name"], []).append(entry.get("version", ""))
    packages = {
        (entry["name"], entry.get("version", "")): Package(
            name=entry["name"],
            version=entry.get("version", ""),
            files=tuple(_files(entry)),
            edges=_edges(entry.get("dependencies", []), versions),
            extras={
                canonicalize_name(extra): _edges(found, versions)
                for extra, found in entry.get("optional-dependencies", {}).items()
            },
        )
        for entry in entries
    }
    roots = next(package.edges for package in packages.values() if package.name == root)
    return Graph({key: p for key, p in packages.items() if p.name != root}, roots)


def _files(entry: Mapping[str, Any]) -> Iterable[File]:
    sdist = [entry["sdist"]] if "sdist" in entry else []
    for found in (*entry.get("wheels", []), *sdist):
        url = found.get("url", "")
        name = found.get("filename") or unquote(basename(urlsplit(url).path))
        algorithm, _, digest = found.get("hash", "").partition(":")
        if algorithm != "sha256":
            raise LockError(
                f"{entry['name']}: the index gives no sha256 for {name or 'a file'}; "
                "a file without one can't be pinned"
            )
        yield File(name, url, digest, found.get("size"))


def _edges(found: Iterable[Mapping[str, Any]], versions: Mapping[str, list[str]]) -> tuple[Edge, ...]:
    return tuple(
        Edge(
            name=edge["name"],
            version=edge.get("version") or versions[edge["name"]][0],
            extras=tuple(map(canonicalize_name, edge.get("extra", []))),
            marker=edge.get("marker", ""),
        )
        for edge in found
    )


@cache
def _holds(marker: str, target: Target) -> bool:
    """Whether a marker holds on any patch release of the target's Python."""
    if not marker:
        return True
    parsed = Marker(marker)
    return any(parsed.evaluate(values) for values in marker_environments(target))


def install(graph: Graph, target: Target) -> Installed:
    """What a target installs: all that its roots reach, extras folded into plain edges."""
    edges: dict[PackageKey, set[PackageKey]] = {}
    seen: set[tuple[PackageKey, str]] = set()
    waiting: list[tuple[PackageKey | None, Edge]] = [(None, edge) for edge in graph.roots]
    while waiting:
        owner, edge = waiting.pop()
        if not _holds(edge.marker, target):
            continue
        key = (edge.name, edge.version)
        edges.setdefault(key, set())
        if owner is not None and owner != key:
            edges[owner].add(key)
        package = graph.packages[key]
        for extra in ("", *edge.extras):
            if (key, extra) in seen:
                continue
            seen.add((key, extra))
            below = package.edges if not extra else package.extras.get(extra, ())
            waiting.extend((key, inner) for inner in below)
    return Installed(target, {key: frozenset(found) for key, found in edges.items()})


def why_left_out(graph: Graph, key: PackageKey, reached: Sequence[PackageKey]) -> str:
    """Why a target doesn't install a package: the markers of the edges that lead to it.

    `reached` are the packages that some target installs; only their edges are reasons.
    """
    owners: list[tuple[str, Iterable[Edge]]] = [("the requirements", graph.roots)]
    for owner in sorted(reached):
        package = graph.packages[owner]
        owners.append((package.name, package.edges))
        owners.extend((f"{package.name}[{extra}]", e) for extra, e in package.extras.items())
    reasons = [
        f"{owner} needs it only where {edge.marker}" if edge.marker else f"only {owner} needs it"
        for owner, edges in owners
        for edge in edges
        if (edge.name, edge.version) == key
    ]
    return reasons[0] if reasons else "nothing needs it"

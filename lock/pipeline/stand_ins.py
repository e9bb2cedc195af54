"""Puts back what overrides have dropped: who asks for a package of nixpkgs, or a replaced one.

uv knows only that somebody asks for it (lock.resolution.stand_ins). In which versions, with which
extras and under which markers, the metadata of whoever asks says.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from packaging.markers import InvalidMarker, Marker
from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

from lock.builds.requires_dist import RequiresDist
from lock.inputs.values.markers import all_of
from lock.inputs.values.partial_markers import EXTRA, TRUE, evaluate_clauses
from lock.io import parallel
from lock.models.packages import Dependency, Package, Resolution
from lock.models.requirements import Metadata
from lock.resolution import stand_ins, uv_lock
from lock.resolution.request import Member, Request
from lock.resolution.stand_ins import PutBack

CONCURRENT_READS = 8
# A variable in a marker.
OF_EXTRAS = re.compile(r"\bextra\b")


def put_back(
    resolution: Resolution,
    request: Request,
    lock: str,
    metadata: Sequence[Metadata],
    reader: RequiresDist,
) -> PutBack:
    """Return the resolution of a request without the members that stood for other packages.

    `lock` is the uv.lock that it was read from, `metadata` what the user declares instead of a
    package's own.
    """
    return _PuttingBack(resolution, request, lock, metadata, reader).result()


class _PuttingBack:
    def __init__(
        self,
        resolution: Resolution,
        request: Request,
        lock: str,
        metadata: Sequence[Metadata],
        reader: RequiresDist,
    ) -> None:
        self.used: set[str] = set()
        self.excluded = stand_ins.excluded(request)
        self.resolution = self._without_excluded(resolution)
        self.request = request
        self.names = stand_ins.names(request) - self.excluded
        self.metadata = metadata
        self.reader = reader
        self.of_uv = _metadata_tables(lock)
        self.members = {member.name: member for member in request.members}
        # Replaced package → the edges to what stands in its place.
        self.places = {
            package.name: package.dependencies
            for package in resolution.packages
            if package.name in request.replaced
        }
        self.extras: defaultdict[str, set[str]] = defaultdict(set)
        # Dependent and its version → the packages of which its range isn't known.
        self.unknown: dict[tuple[str, str], list[str]] = {}
        # Package of nixpkgs → extra → those that ask for it.
        self.extras_of_nixpkgs: defaultdict[tuple[str, str], set[str]] = defaultdict(set)

    def result(self) -> PutBack:
        kept = [one for one in self.resolution.packages if one.name not in self.request.replaced]
        asking = [one for one in kept if self._asks(one)]
        asked = parallel.map_threads(self._required, asking, CONCURRENT_READS)
        required = dict(zip(map(_key, asking), asked, strict=True))
        packages = [
            replace(
                self._with_edges(one, required[_key(one)]) if _key(one) in required else one,
                from_nixpkgs=one.name in self.request.from_nixpkgs,
            )
            for one in kept
        ]
        requirements = [one for one in self.resolution.requirements if one.name not in self.names]
        own = [self.request.requirements, *self.request.groups.values()]
        texts = dict.fromkeys(text for listed in own for text in listed)
        requirements += self._edges([*map(Requirement, texts)], None, "the requirements")
        return PutBack(
            _reachable(Resolution(tuple(requirements), tuple(packages))),
            {name: frozenset(extras) for name, extras in self.extras.items()},
            [*self._notes()],
            frozenset({*self.request.replaced, *self.excluded} - self.used),
        )

    def _without_excluded(self, resolution: Resolution) -> Resolution:
        """Return a resolution in which nothing asks for an excluded package."""

        def kept(listed: Sequence[Dependency]) -> tuple[Dependency, ...]:
            self.used |= {one.name for one in listed if one.name in self.excluded}
            return tuple(one for one in listed if one.name not in self.excluded)

        if not self.excluded:
            return resolution
        packages = [
            replace(
                package,
                dependencies=kept(package.dependencies),
                extras={extra: kept(listed) for extra, listed in package.extras.items()},
            )
            for package in resolution.packages
            if package.name not in self.excluded
        ]
        return Resolution(kept(resolution.requirements), tuple(packages))

    def _asks(self, package: Package) -> bool:
        listed = [package.dependencies, *package.extras.values()]
        return any(one.name in self.names for edges in listed for one in edges)

    def _required(self, package: Package) -> Sequence[Requirement] | None:
        """Return what a package requires, extras in markers; None where that isn't known."""
        member = self.members.get(package.name)
        if member is not None and member.folder is None:
            return _of_member(member)
        for one in self.metadata:
            if one.name == package.name and one.version in (None, package.version):
                return _parsed(one.requires)
        if (package.name, package.source) in self.of_uv:
            return _parsed(self.of_uv[package.name, package.source])
        texts = self.reader.of(package)
        return None if texts is None else _parsed(texts)

    def _with_edges(self, package: Package, required: Sequence[Requirement] | None) -> Package:
        """Return a package with its own requirements of packages that stood for others."""
        if required is None:
            names = {
                one.name
                for edges in (package.dependencies, *package.extras.values())
                for one in edges
                if one.name in self.names
            }
            self.unknown[package.name, package.version] = sorted(names)

        def edges(listed: Sequence[Dependency], extra: str | None) -> tuple[Dependency, ...]:
            others = [one for one in listed if one.name not in self.names]
            if required is None:
                asked = [one for one in listed if one.name in self.names]
                return (*others, *(edge for one in asked for edge in self._placed(one)))
            return (*others, *self._edges(required, extra, package.name))

        return replace(
            package,
            dependencies=edges(package.dependencies, None),
            extras={extra: edges(listed, extra) for extra, listed in package.extras.items()},
        )

    def _edges(
        self, required: Iterable[Requirement], extra: str | None, by: str
    ) -> Iterator[Dependency]:
        """Yield the edges that some requirements are, with an extra or without any."""
        for one in required:
            name = canonicalize_name(one.name)
            if name not in self.names:
                continue
            holds, marker = _with_extra(one.marker, extra)
            if not holds:
                continue
            extras = frozenset(map(canonicalize_name, one.extras))
            if name in self.request.from_nixpkgs:
                for asked in extras:
                    self.extras_of_nixpkgs[name, asked].add(by)
            yield from self._placed(
                Dependency(name, marker=marker, extras=extras, specifier=str(one.specifier))
            )

    def _placed(self, edge: Dependency) -> Iterator[Dependency]:
        """Yield an edge as those that stand in its place."""
        if edge.name not in self.request.replaced:
            yield replace(edge, version=None, source=None)
            return
        self.used.add(edge.name)
        self.extras[edge.name] |= edge.extras
        for place in self.places.get(edge.name, ()):
            yield replace(
                place,
                marker=all_of([place.marker, edge.marker]),
                extras=edge.extras,
                specifier=edge.specifier,
                asked=edge.name,
            )

    def _notes(self) -> Iterator[str]:
        for (name, version), names in sorted(self.unknown.items()):
            yield (
                f"{name} {version} asks for {' and '.join(names)}, but its metadata can't be had "
                "here, or leaves to its build in which versions and where; any version counts as "
                "right, on every system"
            )
        for (name, extra), asking in sorted(self.extras_of_nixpkgs.items()):
            yield (
                f"{name} comes from nixpkgs, so what its extra {extra} adds isn't locked "
                f"({', '.join(sorted(asking))} asks for it); require that by itself if it is needed"
            )


def _key(package: Package) -> tuple[str, str, str]:
    """Return what tells a package from all others of a resolution."""
    return package.name, package.version, package.source


def _metadata_tables(lock: str) -> dict[tuple[str, str], list[str]]:
    """Return what uv has read of packages that are folders, by their names and sources."""
    return {
        (canonicalize_name(entry["name"]), uv_lock.source(entry)): [
            _text(one) for one in entry["metadata"]["requires-dist"]
        ]
        for entry in uv_lock.load(lock).get("package", ())
        if "requires-dist" in entry.get("metadata", {})
    }


def _text(entry: Mapping[str, Any]) -> str:
    """Return an entry of `requires-dist` in a uv.lock in PEP 508's form."""
    extras = f"[{','.join(entry['extras'])}]" if "extras" in entry else ""
    marker = f" ; {entry['marker']}" if "marker" in entry else ""
    return f"{entry['name']}{extras}{entry.get('specifier', '')}{marker}"


def _of_member(member: Member) -> list[Requirement]:
    """Return what a member requires; a requirement of an extra says so in its marker."""
    found = [*map(Requirement, member.requirements)]
    for extra, texts in member.extras.items():
        for one in map(Requirement, texts):
            marker = all_of([str(one.marker) if one.marker else None, f'extra == "{extra}"'])
            one.marker = Marker(marker) if marker else None
            found.append(one)
    return found


def _parsed(texts: Iterable[str]) -> list[Requirement]:
    """Return requirements (PEP 508), without those that can't be read; uv reads more of them."""
    found = []
    for text in texts:
        try:
            found.append(Requirement(text))
        except InvalidRequirement:
            continue
    return found


def _with_extra(marker: Marker | None, extra: str | None) -> tuple[bool, str | None]:
    """Return whether a marker may hold with an extra, and what remains of it without the extra.

    What always holds, belongs to no extra.
    """
    if marker is None or not OF_EXTRAS.search(re.sub(r'"[^"]*"', '""', str(marker))):
        return extra is None, None if marker is None else str(marker)
    try:
        left = evaluate_clauses(
            str(marker), EXTRA, lambda match: canonicalize_name(match["name"]) == extra
        )
    except InvalidMarker:
        return False, None
    if left is None:
        return False, None
    text = str(Marker(left))
    for part in (f" and {TRUE}", f"{TRUE} and "):
        text = text.replace(part, "")
    return True, None if text == TRUE else str(Marker(text))


def _reachable(resolution: Resolution) -> Resolution:
    """Return a resolution with only those packages that something leads to."""
    found: set[int] = set()
    pending: list[Dependency] = [*resolution.requirements]
    while pending:
        package = resolution.find(pending.pop())
        if id(package) not in found:
            found.add(id(package))
            for edges in (package.dependencies, *package.extras.values()):
                pending.extend(edges)
    kept = tuple(package for package in resolution.packages if id(package) in found)
    return replace(resolution, packages=kept)

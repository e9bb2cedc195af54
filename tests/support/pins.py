"""What a lock or another tool's list installs: by selection of groups and system, its packages."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name, canonicalize_version
from packaging.version import Version

from lock.lockfile import graph
from lock.lockfile.groups import chosen
from lock.lockfile.reader import Link, Lock
from lock.models.target import Target

NONE = "none"
FOLDER = "a folder"
INDEX = "an index"


@dataclass(frozen=True)
class Pin:
    """A version of a package."""

    # Normalized; empty where only the build backend knows it.
    version: str
    # Extras of it that something asks for, sorted; None where the tool doesn't tell.
    extras: tuple[str, ...] | None
    # An address, FOLDER, or INDEX where the tool doesn't tell the address.
    origin: str
    # The sha256 that its file has, or may have (hexadecimal).
    hashes: frozenset[str] = frozenset()
    # Extras that something asks for at least, where the tool doesn't tell all.
    asked: frozenset[str] = frozenset()

    @property
    def shown(self) -> str:
        """Return the version, or else where it comes from."""
        return self.version or self.origin


# By normalized name.
Pins = Mapping[str, Pin]


def listed(text: str, target: Target, *, with_extras: bool, project_of: Mapping[str, str]) -> Pins:
    """Return what a requirements.txt with one version a line installs for a target.

    `project_of` maps the path of a folder, as it stands in the text, to its project's name.
    """
    found: dict[str, Pin] = {}
    for line, hashes in _entries(text):
        name, pin = _entry(line, hashes, target, with_extras, project_of)
        if pin is not None:
            # Poetry and PDM list a package once more where it is asked for with extras.
            assert name not in found or found[name].version == pin.version, (name, text)
            extras = {*(pin.extras or ()), *(found[name].extras or () if name in found else ())}
            asked = None if pin.extras is None else tuple(sorted(extras))
            found[name] = Pin(pin.version, asked, pin.origin, pin.hashes)
    return found


def _entries(text: str) -> Iterator[tuple[str, frozenset[str]]]:
    """Yield each requirement with the sha256 of its files."""
    for line in text.replace("\\\n", " ").splitlines():
        requirement, *options = re.split(r"\s+--(?=hash)", line.partition(" #")[0].strip())
        if requirement and not requirement.startswith(("#", "--", "-i ")):
            hashes = (option.removeprefix("hash=sha256:").strip() for option in options)
            yield requirement, frozenset(hashes)


def _entry(
    line: str,
    hashes: frozenset[str],
    target: Target,
    with_extras: bool,
    project_of: Mapping[str, str],
) -> tuple[str, Pin | None]:
    path, _, marker = re.sub(r"^(-e|--editable)\s+", "", line).partition(" ; ")
    path = path.strip().removesuffix("/")
    if path in project_of or path.startswith(("./", "../", "file:")):
        name = project_of[path]
        return name, Pin("", None, FOLDER) if target.satisfies(marker or None) else None
    wanted = Requirement(line)
    name = canonicalize_name(wanted.name)
    if wanted.marker is not None and not target.satisfies(str(wanted.marker)):
        return name, None
    extras = tuple(sorted(map(canonicalize_name, wanted.extras))) if with_extras else None
    if wanted.url:
        return name, Pin("", extras, wanted.url, hashes)
    [specifier] = wanted.specifier
    assert specifier.operator == "=="
    return name, Pin(str(Version(specifier.version)), extras, INDEX, hashes)


def locked(lock: Lock, groups: Collection[str], system: str) -> Pins:
    """Return what some groups of our lock install on a system."""
    lock = chosen(lock, groups)
    extras_of: dict[str, set[str]] = {}
    pending = [
        node
        for group in groups
        if group in lock.groups
        for node in graph.roots(lock, group, (system,))
    ]
    visited = set()
    while pending:
        node = pending.pop()
        if node not in visited:
            visited.add(node)
            extras_of.setdefault(node.package.name, set()).update(node.extras)
            pending += graph.dependencies(lock, node)
    links = _links(lock, system)
    return {
        name: _pin(lock, links, name, system, tuple(sorted(extras)))
        for name, extras in extras_of.items()
    }


def all_locked(lock: Lock, system: str) -> Pins:
    """Return all that our lock has for a system, whatever needs it."""
    links = _links(lock, system)
    return {
        package.name: _pin(lock, links, package.name, system, ())
        for package in lock.packages
        if system in package.systems
    }


def _links(lock: Lock, system: str) -> Mapping[str, Sequence[Link]]:
    """Return the files and folders of each package on a system."""
    found: dict[str, list[Link]] = {}
    for link in lock.links:
        if system in link.systems:
            found.setdefault(link.package, []).append(link)
    return found


def _pin(
    lock: Lock,
    links: Mapping[str, Sequence[Link]],
    name: str,
    system: str,
    extras: tuple[str, ...],
) -> Pin:
    package = lock.on(name, system)
    assert package is not None
    [link] = [link for link in links[name] if link.version == package.version]
    if not link.url:
        return Pin("", extras, f"git+{link.git}@{link.rev}" if link.git else FOLDER)
    return Pin(str(Version(package.version)), extras, link.url, frozenset({link.sha256}))


def compare(ours: Pins, theirs: Pins) -> Iterator[tuple[str, str, str, str]]:
    """Yield each difference: the package, what differs, and both values."""
    for name in sorted({*ours, *theirs}):
        mine, other = ours.get(name), theirs.get(name)
        if mine is None or other is None:
            yield name, "version", mine.shown if mine else NONE, other.shown if other else NONE
            continue
        if mine.version and other.version and not _same_version(mine, other):
            yield name, "version", mine.version, other.version
        elif not _same_origin(mine, other):
            yield name, "origin", mine.origin, other.origin
        extras = {*(mine.extras or ())}
        theirs_extras = extras | other.asked if other.extras is None else {*other.extras}
        if extras != theirs_extras:
            yield name, "extras", _joined(extras), _joined(theirs_extras)


def _same_version(ours: Pin, theirs: Pin) -> bool:
    return canonicalize_version(ours.version) == canonicalize_version(theirs.version)


def _joined(extras: Iterable[str]) -> str:
    return ", ".join(sorted(extras)) or NONE


def _same_origin(ours: Pin, theirs: Pin) -> bool:
    """Return whether our file is one that the tool takes."""
    if theirs.origin != INDEX:
        return ours.origin == theirs.origin
    return bool(ours.hashes) and (ours.hashes <= theirs.hashes)

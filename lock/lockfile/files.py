"""The files that a build of a lock's environments needs, as Nix will download them."""

from collections.abc import Collection, Iterable, Iterator

from lock.lockfile.groups import restricted_to
from lock.lockfile.reader import Link, Lock

# Name, version and system of a package.
Node = tuple[str, str, str]


def needed_files(lock: Lock, systems: Collection[str], groups: Collection[str] = ()) -> list[Link]:
    """Return the files, folders and repositories that some groups need on some systems, each once.

    Without groups these are those of all groups. Those of the builds of source distributions are
    among them. Raises UsageError for a group that the lock doesn't have, and for groups that
    exclude each other.
    """
    if groups:
        lock = restricted_to(lock, groups)
    installed = [link for link in lock.links if {*link.systems} & {*systems}]
    built = _built(lock, _nodes(installed, systems))
    builds = [
        link for link in lock.build_links if any(node in built for node in _nodes([link], systems))
    ]
    return [*{(link.name, link.sha256, link.url): link for link in (*installed, *builds)}.values()]


def _built(lock: Lock, nodes: Iterable[Node]) -> set[Node]:
    """Return the packages of the build environments of those packages that are built."""
    closures: dict[Node, list[Node]] = {}
    for build in lock.builds:
        for system in build.systems:
            closures[build.package, build.version, system] = [
                (name, version, system)
                for name, version, having in build.closure
                if system in having
            ]
    found: set[Node] = set()
    pending = [*nodes]
    while pending:
        for node in closures.get(pending.pop(), ()):
            if node not in found:
                found.add(node)
                pending.append(node)
    return found


def _nodes(links: Iterable[Link], systems: Collection[str]) -> Iterator[Node]:
    for link in links:
        for system in link.systems:
            if system in systems:
                yield link.package, link.version, system

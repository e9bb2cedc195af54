"""`lock why`: by which dependency paths a package gets into a lock, or why systems leave it out."""

import difflib
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass

from lock.errors import UnsatisfiableError
from lock.lockfile import graph
from lock.lockfile.graph import Node
from lock.lockfile.groups import chosen
from lock.lockfile.reader import Build, LeftOut, Lock, Required


@dataclass(frozen=True)
class DependencyPath:
    """A path from a requirement of a group to a package."""

    group: str
    nodes: tuple[Node, ...]


@dataclass(frozen=True)
class Reasons:
    """Why a lock has a package: requirements, builds, and systems that leave it out."""

    name: str
    # The shortest path through each package that depends on it.
    paths: tuple[DependencyPath, ...]
    builds: tuple[Build, ...]
    left_out: tuple[LeftOut, ...]
    # The ranges that are asked of it, where it comes from nixpkgs.
    required: tuple[Required, ...] = ()
    # `nixpkgs` for such a package, else empty.
    origin: str = ""


def reasons(lock: Lock, name: str) -> Reasons:
    """Return why a lock has the package with a normalized name.

    Raises UnsatisfiableError where it doesn't know the package.
    """
    found = Reasons(
        name,
        tuple(_paths(lock, name)),
        tuple(build for build in lock.builds if any(pin[0] == name for pin in build.closure)),
        tuple(one for one in lock.left_out if one.name == name),
        tuple(one for package in lock.by_name.get(name, ()) for one in package.required),
        "nixpkgs" if name in lock.requested.get("from-nixpkgs", ()) else "",
    )
    if not (found.paths or found.builds or found.left_out):
        raise UnsatisfiableError(unknown_package(lock, name))
    return found


def unknown_package(lock: Lock, name: str) -> str:
    """Return the message for a name that a lock doesn't know."""
    instead = lock.requested.get("replace", {}).get(name)
    if instead:
        return f"{lock.file}: {instead} stands in place of {name}, as `replace` asks for"
    if name in lock.requested.get("settings", {}).get("excluded", ()):
        return f"{lock.file}: `exclude` or `exclude-dependencies` keeps {name} out of the lock"
    names = {*lock.by_name, *(link.package for link in lock.build_links)}
    near = difflib.get_close_matches(name, sorted(names), n=3)
    hint = f"; did you mean {' or '.join(near)}?" if near else "; `lock tree` shows what it has"
    return f"{lock.file}: there is no package {name} in the lock{hint}"


def _paths(lock: Lock, name: str) -> Iterator[DependencyPath]:
    for group in lock.groups:
        of_group = chosen(lock, [group])
        # Breadth first, so that the first path to a node is a shortest one.
        visited: set[Node] = set()
        pending: deque[tuple[Node, ...]] = deque(
            (root,) for root in graph.roots(of_group, group, tuple(lock.systems))
        )
        # Dependent and version → path.
        shortest: dict[tuple[str, ...], tuple[Node, ...]] = {}
        while pending:
            path = pending.popleft()
            node = path[-1]
            if node.package.name == name:
                through = (*(str(dependent) for dependent in path[-2:-1]), node.package.version)
                shortest.setdefault(through, path)
                continue
            if node in visited:
                continue
            visited.add(node)
            pending.extend((*path, child) for child in graph.dependencies(of_group, node))
        yield from (DependencyPath(group, path) for path in shortest.values())

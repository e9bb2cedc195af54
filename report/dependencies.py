"""Find what is asked for, and what each package of an environment needs."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from lock.lockfile import graph
from lock.lockfile.reader import Lock
from report.models import Edge

# What is asked for beside the groups, and what nobody needs. Names of groups have no spaces.
PACKAGES, OTHERS = "further packages", "not asked for"


@dataclass(frozen=True)
class Graph:
    """What each group asks for, and what each package needs; both are sorted by name."""

    roots: Mapping[str, tuple[Edge, ...]]
    edges: Mapping[str, tuple[Edge, ...]]


def graph_of(
    lock: Lock,
    system: str,
    groups: Sequence[str],
    packages: Iterable[str],
    installed: Collection[str],
) -> Graph:
    """Return the graph of an environment: `groups`, and `packages` of the lock such as `a[b]`.

    What no edge reaches stands below a group of its own, so that the graph has all packages.
    """
    nodes = {group: graph.roots(lock, group, (system,)) for group in groups if group in lock.groups}
    further = [node for text in packages for node in _nodes(lock, Requirement(text), system)]
    if further:
        nodes[PACKAGES] = further
    extras: dict[tuple[str, str], set[str]] = {}
    visited: set[graph.Node] = set()
    pending = [node for listed in nodes.values() for node in listed]
    while pending:
        node = pending.pop()
        if node not in visited:
            visited.add(node)
            for child in graph.dependencies(lock, node):
                pair = (node.package.name, child.package.name)
                extras.setdefault(pair, set()).update(child.extras)
                pending.append(child)
    edges: dict[str, tuple[Edge, ...]] = {}
    for (name, needed), wanted in sorted(extras.items()):
        if name in installed and needed in installed:
            edges[name] = (*edges.get(name, ()), Edge(needed, tuple(sorted(wanted))))
    roots = {group: _edges(listed, installed) for group, listed in nodes.items()}
    reached = {node.package.name for node in visited}
    others = tuple(Edge(name, ()) for name in sorted({*installed} - reached))
    return Graph({**roots, OTHERS: others} if others else roots, edges)


def _nodes(lock: Lock, requirement: Requirement, system: str) -> list[graph.Node]:
    package = lock.on(canonicalize_name(requirement.name), system)
    extras = tuple(sorted(map(canonicalize_name, requirement.extras)))
    return [] if package is None else [graph.Node(package, extras, (system,))]


def _edges(nodes: Iterable[graph.Node], installed: Collection[str]) -> tuple[Edge, ...]:
    extras: dict[str, set[str]] = {}
    for node in nodes:
        if node.package.name in installed:
            extras.setdefault(node.package.name, set()).update(node.extras)
    return tuple(Edge(name, tuple(sorted(wanted))) for name, wanted in sorted(extras.items()))

"""`lock tree`: the packages of a lock as a tree of dependencies."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lock.lockfile import graph
from lock.lockfile.graph import Node
from lock.lockfile.groups import chosen
from lock.lockfile.reader import Lock


@dataclass(frozen=True)
class Branch:
    """A package in the tree; `children` is None where they are shown elsewhere."""

    node: Node
    children: tuple["Branch", ...] | None

    def data(self) -> dict[str, object]:
        """Return the branch as data for JSON."""
        data: dict[str, object] = {
            "name": self.node.package.name,
            "version": self.node.package.version,
            "extras": [*self.node.extras],
            "systems": [*self.node.systems],
        }
        if self.node.package.origin:
            data["from"] = self.node.package.origin
        if self.children is None:
            return data | {"elsewhere": True}
        return data | {"dependencies": [child.data() for child in self.children]}


def trees(
    lock: Lock, groups: Sequence[str], systems: Sequence[str], depth: int | None = None
) -> dict[str, list[Branch]]:
    """Return, by group, the trees of its requirements, down to a depth.

    The dependencies of a package are shown once, where it comes first.
    """
    # How many levels below a node are shown already; None for all.
    shown: dict[Node, int | None] = {}

    def branch(lock: Lock, node: Node, levels: int | None) -> Branch:
        if levels == 0:
            return Branch(node, ())
        below = graph.dependencies(lock, node)
        if below and node in shown and shown[node] in (None, levels):
            return Branch(node, None)
        shown[node] = levels
        fewer = None if levels is None else levels - 1
        return Branch(node, tuple(branch(lock, child, fewer) for child in below))

    return {
        group: [branch(of_group, root, depth) for root in graph.roots(of_group, group, systems)]
        for group in groups
        for of_group in (chosen(lock, [group]),)
    }


def lines(branches: Sequence[Branch], systems: Sequence[str], indent: str = "") -> Iterator[str]:
    """Yield the tree as text, a line for each package; `systems` are all of the lock's."""
    for number, branch in enumerate(branches):
        is_last = number == len(branches) - 1
        yield f"{indent}{'└── ' if is_last else '├── '}{label(branch.node, systems)}" + (
            " (*)" if branch.children is None else ""
        )
        children = () if branch.children is None else branch.children
        yield from lines(children, systems, f"{indent}{'    ' if is_last else '│   '}")


def label(node: Node, systems: Sequence[str]) -> str:
    """Return a package with its version, and its systems where not all have it."""
    only = "" if len(node.systems) == len(systems) else f"  ({', '.join(node.systems)})"
    return f"{node}{only}"

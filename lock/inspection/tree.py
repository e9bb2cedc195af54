"""A lock as a tree: what is asked for, what that needs, and so on."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lock.lockfile import graph
from lock.lockfile.graph import Step
from lock.lockfile.reader import Lock


@dataclass(frozen=True)
class Node:
    """A package in the tree; `children` is None where they stand elsewhere, or are too deep."""

    step: Step
    children: tuple["Node", ...] | None

    def data(self) -> dict[str, object]:
        """For machines."""
        found: dict[str, object] = {
            "name": self.step.package.name,
            "version": self.step.package.version,
            "extras": [*self.step.extras],
            "systems": [*self.step.systems],
        }
        if self.children is None:
            return found | {"elsewhere": True}
        return found | {"dependencies": [child.data() for child in self.children]}


def trees(
    lock: Lock, groups: Sequence[str], systems: Sequence[str], depth: int | None = None
) -> dict[str, list[Node]]:
    """The trees of each group, to a depth; what a package needs stands once, at its first place."""
    # How many levels below it are shown already.
    shown: dict[Step, int | None] = {}

    def node(step: Step, left: int | None) -> Node:
        if left == 0:
            return Node(step, ())
        below = graph.after(lock, step)
        if below and step in shown and shown[step] in (None, left):
            return Node(step, None)
        shown[step] = left
        less = None if left is None else left - 1
        return Node(step, tuple(node(child, less) for child in below))

    return {
        group: [node(root, depth) for root in graph.roots(lock, group, systems)] for group in groups
    }


def lines(nodes: Sequence[Node], systems: Sequence[str], indent: str = "") -> Iterator[str]:
    """The tree in text, a line a package; `systems` are those that go without saying."""
    for number, node in enumerate(nodes):
        last = number == len(nodes) - 1
        yield f"{indent}{'└── ' if last else '├── '}{label(node.step, systems)}" + (
            " (*)" if node.children is None else ""
        )
        below = () if node.children is None else node.children
        yield from lines(below, systems, f"{indent}{'    ' if last else '│   '}")


def label(step: Step, systems: Sequence[str]) -> str:
    """A package with its version, and its systems where not all have it."""
    only = "" if len(step.systems) == len(systems) else f"  ({', '.join(step.systems)})"
    return f"{step}{only}"

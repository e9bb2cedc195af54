"""Orders a graph of dependencies."""

from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import TypeVar

Node = TypeVar("Node", bound=Hashable)


def topological_order(
    roots: Iterable[Node],
    dependencies: Callable[[Node], Iterable[Node]],
    cycle_error: Callable[[Sequence[Node]], Exception],
) -> list[Node]:
    """Return the roots and all that they depend on, each after its own dependencies.

    Raises what `cycle_error` makes of a cycle: each of its nodes depends on the next, and the last
    one on the first.
    """
    ordered: dict[Node, None] = {}
    path: list[Node] = []

    def visit(node: Node) -> None:
        if node in path:
            raise cycle_error(path[path.index(node) :])
        if node not in ordered:
            path.append(node)
            for dependency in dependencies(node):
                visit(dependency)
            path.pop()
            ordered[node] = None

    for root in roots:
        visit(root)
    return list(ordered)

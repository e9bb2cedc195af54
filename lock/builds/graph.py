"""Orders what needs each other."""

from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import TypeVar

Node = TypeVar("Node", bound=Hashable)


def leaves_first(
    roots: Iterable[Node],
    needs: Callable[[Node], Iterable[Node]],
    circle: Callable[[Sequence[Node]], Exception],
) -> list[Node]:
    """Everything that the roots need, and they themselves, each after all that it needs.

    Raises what `circle` makes of nodes of which each needs the next, and the last the first.
    """
    done: dict[Node, None] = {}
    path: list[Node] = []

    def visit(node: Node) -> None:
        if node in path:
            raise circle(path[path.index(node) :])
        if node not in done:
            path.append(node)
            for needed in needs(node):
                visit(needed)
            path.pop()
            done[node] = None

    for root in roots:
        visit(root)
    return list(done)

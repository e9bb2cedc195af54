"""The groups of an existing lock, as the model has them."""

from collections.abc import Mapping, Sequence

from lock.requirements import DEFAULT_GROUP, Locked, Requirement, Requirements
from lock.resolution import Dependency

Groups = Mapping[str, Sequence[Dependency]]


def requirements_of(
    groups: Groups,
    locked: Locked,
    *,
    python: str | None = None,
    requires_python: str | None = None,
) -> Requirements:
    """The requirements that ask for the roots of a lock; empty groups are left out."""
    found = {group: _requirements(edges) for group, edges in sorted(groups.items()) if edges}
    packages = found.pop(DEFAULT_GROUP, ())
    return Requirements(
        python, None, packages, found, requires_python=requires_python, locked=locked
    )


def _requirements(edges: Sequence[Dependency]) -> tuple[Requirement, ...]:
    listed = {
        Requirement(
            edge.name,
            tuple(sorted(edge.extras)),
            f"=={edge.version}" if edge.version else "",
            edge.marker,
        )
        for edge in edges
    }
    return tuple(sorted(listed, key=str))

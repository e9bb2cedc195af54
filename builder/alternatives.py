"""Find packages that bring the same modules, of which an environment needs only one."""

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib.metadata import PathDistribution
from pathlib import Path

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

from builder.merge import BYTECODE_FOLDER, Collision


@dataclass(frozen=True)
class Candidate:
    """A package that collides with others.

    `modules` are the paths of its files in site-packages, `required_by` the packages that require
    it, and `optional_for` those that do so in one of their extras.
    """

    name: str
    modules: frozenset[str]
    required_by: tuple[str, ...] = ()
    optional_for: tuple[str, ...] = ()


@dataclass(frozen=True)
class Alternatives:
    """Packages that bring the same modules: the one to keep, and the others."""

    kept: Candidate
    others: tuple[Candidate, ...]

    @property
    def members(self) -> tuple[Candidate, ...]:
        """Return all of them, sorted by name."""
        return tuple(sorted((self.kept, *self.others), key=lambda member: member.name))

    def explain(self, collision: Collision) -> bool:
        """Return whether only these packages have a part in a collision."""
        return {member.name for member in self.members}.issuperset(collision.owners)


def module_files(site: str) -> frozenset[str]:
    """Return the paths of the files in a package's site-packages.

    Metadata, bytecode and the libraries that a tool put beside the modules aren't among them: their
    folders are named after the package.
    """
    found: set[str] = set()
    for parent, folders, names in os.walk(site, followlinks=True):
        if parent == site:
            folders[:] = [name for name in folders if not name.endswith((".dist-info", ".libs"))]
        folders[:] = [name for name in folders if name != BYTECODE_FOLDER]
        found.update(os.path.relpath(f"{parent}/{name}", site) for name in names)
    return frozenset(found)


def find_requirers(
    dist_infos: dict[str, str], required: Iterable[str], python: str, *, extras: bool
) -> dict[str, tuple[str, ...]]:
    """Return who requires each of some packages, by the metadata of the environment's packages.

    `dist_infos` are the `.dist-info` folders by package, `python` is the version (3.12). With
    `extras`, requirements of extras count, too.
    """
    requirers: dict[str, list[str]] = {name: [] for name in required}
    for name, folder in sorted(dist_infos.items()):
        if not os.path.isfile(f"{folder}/METADATA"):
            continue
        distribution = PathDistribution(Path(folder))
        known = distribution.metadata.get_all("Provides-Extra", []) if extras else []
        for text in distribution.requires or ():
            try:
                requirement = Requirement(text)
            except InvalidRequirement:
                continue
            found = requirers.get(canonicalize_name(requirement.name))
            if found is None or name in found or canonicalize_name(requirement.name) == name:
                continue
            if any(_applies(requirement, python, extra) for extra in ("", *known)):
                found.append(name)
    return {name: tuple(found) for name, found in requirers.items()}


def _applies(requirement: Requirement, python: str, extra: str) -> bool:
    environment = {"python_version": python, "extra": extra}
    return requirement.marker is None or requirement.marker.evaluate(environment)


def find_alternatives(
    candidates: Iterable[Candidate], collisions: Iterable[Collision]
) -> list[Alternatives]:
    """Return the packages that bring the same modules, sorted by name.

    Two packages do if they collide, and more than half of the files of one of them stand where the
    other has files. Those that share a namespace only don't.
    """
    pairs = {
        (one, other)
        for collision in collisions
        for one in collision.owners
        for other in collision.owners
    }
    groups: list[list[Candidate]] = []
    for candidate in candidates:
        near = [
            group
            for group in groups
            if any(
                (candidate.name, member.name) in pairs and _same_modules(candidate, member)
                for member in group
            )
        ]
        groups = [group for group in groups if group not in near]
        groups.append([candidate, *(member for group in near for member in group)])
    found = [_choose(group) for group in groups if len(group) > 1]
    return sorted(found, key=lambda group: group.members[0].name)


def _same_modules(one: Candidate, other: Candidate) -> bool:
    smaller = min(len(one.modules), len(other.modules))
    return 2 * len(one.modules & other.modules) > smaller


def _choose(group: Sequence[Candidate]) -> Alternatives:
    """Keep what no other package requires, since the user does; else that with the most files."""
    kept, *others = sorted(
        group,
        key=lambda member: (
            bool(member.required_by),
            bool(member.optional_for),
            -len(member.modules),
            member.name,
        ),
    )
    return Alternatives(kept, tuple(sorted(others, key=lambda member: member.name)))

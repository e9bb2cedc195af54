"""Leaves groups out of requirements, with the extras that only they need."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import replace

from lock.errors import UsageError
from lock.models.packages import Dependency
from lock.models.requirements import DEFAULT_GROUP, Requirement, Requirements


def only_groups(found: Requirements, groups: Collection[str], origin: str) -> Requirements:
    """Return requirements with the default group and no others than these.

    Of projects they have only those extras that something asks for. No groups stand for all.

    Raises UsageError for a group that isn't there.
    """
    if not groups:
        return found
    unknown = sorted({*groups} - {DEFAULT_GROUP, *found.groups})
    if unknown:
        known = ", ".join([DEFAULT_GROUP, *sorted(found.groups)])
        raise UsageError(
            f"{origin}: there is no group {', '.join(unknown)} to lock; it has {known}. Name one "
            "of those with `--only-group`, or lock `--all-groups`"
        )
    chosen = replace(
        found,
        groups={group: listed for group, listed in found.groups.items() if group in groups},
        only_groups=tuple(sorted(groups)),
    )
    if found.locked is None:
        return _with_used_extras(chosen)
    roots = [_edge(one) for listed in chosen.by_group().values() for one in listed]
    resolution = replace(found.locked.resolution, requirements=tuple(roots))
    return replace(chosen, locked=replace(found.locked, resolution=resolution))


def _edge(requirement: Requirement) -> Dependency:
    """Return a requirement of another tool's lock as the dependency that it was."""
    version = requirement.specifier.removeprefix("==") or None
    return Dependency(requirement.name, version, requirement.marker, frozenset(requirement.extras))


def _with_used_extras(found: Requirements) -> Requirements:
    """Return requirements whose projects have only those extras that something asks for."""
    used: defaultdict[str, set[str]] = defaultdict(set)
    pending = [one for listed in found.by_group().values() for one in listed]
    for project in found.projects:
        pending += project.dependencies or ()
    by_name = {project.name: project for project in found.projects}
    while pending:
        wanted = pending.pop()
        named = by_name.get(wanted.name)
        for extra in {*wanted.extras} - used[wanted.name] if named else ():
            used[wanted.name].add(extra)
            pending += named.extras.get(extra, ()) if named else ()
    return replace(
        found,
        projects=tuple(
            replace(
                project,
                extras={
                    extra: listed
                    for extra, listed in project.extras.items()
                    if extra in used[project.name]
                },
            )
            for project in found.projects
        ),
    )

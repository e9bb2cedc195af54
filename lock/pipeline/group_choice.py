"""Leaves groups out of requirements, with the extras that only they need."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import replace

from lock.errors import UsageError
from lock.models.choices import among, choices, left_out
from lock.models.requirements import DEFAULT_GROUP, Locked, Requirements


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
        conflicts=among(found.conflicts, groups),
    )
    if found.locked is None:
        return _with_used_extras(chosen)
    locked = _restricted(found.locked, {DEFAULT_GROUP, *groups})
    choices_left = choices(chosen.conflicts) if chosen.conflicts else ()
    of_left = {
        choice: _restricted(inner, {DEFAULT_GROUP, *groups})
        for choice, inner in found.locked.of_choice.items()
        if choice in choices_left
    }
    return replace(chosen, locked=replace(locked, of_choice=of_left))


def of_choice(found: Requirements, choice: str) -> Requirements:
    """Return requirements with those of the conflicting groups that a choice has."""
    without = left_out(choice, found.conflicts)
    chosen = replace(
        found,
        groups={group: listed for group, listed in found.groups.items() if group not in without},
        conflicts=(),
    )
    if found.locked is None:
        return _with_used_extras(chosen)
    return replace(chosen, locked=found.locked.of_choice[choice])


def _restricted(locked: Locked, groups: Collection[str]) -> Locked:
    """Return what another tool has locked, with some groups' requirements only."""
    roots = {group: edges for group, edges in locked.roots.items() if group in groups}
    requirements = tuple(edge for edges in roots.values() for edge in edges)
    return replace(
        locked, roots=roots, resolution=replace(locked.resolution, requirements=requirements)
    )


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

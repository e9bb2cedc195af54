"""Replaces requirements on the project itself by what its extras add (PEP 621, PEP 735)."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from lock.inputs.values.markers import all_of
from lock.models.requirements import Requirement


def expanded(
    listed: Sequence[Requirement],
    name: str | None,
    extras: Mapping[str, Sequence[Requirement]],
    seen: frozenset[str] = frozenset(),
    dependencies: Sequence[Requirement] = (),
) -> list[Requirement]:
    """Return requirements with those on the project itself replaced by what its extras add.

    `name` is the project's, normalized; its `dependencies` are added where it is named at all. What
    an extra adds holds where the requirement on it does.
    """
    found: list[Requirement] = []
    for wanted in listed:
        if wanted.name != name:
            found.append(wanted)
            continue
        inner = [*dependencies]
        for extra in sorted({*wanted.extras} - seen):
            inner += expanded(extras.get(extra, ()), name, extras, seen | {extra})
        found += [
            replace(one, marker=all_of([wanted.marker, one.marker])) if wanted.marker else one
            for one in inner
        ]
    return found

"""Warnings about packages that are built though they have wheels for targets like these."""

from collections.abc import Iterator

from lock.models.packages import Package
from lock.models.target import FLOORS, Target
from lock.selection.files import near_fit, needed_platform
from lock.selection.select import Selection


def built_warnings(selection: Selection, origin: str) -> list[str]:
    """Name the packages that are built because their wheels are for other targets, and say which.

    A newer platform is named for each package, another Python or libc for all together.
    """
    newer: dict[tuple[str, str], list[str]] = {}
    names: dict[str, list[str]] = {}
    systems: dict[str, list[str]] = {}
    for package, target in _built(selection):
        name, system = f"{package.name} {package.version}", target.system.name
        needed, near = needed_platform(package, target), near_fit(package, target)
        if needed is not None:
            kind = target.system.floor_kind
            reason = f"need {FLOORS[kind][0]} {needed}; take one with `--{kind} {needed}`"
            newer.setdefault((name, reason), []).append(system)
        elif near:
            names.setdefault(near, []).append(name)
            systems.setdefault(near, []).append(system)
    found: list[tuple[tuple[str, ...], str, list[str]]]
    found = [((name,), reason, where) for (name, reason), where in sorted(newer.items())]
    found += [
        (tuple(sorted({*names[near]})), near, sorted({*systems[near]})) for near in sorted(names)
    ]
    return [
        f"warning: {origin}: {', '.join(listed)} {'are' if len(listed) > 1 else 'is'} built from "
        f"source on {', '.join(where)}: {'their' if len(listed) > 1 else 'its'} wheels {reason}"
        for listed, reason, where in found
    ]


def _built(selection: Selection) -> Iterator[tuple[Package, Target]]:
    """Yield each package that a target builds because no wheel fits."""
    for installation in selection.installations:
        for package in installation.packages.values():
            file = selection.files.get((installation.target.system.name, package.name))
            if file and file.needs_build and not file.is_folder and not package.prefer_sdist:
                yield package, installation.target

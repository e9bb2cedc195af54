"""Locks of other tools that hold for one machine only, and don't say so."""

import re
from collections.abc import Iterator, Sequence

from packaging.pylock import PackageWheel, Pylock
from packaging.utils import parse_wheel_filename

from lock.models.target import NEWEST_FLOOR, SYSTEMS, System, with_floors

NOTE = (
    "the tool that wrote it decided everything for one system and one Python, those that it ran on"
)
# The header of what `uv pip compile` writes.
COMPILED = re.compile(r"^#\s+uv pip compile (?!.*--universal)", re.MULTILINE)


def environments(lock: Pylock, text: str) -> tuple[str, ...]:
    """Return the markers of the systems that a lock is for; none where it isn't for one machine.

    That is this machine, unless its wheels are for others.
    """
    of_one = lock.created_by == "pip" or bool(COMPILED.search(text))
    if not of_one or lock.environments or any(one.marker for one in lock.packages):
        return ()
    newest = with_floors(SYSTEMS, NEWEST_FLOOR)
    fitting = [system for system in newest if _fits(lock, system)]
    here = [system for system in fitting if system.is_here]
    # A cross-compiled lock names no machine.
    chosen = fitting if "--python-platform" in text or not here else here
    return tuple(dict.fromkeys(system.marker for system in chosen))


def _fits(lock: Pylock, system: System) -> bool:
    """Return whether a system can have a file of each package, with whatever Python."""
    platforms = {"any", *system.platforms()}
    return all(
        package.sdist or not package.wheels or platforms & {*_platforms(package.wheels)}
        for package in lock.packages
    )


def _platforms(wheels: Sequence[PackageWheel]) -> Iterator[str]:
    for wheel in wheels:
        for tag in parse_wheel_filename(wheel.filename)[3]:
            yield tag.platform

"""By which paths a package gets into a lock, or why some systems do without it."""

import difflib
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass

from lock.errors import UnsatisfiableError
from lock.lockfile import graph
from lock.lockfile.graph import Step
from lock.lockfile.reader import Build, LeftOut, Lock


@dataclass(frozen=True)
class Path:
    """From what a group asks for to the package."""

    group: str
    steps: tuple[Step, ...]


@dataclass(frozen=True)
class Reasons:
    """All that a lock says of why it has a package, or has not."""

    name: str
    # The shortest one through each package that needs it.
    paths: tuple[Path, ...]
    builds: tuple[Build, ...]
    left_out: tuple[LeftOut, ...]


def reasons(lock: Lock, name: str) -> Reasons:
    """Why a lock has the package with a (normalised) name.

    Raises UnsatisfiableError when it knows no such package.
    """
    found = Reasons(
        name,
        tuple(_paths(lock, name)),
        tuple(build for build in lock.builds if any(pin[0] == name for pin in build.closure)),
        tuple(one for one in lock.left_out if one.name == name),
    )
    if not (found.paths or found.builds or found.left_out):
        raise UnsatisfiableError(unknown(lock, name))
    return found


def unknown(lock: Lock, name: str) -> str:
    """What to say of a name that a lock doesn't know."""
    names = {*lock.by_name, *(link.package for link in lock.build_links)}
    near = difflib.get_close_matches(name, sorted(names), n=3)
    hint = f"; did you mean {' or '.join(near)}?" if near else "; `lock tree` shows what it has"
    return f"{lock.file}: there is no package {name} in the lock{hint}"


def _paths(lock: Lock, name: str) -> Iterator[Path]:
    for group in lock.groups:
        # Breadth first, so that the first way to a step is a shortest one.
        ways: dict[Step, tuple[Step, ...]] = {}
        waiting: deque[tuple[Step, ...]] = deque(
            (root,) for root in graph.roots(lock, group, tuple(lock.systems))
        )
        ends: dict[tuple[str, ...], tuple[Step, ...]] = {}
        while waiting:
            way = waiting.popleft()
            step = way[-1]
            if step.package.name == name:
                through = (*(str(one) for one in way[-2:-1]), step.package.version)
                ends.setdefault(through, way)
                continue
            if step in ways:
                continue
            ways[step] = way
            waiting.extend((*way, child) for child in graph.after(lock, step))
        yield from (Path(group, way) for way in ends.values())

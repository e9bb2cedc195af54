"""Markers (PEP 508) as conditions of nixpkgs.

Whether a marker holds is asked at each point that nixpkgs has: a version of Python, a platform and
an implementation. So what is always or never so there leaves no condition.
"""

import itertools
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from packaging.markers import Marker, UndefinedComparison, UndefinedEnvironmentName

from lock.models.pythons import NEWEST_TESTED

# From the oldest CPython of nixpkgs 26.05 to the one in development, which stands for all newer
# ones; and a patch release newer than any.
MINORS = range(11, NEWEST_TESTED + 2)
PATCH = 99
LINUX, DARWIN = "linux", "darwin"
# System and machine, as Python names it; the last stands for every other machine.
PLATFORMS = (
    (LINUX, "x86_64"),
    (LINUX, "aarch64"),
    (DARWIN, "x86_64"),
    (DARWIN, "arm64"),
    (LINUX, "riscv64"),
)
OF_PLATFORM: Mapping[str, Callable[[tuple[str, str]], bool]] = {
    "stdenv.hostPlatform.isLinux": lambda one: one[0] == LINUX,
    "stdenv.hostPlatform.isDarwin": lambda one: one[0] == DARWIN,
    "stdenv.hostPlatform.isx86_64": lambda one: one[1] == "x86_64",
    "stdenv.hostPlatform.isAarch64": lambda one: one[1] in ("aarch64", "arm64"),
}
PYPY = "isPyPy"


@dataclass(frozen=True)
class Point:
    """Where a package may be built."""

    minor: int
    platform: tuple[str, str]
    pypy: bool = False

    def environment(self, extra: str) -> dict[str, str]:
        """Return the variables of markers here, with an extra, maybe empty."""
        system, machine = self.platform
        return {
            "implementation_name": "pypy" if self.pypy else "cpython",
            "implementation_version": f"3.{self.minor}.{PATCH}",
            "os_name": "posix",
            "platform_machine": machine,
            "platform_python_implementation": "PyPy" if self.pypy else "CPython",
            "platform_release": "",
            "platform_system": system.capitalize(),
            "platform_version": "",
            "python_full_version": f"3.{self.minor}.{PATCH}",
            "python_version": f"3.{self.minor}",
            "sys_platform": system,
            "extra": extra,
        }


POINTS = tuple(
    Point(minor, platform, pypy)
    for minor in MINORS
    for platform in PLATFORMS
    for pypy in (False, True)
)
EVERYWHERE = frozenset(POINTS)
# The points of a node, and the nodes that it is made of.
Places = frozenset[Point]


@dataclass(frozen=True)
class Condition:
    """Where a dependency is needed: always, or where a Nix expression is true."""

    # Empty for everywhere.
    text: str = ""

    @property
    def names(self) -> list[str]:
        """Return the arguments of a package's function that the expression takes."""
        known = ("pythonAtLeast", "pythonOlder", PYPY, "stdenv")
        return [name for name in known if name in self.text]


ALWAYS = Condition()


def condition(markers: Iterable[Marker | None], extras: Sequence[str] = ("",)) -> Condition | None:
    """Return where one of some markers holds, None for nowhere; no marker holds everywhere.

    `extras` are those that are asked for, each alone; an empty one stands for none.
    """
    nodes = [[] if marker is None else _tree(marker) for marker in markers]
    holding = [(node, extra) for node in nodes for extra in extras if _places(node, extra)]
    if not holding:
        return None
    none: Places = frozenset()
    places = none.union(*(_places(node, extra) for node, extra in holding))
    if places == EVERYWHERE:
        return ALWAYS
    simple = _simple(places)
    if simple:
        return Condition(simple)
    texts = dict.fromkeys(_text(node, extra) for node, extra in holding)
    return Condition(_join(" || ", texts))


# A marker as `packaging` has it: a leaf of three values, or a list of nodes with "and" and "or"
# between them.
Node = Any


def _tree(marker: Marker) -> Node:
    return marker._markers


def _alternatives(node: Sequence[Node]) -> list[list[Node]]:
    """Return a list of nodes as alternatives of what must hold together."""
    found: list[list[Node]] = [[]]
    for one in node:
        if one == "or":
            found.append([])
        elif one != "and":
            found[-1].append(one)
    return found


def _places(node: Node, extra: str) -> Places:
    if isinstance(node, tuple):
        return _of_leaf(" ".join(part.serialize() for part in node), extra)
    if not node:
        return EVERYWHERE
    holding = [
        frozenset.intersection(*(_places(one, extra) for one in together))
        for together in _alternatives(node)
    ]
    return frozenset().union(*holding)


@cache
def _of_leaf(text: str, extra: str) -> Places:
    marker = Marker(text)

    def holds(point: Point) -> bool:
        try:
            return marker.evaluate(point.environment(extra))
        except (UndefinedComparison, UndefinedEnvironmentName):
            return False

    return frozenset(filter(holds, POINTS))


def _text(node: Node, extra: str) -> str:
    """Return the expression of a node that holds somewhere, and not everywhere."""
    places = _places(node, extra)
    simple = _simple(places)
    if simple:
        return simple
    if isinstance(node, tuple):
        return _of_points(places)
    alternatives = []
    for together in _alternatives(node):
        if not frozenset.intersection(*(_places(one, extra) for one in together)):
            continue
        texts = [_text(one, extra) for one in together if _places(one, extra) != EVERYWHERE]
        alternatives.append(_join(" && ", texts))
    return _join(" || ", dict.fromkeys(alternatives))


def _join(operator: str, texts: Iterable[str]) -> str:
    listed = [*texts]
    if len(listed) == 1:
        return listed[0]
    return operator.join(f"({one})" if " || " in one or " && " in one else one for one in listed)


def _simple(places: Places) -> str:
    """Return the expression of points that one of the three values alone tells; else empty."""
    minors = {one.minor for one in places}
    if places == frozenset(one for one in POINTS if one.minor in minors):
        return _of_minors(minors)
    platforms = frozenset(one.platform for one in places)
    if places == frozenset(one for one in POINTS if one.platform in platforms):
        return _of_platforms(platforms)
    implementations = {one.pypy for one in places}
    if places == frozenset(one for one in POINTS if one.pypy in implementations):
        return PYPY if True in implementations else f"!{PYPY}"
    return ""


def _of_points(places: Places) -> str:
    """Return the expression of any points, for each platform alone."""
    texts = []
    for platform in dict.fromkeys(one.platform for one in POINTS if one in places):
        minors = {one.minor for one in places if one.platform == platform}
        parts = [_of_platforms(frozenset([platform]))]
        if minors != {*MINORS}:
            parts.append(_of_minors(minors))
        texts.append(_join(" && ", parts))
    return _join(" || ", texts)


def _of_minors(minors: Iterable[int]) -> str:
    """Return the expression of some versions of Python."""
    texts = []
    for first, last in _runs(sorted(minors)):
        parts = [f'pythonAtLeast "3.{first}"'] if first != MINORS[0] else []
        parts += [f'pythonOlder "3.{last + 1}"'] if last != MINORS[-1] else []
        texts.append(_join(" && ", parts))
    return _join(" || ", texts)


def _runs(numbers: Sequence[int]) -> list[tuple[int, int]]:
    """Return the first and the last of each run of numbers."""
    runs: list[tuple[int, int]] = []
    for number in numbers:
        if runs and runs[-1][1] == number - 1:
            runs[-1] = (runs[-1][0], number)
        else:
            runs.append((number, number))
    return runs


@cache
def _of_platforms(platforms: frozenset[tuple[str, str]]) -> str:
    """Return the shortest expression of some platforms."""
    plain = {text: frozenset(filter(test, PLATFORMS)) for text, test in OF_PLATFORM.items()}
    plain |= {f"!{text}": frozenset(PLATFORMS) - held for text, held in plain.items()}
    both = {
        f"{one} && {other}": plain[one] & plain[other]
        for one, other in itertools.combinations(plain, 2)
    }
    every = plain | both
    either = (
        (_join(" || ", (one, other)), every[one] | every[other])
        for one, other in itertools.combinations(every, 2)
    )
    for text, held in itertools.chain(every.items(), either):
        if held == platforms:
            return text
    return _join(" || ", (_of_platforms(frozenset([one])) for one in sorted(platforms)))

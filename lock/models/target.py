"""Targets: a system and a version of Python, with its wheel tags and marker environment."""

import platform
import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property

from packaging.markers import Marker
from packaging.tags import Tag, compatible_tags, cpython_tags, mac_platforms

from lock.errors import UsageError
from lock.models.pythons import LATEST_PATCH, patch_releases

# PEP 600: the oldest glibc 2.x of manylinux tags, also of single architectures, and their legacy
# names.
OLDEST_GLIBC = 17
OLDEST_GLIBC_OF = {"i686": 5, "x86_64": 5}
LEGACY_MANYLINUX = {17: "manylinux2014", 12: "manylinux2010", 5: "manylinux1"}
# Kind of platform → its name, and the oldest version that there are wheels for.
FLOORS: Mapping[str, tuple[str, tuple[int, int]]] = {
    "glibc": ("glibc", (2, 5)),
    "macos": ("macOS", (10, 0)),
    "musl": ("musl", (1, 1)),
}

# The platform in the tags of wheels that run on each.
ANY = "any"
# Newer than any platform: with this floor only a wheel's architecture and Python matter.
NEWEST_FLOOR = {"glibc": "2.99", "macos": "99.0", "musl": "1.99"}


# Variables of markers that tell patch releases apart.
OF_PATCH_RELEASES = re.compile(r"\b(?:python_full_version|implementation_version)\b")


@dataclass(frozen=True)
class System:
    """A Nix system, and its values of PEP 508's variables."""

    name: str
    sys_platform: str
    platform_system: str
    machine: str
    # The kind of its platform, a key of FLOORS, and the oldest version that files must run on.
    floor_kind: str
    floor_version: str

    @property
    def floor(self) -> tuple[int, int]:
        """Return the oldest version of the platform as numbers."""
        major, minor = self.floor_version.split(".")
        return int(major), int(minor)

    @property
    def marker(self) -> str:
        """Return the marker (PEP 508) that holds here; markers don't tell glibc from musl."""
        return f"sys_platform == '{self.sys_platform}' and platform_machine == '{self.machine}'"

    @property
    def is_here(self) -> bool:
        """Return whether this machine is one; glibc isn't told from musl."""
        return (self.sys_platform, self.machine) == (sys.platform, platform.machine())

    def platforms(self) -> Iterator[str]:
        """Yield the platform tags of wheels that run here, best first (PEP 425, 600 and 656)."""
        if self.floor_kind == "macos":
            yield from mac_platforms(self.floor, self.machine)
        else:
            if self.floor_kind == "musl":
                yield from _musllinux(self.floor, self.machine)
            else:
                yield from _manylinux(self.floor[1], self.machine)
            # Last, since such a wheel doesn't tell which libc it needs.
            yield f"linux_{self.machine}"


SYSTEMS: Mapping[str, System] = {
    system.name: system
    for system in (
        System("aarch64-darwin", "darwin", "Darwin", "arm64", "macos", "14.0"),
        System("aarch64-linux", "linux", "Linux", "aarch64", "glibc", "2.35"),
        System("aarch64-linux-musl", "linux", "Linux", "aarch64", "musl", "1.2"),
        System("armv7l-linux", "linux", "Linux", "armv7l", "glibc", "2.35"),
        System("i686-linux", "linux", "Linux", "i686", "glibc", "2.35"),
        System("powerpc64le-linux", "linux", "Linux", "ppc64le", "glibc", "2.35"),
        # A third of its wheels need glibc 2.38 or 2.39.
        System("riscv64-linux", "linux", "Linux", "riscv64", "glibc", "2.39"),
        System("s390x-linux", "linux", "Linux", "s390x", "glibc", "2.35"),
        System("x86_64-darwin", "darwin", "Darwin", "x86_64", "macos", "14.0"),
        System("x86_64-linux", "linux", "Linux", "x86_64", "glibc", "2.35"),
        System("x86_64-linux-musl", "linux", "Linux", "x86_64", "musl", "1.2"),
    )
}
# The systems where none is named.
DEFAULT_SYSTEMS = ("aarch64-darwin", "aarch64-linux", "x86_64-darwin", "x86_64-linux")
# One system for each kind of platform.
SYSTEM_OF = {system.floor_kind: system for system in SYSTEMS.values()}


@dataclass(frozen=True)
class Target:
    """A system with a version of CPython, such as "3.11", or "3.13t" for a free-threaded one."""

    system: System
    python: str

    @property
    def python_version(self) -> str:
        """Return PEP 508's `python_version`, which doesn't tell free-threaded builds apart."""
        return self.python.removesuffix("t")

    @property
    def python_name(self) -> str:
        """Return the Python as messages name it."""
        return ("the free-threaded " if self.python.endswith("t") else "") + f"Python {self.python}"

    @property
    def version(self) -> tuple[int, int]:
        """Return the version of Python as numbers."""
        major, minor = self.python_version.split(".")
        return int(major), int(minor)

    @property
    def tags(self) -> list[Tag]:
        """Return the wheel tags that are supported, best first (PEP 425)."""
        return self._tags([*self._platform_ranks])

    def rank(self, tag: Tag) -> int | None:
        """Return the rank of a wheel tag, less for a better one; None if it isn't supported."""
        of_any = tag.platform == ANY
        platform = 0 if of_any else self._platform_ranks.get(tag.platform)
        python = self._python_ranks.get((tag.interpreter, tag.abi, of_any))
        if platform is None or python is None:
            return None
        return python * len(self._platform_ranks) + platform

    @cached_property
    def platforms(self) -> frozenset[str]:
        """Return the platforms of the supported tags."""
        return frozenset((*self._platform_ranks, ANY))

    @cached_property
    def pythons(self) -> frozenset[tuple[str, str]]:
        """Return the interpreters and ABIs of the supported tags."""
        return frozenset((interpreter, abi) for interpreter, abi, _ in self._python_ranks)

    @cached_property
    def _platform_ranks(self) -> Mapping[str, int]:
        platforms = dict.fromkeys(self.system.platforms())
        return {platform: rank for rank, platform in enumerate(platforms)}

    @cached_property
    def _python_ranks(self) -> Mapping[tuple[str, str, bool], int]:
        """Return the rank of each interpreter and ABI, on a platform or on any.

        All of a better one come first, whatever the platform; so thousands of tags need not be
        made.
        """
        tags = [(tag.interpreter, tag.abi, tag.platform == ANY) for tag in self._tags(["one"])]
        return {key: rank for rank, key in reversed(list(enumerate(tags)))}

    def _tags(self, platforms: Sequence[str]) -> list[Tag]:
        """Return the supported tags, best first, of some platforms and of any."""
        interpreter = "cp{}{}".format(*self.version)
        abi = interpreter + ("t" if self.python.endswith("t") else "")
        return [
            *cpython_tags(self.version, abis=[abi], platforms=platforms),
            *compatible_tags(self.version, interpreter=interpreter, platforms=platforms),
        ]

    @cached_property
    def marker_environment(self) -> Mapping[str, str]:
        """Return PEP 508's variables here, for the first patch release, X.Y.0.

        Variables that depend on the running kernel are empty.
        """
        return {
            "extra": "",
            "implementation_name": "cpython",
            "implementation_version": f"{self.python_version}.0",
            "os_name": "posix",
            "platform_machine": self.system.machine,
            "platform_python_implementation": "CPython",
            "platform_release": "",
            "platform_system": self.system.platform_system,
            "platform_version": "",
            "python_full_version": f"{self.python_version}.0",
            "python_version": self.python_version,
            "sys_platform": self.system.sys_platform,
        }

    def satisfies(self, marker: str | None, *, latest: bool = False) -> bool:
        """Return whether a marker (PEP 508) holds here; None always does.

        One that tells patch releases apart holds where it does for any of them: what only some
        need is then installed for all. With `latest`, it holds where it does for the latest.

        Raises packaging.markers.InvalidMarker.
        """
        if marker is None:
            return True
        parsed, environment = _parse_marker(marker), dict(self.marker_environment)
        if not OF_PATCH_RELEASES.search(marker):
            return parsed.evaluate(environment)
        releases = [LATEST_PATCH] if latest else patch_releases(marker, self.python_version)
        return any(
            parsed.evaluate({**environment, **_of_patch_release(self.python_version, patch)})
            for patch in releases
        )

    def with_newest_floor(self) -> "Target":
        """Return the same target on a platform newer than any."""
        return _with_newest_floor(self)

    def with_other_threading(self) -> "Target":
        """Return the target of the free-threaded Python, or of the ordinary one in place of it."""
        is_free = self.python.endswith("t")
        return _of_python(self.system, self.python_version + ("" if is_free else "t"))

    def with_other_libc(self) -> "list[Target]":
        """Return the targets that only the libc tells from this one; most have none."""
        own = self.system
        return [
            _of_python(system, self.python)
            for system in SYSTEMS.values()
            if (system.sys_platform, system.machine) == (own.sys_platform, own.machine)
            and system.floor_kind != own.floor_kind
        ]

    def uv_environment(self) -> str:
        """Return the marker by which uv knows this target, with any patch release."""
        major, minor = self.version
        environment = self.marker_environment
        return " and ".join(
            [
                f"python_full_version >= '{self.python_version}'",
                f"python_full_version < '{major}.{minor + 1}'",
                *(
                    f"{variable} == '{environment[variable]}'"
                    for variable in (
                        "sys_platform",
                        "platform_machine",
                        "implementation_name",
                        "platform_python_implementation",
                    )
                ),
            ]
        )


def check_floor(kind: str, text: str) -> str:
    """Return the oldest version of a kind of platform in its normal form, with two components.

    Raises UsageError, which doesn't say where the version stands, for one without wheels.
    """
    name, oldest = FLOORS[kind]
    example = SYSTEM_OF[kind].floor_version
    match = re.fullmatch(r"(\d{1,3})(?:\.(\d{1,3}))?", text, re.ASCII)
    if match is None or (match[2] is None and kind != "macos"):
        raise UsageError(f'"{text}" is no version of {name}; write one such as "{example}"')
    floor = int(match[1]), int(match[2] or 0)
    if floor < oldest or (kind != "macos" and floor[0] > oldest[0]):
        raise UsageError(
            f"there are no wheels for {name} {text}; the oldest that there are any for is "
            f"{oldest[0]}.{oldest[1]}"
        )
    return f"{floor[0]}.{floor[1]}"


def with_floors(systems: Iterable[str], floors: Mapping[str, str]) -> list[System]:
    """Return systems by their names, sorted, with these floors instead of their own."""
    named = [SYSTEMS[name] for name in sorted(set(systems))]
    return [
        replace(system, floor_version=floors.get(system.floor_kind, system.floor_version))
        for system in named
    ]


def check_system(text: str) -> str:
    """Return the name of a supported system.

    Raises UsageError, which doesn't say where the name stands, for any other.
    """
    if text not in SYSTEMS:
        raise UsageError(f'"{text}" is no system that can be locked for; {", ".join(SYSTEMS)} are')
    return text


# The tags of a target take milliseconds, so each is made once.
@cache
def _with_newest_floor(target: Target) -> Target:
    newest = NEWEST_FLOOR[target.system.floor_kind]
    return replace(target, system=replace(target.system, floor_version=newest))


@cache
def _of_python(system: System, python: str) -> Target:
    return Target(system, python)


def _manylinux(newest_glibc: int, machine: str) -> Iterator[str]:
    oldest_glibc = OLDEST_GLIBC_OF.get(machine, OLDEST_GLIBC)
    for glibc in range(newest_glibc, oldest_glibc - 1, -1):
        yield f"manylinux_2_{glibc}_{machine}"
        if glibc in LEGACY_MANYLINUX:
            yield f"{LEGACY_MANYLINUX[glibc]}_{machine}"


def _musllinux(newest: tuple[int, int], machine: str) -> Iterator[str]:
    major, minor = newest
    for older in range(minor, -1, -1):
        yield f"musllinux_{major}_{older}_{machine}"


def _of_patch_release(python: str, patch: int) -> dict[str, str]:
    version = f"{python}.{patch}"
    return {"implementation_version": version, "python_full_version": version}


@cache
def _parse_marker(text: str) -> Marker:
    return Marker(text)

"""Describe a Debian suite: its C library, Pythons, libraries and compiler, for each system.

Nothing of it is downloaded or unpacked here, and nothing of the machine is looked at.
"""

from __future__ import annotations

import re
from itertools import chain
from typing import TYPE_CHECKING, Any

import debian
from architectures import ARCHITECTURES, Architecture
from private_apt import PrivateApt, SuiteError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


_ARCHIVE = re.compile(r"^ ([0-9a-f]{64}) \d+ (\S+\.orig\.tar\.\w+)$", re.MULTILINE)
# The source packages that something is built of, by name.
SOURCES = re.compile(
    r"python3\.\d+|musl|linux|zlib|libffi|openssl|expat|bzip2|xz-utils|sqlite3|ncurses|readline|"
    r"util-linux|mpdecimal|libzstd"
)

# Debian's packages that are one interpreter, {} stands for a version such as 3.14. Those without
# a version have modules of the standard library for several.
_INTERPRETER = ("python{}-minimal", "python{}", "libpython{}-minimal", "libpython{}-stdlib",
                "libpython{}t64", "libpython{}", "libpython{}-dev", "python{}-gdbm",
                "python3-gdbm", "python3-distutils", "python3-lib2to3")  # fmt: skip
_OLDEST_MINOR = 8


def describe(apt: PrivateApt, libraries: Mapping[str, debian.Library]) -> dict[str, Any]:
    """Return what seeds.json says about a suite: `suite`, `systems`, `sources`.

    A system that the suite lacks is missing. Raises SuiteError when it has no Python at all.
    """
    systems = {
        system: found
        for system, architecture in ARCHITECTURES.items()
        if (found := _system(apt, system, architecture, libraries))
    }
    if not any(system["pythons"] for system in systems.values()):
        raise SuiteError(f"the suite {apt.suite} has no python3.N of 3.{_OLDEST_MINOR} or newer")
    return {
        "suite": apt.suite,
        "systems": systems,
        "sources": sources(apt.sources(), apt.mirror()),
    }


def sources(text: str, mirror: str) -> dict[str, dict[str, str]]:
    """Return source package → `version`, `url` and `sha256` of its upstream archive (dsc(5))."""
    found: dict[str, dict[str, str]] = {}
    for paragraph in text.split("\n\n"):
        name = paragraph.partition("\n")[0].removeprefix("Package: ")
        if not SOURCES.fullmatch(name) or "\nExtra-Source-Only: yes" in paragraph:
            continue
        facts = debian.fields(paragraph)
        files = paragraph.partition("\nChecksums-Sha256:")[2]
        if archive := _ARCHIVE.search(files):
            found[name] = {
                "version": upstream(facts["Version"]),
                "url": f"{mirror}{facts['Directory']}/{archive[2]}",
                "sha256": archive[1],
            }
    return found


def upstream(version: str) -> str:
    """Return the version of what a package was made of: "1:3.15.0~rc1+ds-1" → "3.15.0rc1"."""
    without_revision = version.partition(":")[2] or version
    if "-" in without_revision:
        without_revision = without_revision.rpartition("-")[0]
    return without_revision.partition("+")[0].replace("~", "")


def _system(
    apt: PrivateApt,
    system: str,
    architecture: Architecture,
    libraries: Mapping[str, debian.Library],
) -> dict[str, Any] | None:
    known = debian.parse_records(apt.packages(architecture.name), architecture.name)
    if "libc6" not in known:
        return None
    minors = sorted(
        (name.removeprefix("python") for name in known if _is_python(name)), key=_numbers
    )
    parts = {
        minor: [name for pattern in _INTERPRETER if (name := pattern.format(minor)) in known]
        for minor in minors
    }
    names = debian.wanted(
        libraries, chain(["libc6"], *parts.values(), *map(debian.for_python, minors))
    )
    records = {name: debian.fields(known[name]) for name in debian.reachable(names, known)}
    mirror = apt.mirror()
    packages = debian.select(
        records, {name: f"{mirror}{record['Filename']}" for name, record in records.items()}
    )
    libc = packages["libc6"]
    default = re.search(r"^Version: (3\.\d+)", known.get("python3", ""), re.MULTILINE)
    return {
        "system": system,
        "libc": {
            "version": ".".join(upstream(libc.version).split(".")[:2]),
            "loader": architecture.loader,
            "multiarch": architecture.multiarch,
        },
        "python": default[1] if default and default[1] in parts else "",
        "pythons": {
            minor: {
                "version": upstream(packages[f"python{minor}"].version),
                "debs": debs,
                "libraries": _libraries(debs, records, packages),
            }
            for minor, debs in parts.items()
        },
        "debian": debian.describe(libraries, packages, minors),
    }


def _is_python(name: str) -> bool:
    match = re.fullmatch(r"python3\.(\d+)", name)
    return bool(match) and int(match[1]) >= _OLDEST_MINOR


def _numbers(minor: str) -> list[int]:
    return [int(number) for number in minor.split(".")]


def _libraries(
    debs: Iterable[str],
    records: Mapping[str, Mapping[str, str]],
    packages: Mapping[str, debian.Package],
) -> list[str]:
    """Return the packages with libraries that an interpreter may be linked with."""
    found: dict[str, None] = {}
    queue = list(chain.from_iterable(debian.dependencies(records[name]) for name in debs))
    while queue:
        name = queue.pop()
        if name in packages and name not in found and _has_libraries(name):
            found[name] = None
            queue += packages[name].depends
    return sorted(found)


def _has_libraries(name: str) -> bool:
    is_library = name.startswith("lib") or name == "zlib1g"
    return is_library and not name.startswith(("libpython", "libc6")) and not name.endswith("-dev")

"""The data of the report; its JSON has the same names."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypedDict


class Installed(TypedDict):
    """A package of the environment, as Nix gives it: `overrides` are the keys of its override."""

    name: str
    path: str
    overrides: list[str]


@dataclass(frozen=True)
class Edge:
    """A dependency on a package, with the extras of it that are needed."""

    name: str
    extras: tuple[str, ...]


@dataclass(frozen=True)
class Build:
    """How a source distribution is built: what it requires, and with what it is built.

    `closure` has name and version of each package of the build environment, `system` what the build
    needs of the system, by the keys of the lock's section `native`.
    """

    requires: tuple[str, ...]
    closure: tuple[tuple[str, str], ...]
    system: Mapping[str, list[str]]


@dataclass(frozen=True)
class Origin:
    """Where a package comes from: `wheel`, `sdist`, `project` or `nixpkgs`, and its file."""

    kind: str
    file: str
    build: Build | None = None


@dataclass(frozen=True)
class Package:
    """An installed package. `size` is in bytes; `texts` are numbers of licence texts."""

    name: str
    version: str
    summary: str
    homepage: str
    size: int
    files: int
    license: str
    texts: tuple[tuple[str, int], ...]
    native: bool
    generator: str
    overrides: tuple[str, ...]
    needs: tuple[Edge, ...]
    origin: Origin


@dataclass(frozen=True)
class LeftOut:
    """A package of the lock that this system doesn't install, and why."""

    name: str
    version: str
    reason: str


@dataclass(frozen=True)
class Table:
    """A table with a title; a cell of the first column is a package's name and version."""

    title: str
    note: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Libraries:
    """The native libraries of an environment; `advice` says what to do about missing ones."""

    missing: int
    advice: str
    tables: tuple[Table, ...]


@dataclass(frozen=True)
class Environment:
    """All that the report says of an environment by itself.

    `roots` has, by group, what is asked for. `texts` are the licence texts: a JSON list of strings,
    deflated (RFC 1951) and in base64.
    """

    name: str
    python: str
    system: str
    systems: tuple[str, ...]
    groups: tuple[str, ...]
    roots: Mapping[str, tuple[Edge, ...]]
    packages: tuple[Package, ...]
    left_out: tuple[LeftOut, ...]
    libraries: Libraries
    texts: str

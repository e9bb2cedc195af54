"""What an expression is made of: a distribution of an index, as its files tell it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

from native.tables import Inputs


@dataclass(frozen=True)
class SourceFile:
    """A file of an index."""

    name: str
    # Hexadecimal; None where the index doesn't give it.
    sha256: str | None


@dataclass(frozen=True)
class Build:
    """How a source distribution is built."""

    requires: tuple[Requirement, ...]
    backend: str
    inputs: Inputs = field(default_factory=Inputs)
    # Folder of the file Cargo.lock, empty for the top; None where there is none.
    cargo_root: str | None = None
    # Names of libraries that the code opens while it runs.
    opened: tuple[str, ...] = ()

    @property
    def names(self) -> frozenset[str]:
        """Return the names of the projects that it requires."""
        return frozenset(one.name for one in self.requires)

    @property
    def is_rust(self) -> bool:
        """Return whether it compiles Rust."""
        return bool(self.names & {"maturin", "setuptools-rust"})


@dataclass(frozen=True)
class Metadata:
    """What a version of a project tells of itself; names are normalized."""

    name: str
    version: str
    summary: str = ""
    # Label as its author wrote it → address.
    urls: Mapping[str, str] = field(default_factory=dict)
    # SPDX expression; empty where the distribution names none.
    license: str = ""
    # What it says instead.
    license_text: str = ""
    requires_python: SpecifierSet = field(default_factory=SpecifierSet)
    requires: tuple[Requirement, ...] = ()
    extras: tuple[str, ...] = ()
    # Names of its console scripts.
    programs: tuple[str, ...] = ()
    # What an import check imports.
    modules: tuple[str, ...] = ()


@dataclass(frozen=True)
class Distribution(Metadata):
    """A version of a project: its metadata, and the files that the index has of it."""

    # None where the index has no source distribution.
    sdist: SourceFile | None = None
    build: Build | None = None
    wheel: SourceFile | None = None

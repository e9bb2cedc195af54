"""How source distributions are built: the pinned environment of each build."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lock.models.packages import File

# PEP 517: what builds a project that declares nothing.
LEGACY_REQUIRES = ("setuptools", "wheel")


@dataclass(frozen=True)
class Pin:
    """A package at a version, with its file."""

    name: str
    version: str
    file: File


@dataclass(frozen=True)
class Build:
    """The build of a source distribution."""

    name: str
    version: str
    # PEP 508, sorted.
    requires: Sequence[str]
    # System that builds it → the packages of the build environment there.
    environments: Mapping[str, Sequence[Pin]]

"""What the user asks for: the one model that every kind of input file is read into."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lock.models.packages import Resolution

# What is installed where no group is named.
DEFAULT_GROUP = "default"


@dataclass(frozen=True)
class Url:
    """A file by its address (PEP 440, direct references), without credentials."""

    url: str

    def __str__(self) -> str:
        return self.url


@dataclass(frozen=True)
class Git:
    """A repository; `rev` is a commit, a tag or a branch, None for the branch that it begins on."""

    url: str
    rev: str | None = None

    def __str__(self) -> str:
        return f"git+{self.url}" + (f"@{self.rev}" if self.rev else "")


@dataclass(frozen=True)
class Local:
    """A project or a wheel on this machine; `path` is absolute, `written` what the user wrote."""

    path: str
    written: str

    def __str__(self) -> str:
        return Path(self.path).as_uri()


Reference = Url | Git | Local


@dataclass(frozen=True)
class Requirement:
    """A package that the user asks for; `name` and `extras` are normalised (PEP 503, PEP 685)."""

    name: str
    extras: tuple[str, ...]
    # PEP 440, empty for any version.
    specifier: str
    # PEP 508.
    marker: str | None
    # What its build needs beside what it declares (PEP 508), sorted.
    build_requires: tuple[str, ...] = ()
    # Whether it is built from source even where a wheel fits.
    prefer_sdist: bool = False
    # The name of the only index that may have it; None for all but the explicit ones.
    index: str | None = None
    # Where it comes from instead of an index; `specifier` is then empty.
    reference: Reference | None = None

    def __str__(self) -> str:
        """The requirement in PEP 508's form."""
        extras = f"[{','.join(self.extras)}]" if self.extras else ""
        marker = f" ; {self.marker}" if self.marker else ""
        wanted = f" @ {self.reference}" if self.reference else self.specifier
        return f"{self.name}{extras}{wanted}{marker}"


@dataclass(frozen=True)
class Index:
    """A package index (PEP 503, PEP 691)."""

    name: str
    url: str
    # Whether it is asked only for packages whose requirements name it.
    explicit: bool = False
    # Whether it stands in place of uv's own.
    default: bool = False
    # Whether it is one page of links, as pip's `--find-links` takes it.
    flat: bool = False
    # How long its files, and its pages, stay what they are (RFC 9111, Cache-Control), where that is
    # known.
    files_hold: str | None = None
    pages_hold: str | None = None


@dataclass(frozen=True)
class Locked:
    """Versions and files that another tool has decided on, so that nothing is resolved anew."""

    resolution: "Resolution"
    # Of the file that they stand in, sha256, hexadecimal.
    digest: str
    # PEP 508: the markers of which one holds wherever the lock does; none where it always does.
    environments: tuple[str, ...] = ()


@dataclass(frozen=True)
class Requirements:
    """The content of an input file; None where it leaves something open."""

    python: str | None
    systems: tuple[str, ...] | None
    # The default group, sorted by name.
    packages: tuple[Requirement, ...]
    # Further groups, by their normalised names (PEP 735); none is called `default`.
    groups: Mapping[str, tuple[Requirement, ...]] = field(default_factory=dict)
    # In order of preference.
    indexes: tuple[Index, ...] = ()
    # PEP 508: versions that a package must have if something asks for it.
    constraints: tuple[str, ...] = ()
    # PEP 508: what stands in place of every requirement of a package, whoever asks for it.
    overrides: tuple[str, ...] = ()
    # RFC 3339, or a date: files uploaded later are not seen.
    exclude_newer: str | None = None
    # Package → the sha256 of the files that it may have, hexadecimal, sorted; others have any.
    hashes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    # PEP 440: the versions of Python that the project runs on; `python` is one of them.
    requires_python: str | None = None
    # Given where the file is a lock; the requirements are then its roots.
    locked: Locked | None = None
    # Kind of platform (`glibc`, `macos`, `musl`) → its oldest version that files must run on.
    floors: Mapping[str, str] = field(default_factory=dict)

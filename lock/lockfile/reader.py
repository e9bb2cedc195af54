"""Reads a lock of wheelhouse (docs/sources-yaml.md), for the commands that inspect or export it."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from packaging.requirements import InvalidRequirement, Requirement

from lock.errors import UsageError
from lock.lockfile import document, licenses_section, native_section
from lock.lockfile.formats import FORMAT, is_known, number_of, refuse_newer
from lock.models.choices import SEPARATOR, Conflict
from lock.models.needs import Key, SystemNeeds
from lock.models.nix_base32 import to_hex
from lock.models.requirements import Index

T = TypeVar("T")

# What reading an item raises where something is missing or of another kind.
FAULTS = (AttributeError, InvalidRequirement, KeyError, TypeError, ValueError)
LOCK_AGAIN = "lock again, or name a file that lock wrote"


@dataclass(frozen=True)
class Dependency:
    """A dependency of a package on another one; the tuples are sorted."""

    name: str
    # Extras of the other package that it needs.
    extras: tuple[str, ...]
    # The dependent's own extras that need it; empty where it is always needed.
    of_extras: tuple[str, ...]
    systems: tuple[str, ...]
    # The choices among conflicting groups under which it holds; empty for all.
    choices: tuple[str, ...] = ()


@dataclass(frozen=True)
class Required:
    """The versions of a package of nixpkgs that somebody asks for."""

    # The dependent's name; empty for the requirements.
    by: str
    # PEP 440.
    specifier: str
    systems: tuple[str, ...]
    # As those of a dependency.
    choices: tuple[str, ...] = ()

    def data(self) -> dict[str, object]:
        """Return it as data for JSON."""
        by = {"by": self.by} if self.by else {}
        return {**by, "specifier": self.specifier, "systems": [*self.systems]}


@dataclass(frozen=True)
class Package:
    """A version of a package, with the systems that install it."""

    name: str
    version: str
    systems: tuple[str, ...]
    dependencies: tuple[Dependency, ...]
    # As those of a dependency.
    choices: tuple[str, ...] = ()
    # `nixpkgs` for a package that comes from there, whose version is unknown; else empty.
    origin: str = ""
    # The ranges that are asked for, of a package of nixpkgs.
    required: tuple[Required, ...] = ()

    @property
    def shown_version(self) -> str:
        """Return the version as people read it: where it comes from, if it is unknown."""
        return f"({self.origin})" if self.origin else self.version


@dataclass(frozen=True)
class LeftOut:
    """A package that some systems don't install, and why."""

    name: str
    version: str
    systems: tuple[str, ...]
    reason: str


@dataclass(frozen=True)
class Link:
    """A file at a URL with its sha256 (hexadecimal), a repository at a commit, or a path."""

    name: str
    package: str
    version: str
    systems: tuple[str, ...]
    url: str = ""
    sha256: str = ""
    # In bytes, if the index gave it.
    size: int | None = None
    git: str = ""
    rev: str = ""
    path: str = ""
    # As those of a dependency.
    choices: tuple[str, ...] = ()
    # Of the project in the repository or the archive; empty for the top.
    subdirectory: str = ""


@dataclass(frozen=True)
class Build:
    """The build of a source distribution."""

    package: str
    version: str
    systems: tuple[str, ...]
    # PEP 508.
    requires: tuple[str, ...]
    # Name, version and systems of each package of the build environment.
    closure: tuple[tuple[str, str, tuple[str, ...]], ...]


@dataclass(frozen=True)
class Lock:
    """The content of a lock."""

    file: Path
    # Such as "3.11" or "3.13t".
    python: str
    # System → kind of its oldest platform → version.
    systems: Mapping[str, Mapping[str, str]]
    # Group → its requirements: names with extras.
    groups: Mapping[str, tuple[Requirement, ...]]
    # What it was made from (lock.lockfile.requested), as it is written.
    requested: Mapping[str, Any]
    packages: tuple[Package, ...]
    left_out: tuple[LeftOut, ...]
    builds: tuple[Build, ...]
    links: tuple[Link, ...]
    build_links: tuple[Link, ...]
    # Group and requirement → the systems where its marker rules it out.
    ruled_out: Mapping[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)
    # Groups of which an environment may have at most one.
    conflicts: tuple[Conflict, ...] = ()
    # Name and version → what the package needs of the system.
    needs: Mapping[Key, SystemNeeds] = field(default_factory=dict)
    # Project name, or `NAME==VERSION` → the licence (lock.lockfile.licenses_section).
    licenses: Mapping[str, str] = field(default_factory=dict)
    # Project name → its versions.
    by_name: Mapping[str, tuple[Package, ...]] = field(init=False, compare=False)

    def __post_init__(self) -> None:
        by_name: defaultdict[str, tuple[Package, ...]] = defaultdict(tuple)
        for package in self.packages:
            by_name[package.name] += (package,)
        object.__setattr__(self, "by_name", dict(by_name))

    @property
    def indexes(self) -> list[Index]:
        """Return the names and the addresses of its indexes, which may have credentials."""
        return [Index(one["name"], one["url"]) for one in self.requested.get("indexes", ())]

    def on(self, name: str, system: str) -> Package | None:
        """Return the package that a system has under a name; None if it has none."""
        return next((one for one in self.by_name.get(name, ()) if system in one.systems), None)

    def has_root(self, group: str, requirement: Requirement, system: str) -> bool:
        """Return whether a requirement of a group holds on a system."""
        return system not in self.ruled_out.get((group, str(requirement)), ())


def read(file: Path) -> Lock:
    """Read a lock. Raises UsageError, which says what is wrong, for another kind of file."""
    try:
        text = file.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise UsageError(f"{file}: there is no lock; make one with `lock`") from None
    except UnicodeDecodeError:
        raise UsageError(f"{file}: the file is not UTF-8; {LOCK_AGAIN}") from None
    except OSError as error:
        raise UsageError(f"{file}: {error.strerror}; {LOCK_AGAIN}") from None
    return parse(text, file)


def parse(text: str, file: Path) -> Lock:
    """Parse the text of a lock. Raises what `read` raises."""
    # A newer format may be no text that can be read here.
    refuse_newer(number_of(text), file)
    try:
        data = document.load(text)
    except document.MalformedError as error:
        raise UsageError(f"{file}: {error}; {LOCK_AGAIN}") from None
    number = data.get("wheelhouse") if isinstance(data, dict) else None
    refuse_newer(number, file)
    if not is_known(number):
        raise UsageError(f"{file}: this is no lock of formats 1 to {FORMAT}; {LOCK_AGAIN}")
    return from_data(data, file)


def from_data(data: Mapping[str, Any], file: Path) -> Lock:
    """Return the lock of its data (docs/sources-yaml.md). Raises UsageError for a broken one."""
    try:
        return _lock(data, file)
    except FAULTS as error:
        raise UsageError(f"{file}: the lock is broken: {_fault(error)}; {LOCK_AGAIN}") from None


def _fault(error: Exception) -> str:
    """Return what is wrong with a lock, or with an item of it, as its reader came to know it."""
    if isinstance(error, _BrokenItemError):
        return str(error)
    if isinstance(error, KeyError):
        return f"it has no `{error.args[0]}`"
    if isinstance(error, InvalidRequirement):
        return " ".join(str(error).split("\n", 1)[0].split())
    return "a value is of another kind than lock writes"


class _BrokenItemError(ValueError):
    """An item of a section that lock hasn't written so."""


def _each(
    data: Mapping[str, Any], section: str, read: Callable[[Mapping[str, Any]], T]
) -> Iterator[T]:
    """Yield the items of a section as `read` makes them. Raises _BrokenItemError."""
    for number, item in enumerate(data.get(section, ()), 1):
        try:
            yield read(item)
        except FAULTS as error:
            name = isinstance(item, dict) and (item.get("name") or item.get("package"))
            which = f"{name}" if name else f"item {number}"
            raise _BrokenItemError(f"{which} in `{section}`: {_fault(error)}") from None


def _lock(data: Mapping[str, Any], file: Path) -> Lock:
    systems = tuple(data["systems"])
    return Lock(
        file,
        data["python"],
        data["systems"],
        {group: tuple(map(Requirement, texts)) for group, texts in data.get("groups", {}).items()},
        data.get("requested", {}),
        tuple(_each(data, "packages", lambda item: _package(item, systems))),
        tuple(
            _each(
                data,
                "left-out",
                lambda item: LeftOut(
                    item["name"], item["version"], _systems(item, systems), item["reason"]
                ),
            )
        ),
        tuple(_each(data, "builds", lambda item: _build(item, systems))),
        (
            *_each(data, "links", lambda item: _link(item, systems)),
            *_project_links(data, systems),
        ),
        tuple(_each(data, "build-links", lambda item: _link(item, systems))),
        dict(
            _each(
                data,
                "ruled-out",
                lambda item: (
                    (item["group"], str(Requirement(item["requirement"]))),
                    _systems(item, systems),
                ),
            )
        ),
        tuple(tuple(item.split(SEPARATOR)) for item in data.get("conflicts", ())),
        native_section.parse(data.get("native", ())),
        _licenses(data),
    )


def _licenses(data: Mapping[str, Any]) -> dict[str, str]:
    try:
        return licenses_section.parse(data.get("licenses", {}))
    except TypeError as error:
        raise _BrokenItemError(str(error)) from None


def _package(item: Mapping[str, Any], systems: tuple[str, ...]) -> Package:
    own = _systems(item, systems)
    dependencies = tuple(
        Dependency(
            dependency["name"],
            tuple(dependency.get("extras", ())),
            tuple(dependency.get("of-extras", ())),
            tuple(system for system in own if system in _systems(dependency, systems)),
            tuple(dependency.get("choices", ())),
        )
        for dependency in item.get("dependencies", ())
    )
    choices = tuple(item.get("choices", ()))
    required = tuple(
        Required(
            one.get("by", ""),
            one["specifier"],
            tuple(system for system in own if system in _systems(one, systems)),
            tuple(one.get("choices", ())),
        )
        for one in item.get("required", ())
    )
    origin = item.get("from", "")
    return Package(item["name"], item["version"], own, dependencies, choices, origin, required)


def _build(item: Mapping[str, Any], systems: tuple[str, ...]) -> Build:
    own = _systems(item, systems)
    return Build(
        item["package"],
        item["version"],
        own,
        tuple(item.get("requires", ())),
        tuple((pin["name"], pin["version"], _systems(pin, own)) for pin in item.get("closure", ())),
    )


def _link(item: Mapping[str, Any], systems: tuple[str, ...]) -> Link:
    return Link(
        item["name"],
        item["package"],
        item["version"],
        _systems(item, systems),
        url=item.get("url", ""),
        sha256=to_hex(item["sha256"]) if "sha256" in item else "",
        size=item.get("size"),
        git=item.get("git", ""),
        rev=item.get("rev", ""),
        path=item.get("path", ""),
        choices=tuple(item.get("choices", ())),
        subdirectory=item.get("subdirectory", ""),
    )


def _project_links(data: Mapping[str, Any], systems: tuple[str, ...]) -> Iterator[Link]:
    """Yield the folder of each project as a link, for the systems that install the project."""
    paths = {item["name"]: item["path"] for item in data.get("projects", ())}
    for package in data.get("packages", ()):
        name, version = package["name"], package["version"]
        if name in paths:
            own = _systems(package, systems)
            choices = tuple(package.get("choices", ()))
            yield Link(f"{name}-{version}", name, version, own, path=paths[name], choices=choices)


def _systems(item: Mapping[str, Any], systems: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(item.get("systems", systems))

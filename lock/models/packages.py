"""What was resolved: packages, the edges between them, and what each system installs."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from urllib.parse import unquote, urlsplit

from packaging.markers import InvalidMarker

from lock.errors import LockError
from lock.models.target import Target


@dataclass(frozen=True)
class File:
    """A file on an index; `sha256` is hexadecimal, `size` in bytes, None if the index is silent.

    Or, with `commit`, the repository at `url`; or, with `path`, what lies there on this machine.
    """

    name: str
    url: str
    sha256: str | None
    size: int | None
    commit: str | None = None
    # Absolute.
    path: str | None = None

    @property
    def is_folder(self) -> bool:
        """Whether it is a project's folder, and no file at all."""
        return self.commit is not None or (self.path is not None and self.sha256 is None)


def file_name(url: str) -> str:
    """The name of the file at an address (RFC 3986): what stands last in its path."""
    # Thousands of them are plain, and needn't be taken apart.
    plain = url.isprintable() and url.count("/") > 2 and "?" not in url and "#" not in url
    path = url if plain else urlsplit(url).path
    return unquote(path.rpartition("/")[2])


@dataclass(frozen=True)
class Dependency:
    """An edge to a package, with the marker (PEP 508) that decides whether it holds."""

    name: str
    # Given only where uv.lock has several versions of the package.
    version: str | None = None
    marker: str | None = None
    extras: frozenset[str] = frozenset()

    def leads_to(self, package: "Package") -> bool:
        return self.name == package.name and self.version in (None, package.version)


@dataclass(frozen=True)
class Package:
    """A version of a package."""

    name: str
    version: str
    files: tuple[File, ...] = ()
    dependencies: tuple[Dependency, ...] = ()
    # Extra → what it adds to the dependencies.
    extras: Mapping[str, tuple[Dependency, ...]] = field(default_factory=dict)
    # Whether it is built from source even where a wheel fits.
    prefer_sdist: bool = False


@dataclass(frozen=True)
class Resolution:
    """All packages that some system may install, and the edges from the requirements to them."""

    # Those of all groups.
    requirements: tuple[Dependency, ...]
    packages: tuple[Package, ...]

    @cached_property
    def _by_name(self) -> Mapping[str, list[Package]]:
        by_name: dict[str, list[Package]] = {}
        for package in self.packages:
            by_name.setdefault(package.name, []).append(package)
        return by_name

    def find(self, dependency: Dependency) -> Package:
        """The package that an edge leads to. Raises LockError when there isn't exactly one."""
        named = self._by_name.get(dependency.name, ())
        found = [package for package in named if dependency.leads_to(package)]
        if len(found) != 1:
            raise LockError(
                f"the lock has {len(found)} packages for {dependency.name} "
                f"{dependency.version or ''}, where one was expected; lock again, perhaps with "
                "another version of uv"
            )
        return found[0]

    @cached_property
    def _edges(self) -> Mapping[str, list[tuple[Package | None, str | None, Dependency]]]:
        by_name: dict[str, list[tuple[Package | None, str | None, Dependency]]] = {}
        for edge in self.requirements:
            by_name.setdefault(edge.name, []).append((None, None, edge))
        for owner in self.packages:
            for extra, edges in ((None, owner.dependencies), *owner.extras.items()):
                for edge in edges:
                    by_name.setdefault(edge.name, []).append((owner, extra, edge))
        return by_name

    def edges_to(self, package: Package) -> Iterator[tuple[Package | None, str | None, Dependency]]:
        """Each edge to a package, with its owner (None for the requirements) and owner's extra."""
        for owner, extra, edge in self._edges.get(package.name, ()):
            if edge.leads_to(package) and owner is not package:
                yield owner, extra, edge


@dataclass(frozen=True)
class Edge:
    """What a package needs on a target: a package with some of its extras."""

    name: str
    extras: frozenset[str] = frozenset()
    # The owner's extra that needs it; None when it is always needed.
    of_extra: str | None = None


@dataclass(frozen=True)
class Installation:
    """What one target installs: one version of each package, with their edges."""

    target: Target
    packages: Mapping[str, Package]
    # Package → what it needs here, of its extras only those in use.
    edges: Mapping[str, frozenset[Edge]]
    # Package → extras of it that are in use here.
    extras: Mapping[str, frozenset[str]]

    @cached_property
    def dependencies(self) -> Mapping[str, frozenset[str]]:
        """Package → names of the other packages that it needs here."""
        return {
            owner: frozenset(edge.name for edge in edges) - {owner}
            for owner, edges in self.edges.items()
        }


def install(resolution: Resolution, target: Target) -> Installation:
    """Follows the edges that hold on a target, extras included, from the requirements on.

    Raises LockError when uv's lock is not what it should be.
    """
    packages: dict[str, Package] = {}
    edges: dict[str, set[Edge]] = {}
    extras: dict[str, set[str]] = {}
    seen: set[tuple[str, str | None]] = set()
    waiting: list[tuple[str | None, str | None, Dependency]] = [
        (None, None, edge) for edge in resolution.requirements
    ]
    while waiting:
        owner, of_extra, edge = waiting.pop()
        if not _holds(edge, target):
            continue
        package = resolution.find(edge)
        if packages.setdefault(package.name, package) is not package:
            raise LockError(
                f"the lock gives {target.system.name} two versions of {package.name}; "
                "lock again, perhaps with another version of uv"
            )
        asked = frozenset(edge.extras & package.extras.keys())
        if owner is not None:
            edges.setdefault(owner, set()).add(Edge(package.name, asked, of_extra))
        in_use = extras.setdefault(package.name, set())
        in_use |= asked
        for part in (None, *sorted(in_use)):
            if (package.name, part) not in seen:
                seen.add((package.name, part))
                needed = package.dependencies if part is None else package.extras[part]
                waiting.extend((package.name, part, further) for further in needed)
    return Installation(
        target,
        dict(sorted(packages.items())),
        {name: frozenset(edges.get(name, ())) for name in packages},
        {name: frozenset(used) for name, used in extras.items()},
    )


def why_left_out(resolution: Resolution, installation: Installation, package: Package) -> str:
    """Why a target doesn't install a package that the resolution knows, in words."""
    installed = installation.packages.get(package.name)
    if installed is not None:
        return f"version {installed.version} is installed there"
    conditional: set[str] = set()
    absent: set[str] = set()
    for owner, extra, edge in resolution.edges_to(package):
        if owner is None:
            conditional.add(f"the requirements ask for it only where {edge.marker}")
        elif installation.packages.get(owner.name) is not owner:
            absent.add(f"{owner.name} {owner.version}")
        elif extra is not None and extra not in installation.extras[owner.name]:
            absent.add(f"{owner.name}[{extra}]")
        else:
            conditional.add(f"{owner.name} needs it only where {edge.marker}")
    if conditional:
        return "; ".join(sorted(conditional))
    if absent:
        verb = "needs" if len(absent) == 1 else "need"
        return f"only {', '.join(sorted(absent))} {verb} it, not installed there either"
    return "nothing that is installed there needs it"


def _holds(edge: Dependency, target: Target) -> bool:
    try:
        return target.satisfies(edge.marker)
    except InvalidMarker:
        raise LockError(
            f"the lock has the marker {edge.marker!r} on {edge.name}, which can't be read; "
            "lock again, perhaps with another version of uv"
        ) from None

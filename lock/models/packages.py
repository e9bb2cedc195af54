"""Resolved packages: their versions, files, and dependencies."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from lock.errors import LockError
from lock.models.filenames import SDIST_SUFFIXES

# Of a project whose version only its build backend knows.
UNKNOWN_VERSION = "0"


@dataclass(frozen=True)
class File:
    """A file of a package, or the folder of a project that is built.

    A file has a `url` and, if the index gives them, its `sha256` (hexadecimal) and `size` (bytes);
    where it gives another hash only, that is `other_hash` ("md5:…", hexadecimal).
    With `commit`, it is the repository at `url`; with `path`, a file or folder on this machine.
    """

    name: str
    url: str
    sha256: str | None
    size: int | None
    commit: str | None = None
    # Absolute.
    path: str | None = None
    # Where the project lies in the repository or the archive; None for the top.
    subdirectory: str | None = None
    other_hash: str | None = None

    @property
    def content(self) -> str | None:
        """Return what tells the same content of a source distribution; None for a folder."""
        below = f"/{self.subdirectory}" if self.subdirectory else ""
        return None if self.sha256 is None else self.sha256 + below

    @property
    def is_folder(self) -> bool:
        """Return whether it is a project's folder: of a repository, or on this machine."""
        is_file = self.sha256 is not None or self.name.endswith((".whl", *SDIST_SUFFIXES))
        return self.commit is not None or (self.path is not None and not is_file)

    @property
    def needs_build(self) -> bool:
        """Return whether a wheel must be built of it: a source distribution or a folder."""
        return self.is_folder or self.name.endswith(SDIST_SUFFIXES)


def project_folder(name: str, version: str | None, path: str) -> File:
    """Return the folder of a project on this machine as a package's file."""
    return File(f"{name}-{version or UNKNOWN_VERSION}", "", None, None, path=path)


def hashed(file: File, text: str) -> File:
    """Return a file with the hash in a text such as "sha256:…"; empty for none."""
    sha256, other_hash = split_hash(text)
    return replace(file, sha256=sha256 or file.sha256, other_hash=other_hash or file.other_hash)


def split_hash(text: str) -> tuple[str | None, str | None]:
    """Return the sha256 in a text such as "sha256:…", and the text if it has another hash."""
    algorithm, _, digest = text.partition(":")
    return (digest, None) if algorithm == "sha256" else (None, text if digest else None)


@dataclass(frozen=True)
class Dependency:
    """A dependency on a package, under a marker (PEP 508)."""

    name: str
    # None unless the resolution has several versions of the package.
    version: str | None = None
    marker: str | None = None
    extras: frozenset[str] = frozenset()
    # None unless the resolution has the version from several sources.
    source: str | None = None
    # PEP 440: the versions that are asked for, where the resolver hasn't decided about them.
    specifier: str = ""
    # The package that is asked for, where this one stands in its place.
    asked: str = ""

    def matches(self, package: "Package") -> bool:
        """Return whether a package is the one depended on."""
        return (
            self.name == package.name
            and self.version in (None, package.version)
            and self.source in (None, package.source)
        )


@dataclass(frozen=True)
class Package:
    """A version of a package, with its files and dependencies."""

    name: str
    version: str
    files: tuple[File, ...] = ()
    dependencies: tuple[Dependency, ...] = ()
    # Extra → the dependencies that it adds.
    extras: Mapping[str, tuple[Dependency, ...]] = field(default_factory=dict)
    # Whether it is built from source even where a wheel fits.
    prefer_sdist: bool = False
    # Tells it from the same version of another index or address; empty where nothing has to.
    source: str = ""
    # Whether it is never built from source.
    no_build: bool = False
    # Whether nixpkgs has it; then there are no files, and the version is unknown.
    from_nixpkgs: bool = False


@dataclass(frozen=True)
class Resolution:
    """All packages that some target may install, with the requirements that lead to them."""

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
        """Return the package that is depended on.

        Raises LockError unless there is exactly one.
        """
        candidates = self._by_name.get(dependency.name, ())
        matching = [package for package in candidates if dependency.matches(package)]
        if len(matching) != 1:
            raise LockError(
                f"the lock has {len(matching)} packages for {dependency.name} "
                f"{dependency.version or ''}, where one was expected; lock again, perhaps with "
                "another version of uv"
            )
        return matching[0]

    @cached_property
    def _dependents(self) -> Mapping[str, list[tuple[Package | None, str | None, Dependency]]]:
        by_name: dict[str, list[tuple[Package | None, str | None, Dependency]]] = {}
        for dependency in self.requirements:
            by_name.setdefault(dependency.name, []).append((None, None, dependency))
        for dependent in self.packages:
            for extra, listed in ((None, dependent.dependencies), *dependent.extras.items()):
                for dependency in listed:
                    by_name.setdefault(dependency.name, []).append((dependent, extra, dependency))
        return by_name

    def dependents_of(
        self, package: Package
    ) -> Iterator[tuple[Package | None, str | None, Dependency]]:
        """Yield what depends on a package: the dependent, its extra, and the dependency.

        The dependent is None for the requirements; the extra is None where it always depends.
        """
        for dependent, extra, dependency in self._dependents.get(package.name, ()):
            if dependency.matches(package) and dependent is not package:
                yield dependent, extra, dependency

"""The requirements of the user: the one model that every kind of input file is read into."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import quote

from lock.models.choices import Conflict
from lock.models.packages import Dependency, Resolution
from lock.models.times import utc_time

# The group of requirements that stand in no group; installed where no group is named.
DEFAULT_GROUP = "default"


@dataclass(frozen=True)
class Url:
    """A direct reference to a file by its URL (PEP 440), without credentials."""

    url: str
    # Of the project in an archive, relative to its only folder; None for that folder itself.
    subdirectory: str | None = None
    # Those that the file may have, as in Requirements; any where there is none.
    hashes: tuple[str, ...] = ()

    def __str__(self) -> str:
        return self.url + _fragment(self.subdirectory)

    @property
    def hashed_url(self) -> str:
        """Return the URL with its hashes behind it."""
        pairs = (one.replace(":", "=") if ":" in one else f"sha256={one}" for one in self.hashes)
        fragment = "&".join(pairs)
        return f"{self.url}#{fragment}" if fragment else self.url


@dataclass(frozen=True)
class Git:
    """A direct reference to a repository; `rev` is a commit, a tag or a branch, if it is given."""

    url: str
    rev: str | None = None
    # Of the project in the repository; None for its top.
    subdirectory: str | None = None

    def __str__(self) -> str:
        rev = f"@{self.rev}" if self.rev else ""
        return f"git+{self.url}{rev}{_fragment(self.subdirectory)}"


def _fragment(subdirectory: str | None) -> str:
    return f"#subdirectory={quote(subdirectory)}" if subdirectory else ""


@dataclass(frozen=True)
class Local:
    """A direct reference to a project or a file on this machine.

    `path` is absolute, `written` is what the user wrote.
    """

    path: str
    written: str

    def __str__(self) -> str:
        return Path(self.path).as_uri()

    @property
    def is_project(self) -> bool:
        """Return whether it is a project's folder, and not a file."""
        return Path(self.path).is_dir()


Reference = Url | Git | Local


@dataclass(frozen=True)
class Origin:
    """Where a package comes from, where a marker (PEP 508) holds: an index or a reference."""

    marker: str | None
    # The name of the only index that may have it.
    index: str | None = None
    reference: Reference | None = None


@dataclass(frozen=True)
class Requirement:
    """A requirement of the user; `name` and `extras` are normalized (PEP 503, PEP 685)."""

    name: str
    extras: tuple[str, ...]
    # PEP 440, empty for any version.
    specifier: str
    # PEP 508.
    marker: str | None
    # Requirements (PEP 508) that its build has beside what it declares, sorted.
    build_requires: tuple[str, ...] = ()
    # Whether it is built from source even where a wheel fits.
    prefer_sdist: bool = False
    # The name of the only index that may have it; None for all but the explicit ones.
    index: str | None = None
    # Where it comes from instead of an index; `specifier` is then empty.
    reference: Reference | None = None
    # Where it comes from by markers that exclude each other, and from any index elsewhere.
    origins: tuple[Origin, ...] = ()
    # PEP 440: the version that is asked for, though the reference decides alone.
    unheeded: str = field(default="", compare=False)

    def __str__(self) -> str:
        """Return the requirement in PEP 508's form."""
        extras = f"[{','.join(self.extras)}]" if self.extras else ""
        marker = f" ; {self.marker}" if self.marker else ""
        version = f" @ {self.reference}" if self.reference else self.specifier
        return f"{self.name}{extras}{version}{marker}"


@dataclass(frozen=True)
class Project:
    """A project of the user: a folder that a wheel is built of."""

    # Normalized.
    name: str
    # None where only the build backend knows it.
    version: str | None
    # Absolute.
    path: str
    # What it depends on; None where only the build backend knows it.
    dependencies: tuple[Requirement, ...] | None = ()
    # Extra → what it adds; without requirements where only the build backend knows them.
    extras: Mapping[str, tuple[Requirement, ...]] = field(default_factory=dict)
    # The names of its programs, sorted, as far as they are declared.
    programs: tuple[str, ...] = ()
    # What its build declares to need (PEP 508, PEP 518), sorted.
    build_requires: tuple[str, ...] = ()
    # Files that its metadata is made of beside pyproject.toml, relative to the folder, sorted.
    documents: tuple[str, ...] = ()
    # Whether the requirements are those of this project, and not of one that depends on it.
    is_own: bool = False
    # Of the files that decide what only the build backend knows (sha256, hexadecimal).
    digest: str = ""
    # PEP 440: the versions of Python that it runs on.
    requires_python: str | None = None

    def every_requirement(self) -> list[Requirement]:
        """Return what it depends on, with all its extras."""
        return [
            *(self.dependencies or ()),
            *(one for listed in self.extras.values() for one in listed),
        ]


@dataclass(frozen=True)
class Index:
    """A package index (PEP 503, PEP 691)."""

    name: str
    # Empty for uv's default index, which the machine names, where it has a place among others.
    url: str
    # Whether it is used only for requirements that name it.
    explicit: bool = False
    # Whether it replaces uv's default index.
    default: bool = False
    # Whether it is one page of links, as for pip's `--find-links`.
    flat: bool = False
    # How long its files and its pages may be cached (RFC 9111, Cache-Control), if that is known.
    files_cache_control: str | None = None
    pages_cache_control: str | None = None
    # Whether it is written by its address alone (`index-url`, `extra-index-url`, `find-links`):
    # then the user's variables come before it, and a page of links is looked at with every index.
    unnamed: bool = False
    # uv's settings of an index by these names; a time or span, or "false" for none.
    exclude_newer: str = ""
    authenticate: str = ""
    ignore_error_codes: tuple[int, ...] = ()
    # What the user wrote, where that is a path on this machine; `url` is then absolute.
    written: str = ""


# Stands for every project in the lists of names of `Settings`, as in pip's options.
ALL = ":all:"


@dataclass(frozen=True)
class Metadata:
    """What a user declares instead of a package's own metadata, as far as it decides."""

    # Normalized.
    name: str
    # None for every version.
    version: str | None = None
    # PEP 508.
    requires: tuple[str, ...] = ()
    extras: tuple[str, ...] = ()
    requires_python: str | None = None


@dataclass(frozen=True)
class Settings:
    """What changes which versions and files are chosen; empty where uv's default holds.

    Names are normalized; lists of names are sorted, and may hold ALL.
    """

    # uv's settings of these names.
    resolution: str = ""
    prerelease: str = ""
    index_strategy: str = ""
    fork_strategy: str = ""
    # Project name → one of the values of `prerelease`.
    prerelease_of: Mapping[str, str] = field(default_factory=dict)
    # Project name → a time or a span as in `exclude_newer`, or "false" for none.
    exclude_newer_of: Mapping[str, str] = field(default_factory=dict)
    # Projects that nothing installs, whatever depends on them.
    excluded: tuple[str, ...] = ()
    # PEP 508: versions that a package must have where a build depends on it.
    build_constraints: tuple[str, ...] = ()
    metadata: tuple[Metadata, ...] = ()
    # Projects that are built from source even where a wheel fits, beside `prefer_sdist`.
    no_binary: tuple[str, ...] = ()
    # Projects that are never built from source.
    no_build: tuple[str, ...] = ()
    # Project name → the name of the only index that may have it where a build depends on it.
    build_index_of: Mapping[str, str] = field(default_factory=dict)
    # Whether no index is asked, so that files come from pages of links only.
    no_index: bool = False
    # Project name → requirements (PEP 508) that its build has beside what it declares, whether the
    # user requires it or another package does.
    build_requires: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    # The same with requirements that a build has in the version that runs with it.
    match_runtime: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    # Environment variables that tell how indexes are reached; they decide nothing.
    variables: Mapping[str, str] = field(default_factory=dict, compare=False)


@dataclass(frozen=True)
class Locked:
    """Versions and files that another tool has locked, so that nothing is resolved."""

    resolution: Resolution
    # The sha256 of the lock file, hexadecimal.
    digest: str
    # PEP 508: it is for environments where one of these markers holds; empty for everywhere.
    environments: tuple[str, ...] = ()
    # Group → the requirements of `resolution` that are its own; no empty ones.
    roots: Mapping[str, tuple[Dependency, ...]] = field(default_factory=dict)
    # Where groups exclude each other: what is locked for each choice among them.
    of_choice: Mapping[str, "Locked"] = field(default_factory=dict)
    # Project name → the name of the only index that may have it.
    index_of: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Requirements:
    """The content of an input file; None for what it leaves open."""

    python: str | None
    systems: tuple[str, ...] | None
    # The default group, sorted by name.
    packages: tuple[Requirement, ...]
    # Further groups, by their normalized names (PEP 735); none is called `default`.
    groups: Mapping[str, tuple[Requirement, ...]] = field(default_factory=dict)
    # In order of preference.
    indexes: tuple[Index, ...] = ()
    # PEP 508: versions that a package must have if something depends on it.
    constraints: tuple[str, ...] = ()
    # PEP 508: replace every requirement of the same package.
    overrides: tuple[str, ...] = ()
    # RFC 3339, or a date: files uploaded later are ignored.
    exclude_newer: str | None = None
    # Project name → the hashes that its files may have, sorted: sha256 (hexadecimal), or others as
    # `sha512:…`. Packages without an entry may have any; with an entry for ALL they have none.
    hashes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    # PEP 440: the versions of Python that the project runs on; `python` is one of them.
    requires_python: str | None = None
    # Set where the file is a lock; the requirements are then its roots.
    locked: Locked | None = None
    # Kind of platform (`glibc`, `macos`, `musl`) → the oldest version that files must run on.
    floors: Mapping[str, str] = field(default_factory=dict)
    # Those that the requirements refer to by their folders, directly or through others.
    projects: tuple[Project, ...] = ()
    # The groups that are locked, sorted; empty for all of them.
    only_groups: tuple[str, ...] = ()
    # The members of the workspace that are locked (normalized, sorted); empty for all of them.
    only_members: tuple[str, ...] = ()
    settings: Settings = field(default_factory=Settings)
    # Groups of which an environment may have at most one.
    conflicts: tuple[Conflict, ...] = ()
    # PEP 508: only systems where one of these markers holds are locked; empty for all.
    environments: tuple[str, ...] = ()
    # Normalized names of packages that come from nixpkgs, whoever requires them, sorted.
    from_nixpkgs: tuple[str, ...] = ()
    # Project name → the one that stands in its place, whoever requires it; both normalized.
    replaced: Mapping[str, str] = field(default_factory=dict)
    # What the user is told once: lines that name their file.
    notes: tuple[str, ...] = field(default=(), compare=False)

    def by_group(self) -> dict[str, Sequence[Requirement]]:
        """Return the requirements by their groups, the default group first if it has any."""
        default = {DEFAULT_GROUP: self.packages} if self.packages else {}
        return {**default, **dict(sorted(self.groups.items()))}

    def every_requirement(self) -> list[Requirement]:
        """Return the requirements of all groups, and those of the projects."""
        return [
            *(requirement for listed in self.by_group().values() for requirement in listed),
            *(one for project in self.projects for one in project.every_requirement()),
        ]

    @property
    def every_hash(self) -> Mapping[str, tuple[str, ...]]:
        """Return `hashes` with those that direct references have behind their addresses."""
        found = {name: {*hashes} for name, hashes in self.hashes.items()}
        for one in self.every_requirement():
            for reference in (one.reference, *(origin.reference for origin in one.origins)):
                if isinstance(reference, Url) and reference.hashes:
                    found.setdefault(one.name, set()).update(reference.hashes)
        return {name: tuple(sorted(hashes)) for name, hashes in sorted(found.items())}

    @property
    def index_of(self) -> dict[str, str]:
        """Return, by project name, the name of the only index that may have it."""
        return {
            name: origins[0].index
            for name, origins in self.origins_of.items()
            if len(origins) == 1 and origins[0].index and not origins[0].marker
        }

    @property
    def origins_of(self) -> dict[str, tuple[Origin, ...]]:
        """Return, by project name, the indexes and references that its requirements name.

        Where requirements of one project name several indexes, each holds under its marker.
        """
        indexes: dict[str, dict[Origin, None]] = {}
        origins: dict[str, dict[Origin, None]] = {}
        for package in self._by_name():
            if package.index:
                origin = Origin(package.marker, package.index)
                indexes.setdefault(package.name, {})[origin] = None
            origins.setdefault(package.name, {}).update(dict.fromkeys(package.origins))
        for name, listed in indexes.items():
            if len({origin.index for origin in listed}) == 1:
                listed = {replace(origin, marker=None): None for origin in listed}
            origins.setdefault(name, {}).update(listed)
        return {name: tuple(listed) for name, listed in origins.items() if listed}

    @property
    def build_requires(self) -> dict[str, tuple[str, ...]]:
        """Return, by project name, the requirements that its build has beside the declared ones."""
        return dict(self.settings.build_requires) | {
            package.name: package.build_requires
            for package in self._by_name()
            if package.build_requires
        }

    @property
    def prefer_sdist(self) -> list[str]:
        """Return the names of the projects that are built from source even where a wheel fits."""
        named = [package.name for package in self._by_name() if package.prefer_sdist]
        return [*dict.fromkeys([*named, *self.settings.no_binary])]

    def _by_name(self) -> list[Requirement]:
        return sorted(self.every_requirement(), key=lambda package: package.name)

    @property
    def exclude_newer_time(self) -> str | None:
        """Return `exclude_newer` in UTC (RFC 3339). Raises UsageError where it is no time."""
        return utc_time(self.exclude_newer) if self.exclude_newer else None

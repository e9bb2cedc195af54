"""What one run of uv resolves, and its outcome."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import urlencode

from lock.models.formats import Formats
from lock.models.requirements import (
    Git,
    Index,
    Local,
    Metadata,
    Origin,
    Requirement,
    Requirements,
    Settings,
)
from lock.models.target import Target


@dataclass(frozen=True)
class Member:
    """A project that requirements of a request name; it is resolved with them."""

    name: str
    version: str
    # PEP 508.
    requirements: Sequence[str] = ()
    # Extra → the requirements that it adds.
    extras: Mapping[str, Sequence[str]] = field(default_factory=dict)
    # Where its build backend must be asked for the requirements: a copy of the project.
    folder: Path | None = None


@dataclass(frozen=True)
class Request:
    """Requirements (PEP 508) to resolve for some targets by one run of `uv lock`."""

    # The name of the folder that uv runs in.
    name: str
    requirements: Sequence[str]
    targets: Sequence[Target]
    # Group (PEP 735) → further requirements, which must agree with the others.
    groups: Mapping[str, Sequence[str]] = field(default_factory=dict)
    # PEP 508: versions that a package must have if something depends on it.
    constraints: Sequence[str] = ()
    # PEP 508: replace every requirement of the same package.
    overrides: Sequence[str] = ()
    # Project name → where it comes from; any index where there is none, and elsewhere.
    origins: Mapping[str, Sequence[Origin]] = field(default_factory=dict)
    # As in Requirements.
    hashes: Mapping[str, Collection[str]] = field(default_factory=dict)
    # Name and version of packages whose own dependencies are ignored.
    without_dependencies: Sequence[tuple[str, str]] = ()
    # What is declared in place of metadata that can't be built.
    declared: Sequence[Metadata] = ()
    # Whether index pages must be read anew, however recently they were read.
    fresh: bool = True
    # Whether it is what a build needs: settings about the user's own requirements don't hold.
    is_build: bool = False
    members: Sequence[Member] = ()
    # Projects that come from nixpkgs, and those that others stand for, as in Requirements.
    from_nixpkgs: Collection[str] = ()
    replaced: Mapping[str, str] = field(default_factory=dict)
    # Projects that nothing installs, whoever depends on them.
    excluded: Sequence[str] = ()
    # The members that only stand for packages (lock.resolution.stand_ins).
    stand_ins: frozenset[str] = frozenset()

    def every_requirement(self) -> Iterator[str]:
        """Yield the requirements of all groups and members."""
        yield from self.requirements
        for listed in self.groups.values():
            yield from listed
        for member in self.members:
            yield from member.requirements
            for listed in member.extras.values():
                yield from listed


@dataclass(frozen=True)
class Outcome:
    """The end of a run of `uv lock`: 0 done, 1 unsatisfiable or a failed build, 2 other errors."""

    exit_code: int
    # The content of uv.lock; empty where there is none.
    lock: str
    messages: str


@dataclass(frozen=True)
class Options:
    """What holds for every request, those for builds included."""

    # Project name → requirements (PEP 508) that its build has beside what it declares.
    build_requires: Mapping[str, Sequence[str]] = field(default_factory=dict)
    # Projects that are built from source even where a wheel fits.
    prefer_sdist: Collection[str] = ()
    # In order of preference.
    indexes: Sequence[Index] = ()
    # RFC 3339: files uploaded later are ignored.
    exclude_newer: str | None = None
    settings: Settings = field(default_factory=Settings)
    # Projects that come by direct references; which of their formats is taken is said there.
    direct: frozenset[str] = frozenset()
    # Whether what packages need of the system is looked at.
    native: bool = True

    @property
    def formats(self) -> Formats:
        """Return which formats of packages may be taken."""
        return Formats(self.prefer_sdist, self.settings.no_build)


@dataclass(frozen=True)
class Preference:
    """A version that uv chooses where it can."""

    name: str
    version: str
    # uv compares it only where the package has an index of its own.
    registry: str = "."
    # PEP 508: where it holds; empty for everywhere.
    markers: tuple[str, ...] = ()
    # The choices among groups that exclude each other that have it; empty for all.
    choices: tuple[str, ...] = ()
    # The repository with its query and commit, as uv.lock has it; empty for an index's version.
    git: str = ""


@dataclass(frozen=True)
class Preferences:
    """The versions that an existing lock has: for the environment, and for builds."""

    environment: tuple[Preference, ...] = ()
    builds: tuple[Preference, ...] = ()


def options_of(requirements: Requirements) -> Options:
    """Return the options that some requirements imply."""
    return Options(
        requirements.build_requires,
        requirements.prefer_sdist,
        requirements.indexes,
        requirements.exclude_newer_time,
        requirements.settings,
        frozenset(one.name for one in requirements.every_requirement() if one.reference),
    )


def request_of(
    requirements: Requirements,
    targets: Sequence[Target],
    members: Sequence[Member] = (),
) -> Request:
    """Return the request to resolve some requirements, of all groups, for some targets.

    `members` are the requirements' projects.
    """
    return Request(
        "all",
        texts(requirements.packages),
        targets,
        {group: texts(listed) for group, listed in requirements.groups.items()},
        requirements.constraints,
        requirements.overrides,
        requirements.origins_of,
        requirements.every_hash,
        members=members,
        from_nixpkgs=requirements.from_nixpkgs,
        replaced=requirements.replaced,
        excluded=requirements.settings.excluded,
    )


def of_commit(name: str, version: str, reference: Git, commit: str) -> Preference:
    """Return the preference for a commit of a repository that a requirement names."""
    query = {"subdirectory": reference.subdirectory, "rev": reference.rev}
    given = urlencode({key: value for key, value in query.items() if value}, safe="/")
    return Preference(name, version, git=f"{reference.url}{given and '?'}{given}#{commit}")


def of_origins(
    preferences: Iterable[Preference], request: Request, indexes: Iterable[Index]
) -> Iterator[Preference]:
    """Yield preferences, those of packages that name their indexes once for each of these."""
    urls = {index.name: index.url for index in indexes}
    for preference in preferences:
        if preference.git:
            yield preference
            continue
        named = [one.index for one in request.origins.get(preference.name, ()) if one.index]
        registries = dict.fromkeys(urls[name] for name in named if name in urls)
        if not registries:
            yield preference
        for registry in registries:
            yield replace(preference, registry=registry)


def texts(requirements: Iterable[Requirement]) -> list[str]:
    """Return requirements in PEP 508's form, with projects by their names alone."""
    return [
        str(
            replace(one, reference=None)
            if isinstance(one.reference, Local) and one.reference.is_project
            else one
        )
        for one in requirements
    ]


def marker_of(having: Sequence[Target], targets: Sequence[Target]) -> str:
    """Return the marker (PEP 508), with its semicolon, of some of the targets; empty for all."""
    if len(having) == len(targets):
        return ""
    return " ; " + " or ".join(f"({target.uv_environment()})" for target in having)

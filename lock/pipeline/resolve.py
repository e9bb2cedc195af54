"""Resolves requirements and selects files, with older versions where the newest have none.

uv knows neither the oldest platform that files must run on, nor free-threaded builds. So it may
choose a version that has no file for a target; that version is then excluded there, and uv runs
again.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from importlib import import_module
from types import MappingProxyType
from typing import TYPE_CHECKING

from lock.errors import LockError, UnsatisfiableError
from lock.models.packages import Resolution
from lock.models.requirements import Project, Requirements
from lock.models.target import Target
from lock.pipeline.failure import resolution_error
from lock.resolution import stand_ins
from lock.resolution.request import Outcome, Preference, Request
from lock.resolution.stand_ins import PutBack
from lock.resolution.uv import Resolver, Run
from lock.resolution.uv_lock import parse
from lock.resolution.uv_project import ROOT
from lock.selection.hashes import only_allowed
from lock.selection.select import NoFileError, Selection, select

if TYPE_CHECKING:
    from lock.pipeline.unbuilt import Unbuilt

# How many versions are tried before the search is given up: each one is a run of uv.
ATTEMPTS = 25


@dataclass(frozen=True)
class Refusal:
    """The newest version of a package, which a system can't take, and why."""

    name: str
    system: str
    version: str
    reason: str


@dataclass(frozen=True)
class Resolved:
    """What uv resolved, what is selected of it, and the newer versions that were refused."""

    outcome: Outcome
    selection: Selection
    refusals: Collection[Refusal] = ()
    # Remarks for the user that don't end the run.
    notes: Sequence[str] = ()
    # The replaced and the excluded packages that nothing asks for.
    unused: frozenset[str] = frozenset()


@dataclass
class _Search:
    """The state of a search for versions that have a file on every system."""

    preferences: Sequence[Preference]
    constraints: list[str] = field(default_factory=list)
    # For each package and system only the first refusal: of the version that uv chose by itself.
    refusals: dict[tuple[str, str], Refusal] = field(default_factory=dict)
    # Replaced package → the extras that are asked of it, as far as they are known.
    extras: dict[str, frozenset[str]] = field(default_factory=dict)
    # By name and version, those whose metadata can't be built here.
    unbuilt: dict[tuple[str, str], "Unbuilt"] = field(default_factory=dict)

    def exclude(self, error: NoFileError, targets: Sequence[Target]) -> None:
        """Exclude versions without a file: first the preferred ones, then one by one."""
        names = {name for name, _, _ in error.missing}
        if names & {preference.name for preference in self.preferences}:
            self.preferences = [one for one in self.preferences if one.name not in names]
            return
        systems = {target.system.name: target.system for target in targets}
        for (name, version, reason), missing in error.missing.items():
            for system in missing:
                self.constraints.append(f"{name}<{version} ; {systems[system].marker}")
                refusal = Refusal(name, system, version, reason)
                self.refusals.setdefault((name, system), refusal)

    def add_extras(self, extras: Mapping[str, frozenset[str]]) -> bool:
        """Note extras that are asked of replaced packages; return whether there are new ones."""
        new = {
            name: found | self.extras.get(name, frozenset())
            for name, found in extras.items()
            if not found <= self.extras.get(name, frozenset())
        }
        self.extras.update(new)
        return bool(new)

    def add_unbuilt(self, outcome: Outcome) -> bool:
        """Note a version whose metadata can't be built here; return whether it is a new one."""
        # Imported here because builds of metadata seldom fail.
        from lock.pipeline.unbuilt import unbuilt

        found = unbuilt(outcome)
        if found is None:
            return False
        key = found.metadata.name, found.metadata.version or ""
        is_new = key not in self.unbuilt
        self.unbuilt.setdefault(key, found)
        return is_new

    def has_refusal(self, target: Target) -> bool:
        """Return whether a target takes older versions; uv lets the targets after it follow."""
        return any(system == target.system.name for _, system in self.refusals)


def resolve(
    resolver: Resolver,
    request: Request,
    origin: str,
    preferences: Sequence[Preference],
    projects: Mapping[str, Project] = MappingProxyType({}),
) -> Resolved:
    """Resolve a request, and select the files of its targets.

    `projects` are the request's members, by their names.

    Raises UnsatisfiableError where nothing satisfies the requirements, and where no older version
    has a file; UsageError where uv or an index fails.
    """
    ours = stand_ins.names(request)
    search = _Search([one for one in preferences if one.name not in ours])
    put_back = _putting_back(resolver, request) if ours else None
    first_error: NoFileError | None = None
    for attempt in range(ATTEMPTS):
        outcome = _run(resolver, request, search, attempt)
        if outcome.exit_code != 0:
            if first_error is None and search.add_unbuilt(outcome):
                continue
            if first_error is None:
                asked = stand_ins.with_members(request, search.extras)
                raise resolution_error(resolver, asked, origin, outcome, preferences)
            break
        resolution = _parse(outcome, resolver, projects, origin)
        if search.unbuilt and _learn_requirements(resolver, request, search, resolution, origin):
            continue
        found = put_back(resolution, outcome.lock) if put_back else PutBack(resolution)
        if search.add_extras(found.extras):
            # uv has left out what these extras add.
            continue
        try:
            resolution = _allowed(resolver, request, found.resolution, origin)
            selection = select_for(resolver, resolution, request.targets, origin)
        except NoFileError as error:
            first_error = first_error or error
            search.exclude(error, request.targets)
        else:
            notes = [*found.notes, *(one.note() for one in search.unbuilt.values())]
            return Resolved(outcome, selection, search.refusals.values(), notes, found.unused)
    raise first_error or AssertionError


def select_for(
    resolver: Resolver, resolution: Resolution, targets: Sequence[Target], origin: str
) -> Selection:
    """Select what some targets install.

    Raises LockError, which names `origin`: NoFileError where a target has no file of a package.
    """
    try:
        return select(resolution, targets, resolver.file_hashes)
    except NoFileError as error:
        raise NoFileError(f"{origin}: {error}", error.missing) from None
    except LockError as error:
        raise type(error)(f"{origin}: {error}") from None


def check_not_empty(
    selections: Iterable[Selection],
    requirements: Requirements,
    targets: Sequence[Target],
    origin: str,
) -> None:
    """Raise UnsatisfiableError, which names `origin`, where no target installs anything."""
    found = [*selections]
    is_resolved = any(selection.resolution.packages for selection in found)
    if not (is_resolved or requirements.every_requirement()):
        raise UnsatisfiableError(f"{origin}: it has no packages; there is nothing to lock")
    if not any(one.packages for selection in found for one in selection.installations):
        names = ", ".join(target.system.name for target in targets)
        raise UnsatisfiableError(
            f"{origin}: the markers rule every package out on {names}; there is nothing to lock"
        )


def _run(resolver: Resolver, request: Request, search: _Search, attempt: int) -> Outcome:
    constrained = replace(
        request,
        name=f"{request.name}-{attempt}",
        targets=sorted(request.targets, key=search.has_refusal),
        constraints=[*request.constraints, *search.constraints],
        declared=[one.metadata for one in search.unbuilt.values()],
    )
    constrained = stand_ins.with_members(constrained, search.extras)
    with resolver.locking(constrained, search.preferences) as run:
        _prepare(request.targets, run, native=resolver.options.native)
        return run.outcome()


def _learn_requirements(
    resolver: Resolver,
    request: Request,
    search: _Search,
    resolution: Resolution,
    origin: str,
) -> bool:
    """Find out what versions require whose metadata can't be built; return whether uv runs again.

    Raises the error of their build where that isn't known.
    """
    from lock.pipeline.unbuilt import with_requirements

    is_new = False
    for key, one in search.unbuilt.items():
        if one.is_known:
            continue
        found = with_requirements(one, resolver, resolution)
        if found is None:
            raise resolution_error(resolver, request, origin, one.outcome, search.preferences)
        search.unbuilt[key] = found
        is_new = is_new or bool(found.metadata.requires)
    return is_new


def _prepare(targets: Sequence[Target], run: Run, *, native: bool) -> None:
    """Load and compute, while uv runs, what its outcome is read with.

    What isn't needed at once comes last, and keeps nobody waiting.
    """
    import_module("tomli")
    for target in targets:
        target.platforms, target.pythons  # noqa: B018
    if native and not run.has_ended():
        import_module("lock.pipeline.system_needs")


def _parse(
    outcome: Outcome, resolver: Resolver, projects: Mapping[str, Project], origin: str
) -> Resolution:
    try:
        return parse(outcome.lock, ROOT, resolver.options.formats, projects)
    except LockError as error:
        raise type(error)(f"{origin}: {error}") from None


def _putting_back(resolver: Resolver, request: Request) -> Callable[[Resolution, str], PutBack]:
    """Return what puts the edges of a uv.lock back, as they are asked for."""
    # Imported here because few requests have packages of nixpkgs, or replaced ones.
    from lock.builds.requires_dist import RequiresDist
    from lock.pipeline.stand_ins import put_back

    reader = RequiresDist(resolver)
    metadata = resolver.options.settings.metadata
    return lambda resolution, lock: put_back(resolution, request, lock, metadata, reader)


def _allowed(
    resolver: Resolver, request: Request, resolution: Resolution, origin: str
) -> Resolution:
    """Return a resolution with the files that have one of the request's hashes."""
    try:
        hashes = _hashes(resolver, request, resolution)
        return only_allowed(resolution, hashes, resolver.file_hashes)
    except LockError as error:
        raise type(error)(f"{origin}: {error}") from None


def _hashes(
    resolver: Resolver, request: Request, resolution: Resolution
) -> Mapping[str, Collection[str]]:
    """Return the hashes of a request, all of them sha256."""
    if not request.hashes:
        return request.hashes
    # Imported here because few requirements have hashes.
    from lock.selection.other_hashes import as_sha256

    return as_sha256(resolution, request.hashes, request.targets, resolver.file_hashes)

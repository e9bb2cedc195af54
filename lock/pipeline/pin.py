"""Makes one lock: requirements are resolved, files selected, builds pinned."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from lock.errors import LockError, UsageError
from lock.lockfile.sources import Sources
from lock.models.choices import SEPARATOR, choices
from lock.models.requirements import Requirements
from lock.models.target import Target
from lock.pipeline.group_choice import of_choice
from lock.pipeline.resolve import check_not_empty, resolve, select_for
from lock.pipeline.supported_targets import check_supported
from lock.pipeline.warnings import (
    hashed_here,
    ignored_variables,
    unused_names,
    warnings_of,
)
from lock.resolution import uv_lock
from lock.resolution.request import Member, Preference, Preferences, request_of
from lock.resolution.uv import Resolver
from lock.selection.select import Selection


def pin(
    resolver: Resolver,
    requirements: Requirements,
    targets: Sequence[Target],
    origin: str,
    preferences: Preferences,
) -> tuple[Sources, list[str]]:
    """Return the lock of some requirements for some targets, and warnings.

    `origin`, the file of the requirements, is named in messages. Preferred versions are chosen
    where they serve.

    Raises UnsatisfiableError where nothing satisfies the requirements, UsageError where uv or an
    index fails.
    """
    check_supported(requirements, targets, origin)
    try:
        every_choice = choices(requirements.conflicts)
    except UsageError as error:
        raise UsageError(f"{origin}: {error}") from None

    pinned: dict[str, _Pinned] = {}
    for choice in every_choice:
        # Choices agree on the versions that they can agree on.
        earlier = [version for one in pinned.values() for version in one.versions]
        known = _without_others(preferences.environment, earlier, choice)
        pinned[choice] = _pin_choice(resolver, requirements, targets, origin, known, choice)
    check_not_empty((one.selection for one in pinned.values()), requirements, targets, origin)
    sources = Sources(
        {choice: one.selection for choice, one in pinned.items()},
        requirements,
        notes=[*dict.fromkeys(note for one in pinned.values() for note in one.notes)],
    )
    every = chain.from_iterable(one.versions for one in pinned.values())
    # uv takes each version once; choices that differ in one leave builds free to take either.
    versions = every if len(pinned) == 1 and requirements.locked is None else _once(every)
    warnings = [
        *ignored_variables(resolver.user_environment),
        *(warning for one in pinned.values() for warning in one.warnings),
        *unused_names(
            requirements, frozenset.intersection(*(one.unused for one in pinned.values())), origin
        ),
    ]
    sources = _with_builds(resolver, sources, chain(versions, preferences.builds), origin)
    warnings += hashed_here(resolver.file_hashes.downloaded, origin)
    return sources, [*dict.fromkeys(warnings)]


@dataclass(frozen=True)
class _Pinned:
    """What is selected for one choice among groups that exclude each other."""

    selection: Selection
    # What was resolved, to be read as often as needed.
    lock: str = ""
    warnings: Sequence[str] = ()
    # Remarks for the user that don't end the run.
    notes: Sequence[str] = ()
    # The replaced and the excluded packages that nothing asks for.
    unused: frozenset[str] = frozenset()

    @property
    def versions(self) -> Iterator[Preference]:
        """Yield the versions of what was resolved."""
        if self.lock:
            yield from uv_lock.versions(self.lock)
            return
        for package in self.selection.resolution.packages:
            yield Preference(package.name, package.version)


def _without_others(
    existing: Iterable[Preference], earlier: Iterable[Preference], choice: str
) -> list[Preference]:
    """Return the preferences of a choice: those of the existing lock, then of earlier choices."""
    own = [one for one in existing if choice in (one.choices or (choice,))]
    names = {one.name for one in own}
    versions = {(one.name, one.version, one.registry): one for one in earlier}
    return [*own, *(one for one in versions.values() if one.name not in names)]


def _once(versions: Iterable[Preference]) -> Iterator[Preference]:
    """Yield each version once."""
    yield from {(one.name, one.version): one for one in versions}.values()


def _pin_choice(
    resolver: Resolver,
    requirements: Requirements,
    targets: Sequence[Target],
    origin: str,
    preferences: Sequence[Preference],
    choice: str,
) -> _Pinned:
    """Resolve and select what one choice has. Raises what `pin` raises."""
    if requirements.conflicts:
        requirements = of_choice(requirements, choice)
        resolver = resolver.in_folder(f"choice-{choice}")
    if requirements.locked is not None:
        return _Pinned(_select_locked(resolver, requirements, targets, origin))
    request = request_of(requirements, targets, _members(resolver, requirements, targets))
    projects = {project.name: project for project in requirements.projects}
    try:
        resolved = resolve(resolver, request, origin, preferences, projects)
    except LockError as error:
        if not choice:
            raise
        reason = str(error).removeprefix(f"{origin}: ")
        groups = choice.replace(SEPARATOR, " and ")
        raise type(error)(f"{origin}: with {groups}: {reason}") from None
    return _Pinned(
        resolved.selection,
        resolved.outcome.lock,
        warnings_of(resolved, requirements, origin),
        resolved.notes,
        resolved.unused,
    )


def _members(
    resolver: Resolver, requirements: Requirements, targets: Sequence[Target]
) -> list[Member]:
    """Return the projects of some requirements as members of a request."""
    if not requirements.projects:
        return []
    # Imported here because most requirements have no project.
    from lock.pipeline.members import member

    python = targets[0].python_version
    return [member(project, resolver, python) for project in requirements.projects]


def _select_locked(
    resolver: Resolver, requirements: Requirements, targets: Sequence[Target], origin: str
) -> Selection:
    """Select files of the lock of another tool. Raises what `pin` raises."""
    # Imported here because few inputs are locks.
    from lock.pipeline.file_urls import with_urls

    resolution = with_urls(resolver, requirements, targets, origin)
    return select_for(resolver, resolution, targets, origin)


def _with_builds(
    resolver: Resolver, sources: Sources, preferences: Iterable[Preference], origin: str
) -> Sources:
    """Return a lock with the builds that it needs; the preferences are read only for them."""
    if not sources.needs_builds:
        return sources
    # Imported here because most locks have wheels only.
    from lock.builds.closure import pin_builds

    pinned = pin_builds(resolver, sources.selections.values(), [*preferences], origin)
    return replace(
        sources, builds=pinned.builds, needs=pinned.needs, notes=[*sources.notes, *pinned.notes]
    )

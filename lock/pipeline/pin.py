"""Makes one lock: requirements are resolved, files selected, builds pinned."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import chain

from lock.lockfile.sources import Sources, sources_of
from lock.models.requirements import Requirements
from lock.models.target import Target
from lock.pipeline.resolve import resolve, select_for
from lock.pipeline.supported_targets import check_supported
from lock.pipeline.warnings import ignored_variables, warnings_of
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
    versions: Iterator[Preference]
    if requirements.locked is None:
        request = request_of(requirements, targets, _members(resolver, requirements, targets))
        projects = {project.name: project for project in requirements.projects}
        resolved = resolve(resolver, request, origin, preferences.environment, projects)
        selection = resolved.selection
        versions = uv_lock.versions(resolved.outcome.lock)
        warnings = warnings_of(resolved, requirements, origin)
    else:
        selection = _select_locked(resolver, requirements, targets, origin)
        versions = (
            Preference(package.name, package.version) for package in selection.resolution.packages
        )
        warnings = []
    warnings = [*ignored_variables(resolver.user_environment), *warnings]
    sources = sources_of(selection, requirements)
    return _with_builds(resolver, sources, chain(versions, preferences.builds), origin), warnings


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
    return select_for(resolution, targets, origin)


def _with_builds(
    resolver: Resolver, sources: Sources, preferences: Iterable[Preference], origin: str
) -> Sources:
    """Return a lock with the builds that it needs; the preferences are read only for them."""
    if not any(file.needs_build for file in sources.selection.files.values()):
        return sources
    # Imported here because most locks have wheels only.
    from lock.builds.closure import pin_builds

    pinned = pin_builds(resolver, sources.selection, [*preferences], origin)
    return replace(sources, builds=pinned.builds, notes=pinned.notes)

"""The keys `groups`, `ruled-out` and `requested` of a lock: what it was made from.

They tell a stale lock from one of its requirements (lock.lockfile.freshness).
"""

import os
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import replace
from pathlib import Path

from lock.io import credentials
from lock.lockfile.canonical import Value
from lock.models.requirements import (
    Index,
    Local,
    Metadata,
    Origin,
    Project,
    Reference,
    Requirement,
    Requirements,
    Settings,
    Url,
)
from lock.models.target import Target
from lock.models.times import is_span, utc_time


def groups(
    requirements: Requirements, targets: Sequence[Target]
) -> tuple[dict[str, Sequence[str]], list[Value]]:
    """Return the key `groups`, and `ruled-out`.

    The first has, by group, its requirements without versions: names with extras (PEP 508), sorted.
    The second says which of them a marker rules out on which systems. It is needed only where
    there are several groups: what one of them rules out, another one may install.
    """
    names: dict[str, Sequence[str]] = {}
    ruled_out: list[Value] = []
    by_group = _as_replaced(requirements)
    for group, listed in by_group.items():
        if len(by_group) == 1:
            names[group] = sorted(_without_markers(listed).values())
            continue
        systems = _systems_of(listed, targets)
        names[group] = sorted(systems)
        ruled_out += [
            {"group": group, "requirement": text} | only_on(other, targets)
            for text in names[group]
            if (
                other := [
                    one.system.name for one in targets if one.system.name not in systems[text]
                ]
            )
        ]
    return names, ruled_out


def _as_replaced(requirements: Requirements) -> dict[str, list[Requirement]]:
    """Return the requirements by their groups, each under the name that stands in its place."""
    replaced = requirements.replaced
    return {
        group: [replace(one, name=replaced.get(one.name, one.name)) for one in listed]
        if replaced
        else [*listed]
        for group, listed in requirements.by_group().items()
    }


def only_on(systems: Collection[str], every: Collection[object]) -> dict[str, Value]:
    """Return the key `systems`, unless it would name every system."""
    return {} if len(systems) == len(every) else {"systems": sorted(systems)}


def _without_markers(listed: Sequence[Requirement]) -> dict[str, str]:
    """Return, by project name, a requirement's text with all extras."""
    extras: dict[str, frozenset[str]] = {}
    for one in listed:
        extras[one.name] = extras.get(one.name, frozenset()) | {*one.extras}
    return {
        name: f"{name}[{','.join(sorted(of_name))}]" if of_name else name
        for name, of_name in extras.items()
    }


def _systems_of(
    listed: Sequence[Requirement], targets: Sequence[Target]
) -> dict[str, frozenset[str]]:
    """Return, by requirement without version and marker, the systems that have just this one."""
    systems: defaultdict[str, set[str]] = defaultdict(set)
    for target in targets:
        here = [one for one in listed if target.satisfies(one.marker)]
        for text in _without_markers(here).values():
            systems[text].add(target.system.name)
    for name, text in _without_markers(listed).items():
        if not any(known == name or known.startswith(f"{name}[") for known in systems):
            systems[text] = set()
    return {text: frozenset(names) for text, names in systems.items()}


def requested(requirements: Requirements) -> dict[str, Value]:
    """Return the key `requested`: all that the resolution depends on, normalized."""
    keys: dict[str, Value] = {
        "requirements": {
            group: sorted({_requirement(package) for package in listed})
            for group, listed in requirements.by_group().items()
            if listed
        },
        "constraints": sorted(requirements.constraints),
        "overrides": sorted(requirements.overrides),
        "build-requires": {
            name: sorted(texts) for name, texts in requirements.build_requires.items()
        },
        "prefer-sdist": sorted(requirements.prefer_sdist),
        "indexes": [_index(index) for index in requirements.indexes],
        "index-of": requirements.index_of,
        "origins": _origins(requirements),
        "exclude-newer": _exclude_newer(requirements.exclude_newer),
        "settings": _settings(requirements.settings),
        "only-groups": [*requirements.only_groups],
        "only-packages": [*requirements.only_members],
        "hashes": {
            name: [*hashes] for name, hashes in sorted(requirements.every_hash.items()) if hashes
        },
        "from-nixpkgs": [*requirements.from_nixpkgs],
        "replace": dict(sorted(requirements.replaced.items())),
        "lock": requirements.locked.digest if requirements.locked else "",
        "projects": {
            project.name: asked
            for project in requirements.projects
            if (asked := _project(project, is_locked=requirements.locked is not None))
        },
    }
    return {key: value for key, value in keys.items() if value}


def _origins(requirements: Requirements) -> dict[str, Value]:
    """Return what isn't in `index-of`: the origins of packages that have several."""
    simple = requirements.index_of
    return {
        name: [_origin(origin) for origin in origins]
        for name, origins in requirements.origins_of.items()
        if name not in simple
    }


def _origin(origin: Origin) -> dict[str, Value]:
    keys = {
        "marker": origin.marker or "",
        "index": origin.index or "",
        "reference": _reference(origin.reference) if origin.reference else "",
    }
    return {key: value for key, value in keys.items() if value}


def _settings(settings: Settings) -> dict[str, Value]:
    """Return the settings that aren't empty, but for those that have keys beside."""
    keys: dict[str, Value] = {
        "resolution": settings.resolution,
        "prerelease": settings.prerelease,
        "index-strategy": settings.index_strategy,
        "fork-strategy": settings.fork_strategy,
        "prerelease-of": dict(sorted(settings.prerelease_of.items())),
        "exclude-newer-of": {
            name: text if text == "false" else _exclude_newer(text)
            for name, text in sorted(settings.exclude_newer_of.items())
        },
        "excluded": [*settings.excluded],
        "build-constraints": [*settings.build_constraints],
        "metadata": [_metadata(one) for one in settings.metadata],
        "no-build": [*settings.no_build],
        "build-index-of": dict(sorted(settings.build_index_of.items())),
        "no-index": "true" if settings.no_index else "",
        "match-runtime": {name: [*texts] for name, texts in sorted(settings.match_runtime.items())},
    }
    return {key: value for key, value in keys.items() if value}


def _metadata(metadata: Metadata) -> dict[str, Value]:
    keys: dict[str, Value] = {
        "name": metadata.name,
        "version": metadata.version or "",
        "requires": [*metadata.requires],
        "extras": [*metadata.extras],
        "requires-python": metadata.requires_python or "",
    }
    return {key: value for key, value in keys.items() if value}


def _exclude_newer(text: str | None) -> str:
    """Return a time in UTC (RFC 3339); a span stays, or the lock would be stale the next day."""
    if not text:
        return ""
    return text if is_span(text) else utc_time(text)


def projects(requirements: Requirements, folder: Path) -> list[Value]:
    """Return the key `projects`, with paths relative to the lock's folder."""
    items: list[Value] = []
    for project in requirements.projects:
        keys: dict[str, Value] = {
            "name": project.name,
            "version": project.version or "",
            "path": os.path.relpath(project.path, folder.absolute()),
            "extras": sorted(project.extras),
            "programs": [*project.programs],
            "documents": [*project.documents],
        }
        items.append({key: value for key, value in keys.items() if value})
    return items


def _project(project: Project, *, is_locked: bool) -> dict[str, Value]:
    """Return what the lock of a project depends on; what it requires may be locked already."""
    extras = {
        extra: sorted(map(_requirement, listed))
        for extra, listed in sorted(project.extras.items())
        if listed
    }
    keys: dict[str, Value] = {
        "requirements": [] if is_locked else sorted(map(_requirement, project.dependencies or ())),
        "extras": {} if is_locked else extras,
        "build-requires": [*project.build_requires],
        "digest": project.digest,
    }
    return {key: value for key, value in keys.items() if value}


def _requirement(package: Requirement) -> str:
    """Return a requirement's text; a path stands as the user wrote it, on whatever machine."""
    shown = Url(_reference(package.reference)) if package.reference else None
    return str(replace(package, reference=shown))


def _reference(reference: Reference) -> str:
    return reference.written if isinstance(reference, Local) else str(reference)


def _index(index: Index) -> dict[str, Value]:
    """Return an index's item, without credentials; a path stands as the user wrote it."""
    use = "explicit" if index.explicit else "default" if index.default else ""
    item: dict[str, Value] = {
        "name": index.name,
        "url": credentials.strip_credentials(index.written or index.url),
    }
    # A page of links without a name is looked at with every index.
    form = ("links" if index.unnamed else "flat") if index.flat else ""
    keys: dict[str, Value] = {
        "use": use,
        "format": form,
        "exclude-newer": index.exclude_newer,
        "ignore-error-codes": [*map(str, index.ignore_error_codes)],
    }
    return item | {key: value for key, value in keys.items() if value}

"""Warnings about a resolution that succeeded."""

import re
from collections.abc import Collection, Mapping

from lock.models.requirements import Requirements
from lock.pipeline.built import built_warnings
from lock.pipeline.resolve import Resolved
from lock.resolution import uv_messages
from lock.selection.installation import Range

# They would change what uv resolves, so it doesn't see them (lock.resolution.uv).
DECIDING_VARIABLES = re.compile(
    r"UV_(RESOLUTION|PRERELEASE|FORK_STRATEGY|INDEX_STRATEGY|EXCLUDE_NEWER|NO_INDEX|FIND_LINKS"
    r"|(BUILD_)?CONSTRAINT|OVERRIDE|EXCLUDE|NO_(BINARY|BUILD|SOURCES)(_PACKAGE)?|CONFIG_FILE)"
)


def warnings_of(resolved: Resolved, requirements: Requirements, origin: str) -> list[str]:
    """Return what the user should know of a resolution, a line each."""
    messages = resolved.outcome.messages
    return [
        *_yanked(messages, origin),
        *(f"warning: {origin}: {line}" for line in uv_messages.describe_unreadable(messages)),
        *_unknown_extras(requirements, messages, origin),
        *_empty_groups(resolved, requirements, origin),
        *_older_versions(resolved, origin),
        *built_warnings(resolved.selection, origin),
        *_unheeded_versions(resolved, requirements, origin),
        *(_outside_ranges(resolved, requirements, origin) if requirements.replaced else ()),
    ]


def hashed_here(files: Collection[str], origin: str) -> list[str]:
    """Name the files, in one line, whose hashes are those of what was downloaded."""
    if not files:
        return []
    return [
        f"warning: {origin}: no sha256 is given of {', '.join(sorted(files))}, so what was "
        "downloaded now is pinned; compare it with another copy if you don't trust the index"
    ]


def unused_names(requirements: Requirements, unused: Collection[str], origin: str) -> list[str]:
    """Name the packages that are replaced or excluded, though nothing asks for them."""
    named = [
        *(("replace", name) for name in requirements.replaced),
        *(("exclude", name) for name in requirements.settings.excluded),
    ]
    return [
        f"warning: {origin}: {key}: {name}: nothing that is locked asks for it; mend its name, "
        "or leave it out"
        for key, name in named
        if name in unused
    ]


def ignored_variables(environment: Mapping[str, str]) -> list[str]:
    """Name the variables of uv that decide about versions and files, and have no effect here."""
    names = [name for name in sorted(environment) if DECIDING_VARIABLES.fullmatch(name)]
    found = [name for name in names if environment[name]]
    return [
        f"warning: {', '.join(found)}: without effect here; write that into the requirements"
    ] * bool(found)


def _empty_groups(resolved: Resolved, requirements: Requirements, origin: str) -> list[str]:
    """Name the groups of which no system has anything, by their markers."""
    targets = [installation.target for installation in resolved.selection.installations]
    python = targets[0].python
    return [
        f"warning: {origin}: nothing of the group {group} is for Python {python} on these systems"
        for group, listed in requirements.by_group().items()
        if not any(target.satisfies(one.marker) for one in listed for target in targets)
    ]


def _yanked(messages: str, origin: str) -> list[str]:
    """Name the versions that are yanked (PEP 592)."""
    return [
        f"warning: {origin}: {name} {version} is yanked{f': {reason}' if reason else ''}; "
        "ask for another version of it"
        for name, version, reason in uv_messages.yanked(messages)
    ]


def _unknown_extras(requirements: Requirements, messages: str, origin: str) -> list[str]:
    """Name the user's extras that don't exist; pip and uv ignore them, too."""
    requested = {
        (requirement.name, extra)
        for requirement in requirements.every_requirement()
        for extra in requirement.extras
    }
    return [
        f"warning: {origin}: {name} {version} has no extra {extra}; mend its name or leave it out"
        for name, version, extra in sorted(uv_messages.unknown_extras(messages))
        if (name, extra) in requested
    ]


def _outside_ranges(resolved: Resolved, requirements: Requirements, origin: str) -> list[str]:
    """Name the packages that stand for others in versions that somebody doesn't ask for."""
    # Imported here because few requirements replace packages.
    from packaging.requirements import Requirement
    from packaging.specifiers import SpecifierSet
    from packaging.utils import canonicalize_name

    constraints = [Requirement(text) for text in requirements.constraints]
    systems: dict[tuple[str, str, str, str, str], list[str]] = {}
    for installation in resolved.selection.installations:
        asked = [(name, one) for name, ranges in installation.ranges.items() for one in ranges]
        asked += [
            (requirements.replaced[other], Range("", str(one.specifier), other))
            for one in constraints
            if (other := canonicalize_name(one.name)) in requirements.replaced
            and installation.target.satisfies(str(one.marker) if one.marker else None)
        ]
        for name, one in asked:
            package = installation.packages.get(name)
            if not one.asked or package is None or package.from_nixpkgs:
                continue
            if not SpecifierSet(one.specifier).contains(package.version, prereleases=True):
                key = name, package.version, one.by, one.asked, one.specifier
                systems.setdefault(key, []).append(installation.target.system.name)
    every = len(resolved.selection.installations)
    return [
        f"warning: {origin}: replace: {name} {version} stands in place of {asked}, of which "
        f"{by or 'the requirements'} {'asks' if by else 'ask'} for {specifier}"
        + (f" on {', '.join(names)}" if len(names) < every else "")
        + f"; ask for a version of {name} that serves"
        for (name, version, by, asked, specifier), names in sorted(systems.items())
    ]


def _unheeded_versions(resolved: Resolved, requirements: Requirements, origin: str) -> list[str]:
    """Name the packages whose sources have versions that nobody asks for: uv takes them, too."""
    asked = {(one.name, one.unheeded) for one in requirements.every_requirement() if one.unheeded}
    if not asked:
        return []
    # Imported here because few requirements have both a source and a version.
    from packaging.specifiers import SpecifierSet

    versions: dict[str, set[str]] = {}
    for installation in resolved.selection.installations:
        for name, package in installation.packages.items():
            versions.setdefault(name, set()).add(package.version)
    for project in requirements.projects:
        versions[project.name] = {project.version} if project.version else set()
    return [
        f"warning: {origin}: {name}{specifier} is asked for, but its source has {version}; "
        "mend one of the two"
        for name, specifier in sorted(asked)
        for version in sorted(versions.get(name, ()))
        if not SpecifierSet(specifier).contains(version, prereleases=True)
    ]


def _older_versions(resolved: Resolved, origin: str) -> list[str]:
    """Name the packages that some systems take in an older version, and say why."""
    installed: Mapping[str, Mapping[str, str]] = {
        installation.target.system.name: {
            name: package.version for name, package in installation.packages.items()
        }
        for installation in resolved.selection.installations
    }
    systems: dict[tuple[str, str, str, str], list[str]] = {}
    for refusal in resolved.refusals:
        version = installed[refusal.system].get(refusal.name)
        if version is not None:
            key = refusal.name, version, refusal.version, refusal.reason
            systems.setdefault(key, []).append(refusal.system)
    return [
        f"warning: {origin}: {name} is {version} on {', '.join(names)}, not {newer}"
        + (f": {reason}" if reason else "")
        for (name, version, newer, reason), names in sorted(systems.items())
    ]

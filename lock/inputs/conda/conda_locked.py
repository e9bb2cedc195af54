"""Makes requirements of the content of a lock that has packages of conda and of an index."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from packaging.requirements import Requirement as Pep508

from lock.errors import UsageError
from lock.inputs.conda import conda_packages as conda
from lock.inputs.documents.problems import Problems
from lock.inputs.locks.locked_requirements import requirements_of, with_absolute_paths
from lock.models.packages import Dependency, File, Package, Resolution
from lock.models.pythons import NEWEST_TESTED, check_python
from lock.models.requirements import DEFAULT_GROUP, Locked, Requirements
from lock.models.target import SYSTEMS, Target


@dataclass(frozen=True)
class Entry:
    """A package of an index in the environment of one platform."""

    # Normalized.
    name: str
    version: str
    file: File
    requires: tuple[Pep508, ...] = ()


@dataclass
class Environment:
    """What one environment has on one platform, as conda calls it."""

    platform: str
    # Name → the package of an index.
    entries: dict[str, Entry] = field(default_factory=dict)
    # Name of a package of conda → the names that it depends on.
    conda: dict[str, tuple[str, ...]] = field(default_factory=dict)
    # The version of conda's Python.
    python: str | None = None

    def refused(self) -> list[str]:
        """Return the packages of conda that are there for more than Python and pip."""
        allowed: set[str] = set()
        pending = [*conda.ALLOWED]
        while pending:
            name = pending.pop()
            if name not in allowed:
                allowed.add(name)
                pending += self.conda.get(name, ())
        return sorted(self.conda.keys() - allowed)

    def lacking(self) -> list[tuple[str, str]]:
        """Return each package of an index with one of conda that it needs."""
        system = SYSTEMS[conda.SYSTEMS[self.platform]]
        target = Target(system, _minor(self.python) if self.python else f"3.{NEWEST_TESTED}")
        return sorted(
            (entry.name, wanted)
            for entry in self.entries.values()
            for one in entry.requires
            if (wanted := conda.normal(one.name)) not in self.entries
            and wanted in map(conda.normal, self.conda)
            and (one.marker is None or target.satisfies(str(one.marker)))
        )


# Group → its environment on each platform.
Environments = Mapping[str, Sequence[Environment]]


def requirements(
    environments: Environments, text: str, file: str, problems: Problems
) -> Requirements:
    """Return the requirements of a lock; its environments are groups.

    One that can't be installed beside the default group is left out, which is told.

    Raises UsageError where packages of conda are needed.
    """
    if not any(environments.values()):
        known = ", ".join(conda.SYSTEMS)
        raise UsageError(f"{file}: none of its platforms can be locked for; {known} can")
    for group, listed in environments.items():
        for environment in listed:
            _check(group, environment, problems)
    problems.raise_if_any()
    kept, notes = _together(environments, file)
    python = _python(kept, problems)
    problems.raise_if_any()
    platforms = {one.platform for listed in kept.values() for one in listed}
    packages = tuple(
        with_absolute_paths(package, Path(file).absolute().parent) for package in _packages(kept)
    )
    groups = {group: _roots(listed, platforms) for group, listed in kept.items()}
    edges = tuple(edge for listed in groups.values() for edge in listed)
    if not edges:
        raise UsageError(
            f"{file}: it has no package of the package index; packages of conda can't be locked"
        )
    markers = tuple(SYSTEMS[conda.SYSTEMS[one]].marker for one in sorted(platforms))
    found = requirements_of(
        groups,
        Locked(Resolution(edges, packages), hashlib.sha256(text.encode()).hexdigest(), markers),
        python=python,
        requires_python=None if python is None else f"=={python}.*",
        notes=tuple(notes),
    )
    return replace(found, systems=tuple(sorted(conda.SYSTEMS[one] for one in platforms)))


def _check(group: str, environment: Environment, problems: Problems) -> None:
    """Add an error where an environment needs packages of conda."""
    refused = environment.refused()
    if refused:
        problems.add(None, group, *conda.refusal(refused))
        return
    lacking = environment.lacking()
    if lacking:
        needed = ", ".join(f"{name} needs {wanted}" for name, wanted in lacking)
        problem = f"{needed} on {environment.platform}, which is locked as a package of conda"
        problems.add(None, group, problem, "add it to what comes from the package index")


def _together(environments: Environments, file: str) -> tuple[Environments, list[str]]:
    """Return the environments that can be installed together, and lines about the others."""
    kept: dict[str, Sequence[Environment]] = {}
    notes = []
    order = sorted(environments, key=lambda group: (group != DEFAULT_GROUP, group))
    for group in order:
        reason = next(_differences(environments[group], kept), None)
        if reason is None:
            kept[group] = environments[group]
        else:
            notes.append(f"{file}: the environment {group} is left out: {reason}")
    return kept, notes


def _differences(listed: Sequence[Environment], kept: Environments) -> Iterator[str]:
    """Yield why an environment can't be installed beside others."""
    for other, others in kept.items():
        by_platform = {one.platform: one for one in others}
        for one in listed:
            known = by_platform.get(one.platform)
            if known is None:
                continue
            if known.python and one.python and known.python != one.python:
                yield f"it has Python {one.python}, {other} has {known.python}"
            for name, entry in one.entries.items():
                first = known.entries.get(name, entry)
                if (first.version, first.file) != (entry.version, entry.file):
                    yield f"it has {name} {entry.version}, {other} has {first.version}"


def _python(environments: Environments, problems: Problems) -> str | None:
    """Return the version of Python, which is the same on all platforms."""
    found = {_minor(one.python) for listed in environments.values() for one in listed if one.python}
    if len(found) > 1:
        names = ", ".join(sorted(found))
        problems.add(None, "python", f"its platforms have Python {names}", "lock one of them")
        return None
    return problems.attempt(None, "python", check_python, found.pop()) if found else None


def _minor(version: str) -> str:
    """Return the first two components of a version of Python."""
    return ".".join(version.split(".")[:2])


def _packages(environments: Environments) -> list[Package]:
    """Return each version of a package with its files on all platforms."""
    entries: dict[tuple[str, str], list[tuple[str, Entry]]] = {}
    for listed in environments.values():
        for environment in listed:
            for entry in environment.entries.values():
                key = entry.name, entry.version
                entries.setdefault(key, []).append((environment.platform, entry))
    platforms: dict[str, dict[str, list[str]]] = {}
    for (name, version), of_version in entries.items():
        platforms.setdefault(name, {})[version] = [platform for platform, _ in of_version]
    return [
        Package(
            name,
            version,
            tuple(dict.fromkeys(entry.file for _, entry in same)),
            *_edges(same[0][1], platforms),
        )
        for (name, version), same in sorted(entries.items())
    ]


def _edges(
    entry: Entry, platforms: Mapping[str, Mapping[str, Sequence[str]]]
) -> tuple[tuple[Dependency, ...], dict[str, tuple[Dependency, ...]]]:
    """Return the dependencies of a package that the lock has, and those of its extras."""
    plain: list[Dependency] = []
    for wanted in entry.requires:
        if wanted.marker is not None and "extra" in str(wanted.marker):
            continue
        versions = platforms.get(conda.normal(wanted.name), {})
        for version, where in versions.items():
            marker = str(wanted.marker) if wanted.marker else None
            if len(versions) > 1:
                marker = conda.marker_of(where, marker)
            plain.append(Dependency(conda.normal(wanted.name), version, marker))
    return tuple(dict.fromkeys(plain)), {}


def _roots(listed: Sequence[Environment], platforms: set[str]) -> list[Dependency]:
    """Return every package of an environment, with the marker of the platforms that have it."""
    where: dict[tuple[str, str], list[str]] = {}
    for environment in listed:
        for entry in environment.entries.values():
            where.setdefault((entry.name, entry.version), []).append(environment.platform)
    return [
        Dependency(name, version, None if {*found} == platforms else conda.marker_of(found))
        for (name, version), found in sorted(where.items())
    ]

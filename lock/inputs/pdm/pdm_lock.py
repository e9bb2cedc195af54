"""Reads pdm.lock; its versions and the hashes of its files are kept. It may have no URLs.

Source: PDM's own writer of the format ("pdm.project.lockfile"), versions 4.0 to 4.5.
"""

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from packaging.markers import InvalidMarker, Marker
from packaging.requirements import InvalidRequirement
from packaging.requirements import Requirement as Pep508
from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version

from lock.errors import UsageError
from lock.inputs import read_text
from lock.inputs.documents.problems import Problems
from lock.inputs.documents.toml_tables import load
from lock.inputs.locks.locked_requirements import (
    Groups,
    requirements_of,
    sha256_in,
    with_absolute_paths,
    with_project,
)
from lock.inputs.pdm import pdm_freshness
from lock.inputs.values.markers import all_of
from lock.io.credentials import strip_credentials
from lock.models.filenames import filename_in_url
from lock.models.packages import UNKNOWN_VERSION, Dependency, File, Package, Resolution
from lock.models.requirements import DEFAULT_GROUP, Index, Locked, Requirement, Requirements

# What edits such a file.
EDITED_BY = "with `pdm add`"

OLDEST, NEWEST = (4, 0), (4, 5)
# The strategies of a lock (PDM's documentation, "Lock strategies").
INHERIT, CROSS_PLATFORM = "inherit_metadata", "cross_platform"
# An editable requirement in a list of dependencies.
EDITABLE = re.compile(r"-e +(?P<url>\S+?)#egg=(?P<name>[\w.-]+)(?:\[(?P<extras>[^\]]*)\])?")
# Platforms without a version or an architecture (PDM's documentation, "Lock for specific
# platforms").
SHORT_PLATFORMS = {
    "alpine": "musllinux_1_2_x86_64",
    "linux": "manylinux_2_40_x86_64",
    "macos": "macos_14_0_arm64",
    "windows": "windows_amd64",
}
PLATFORM_NAMES = {"macos": "darwin", "manylinux": "linux", "musllinux": "linux", "windows": "win32"}
PLATFORM = re.compile(r"(?P<name>[a-z]+)(?:_\d+_\d+)?_(?P<machine>[a-z0-9_]+)")
# The names of repositories other than git's.
OTHER_REPOSITORIES = ("hg", "svn", "bzr")
BROKEN = (
    AttributeError,
    InvalidMarker,
    InvalidRequirement,
    InvalidSpecifier,
    KeyError,
    TypeError,
    ValueError,
)

Entry = Mapping[str, Any]
OlderFiles = Mapping[tuple[str, str], Sequence[Entry]]


def parse(text: str, file: str) -> Requirements:
    """Return the requirements of a lock, with the project beside it.

    Raises UsageError for a file that PDM didn't write and for what can't be kept;
    UnsatisfiableError where the pyproject.toml beside it has changed since.
    """
    return _parse(text, file, with_own=True)


def parse_dependencies(text: str, file: str) -> Requirements:
    """Return the requirements of a lock without the project beside it.

    Raises what `parse` raises.
    """
    return _parse(text, file, with_own=False)


def _parse(text: str, file: str, *, with_own: bool) -> Requirements:
    problems = Problems(file)
    data = load(text, problems)
    folder = Path(file).absolute().parent
    try:
        metadata = data["metadata"]
        _check_format(metadata["lock_version"], file)
        notes = pdm_freshness.check(metadata, folder, file)
        entries: Sequence[Entry] = data.get("package", [])
        by_name: dict[str, list[Entry]] = {}
        for entry in entries:
            by_name.setdefault(canonicalize_name(entry["name"]), []).append(entry)
        older_files = _older_files(metadata.get("files", {}))
        packages = tuple(
            with_absolute_paths(package, folder)
            for package in _packages(by_name, older_files, problems)
        )
        problems.raise_if_any()
        inherits = INHERIT in metadata.get("strategy", ())
        groups = _groups(entries) if inherits else _groups_of_project(folder, by_name, file)
        requires_python, environments = _targets(metadata.get("targets", []))
        listed: list[str] = [canonicalize_name(group) for group in metadata.get("groups", ())]
    except BROKEN as error:
        raise UsageError(f"{file}: this is not what PDM writes ({error}); run `pdm lock`") from None
    if with_own:
        locked_extras = listed if "groups" in metadata else None
        groups, packages = with_project(groups, packages, folder, locked_extras)
    edges = tuple(edge for found in groups.values() for edge in found)
    digest = hashlib.sha256(text.encode()).hexdigest()
    return requirements_of(
        groups,
        Locked(Resolution(edges, packages), digest, environments),
        requires_python=requires_python,
        indexes=_indexes(folder),
        notes=(*notes, *_notes_on_targets(metadata, file)),
    )


def _check_format(version: str, file: str) -> None:
    """Raise UsageError for a format that isn't known."""
    found = tuple(map(int, version.split(".")[:2]))
    known = ".".join(map(str, NEWEST))
    if found > NEWEST:
        raise UsageError(
            f"{file}: metadata.lock_version: format {version} is newer than what is known here, "
            f"{known}; take a newer wheelhouse, or an older PDM"
        )
    if found < OLDEST:
        raise UsageError(
            f"{file}: metadata.lock_version: format {version} is not known here; run `pdm lock` "
            "with PDM 2 or newer"
        )


def _older_files(files: Mapping[str, Any]) -> OlderFiles:
    """Return the files that formats before 4.3 have in one table, by name and version."""
    found: dict[tuple[str, str], Sequence[Entry]] = {}
    for key, listed in files.items():
        name, _, version = key.partition(" ")
        found[canonicalize_name(name), version] = listed
    return found


def _packages(
    by_name: Mapping[str, Sequence[Entry]], older_files: OlderFiles, problems: Problems
) -> Iterator[Package]:
    """Yield the packages; entries for their extras are put together with the plain ones."""
    for name, entries in by_name.items():
        versions: dict[str, list[Entry]] = {}
        for entry in entries:
            versions.setdefault(_version(entry), []).append(entry)
        for version, same in versions.items():
            if len({_origin(entry) for entry in same}) > 1:
                problem = f"{version} comes from several places"
                problems.add(None, name, problem, "keep one of them")
            files = [file for entry in same for file in _files(entry, older_files, problems)]
            plain: list[Dependency] = []
            extras: dict[frozenset[str], list[Dependency]] = {}
            for entry in same:
                edges = _edges(name, entry, by_name)
                key = frozenset(map(canonicalize_name, entry.get("extras", ())))
                (extras.setdefault(key, []) if key else plain).extend(edges)
            yield Package(
                name, version, tuple(dict.fromkeys(files)), tuple(plain), _by_extra(extras)
            )


def _by_extra(
    edges: Mapping[frozenset[str], Sequence[Dependency]],
) -> dict[str, tuple[Dependency, ...]]:
    """Return the dependencies of each extra; those of several extras together belong to each."""
    found: dict[str, tuple[Dependency, ...]] = {}
    for extras, listed in sorted(edges.items(), key=lambda item: (len(item[0]), sorted(item[0]))):
        for extra in sorted(extras):
            found.setdefault(str(extra), tuple(listed))
    return found


def _version(entry: Entry) -> str:
    return str(entry.get("version") or UNKNOWN_VERSION)


def _origin(entry: Entry) -> tuple[str, ...]:
    return tuple(str(entry.get(key, "")) for key in ("url", "path", "git", "revision"))


def _files(entry: Entry, older_files: OlderFiles, problems: Problems) -> Iterator[File]:
    """Yield the files of an entry; what can't be kept is added to the problems."""
    name = canonicalize_name(entry["name"])
    version = _version(entry)
    listed = entry.get("files") or older_files.get((name, version), ())
    hashes = [(one, digest) for one in listed for digest in sha256_in([one["hash"]])]
    other = next((key for key in OTHER_REPOSITORIES if key in entry), None)
    if other or entry.get("subdirectory"):
        origin = f"{other} repository" if other else "subdirectory"
        problem = f"it comes from a {origin}, which can't be kept as it is"
        problems.add(None, name, problem, "name it in requirements.yaml")
    elif "git" in entry:
        if "revision" not in entry:
            problem = "it is editable, so the lock doesn't name its commit"
            problems.add(None, name, problem, "require it without `-e`")
            return
        url = strip_credentials(entry["git"])
        yield File(f"{name}-{version}", url, None, None, commit=entry["revision"])
    elif "path" in entry:
        digest = hashes[0][1] if hashes else None
        is_file = entry["path"].endswith((".whl", ".tar.gz", ".zip", ".tar.bz2"))
        if is_file and digest is None:
            problems.add(None, name, "the lock has no sha256 of its file", "run `pdm lock`")
            return
        shown = Path(entry["path"]).name if is_file else f"{name}-{version}"
        yield File(shown, "", digest, None, path=entry["path"])
    elif "url" in entry:
        url = strip_credentials(entry["url"].partition("#")[0])
        digest = hashes[0][1] if hashes else None
        yield File(filename_in_url(url), url, digest, None)
    else:
        if not hashes:
            problem = "the lock has no sha256 of its files"
            problems.add(None, name, problem, "run `pdm lock` with an index that gives them")
        for one, digest in hashes:
            url = strip_credentials(one.get("url", "").partition("#")[0])
            yield File(one.get("file") or filename_in_url(url), url, digest, None)


def _edges(
    owner: str, entry: Entry, by_name: Mapping[str, Sequence[Entry]]
) -> Iterator[Dependency]:
    """Yield the dependencies of an entry, without that of an extra on its own package."""
    for line in entry.get("dependencies", ()):
        editable = EDITABLE.match(line)
        if editable:
            line = f"{editable['name']}[{editable['extras'] or ''}]"
        wanted = Pep508(line)
        if canonicalize_name(wanted.name) != owner:
            yield from _edges_to(wanted, by_name)


def _edges_to(wanted: Pep508, by_name: Mapping[str, Sequence[Entry]]) -> Iterator[Dependency]:
    """Yield an edge to each version that a requirement allows, where the lock has it."""
    name = canonicalize_name(wanted.name)
    extras = frozenset(map(str, map(canonicalize_name, wanted.extras)))
    marker = str(wanted.marker) if wanted.marker else None
    versions: dict[str, str | None] = {}
    for entry in by_name.get(name, ()):
        if not entry.get("extras") and _allows(wanted.specifier, _version(entry)):
            versions[_version(entry)] = entry.get("marker")
    for version, where in versions.items():
        # Only where several versions fit, their markers tell them apart.
        both = all_of([marker, where]) if len(versions) > 1 else marker
        yield Dependency(name, version, both, extras)


def _allows(specifier: SpecifierSet, version: str) -> bool:
    try:
        return specifier.contains(Version(version), prereleases=True)
    except InvalidVersion:
        return str(specifier) in ("", f"==={version}")


def _groups(entries: Sequence[Entry]) -> Groups:
    """Return every package of each group, where the lock says which those are."""
    groups: dict[str, list[Dependency]] = {DEFAULT_GROUP: []}
    for entry in entries:
        edge = Dependency(
            canonicalize_name(entry["name"]),
            _version(entry),
            str(Marker(entry["marker"])) if entry.get("marker") else None,
            frozenset(map(canonicalize_name, entry.get("extras", ()))),
        )
        for group in entry["groups"]:
            groups.setdefault(canonicalize_name(group), []).append(edge)
    return groups


def _groups_of_project(folder: Path, by_name: Mapping[str, Sequence[Entry]], file: str) -> Groups:
    """Return the groups of the project that a lock belongs to, since the lock has none.

    Raises UsageError where a package has several versions, which only groups tell apart.
    """
    several = sorted(
        name for name, entries in by_name.items() if len({_version(one) for one in entries}) > 1
    )
    if several:
        raise UsageError(
            f"{file}: {', '.join(several)}: several versions of one package, and a lock without "
            "the strategy `inherit_metadata` doesn't tell which one is installed where; run "
            "`pdm lock --strategy inherit_metadata`"
        )
    project = folder / "pyproject.toml"
    if not project.is_file():
        raise UsageError(
            f"{file}: a lock without the strategy `inherit_metadata` has no groups, and there is "
            "no pyproject.toml beside it; add that, or run `pdm lock --strategy inherit_metadata`"
        )
    # Imported here because it imports the readers of other files.
    from lock.inputs.project import pyproject

    wanted = pyproject.parse_dependencies(read_text(project), str(project))
    return {
        group: [edge for one in listed for edge in _edges_of_project(one, by_name)]
        for group, listed in wanted.by_group().items()
    }


def _edges_of_project(
    wanted: Requirement, by_name: Mapping[str, Sequence[Entry]]
) -> Iterator[Dependency]:
    marker = f" ; {wanted.marker}" if wanted.marker else ""
    yield from _edges_to(Pep508(f"{wanted.name}[{','.join(wanted.extras)}]{marker}"), by_name)


def _targets(targets: Sequence[Mapping[str, Any]]) -> tuple[str | None, tuple[str, ...]]:
    """Return the range of Python that a lock is for, and its environments (PEP 508)."""
    ranges = {str(target.get("requires_python", "")) for target in targets}
    only_python = all(target.keys() <= {"requires_python"} for target in targets)
    if len(ranges) == 1 and only_python:
        return str(SpecifierSet(ranges.pop())), ()
    markers = [all_of(_clauses(target)) for target in targets]
    everywhere = not all(markers)
    return None, () if everywhere else tuple(marker for marker in markers if marker)


def _clauses(target: Mapping[str, Any]) -> Iterator[str]:
    """Yield the markers that all hold on a target of PDM."""
    for specifier in sorted(SpecifierSet(target.get("requires_python", "")), key=str):
        yield f"python_full_version {specifier.operator} '{specifier.version}'"
    if "implementation" in target:
        yield f"implementation_name == '{target['implementation']}'"
    if "platform" in target:
        platform = SHORT_PLATFORMS.get(target["platform"], target["platform"])
        match = PLATFORM.fullmatch(platform)
        if match is None:
            raise ValueError(f"the platform {platform}")
        yield f"sys_platform == '{PLATFORM_NAMES.get(match['name'], match['name'])}'"
        yield f"platform_machine == '{match['machine']}'"


def _notes_on_targets(metadata: Mapping[str, Any], file: str) -> Iterator[str]:
    """Yield a line where a lock of an older format is for one system, without its name."""
    one_system = CROSS_PLATFORM not in metadata.get("strategy", ())
    if metadata["lock_version"].startswith("4.4") and "targets" not in metadata and one_system:
        yield (
            f"{file}: it was locked for one system, which it doesn't name; lock for that one with "
            "`--system`, or run `pdm lock`"
        )


def _indexes(folder: Path) -> tuple[Index, ...]:
    """Return the indexes of the project that a lock belongs to."""
    # Imported here because it imports the readers of other files.
    from lock.inputs.project import pyproject

    file = folder / "pyproject.toml"
    return pyproject.indexes(read_text(file), str(file)) if file.is_file() else ()

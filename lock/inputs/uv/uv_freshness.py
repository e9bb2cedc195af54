"""Whether a uv.lock is that of its projects, by what it says that they asked for.

Source: uv's own files; `package.metadata` and `manifest` of the schema's version 1. Markers are
compared by their value on each target, since uv writes them in another form.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain
from pathlib import Path
from typing import Any

import tomli
from packaging.dependency_groups import resolve_dependency_groups
from packaging.markers import InvalidMarker, Marker
from packaging.requirements import InvalidRequirement, Requirement
from packaging.specifiers import InvalidSpecifier, Specifier, SpecifierSet
from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version

from lock.errors import UsageError
from lock.inputs.project import workspace
from lock.inputs.project.script import block as block_of
from lock.inputs.uv.uv_settings import python_markers
from lock.models.pythons import minors, supports
from lock.models.target import DEFAULT_SYSTEMS, SYSTEMS, Target

# The sources of packages that stand in folders.
FOLDERS = ("editable", "virtual", "directory")
# The keys of a requirement that replace its index, and so its specifier.
PLACES = ("git", "url", "path", *FOLDERS)
# Where a project's entry has what was resolved for it.
RESOLVED = ("dependencies", "optional-dependencies", "dev-dependencies")
EXTRA = re.compile(r"""\bextra\s*==\s*["']([^"']*)["']""")
# A clause as packaging writes it.
VERSION_CLAUSE = re.compile(
    r"""\b(?:python_version|python_full_version|implementation_version) ([<>=!~]+) "([^"]*)\""""
)
BROKEN = (
    AttributeError,
    ExceptionGroup,
    InvalidMarker,
    InvalidRequirement,
    InvalidSpecifier,
    KeyError,
    OSError,
    RecursionError,
    TypeError,
    ValueError,
)
# At most so many differences are shown.
MOST_SHOWN = 3


@dataclass(frozen=True)
class _Asked:
    """A requirement of a project, as far as it decides versions."""

    name: str
    extras: frozenset[str]
    # Normalized; empty for any version.
    specifier: str
    marker: Marker | None
    # Whether it comes from a place instead of an index, so that no version is written down.
    is_placed: bool = field(default=False, compare=False)

    def __str__(self) -> str:
        extras = f"[{','.join(sorted(self.extras))}]" if self.extras else ""
        return f"{self.name}{extras}{self.specifier}"


# A requirement without its marker, and the extra that has it.
_Active = tuple[str, str]


def stale(file: Path) -> tuple[Path, str] | None:
    """Return the file that a lock is stale against, and what differs.

    Return None for a lock that is fresh, and for one of which that can't be told.
    """
    project = file.parent / "pyproject.toml"
    try:
        lock, root = _load(file), _load(project)
        requires = SpecifierSet(lock.get("requires-python", ""))
        manifest = lock.get("manifest", {})
        found = [
            *((project, line) for line in _of_workspace(lock, root, file.parent)),
            *((project, line) for line in _of_root(manifest, root, requires)),
        ]
        for entry in lock.get("package", []):
            found += _of_entry(entry, lock, file.parent, requires, _replaced(root))
    except BROKEN:
        return None
    if not found:
        return None
    where = found[0][0]
    return where, _shown([line for place, line in found if place == where])


def stale_against_script(file: Path, script: Path) -> str | None:
    """Return what differs between a script and its lock.

    Return None for a lock that is fresh, and for one of which that can't be told.
    """
    try:
        lock, block = _load(file), tomli.loads(block_of(script.read_text("utf-8"), str(script)))
        manifest = lock.get("manifest", {})
        requires = SpecifierSet(lock.get("requires-python", ""))
        before = [_locked(one) for one in manifest.get("requirements", [])]
        after = [_wanted(text) for text in block.get("dependencies", [])]
        found = [
            *_differences(before, after, requires),
            *_of_range(block.get("requires-python"), lock),
            *_of_root(manifest, {"project": {}, **block}, requires),
        ]
    except (*BROKEN, UsageError):
        return None
    return _shown(found) if found else None


def _of_range(wanted: str | None, lock: Mapping[str, Any]) -> Iterator[str]:
    """Yield what differs in the versions of Python, where any are named."""
    before = SpecifierSet(lock.get("requires-python", ""))
    if wanted is not None and not _are_equal(SpecifierSet(wanted), before):
        yield f"requires-python is {SpecifierSet(wanted)}, and was {before}"


def _shown(lines: Sequence[str]) -> str:
    """Return the first differences in brackets."""
    more = f" and {len(lines) - MOST_SHOWN} more" if len(lines) > MOST_SHOWN else ""
    return f" ({'; '.join(lines[:MOST_SHOWN])}{more})"


def _load(file: Path) -> Mapping[str, Any]:
    return tomli.loads(file.read_text(encoding="utf-8-sig"))


def _targets(requires: SpecifierSet, markers: Iterable[Marker | None]) -> list[Target]:
    """Return targets of a range of versions that have the like of each where markers differ."""
    pythons = (f"3.{minor}" for minor in minors(str(requires), *map(str, markers)))
    fitting = [python for python in pythons if supports(requires, python)]
    return [Target(SYSTEMS[system], python) for system in DEFAULT_SYSTEMS for python in fitting]


def _of_workspace(lock: Mapping[str, Any], root: Mapping[str, Any], folder: Path) -> Iterator[str]:
    """Yield what differs in the members of a workspace, and in the versions of Python."""
    found = workspace.find(folder)
    if found is None or found.folder != folder.absolute():
        members, tables = set(), [root]
    else:
        members = {*found.members}
        tables = [root, *(_load(path / "pyproject.toml") for path in found.members.values())]
    locked = {canonicalize_name(name) for name in lock.get("manifest", {}).get("members", [])}
    # A project alone is no member.
    if locked or len(members) > 1:
        yield from (f"the member {name} is new" for name in sorted(members - locked))
        yield from (f"{name} is no member any more" for name in sorted(locked - members))
    if any("dependency-groups" in table.get("tool", {}).get("uv", {}) for table in tables):
        return
    ranges = [table.get("project", {}).get("requires-python") for table in tables]
    yield from _of_range(",".join(one for one in ranges if one) or None, lock)


def _are_equal(one: SpecifierSet, other: SpecifierSet) -> bool:
    """Return whether two ranges have the same versions of Python that can be locked for."""
    pythons = (f"3.{minor}" for minor in minors(str(one), str(other)))
    return all(supports(one, python) == supports(other, python) for python in pythons)


def _of_root(
    manifest: Mapping[str, Any], root: Mapping[str, Any], requires: SpecifierSet
) -> Iterator[str]:
    """Yield what differs in what holds for the whole lock."""
    table = root.get("tool", {}).get("uv", {})
    for key, listed in (
        ("constraints", table.get("constraint-dependencies", [])),
        ("overrides", table.get("override-dependencies", [])),
    ):
        before = [_locked(one) for one in manifest.get(key, [])]
        yield from _differences(before, [_wanted(text) for text in listed], requires)
    if "project" not in root:
        before_groups = _locked_groups(manifest.get("dependency-groups", {}))
        yield from _differences_of_groups(before_groups, _groups(root), requires)


def _replaced(root: Mapping[str, Any]) -> set[str]:
    """Return the projects that settings of the root exclude, or replace the requirements of."""
    table = root.get("tool", {}).get("uv", {})
    texts = chain(table.get("exclude-dependencies", ()), table.get("override-dependencies", ()))
    return {canonicalize_name(Requirement(text).name) for text in texts}


def _of_entry(
    entry: Mapping[str, Any],
    lock: Mapping[str, Any],
    folder: Path,
    requires: SpecifierSet,
    replaced: set[str],
) -> Iterator[tuple[Path, str]]:
    """Yield what differs in a project that stands in a folder, with its file."""
    path = next((entry["source"][kind] for kind in FOLDERS if kind in entry["source"]), None)
    if path is None:
        return
    file = folder / path / "pyproject.toml"
    if not file.is_file():
        return
    data = _load(file)
    project = data.get("project")
    if project is None:
        return
    metadata, manifest = entry.get("metadata", {}), lock.get("manifest", {})
    is_dynamic = {"dependencies", "optional-dependencies"} & {*project.get("dynamic", [])}
    has_groups = path == "." or entry["name"] in manifest.get("members", [])
    if "metadata" not in entry and entry.keys() & RESOLVED:
        if not is_dynamic:
            groups = _groups(data) if has_groups else {}
            asked = [*_required(project), *chain(*groups.values())]
            own = {canonicalize_name(project.get("name", ""))}
            for line in _differences_by_name(entry, asked, replaced | own, with_gone=has_groups):
                yield file, line
            for line in _excluded(lock, asked, replaced | own):
                yield file, line
        return
    if not is_dynamic:
        before = [_locked(one) for one in metadata.get("requires-dist", [])]
        for line in _differences(before, [*_required(project)], requires):
            yield file, line
    if has_groups:
        before_groups = _locked_groups(metadata.get("requires-dev", {}))
        for line in _differences_of_groups(before_groups, _groups(data), requires):
            yield file, line


def _differences_by_name(
    entry: Mapping[str, Any], asked: Sequence[_Asked], replaced: set[str], *, with_gone: bool
) -> Iterator[str]:
    """Yield what differs for sure, where a lock doesn't say what its project asked for.

    uv leaves that out with its preview feature `lock-without-metadata`. What was resolved tells the
    names, without those whose markers are never true.
    """
    dependencies, *tables = (entry.get(key, ()) for key in RESOLVED)
    listed = chain(dependencies, *(chain(*table.values()) for table in tables if table))
    before = {canonicalize_name(one["name"]) for one in listed}
    always = {one.name for one in asked if one.marker is None}
    if with_gone:
        gone = before - {one.name for one in asked} - replaced
        yield from (f"{name} is not asked for any more" for name in sorted(gone))
    yield from (f"{name} is new" for name in sorted(always - before - replaced))


def _excluded(
    lock: Mapping[str, Any], asked: Sequence[_Asked], replaced: set[str]
) -> Iterator[str]:
    """Yield the requirements that no locked version of an index satisfies."""
    versions: defaultdict[str, list[str]] = defaultdict(list)
    for entry in lock.get("package", []):
        if "registry" in entry["source"] and "version" in entry:
            versions[canonicalize_name(entry["name"])].append(entry["version"])
    # Groups that include each other ask for the same.
    for one in dict.fromkeys(asked):
        locked = versions.get(one.name, [])
        allowed = SpecifierSet(one.specifier)
        is_kept = any(allowed.contains(version, prereleases=True) for version in locked)
        if locked and not is_kept and one.marker is None and one.name not in replaced:
            yield f"{one} leaves out {' and '.join(locked)}"


def _required(project: Mapping[str, Any]) -> Iterator[_Asked]:
    """Yield what a project asks for, the requirements of an extra with its marker."""
    for text in project.get("dependencies", []):
        yield _wanted(text)
    for extra, listed in project.get("optional-dependencies", {}).items():
        for text in listed:
            yield _wanted(text, canonicalize_name(extra))


def _wanted(text: str, extra: str = "") -> _Asked:
    parsed = Requirement(text)
    marker = parsed.marker
    if extra:
        own = f"extra == '{extra}'"
        marker = Marker(f"({marker}) and {own}" if marker else own)
    return _Asked(
        canonicalize_name(parsed.name),
        frozenset(map(canonicalize_name, parsed.extras)),
        _normalized(parsed.specifier),
        marker,
    )


def _locked(item: Mapping[str, Any]) -> _Asked:
    """Return a requirement as a lock writes it."""
    text = item.get("specifier", "").removeprefix("*")
    return _Asked(
        canonicalize_name(item["name"]),
        frozenset(map(canonicalize_name, item.get("extras", ()))),
        _normalized(SpecifierSet(text)),
        Marker(item["marker"]) if "marker" in item else None,
        is_placed=bool({*PLACES} & item.keys()),
    )


def _normalized(specifiers: SpecifierSet) -> str:
    """Return a specifier with its clauses sorted and their versions normalized (PEP 440)."""
    return ",".join(sorted(map(_normalized_clause, specifiers)))


def _normalized_clause(clause: Specifier) -> str:
    bare = clause.version.removesuffix(".*")
    try:
        return f"{clause.operator}{Version(bare)}{clause.version.removeprefix(bare)}"
    except InvalidVersion:
        return str(clause)


def _groups(data: Mapping[str, Any]) -> dict[str, list[_Asked]]:
    """Return the dependency groups of a project, included ones expanded."""
    table = data.get("dependency-groups", {})
    groups = {
        canonicalize_name(group): [
            _wanted(text) for text in resolve_dependency_groups(table, group)
        ]
        for group in table
    }
    for text in data.get("tool", {}).get("uv", {}).get("dev-dependencies", []):
        groups.setdefault(canonicalize_name("dev"), []).append(_wanted(text))
    limits = {
        canonicalize_name(group): python_markers(settings["requires-python"])
        for group, settings in data.get("tool", {})
        .get("uv", {})
        .get("dependency-groups", {})
        .items()
        if "requires-python" in settings
    }
    return {
        str(group): [_only_where(one, limits.get(group)) for one in listed]
        for group, listed in groups.items()
    }


def _only_where(asked: _Asked, marker: str | None) -> _Asked:
    """Return a requirement for environments where a marker holds, too."""
    if marker is None:
        return asked
    both = f"({asked.marker}) and {marker}" if asked.marker else marker
    return replace(asked, marker=Marker(both))


def _locked_groups(table: Mapping[str, Any]) -> dict[str, list[_Asked]]:
    return {
        str(canonicalize_name(group)): [_locked(one) for one in listed]
        for group, listed in table.items()
    }


def _differences_of_groups(
    before: Mapping[str, Sequence[_Asked]],
    after: Mapping[str, Sequence[_Asked]],
    requires: SpecifierSet,
) -> Iterator[str]:
    for group in sorted({*before, *after}):
        for line in _differences(before.get(group, []), after.get(group, []), requires):
            yield f"{group}: {line}"


def _differences(
    before: Sequence[_Asked], after: Sequence[_Asked], requires: SpecifierSet
) -> Iterator[str]:
    """Yield a line for each requirement that isn't the same on every target."""
    placed = {one.name for one in before if one.is_placed}

    def without_place(asked: Sequence[_Asked]) -> list[_Asked]:
        return [replace(one, specifier="") if one.name in placed else one for one in asked]

    # uv takes a clause of a marker for true where its version is none.
    odd = {one.name for one in after if not _has_valid_versions(str(one.marker or ""))}
    bare = [one for one in without_place(after) if one.name not in odd]
    before = [one for one in without_place(before) if one.name not in odd]
    common = {*before} & {*bare}
    old = [one for one in before if one not in common]
    new = [one for one in bare if one not in common]
    if not (old or new):
        return
    actives = [
        (_active(chain(common, old), target), _active(chain(common, new), target))
        for target in _targets(requires, (one.marker for one in (*before, *bare)))
    ]
    gone = {shown for one, other in actives for shown, _ in one - other}
    come = {shown for one, other in actives for shown, _ in other - one}
    was = {shown for one, _ in actives for shown, _ in one}
    is_now = {shown for _, other in actives for shown, _ in other}
    yield from (f"{shown} is not asked for any more" for shown in sorted(gone - is_now))
    yield from (f"{shown} is new" for shown in sorted(come - was))
    yield from (f"the markers of {shown} differ" for shown in sorted((gone | come) & was & is_now))


def _has_valid_versions(marker: str) -> bool:
    """Return whether what a marker compares with a version is one (PEP 440)."""
    for operator, text in VERSION_CLAUSE.findall(marker):
        try:
            SpecifierSet(f"{operator}{text}")
        except InvalidSpecifier:
            return False
    return True


def _active(asked: Iterable[_Asked], target: Target) -> set[_Active]:
    """Return what is asked for on a target, each with the extra that has it."""
    found = set()
    for one in asked:
        text = str(one.marker or "")
        for extra in {*EXTRA.findall(text)} or {""}:
            environment = {**target.marker_environment, "extra": extra}
            if one.marker is None or one.marker.evaluate(environment):
                found.add((str(one), canonicalize_name(extra) if extra else ""))
    return found

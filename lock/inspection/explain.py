"""Why a system takes one file of a package and refuses the others."""

from collections.abc import Sequence
from dataclasses import dataclass

from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.tags import Tag
from packaging.utils import InvalidWheelFilename, parse_wheel_filename
from packaging.version import InvalidVersion

from lock.inspection.simple_index import Entry
from lock.models.packages import File
from lock.models.target import FLOORS, Target
from lock.selection.files import is_source


@dataclass(frozen=True)
class Verdict:
    """What a system does with a file."""

    name: str
    taken: bool
    reason: str


def explain(entries: Sequence[Entry], target: Target, taken: Sequence[str]) -> list[Verdict]:
    """A verdict on each file of a version; `taken` are the names of those that the lock has."""
    return sorted(
        (_verdict(entry, target, taken) for entry in entries),
        key=lambda verdict: (not verdict.taken, verdict.reason, verdict.name),
    )


def _verdict(entry: Entry, target: Target, taken: Sequence[str]) -> Verdict:
    problem = _problem(entry, target)
    if entry.name in taken:
        return Verdict(entry.name, True, problem or "the best that fits")
    if problem:
        return Verdict(entry.name, False, problem)
    if entry.yanked is not None:
        told = f": {entry.yanked}" if entry.yanked else ""
        return Verdict(entry.name, False, f"yanked{told}")
    if is_source(File(entry.name, entry.url, None, None)):
        why = "a wheel is there" if any(name.endswith(".whl") for name in taken) else "it fits"
        return Verdict(entry.name, False, why if not taken else f"{why}, so nothing is built")
    return Verdict(
        entry.name, False, "it fits, but another file fits better" if taken else "it fits"
    )


def _problem(entry: Entry, target: Target) -> str:
    """Why a file can't be used; empty when it can."""
    try:
        if f"{target.python_version}.0" not in SpecifierSet(entry.requires_python):
            return f"it asks for Python {entry.requires_python}"
    except InvalidSpecifier:
        return f"it asks for Python {entry.requires_python}, which can't be read"
    if is_source(File(entry.name, entry.url, None, None)):
        return ""
    if not entry.name.endswith(".whl"):
        return "it is neither a wheel nor a source distribution"
    try:
        _, _, _, tags = parse_wheel_filename(entry.name)
    except (InvalidWheelFilename, InvalidVersion):
        return "its name can't be read"
    if any(tag in target.tag_ranks for tag in tags):
        return ""
    platforms = {tag.platform for tag in target.tag_ranks}
    there = [tag for tag in tags if tag.platform in platforms]
    return _other_python(there, target) if there else _other_platform([*tags], target)


def _other_python(tags: Sequence[Tag], target: Target) -> str:
    kinds = sorted({f"{tag.interpreter}-{tag.abi}" for tag in tags})
    return f"it is for {', '.join(kinds)}, not for Python {target.python}"


def _other_platform(tags: Sequence[Tag], target: Target) -> str:
    kind = target.system.floor_kind
    name, _ = FLOORS[kind]
    newer = {tag.platform for tag in target.with_newest_floor().tag_ranks}
    if any(tag.platform in newer for tag in tags):
        wanted = ", ".join(sorted({tag.platform for tag in tags}))
        return f"it needs a newer {name} than {target.system.floor_version}: {wanted}"
    return f"it is for {', '.join(sorted({tag.platform for tag in tags}))}"

"""`lock explain`: why a system takes one file of a package and refuses the others."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.tags import Tag
from packaging.utils import InvalidWheelFilename, parse_wheel_filename
from packaging.version import InvalidVersion

from lock.inspection.simple_index import IndexFile, files_of_version
from lock.lockfile.reader import Lock
from lock.models.filenames import SDIST_SUFFIXES, VARIANTS_LIST, variant_label
from lock.models.target import FLOORS, Target


@dataclass(frozen=True)
class FileChoice:
    """Whether a system takes a file, and why."""

    name: str
    taken: bool
    reason: str


@dataclass(frozen=True)
class Explanation:
    """The choices of a system among the files of a version."""

    system: str
    version: str
    choices: Sequence[FileChoice]


def explain(
    lock: Lock,
    name: str,
    version: str,
    systems: Sequence[str],
    targets: Mapping[str, Target],
    files: Sequence[IndexFile],
) -> list[Explanation]:
    """Explain the choices of some systems among a package's files on its index.

    Without a version ("") it is the one that a system has in the lock; systems that have none are
    left out.
    """
    explanations = []
    for system in systems:
        package = lock.on(name, system)
        if package is None and not version:
            continue
        shown = version or (package.version if package else "")
        taken = [
            link.name
            for link in lock.links
            if link.package == name and link.version == shown and system in link.systems
        ]
        choices = explain_files(files_of_version(files, shown), targets[system], taken)
        explanations.append(Explanation(system, shown, choices))
    return explanations


def explain_files(
    files: Sequence[IndexFile], target: Target, taken: Sequence[str]
) -> list[FileChoice]:
    """Explain the choice for each file of a version; `taken` are the file names in the lock."""
    return sorted(
        (_choice(file, target, taken) for file in files),
        key=lambda choice: (not choice.taken, choice.reason, choice.name),
    )


def _choice(file: IndexFile, target: Target, taken: Sequence[str]) -> FileChoice:
    problem = _problem(file, target)
    if file.name in taken:
        return FileChoice(file.name, True, problem or "the best that fits")
    if problem:
        return FileChoice(file.name, False, problem)
    if file.yanked is not None:
        reason = f": {file.yanked}" if file.yanked else ""
        return FileChoice(file.name, False, f"yanked{reason}")
    if file.name.endswith(SDIST_SUFFIXES):
        why = "a wheel is there" if any(name.endswith(".whl") for name in taken) else "it fits"
        return FileChoice(file.name, False, why if not taken else f"{why}, so nothing is built")
    return FileChoice(
        file.name, False, "it fits, but another file fits better" if taken else "it fits"
    )


def _problem(file: IndexFile, target: Target) -> str:
    """Return why a file can't be used; empty where it can."""
    try:
        if f"{target.python_version}.0" not in SpecifierSet(file.requires_python):
            return f"it asks for Python {file.requires_python}"
    except InvalidSpecifier:
        return f"it asks for Python {file.requires_python}, which can't be read"
    if file.name.endswith(SDIST_SUFFIXES):
        return ""
    if file.name.endswith(VARIANTS_LIST):
        return "it lists variants of wheels (PEP 825), which aren't taken"
    label = variant_label(file.name)
    if label is not None:
        return f"it is a variant of a wheel (PEP 825), {label}, which may not fit every machine"
    if not file.name.endswith(".whl"):
        return "it is neither a wheel nor a source distribution"
    try:
        _, _, _, tags = parse_wheel_filename(file.name)
    except (InvalidWheelFilename, InvalidVersion):
        return "its name can't be read"
    if any(target.rank(tag) is not None for tag in tags):
        return ""
    of_platform = [tag for tag in tags if tag.platform in target.platforms]
    if of_platform:
        return _other_python(of_platform, target)
    return _other_platform([*tags], target)


def _other_python(tags: Sequence[Tag], target: Target) -> str:
    kinds = sorted({f"{tag.interpreter}-{tag.abi}" for tag in tags})
    return f"it is for {', '.join(kinds)}, not for Python {target.python}"


def _other_platform(tags: Sequence[Tag], target: Target) -> str:
    kind = target.system.floor_kind
    name, _ = FLOORS[kind]
    platforms = ", ".join(sorted({tag.platform for tag in tags}))
    newest = target.with_newest_floor()
    if any(tag.platform in newest.platforms for tag in tags):
        return f"it needs a newer {name} than {target.system.floor_version}: {platforms}"
    return f"it is for {platforms}"

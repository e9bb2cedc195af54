"""Reads pylock.toml (PEP 751); its versions and files are kept, extras become groups."""

import hashlib
import re
from collections.abc import Sequence
from pathlib import Path

from packaging.pylock import Package as LockedPackage
from packaging.pylock import (
    PackageArchive,
    PackageSdist,
    PackageWheel,
    Pylock,
    PylockUnsupportedVersionError,
    PylockValidationError,
)
from packaging.utils import canonicalize_name

from lock.errors import UsageError
from lock.inputs.locked_requirements import (
    Groups,
    requirements_of,
    with_absolute_paths,
    with_project,
)
from lock.inputs.partial_markers import evaluate_clauses
from lock.inputs.problems import Problems
from lock.inputs.toml_tables import load
from lock.models.filenames import filename_in_url
from lock.models.packages import Dependency, File, Package, Resolution
from lock.models.requirements import DEFAULT_GROUP, Locked, Requirements

# A clause of a marker about an extra or a group (PEP 751).
MEMBERSHIP = re.compile(
    r"""(?P<quote>["'])(?P<name>[^"']*)(?P=quote)\s+(?P<no>not\s+)?in\s+"""
    r"""(?P<kind>extras|dependency_groups)\b"""
)

# What edits such a file.
EDITED_BY = "with the tool that wrote it"


def parse(text: str, file: str) -> Requirements:
    """Return the requirements of a lock: the project beside it, or all its packages.

    Raises UsageError for what PEP 751 doesn't allow, and for what Nix couldn't fetch.
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
    try:
        lock = Pylock.from_dict(data)
    except (PylockUnsupportedVersionError, PylockValidationError) as error:
        raise UsageError(f"{file}: {error}; lock again with the tool that wrote it") from None
    folder = Path(file).absolute().parent
    packages = tuple(
        with_absolute_paths(_package(package, problems), folder) for package in lock.packages
    )
    problems.raise_if_any()
    groups: Groups = {
        group: _roots(lock.packages, wanted, group == DEFAULT_GROUP)
        for group, wanted in _selections(lock).items()
    }
    if with_own:
        groups, packages = with_project(groups, packages, folder)
    edges = tuple(edge for listed in groups.values() for edge in listed)
    return requirements_of(
        groups,
        Locked(
            Resolution(edges, packages),
            hashlib.sha256(text.encode()).hexdigest(),
            tuple(map(str, lock.environments or ())),
        ),
        requires_python=None if lock.requires_python is None else str(lock.requires_python),
    )


def _selections(lock: Pylock) -> dict[str, set[tuple[str, str]]]:
    """Return, by group, the kinds of MEMBERSHIP with normalized names that it stands for."""
    default = {
        ("dependency_groups", str(canonicalize_name(group))) for group in lock.default_groups or ()
    }
    groups = {DEFAULT_GROUP: default}
    for kind, names in (("extras", lock.extras), ("dependency_groups", lock.dependency_groups)):
        for name in names or ():
            normal = str(canonicalize_name(name))
            if (kind, normal) not in default:
                groups.setdefault(normal, set()).add((kind, normal))
    return groups


def _roots(
    packages: Sequence[LockedPackage], wanted: set[tuple[str, str]], default: bool
) -> list[Dependency]:
    """Return every package that a group installs; those of all groups are in the default one."""
    edges = []
    for package in packages:
        marker = None if package.marker is None else str(package.marker)
        if marker is not None and MEMBERSHIP.search(marker):
            marker = evaluate_clauses(
                marker,
                MEMBERSHIP,
                lambda clause: (_asked(clause) in wanted) != bool(clause["no"]),
            )
            if marker is None:
                continue
        elif not default:
            continue
        edges.append(Dependency(package.name, _version(package), marker))
    return edges


def _asked(clause: re.Match[str]) -> tuple[str, str]:
    """Return the kind and the normalized name in a clause."""
    return clause["kind"], str(canonicalize_name(clause["name"]))


def _version(package: LockedPackage) -> str:
    return "0" if package.version is None else str(package.version)


def _package(package: LockedPackage, problems: Problems) -> Package:
    listed: list[PackageWheel | PackageSdist | PackageArchive] = [*(package.wheels or ())]
    listed += [one for one in (package.sdist, package.archive) if one is not None]
    project = _project(package, problems) if package.vcs or package.directory else None
    edges = (
        Dependency(canonicalize_name(needed["name"]), needed.get("version"))
        for needed in package.dependencies or ()
        if "name" in needed
    )
    files = (_file(one) for one in listed)
    return Package(
        package.name,
        _version(package),
        (project,) if project else tuple(file for file in files if file is not None),
        tuple(edges),
    )


def _project(package: LockedPackage, problems: Problems) -> File | None:
    """Return the folder of a project; None if it can't be locked, which is added to problems."""
    name = f"{package.name}-{_version(package)}"
    at = package.vcs or package.directory
    if package.version is None:
        problem = "it doesn't tell its version before it is built"
    elif at is None or at.subdirectory:
        problem = "it lies in a subdirectory"
    elif package.directory is not None:
        return File(name, "", None, None, path=package.directory.path)
    elif package.vcs is not None and package.vcs.type == "git" and package.vcs.url:
        return File(name, package.vcs.url, None, None, commit=package.vcs.commit_id)
    else:
        problem = "it comes from a repository that isn't git's, or has no address"
    problems.add(None, package.name, problem, "name it in requirements.yaml")
    return None


def _file(entry: PackageWheel | PackageSdist | PackageArchive) -> File | None:
    """Return a file with a URL; None for one on the machine that locked."""
    if entry.url is None:
        return None
    named = None if isinstance(entry, PackageArchive) else entry.name
    return File(
        named or filename_in_url(entry.url),
        entry.url,
        entry.hashes.get("sha256"),
        entry.size,
    )

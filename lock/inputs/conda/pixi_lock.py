"""Reads pixi.lock; the versions and files of its packages of the package index are kept.

Source: the library that writes the format ("rattler_lock"), versions 4 to 7.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import yaml
from packaging.requirements import InvalidRequirement
from packaging.requirements import Requirement as Pep508

from lock.errors import UsageError
from lock.inputs.conda import conda_locked
from lock.inputs.conda import conda_packages as conda
from lock.inputs.conda.conda_locked import Entry, Environment
from lock.inputs.documents.problems import Problems
from lock.inputs.locks.locked_requirements import sha256_in
from lock.inputs.values.checks import FILE_SUFFIXES, check_file_address, check_group
from lock.io.credentials import strip_credentials
from lock.models.filenames import filename_in_url
from lock.models.packages import UNKNOWN_VERSION, File, project_folder
from lock.models.requirements import DEFAULT_GROUP, Requirements

# What edits such a file.
EDITED_BY = "with `pixi add`"

OLDEST, NEWEST = 4, 7
COMMIT = re.compile(r"[0-9a-f]{40}")
# A file of conda: its name, its version and its build.
CONDA_FILE = re.compile(r"(?P<name>.+)-(?P<version>[^-]+)-[^-]+\.(?:conda|tar\.bz2)")
BROKEN = (AttributeError, InvalidRequirement, KeyError, TypeError, ValueError)

Data = Mapping[str, Any]


def parse(text: str, file: str) -> Requirements:
    """Return the requirements of a lock: its packages of an index; its environments are groups.

    Raises UsageError for a file that Pixi didn't write, and where packages of conda are needed.
    """
    problems = Problems(file)
    try:
        data = yaml.load(text, Loader=getattr(yaml, "CBaseLoader", yaml.BaseLoader))
        _check_format(data["version"], file)
        packages = {place: one for one in data["packages"] for place in _places(one)}
        environments = {
            group: [
                _environment(platform, listed, packages, problems)
                for platform, listed in (environment.get("packages") or {}).items()
                if platform in conda.SYSTEMS
            ]
            for name, environment in data["environments"].items()
            if (group := problems.attempt(None, "environments", _group_of, name)) is not None
        }
    except (*BROKEN, yaml.YAMLError, RecursionError) as error:
        if isinstance(error, UsageError):
            raise
        raise UsageError(f"{file}: this is not what Pixi writes; run `pixi lock`") from None
    problems.raise_if_any()
    return conda_locked.requirements(environments, text, file, problems)


def _group_of(environment: str) -> str:
    return DEFAULT_GROUP if environment == "default" else check_group(environment)


def _check_format(version: str, file: str) -> None:
    if int(version) > NEWEST:
        raise UsageError(
            f"{file}: version: format {version} is newer than what is known here, {NEWEST}; take "
            "a newer wheelhouse, or an older Pixi"
        )
    if int(version) < OLDEST:
        raise UsageError(
            f"{file}: version: format {version} is not known here; run `pixi lock` with a newer "
            "Pixi"
        )


def _places(package: Data) -> Iterator[tuple[str, str]]:
    """Yield the kind of a package and the places by which environments name it."""
    kind = package.get("kind") or ("pypi" if "pypi" in package else "conda")
    for key in (kind, "url", "path"):
        if key in package:
            yield kind, package[key]


def _environment(
    platform: str,
    listed: list[Data],
    packages: Mapping[tuple[str, str], Data],
    problems: Problems,
) -> Environment:
    environment = Environment(platform)
    for reference in listed:
        kind = "pypi" if "pypi" in reference else "conda"
        place = reference[kind]
        package = packages[kind, place]
        if kind == "conda":
            name, version = _conda_name(place, package)
            depends = package.get("depends") or ()
            environment.conda[name] = tuple(one.split()[0] for one in depends if one.strip())
            if name == conda.PYTHON:
                environment.python = str(version)
            continue
        name = conda.normal(package["name"])
        version = str(package.get("version", UNKNOWN_VERSION))
        found = _file(name, version, place, package, problems)
        requires = tuple(_requires(package.get("requires_dist") or ()))
        if found is not None:
            environment.entries[name] = Entry(name, version, found, requires)
    return environment


def _conda_name(place: str, package: Data) -> tuple[str, str]:
    """Return name and version of a package of conda, which may stand in its file name only."""
    match = CONDA_FILE.fullmatch(place.rpartition("/")[2])
    named = (match["name"], match["version"]) if match else (place, "")
    return package.get("name", named[0]), package.get("version", named[1])


def _requires(texts: Iterable[str]) -> Iterator[Pep508]:
    for text in texts:
        # Paths of local projects are none of PEP 508, so addresses are left out.
        wanted, _, address = text.partition(" @ ")
        _, _, marker = address.partition(" ; ")
        yield Pep508(f"{wanted} ; {marker}" if marker else wanted)


def _file(name: str, version: str, place: str, package: Data, problems: Problems) -> File | None:
    """Return the file of a package; None if it can't be kept, which is added to the problems."""
    place = place.removeprefix("direct+")
    if place.startswith("git+"):
        address, _, commit = place.removeprefix("git+").partition("#")
        if "subdirectory=" in place or not COMMIT.fullmatch(commit):
            problem = "it comes from a subdirectory, or from a repository without a commit"
            problems.add(None, name, problem, "name it in requirements.yaml")
            return None
        url = strip_credentials(address.partition("?")[0])
        return File(f"{name}-{version}", url, None, None, commit=commit)
    digests = sha256_in([f"sha256:{package.get('sha256')}"])
    if "://" not in place:
        if not place.endswith(FILE_SUFFIXES):
            return project_folder(name, version, place)
        url, path = "", place
    else:
        url, path = strip_credentials(place.partition("#")[0]), None
        if problems.attempt(None, name, check_file_address, url) is None:
            return None
    if not digests:
        problems.add(None, name, "the lock has no sha256 of its file", "run `pixi lock`")
        return None
    shown = filename_in_url(url) if path is None else path.rpartition("/")[2]
    return File(shown, url, digests[0], None, path=path)

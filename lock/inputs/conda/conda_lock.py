"""Reads conda-lock.yml; the versions and files of its pip packages are kept.

Source: conda-lock's own model of the format ("conda_lock.lockfile.v1").
"""

from collections.abc import Mapping
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
from lock.inputs.values.checks import check_file_address, check_group
from lock.io.credentials import strip_credentials
from lock.models.filenames import filename_in_url
from lock.models.packages import File
from lock.models.requirements import DEFAULT_GROUP, Requirements

# What edits such a file.
EDITED_BY = "with `conda-lock`"

FORMAT = 1
MAIN = "main"
BROKEN = (AttributeError, InvalidRequirement, KeyError, TypeError, ValueError)


def parse(text: str, file: str) -> Requirements:
    """Return the requirements of a lock: its pip packages; its categories are groups.

    Raises UsageError for a file that conda-lock didn't write, and where packages of conda are
    needed.
    """
    problems = Problems(file)
    try:
        data = yaml.load(text, Loader=getattr(yaml, "CBaseLoader", yaml.BaseLoader))
        _check_format(data["version"], file)
        environments: dict[str, dict[str, Environment]] = {}
        for entry in data["package"]:
            _add(entry, environments, problems)
    except (*BROKEN, yaml.YAMLError, RecursionError) as error:
        if isinstance(error, UsageError):
            raise
        raise UsageError(
            f"{file}: this is not what conda-lock writes; run `conda-lock lock`"
        ) from None
    problems.raise_if_any()
    _share_conda(environments)
    listed = {group: [*found.values()] for group, found in environments.items()}
    return conda_locked.requirements(listed, text, file, problems)


def _check_format(version: str, file: str) -> None:
    if int(version) > FORMAT:
        raise UsageError(
            f"{file}: version: format {version} is newer than what is known here, {FORMAT}; take "
            "a newer wheelhouse, or an older conda-lock"
        )


def _group_of(category: str) -> str:
    return DEFAULT_GROUP if category == MAIN else check_group(category)


def _share_conda(environments: Mapping[str, Mapping[str, Environment]]) -> None:
    """Let each category see the packages of conda that the others have on its platform."""
    for platform in conda.SYSTEMS:
        same = [found[platform] for found in environments.values() if platform in found]
        own = {one.python for one in same if one.python}
        # What Python itself consists of may be listed in one category only.
        everything = {name: needed for one in same for name, needed in one.conda.items()}
        for one in same:
            one.conda = everything
            one.python = next(iter(own), None)


def _add(
    entry: Mapping[str, Any],
    environments: dict[str, dict[str, Environment]],
    problems: Problems,
) -> None:
    """Add an entry to the environment of its category and its platform."""
    category, platform = entry.get("category", MAIN), entry["platform"]
    if platform not in conda.SYSTEMS:
        return
    group = problems.attempt(None, "category", _group_of, category)
    if group is None:
        return
    environment = environments.setdefault(group, {}).setdefault(platform, Environment(platform))
    depends = entry.get("dependencies") or {}
    if entry["manager"] == "conda":
        environment.conda[entry["name"]] = tuple(depends)
        if entry["name"] == conda.PYTHON:
            environment.python = str(entry["version"])
        return
    name = conda.normal(entry["name"])
    url = strip_credentials(entry["url"].partition("#")[0])
    if problems.attempt(None, name, check_file_address, url) is None:
        return
    digests = sha256_in([f"sha256:{entry['hash'].get('sha256')}"])
    if not digests:
        problems.add(None, name, "the lock has no sha256 of its file", "run `conda-lock lock`")
        return
    file = File(filename_in_url(url), url, digests[0], None)
    requires = tuple(Pep508(conda.normal(needed)) for needed in depends)
    environment.entries[name] = Entry(name, str(entry["version"]), file, requires)

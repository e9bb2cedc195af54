"""Finds what holds for the builds of a uv.lock, since uv doesn't lock builds.

Constraints of builds stand in its manifest, all else in the settings of the project beside it.
"""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from packaging.requirements import InvalidRequirement, Requirement

from lock.errors import UsageError
from lock.inputs import read_text
from lock.inputs.documents.problems import Problems
from lock.inputs.documents.toml_tables import Table, load
from lock.inputs.uv import uv_files, uv_settings
from lock.inputs.uv.uv_choices import settings_of
from lock.inputs.uv.uv_indexes import indexes_of, notes_of
from lock.inputs.values.checks import check_time
from lock.models.packages import Package
from lock.models.requirements import ALL, Locked, Requirements, Settings


def with_settings(found: Requirements, data: Mapping[str, Any], file: str) -> Requirements:
    """Return the requirements of a uv.lock with the settings that hold for its builds.

    Raises UsageError for constraints of builds that can't be locked, and with a line for each
    error in the settings of the project beside the lock.
    """
    listed = data.get("manifest", {}).get("build-constraints", [])
    constraints = tuple(sorted(_constraint(entry, file) for entry in listed))
    beside = _beside(found, Path(file).parent)
    return replace(beside, settings=replace(beside.settings, build_constraints=constraints))


def _beside(found: Requirements, folder: Path) -> Requirements:
    """Return requirements with what the project of a folder, if there is one, says of builds."""
    file = folder / "pyproject.toml"
    if not file.is_file():
        return found
    problems = Problems(str(file))
    document = Table(load(read_text(file), problems), "", problems)
    files = uv_files.find(document.table("tool").table("uv"), folder)
    sources = uv_settings.index_of(uv_settings.sources_of(files, folder))
    settings = replace(settings_of(files), build_index_of=sources)
    with_files = replace(
        found,
        indexes=indexes_of(files),
        exclude_newer=files.settings.checked("exclude-newer", check_time),
        settings=_of_builds(settings),
        locked=found.locked and _with_sdists(found.locked, settings.no_binary),
        notes=(*found.notes, *files.notes, *notes_of(files)),
    )
    problems.raise_if_any()
    return with_files


def _of_builds(settings: Settings) -> Settings:
    """Return settings without those that only decide which versions uv locks."""
    return replace(
        settings, resolution="", prerelease="", fork_strategy="", prerelease_of={}, excluded=()
    )


def _with_sdists(locked: Locked, names: tuple[str, ...]) -> Locked:
    """Return a lock with the packages marked that are built from source even where a wheel fits."""
    if not names:
        return locked
    packages = tuple(
        replace(package, prefer_sdist=True) if _is_built(package, names) else package
        for package in locked.resolution.packages
    )
    return replace(
        locked,
        resolution=replace(locked.resolution, packages=packages),
        of_choice={
            choice: _with_sdists(inner, names) for choice, inner in locked.of_choice.items()
        },
    )


def _is_built(package: Package, names: tuple[str, ...]) -> bool:
    is_folder = any(file.is_folder for file in package.files)
    return not is_folder and (ALL in names or package.name in names)


def _constraint(entry: Mapping[str, Any], file: str) -> str:
    """Return a constraint in PEP 508's form."""
    name, specifier, marker = (entry.get(key) for key in ("name", "specifier", "marker"))
    text = f"{name}{specifier}" + (f" ; {marker}" if marker else "")
    try:
        return str(Requirement(text)) if specifier else _refuse(entry, file)
    except InvalidRequirement:
        return _refuse(entry, file)


def _refuse(entry: Mapping[str, Any], file: str) -> str:
    raise UsageError(
        f"{file}: manifest.build-constraints: that of {entry.get('name')} names no version, so it "
        "can't be locked; constrain it by versions in the pyproject.toml"
    )

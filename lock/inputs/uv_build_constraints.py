"""Reads the constraints of builds in a uv.lock: uv doesn't lock builds, so they decide here."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from packaging.requirements import InvalidRequirement, Requirement

from lock.errors import UsageError
from lock.models.requirements import Requirements


def with_build_constraints(found: Requirements, data: Mapping[str, Any], file: str) -> Requirements:
    """Return requirements with the key `build-constraints` in the manifest of a uv.lock.

    Raises UsageError for one that isn't a version's constraint.
    """
    listed = data.get("manifest", {}).get("build-constraints", [])
    constraints = tuple(sorted(_constraint(entry, file) for entry in listed))
    settings = replace(found.settings, build_constraints=constraints)
    return replace(found, settings=settings)


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

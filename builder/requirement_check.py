"""Check that packages of the package set find the versions that they require.

The lock has resolved everything else together, but not what it leaves to the package set: such a
package meets the versions of the lock, not those that it was built and tested with.
"""

import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version

from builder.errors import BuildError

if TYPE_CHECKING:
    from builder.compose import Package

REMEDY = (
    "lock versions that fit, take another one from nixpkgs (`overrides.NAME.package`), or take "
    "those packages `from: nixpkgs` as well"
)


def check_requirements(packages: Sequence["Package"], python: str, strict: bool) -> None:
    """Say which packages of the package set meet a version that they don't allow.

    `python` is the full version of the interpreter. Raises BuildError if `strict` is set, else
    prints a warning.
    """
    versions: dict[str, str] = {
        canonicalize_name(package.name): str(package.notes["version"]) for package in packages
    }
    lines = [
        f"  {package.name} {package.notes['version']} requires {requirement}, but the environment "
        f"has {versions[canonicalize_name(requirement.name)]}"
        for package in packages
        for requirement in unsatisfied(package.notes.get("requires", ()), versions, python)
    ]
    if not lines:
        return
    text = "\n".join(
        [
            "packages of nixpkgs meet versions that they don't allow:",
            *lines,
            f"To mend it, {REMEDY}",
        ]
    )
    if strict:
        raise BuildError(text)
    print(f"wheelhouse: {text}", file=sys.stderr)


def unsatisfied(
    requirements: Iterable[str], versions: Mapping[str, str], python: str
) -> list[Requirement]:
    """Return the requirements (PEP 508) that installed versions, by name, don't satisfy.

    What isn't installed isn't among them, and neither is what a marker rules out.
    """
    environment = {
        "python_full_version": python,
        "python_version": ".".join(python.split(".")[:2]),
        "extra": "",
    }
    found = []
    for text in requirements:
        try:
            requirement = Requirement(text)
            version = Version(versions[canonicalize_name(requirement.name)])
        except (InvalidRequirement, InvalidVersion, KeyError):
            continue
        applies = requirement.marker is None or requirement.marker.evaluate(environment)
        if applies and not requirement.specifier.contains(version, prereleases=True):
            found.append(requirement)
    return found

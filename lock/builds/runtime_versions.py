"""Pins what a build has in the version that runs with it (uv's setting `match-runtime`)."""

from collections.abc import Iterable, Sequence

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from lock.errors import UnsatisfiableError
from lock.selection.installation import Installation


def runtime_versions(
    requirements: Iterable[str], installations: Sequence[Installation]
) -> list[str]:
    """Return requirements (PEP 508) with the versions that each target installs.

    Raises UnsatisfiableError for one that no target installs.
    """
    found: list[str] = []
    for requirement in map(Requirement, requirements):
        found += _pinned(requirement, installations)
    return found


def _pinned(requirement: Requirement, installations: Sequence[Installation]) -> list[str]:
    name = canonicalize_name(requirement.name)
    markers: dict[str, dict[str, None]] = {}
    for installation in installations:
        if name in installation.packages:
            if installation.packages[name].from_nixpkgs:
                raise UnsatisfiableError(
                    f"`match-runtime` asks for the version of {name} that is installed with it, "
                    "which comes from nixpkgs and isn't known here; leave `match-runtime` out"
                )
            version = installation.packages[name].version
            markers.setdefault(version, {})[f"({installation.target.system.marker})"] = None
    if not markers:
        raise UnsatisfiableError(
            f"`match-runtime` asks for the version of {name} that is installed with it, and it "
            "isn't installed; require it, or leave `match-runtime` out"
        )
    extras = f"[{','.join(sorted(requirement.extras))}]" if requirement.extras else ""
    own = f"({requirement.marker})" if requirement.marker else ""
    everywhere = len(markers) == 1 and all(name in one.packages for one in installations)
    pinned = []
    for version, systems in markers.items():
        where = "" if everywhere else f"({' or '.join(systems)})"
        condition = " and ".join(filter(None, (own, where)))
        pinned.append(f"{name}{extras}=={version}" + (f" ; {condition}" if condition else ""))
    return pinned

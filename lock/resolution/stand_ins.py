"""Asks uv for packages that it needn't find: from nixpkgs, replaced ones, and excluded ones.

Each is a member of the generated workspace, and an override without a version, so that no range
excludes the member. An override also drops the marker and the extras of whoever asks for it.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from lock.models.packages import UNKNOWN_VERSION, Resolution
from lock.resolution.request import Member, Request


@dataclass(frozen=True)
class PutBack:
    """A resolution in which the edges are as they are asked for, without the members."""

    resolution: Resolution
    # Replaced package → the extras that are asked of it.
    extras: Mapping[str, frozenset[str]] = field(default_factory=dict)
    # What the user should know, a line each.
    notes: Sequence[str] = ()
    # The replaced and the excluded packages that nothing asks for.
    unused: frozenset[str] = frozenset()


def names(request: Request) -> frozenset[str]:
    """Return the names of the packages of a request that uv needn't find."""
    return frozenset([*request.from_nixpkgs, *request.replaced, *excluded(request)])


def excluded(request: Request) -> frozenset[str]:
    """Return the names of the packages of a request that nothing installs, but for projects.

    uv could exclude them by itself, but it doesn't say whether anything asks for one.
    """
    return frozenset(request.excluded) - {member.name for member in request.members}


def with_members(
    request: Request, extras: Mapping[str, Collection[str]] = MappingProxyType({})
) -> Request:
    """Return a request with members in place of the packages that uv needn't find.

    `extras` are those that are asked of replaced packages.
    """
    ours = names(request)
    if not ours:
        return request
    dropped = excluded(request)
    members = [Member(name, UNKNOWN_VERSION) for name in sorted({*request.from_nixpkgs, *dropped})]
    for name, other in sorted(request.replaced.items()):
        listed = ",".join(sorted(extras.get(name, ())))
        members.append(Member(name, UNKNOWN_VERSION, [f"{other}[{listed}]" if listed else other]))
    return replace(
        request,
        members=[*request.members, *members],
        overrides=[
            *(text for text in request.overrides if name_of(text) not in dropped),
            *sorted(ours),
        ],
        excluded=sorted({*request.excluded} - dropped),
        stand_ins=ours,
        # No range may exclude the made-up version.
        constraints=[text for text in request.constraints if name_of(text) not in ours],
        origins={name: one for name, one in request.origins.items() if name not in ours},
    )


def name_of(text: str) -> str:
    """Return the normalized name of the project that a requirement (PEP 508) asks for."""
    return canonicalize_name(Requirement(text).name)

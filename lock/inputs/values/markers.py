"""Combines markers (PEP 508)."""

from collections.abc import Iterable

from packaging.markers import Marker
from packaging.specifiers import SpecifierSet

from lock.models.pythons import minors, supports
from lock.models.target import SYSTEMS, Target


def all_of(markers: Iterable[str | None]) -> str | None:
    """Return the marker that holds where all of the markers do; None for no markers.

    >>> all_of(["os_name == 'nt' or extra == 'a'", None, "python_version > '3.9'"])
    '(os_name == "nt" or extra == "a") and python_version > "3.9"'
    """
    given = [*dict.fromkeys(str(Marker(marker)) for marker in markers if marker)]
    if len(given) < 2:
        return given[0] if given else None
    return str(Marker(" and ".join(f"({marker})" for marker in given)))


def can_hold(marker: str | None, requires_python: str = "") -> bool:
    """Return whether a marker without extras holds on any supported target.

    Only those count whose Python a specifier (PEP 440) allows.
    """
    allowed = SpecifierSet(requires_python)
    return any(
        Target(system, f"3.{minor}").satisfies(marker)
        for minor in reversed(minors(marker or "", requires_python))
        if not requires_python or supports(allowed, f"3.{minor}")
        for system in SYSTEMS.values()
    )

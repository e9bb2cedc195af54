"""The dependencies in a poetry.lock, each on the versions that are locked for it."""

from collections.abc import Mapping, Sequence
from typing import Any

from packaging.requirements import InvalidRequirement
from packaging.requirements import Requirement as Pep508
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name
from packaging.version import Version

from lock.inputs.poetry.poetry_table import python_marker
from lock.inputs.values.checks import REQUIREMENT
from lock.inputs.values.markers import all_of
from lock.inputs.values.partial_markers import EXTRA, evaluate_clauses
from lock.inputs.values.specifier import alternatives
from lock.models.packages import Dependency
from lock.models.pythons import minors, of_minor, supports

# What Poetry writes for a marker that never holds.
EMPTY = "<empty>"
# An entry of a lock, as it is written.
Entry = Mapping[str, Any]


class Entries:
    """The packages of a lock, by their normalized names.

    `has_markers` is whether their markers say where each is installed (from format 2.1 on).
    """

    def __init__(self, entries: Sequence[Entry], *, has_markers: bool) -> None:
        self.all = entries
        self.has_markers = has_markers
        self.by_name: dict[str, list[Entry]] = {}
        for entry in entries:
            self.by_name.setdefault(canonicalize_name(entry["name"]), []).append(entry)

    def edges(
        self,
        name: str,
        specifiers: Sequence[str],
        marker: str | None = None,
        extras: frozenset[str] = frozenset(),
    ) -> list[Dependency]:
        """Return a dependency on each version that one of some specifiers allows.

        Where that are several, each has the marker of the targets that install it.
        """
        fitting = [
            entry
            for entry in self.by_name.get(name, ())
            if any(SpecifierSet(one).contains(entry["version"], True) for one in specifiers)
        ]
        found = []
        for entry in fitting:
            own = [] if len(fitting) == 1 else [self._where(entry, fitting)]
            # Format 1.0 has only there what isn't about Python.
            own += [entry.get("marker")]
            if EMPTY not in (marker, *own):
                both = all_of((marker, *own))
                found.append(Dependency(name, str(entry["version"]), both, extras))
        return found

    def dependencies(self, entry: Entry) -> tuple[Dependency, ...]:
        """Return the dependencies of a package, without those of its extras only."""
        found: list[Dependency] = []
        for name, value in entry.get("dependencies", {}).items():
            for one in value if isinstance(value, list) else [value]:
                table = one if isinstance(one, dict) else {"version": one}
                if table.get("optional"):
                    continue
                # Format 1.0 writes the versions of Python apart.
                python = python_marker(table.get("python", "*"))
                markers = [text for text in (table.get("markers"), python) if text]
                found += self.edges(
                    canonicalize_name(name),
                    alternatives(table.get("version", "*")),
                    EMPTY if EMPTY in markers else all_of(markers),
                    frozenset(map(canonicalize_name, table.get("extras", ()))),
                )
        return tuple(found)

    def extras(self, entry: Entry) -> dict[str, tuple[Dependency, ...]]:
        """Return, by extra, the dependencies that it adds to a package."""
        return {
            canonicalize_name(extra): tuple(
                edge for text in texts for edge in self._listed(text, entry, extra)
            )
            for extra, texts in entry.get("extras", {}).items()
        }

    def _listed(self, text: str, entry: Entry, extra: str) -> list[Dependency]:
        """Return the dependencies in the text of an extra's requirement; none if it is invalid."""
        match = REQUIREMENT.fullmatch(text)
        specifiers: Sequence[str] = ("",)
        if match is not None and "|" in match[3]:
            specifiers = alternatives(match[3])
            text = f"{match[1]}{match[2] or ''}" + (f" ; {match[4]}" if match[4] else "")
        try:
            wanted = Pep508(text)
        except InvalidRequirement:
            return []
        return self.edges(
            canonicalize_name(wanted.name),
            [str(wanted.specifier)] if wanted.specifier else specifiers,
            str(wanted.marker) if wanted.marker else _marker_in(entry, wanted.name, extra),
            frozenset(map(canonicalize_name, wanted.extras)),
        )

    def _where(self, entry: Entry, fitting: Sequence[Entry]) -> str | None:
        """Return the marker of the targets that install one of several versions."""
        if self.has_markers:
            return _marker_of_groups(entry)
        return _newest_for(entry, fitting)


def _marker_in(entry: Entry, name: str, extra: str) -> str | None:
    """Return the marker of an extra's requirement that stands only among the dependencies.

    None where there is no such entry, or one of them has no marker; EMPTY where none can hold.
    """
    markers, is_told = [], False
    for other, value in entry.get("dependencies", {}).items():
        if canonicalize_name(other) != canonicalize_name(name):
            continue
        for one in value if isinstance(value, list) else [value]:
            if not (isinstance(one, dict) and one.get("optional")):
                continue
            marker = one.get("markers")
            if marker is None:
                return None
            is_told = True
            holds = evaluate_clauses(
                marker,
                EXTRA,
                lambda clause: canonicalize_name(clause["name"]) == canonicalize_name(extra),
            )
            markers += [holds] if holds else []
    either = " or ".join(f"({marker})" for marker in markers)
    return either or (EMPTY if is_told else None)


def marker_of(entry: Entry, group: str) -> str | None:
    """Return the marker of a package in one of its groups (format 2.1)."""
    markers = entry.get("markers", {})
    return markers if isinstance(markers, str) else markers.get(group)


def _marker_of_groups(entry: Entry) -> str | None:
    """Return the marker of a package in any group, with the project's extras."""
    markers = {marker_of(entry, group) for group in entry["groups"]} - {EMPTY}
    if None in markers:
        return None
    if not markers:
        return EMPTY
    either = " or ".join(f"({marker})" for marker in sorted(filter(None, markers)))
    return evaluate_clauses(either, EXTRA, lambda _: True) or EMPTY


def _newest_for(entry: Entry, fitting: Sequence[Entry]) -> str:
    """Return the marker of the Pythons for which a package is the newest of some versions.

    That is the one that Poetry installs where a lock has no markers.
    """
    ordered = sorted(fitting, key=lambda one: Version(one["version"]), reverse=True)
    among = minors(*(one.get("python-versions", "*") for one in ordered))
    chosen = {
        minor: next((one for one in ordered if _supports(one, minor)), None) for minor in among
    }
    clauses = [of_minor(minor, among) for minor, one in chosen.items() if one is entry]
    return " or ".join(clauses) or EMPTY


def _supports(entry: Entry, minor: int) -> bool:
    """Return whether a package may be installed for a minor version of Python 3."""
    return any(
        supports(SpecifierSet(one), f"3.{minor}")
        for one in alternatives(entry.get("python-versions", "*"))
    )

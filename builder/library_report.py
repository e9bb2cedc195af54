"""Gather which native libraries an environment has, which it lacks, and which others load."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from builder.driver_use import opened_by_name
from builder.library_check import LibraryCheck, check_libraries, native_package
from builder.missing_libraries import MissingLibrary
from builder.opened_libraries import OpenedLibrary, find_opened, missing_opened
from builder.wiring import DRIVER

# Package, file (or the number of files), soname, and the attribute that has the library.
Row = tuple[str, str, str, str]


@dataclass(frozen=True)
class LibraryReport:
    """What the packages of an environment need of native libraries, and who gives them.

    `check` has what files lack, and what another package has to load; `found` is what the package
    set gives, `driver` what is left to the GPU driver. `opened` are those that Python code opens by
    name, `missing_opened` those of them that nothing gives.
    """

    check: LibraryCheck
    found: tuple[Row, ...]
    driver: tuple[Row, ...]
    opened: tuple[OpenedLibrary, ...]
    missing_opened: tuple[MissingLibrary, ...]

    @property
    def is_complete(self) -> bool:
        """Return whether no library is missing."""
        return not (self.check.missing or self.missing_opened)


def gather(spec: dict[str, Any]) -> LibraryReport:
    """Return the report on `spec["packages"]`, as lib/derivations/library-report.nix gives it."""
    packages = [(path, read_notes(path)) for path in spec["packages"]]
    native_packages = [
        native_package(path, notes) for path, notes in packages if notes["native"]["folders"]
    ]
    resolved = resolved_rows(
        (
            f"{notes['name']} {notes['version']}",
            patch["file"],
            library["soname"],
            library["attribute"],
        )
        for _, notes in packages
        for patch in notes["native"]["patched"]
        for library in patch["resolved"]
    )
    driver = [row for row in resolved if row[-1] == DRIVER]
    needed = {(package, soname) for package, _, soname, _ in driver}
    opened = resolved_rows(
        (package.label, file, soname, "by name")
        for package in native_packages
        for file, soname in opened_by_name(package.path)
        if (package.label, soname) not in needed
    )
    libraries = opened_libraries(packages, spec)
    return LibraryReport(
        check_libraries(native_packages, spec["sitePackages"]),
        tuple(row for row in resolved if row[-1] != DRIVER),
        (*driver, *opened),
        tuple(libraries),
        tuple(missing_opened(libraries, spec["lacking"])),
    )


def read_notes(path: str) -> dict[str, Any]:
    """Return what `unpack` noted of the package at a store path."""
    notes: dict[str, Any] = json.loads(Path(path, "wheelhouse", "package.json").read_text("utf-8"))
    return notes


def opened_libraries(
    packages: Iterable[tuple[str, dict[str, Any]]], spec: dict[str, Any]
) -> list[OpenedLibrary]:
    """Return the libraries that the code of packages opens by name; none but on Linux."""
    if spec["directories"] is None:
        return []
    by_label = {f"{notes['name']} {notes['version']}": path for path, notes in packages}
    return find_opened(by_label, spec["sitePackages"], spec["directories"])


def resolved_rows(resolved: Iterable[Row]) -> list[Row]:
    """Return package, file, soname and attribute of libraries that were found.

    If several files of a package need the same library, one row has their number.
    """
    files: dict[tuple[str, str, str], list[str]] = {}
    for package, file, soname, attribute in resolved:
        files.setdefault((package, soname, attribute), []).append(file)
    return [
        (package, paths[0] if len(paths) == 1 else f"{len(paths)} files", soname, attribute)
        for (package, soname, attribute), paths in sorted(files.items())
    ]

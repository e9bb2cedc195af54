"""Report which native libraries an environment has, which it lacks, and which others load."""

import json
from collections.abc import Iterable, Sequence
from itertools import zip_longest
from pathlib import Path
from typing import Any

from builder.driver_use import advice, opened_by_name
from builder.library_check import NeededLibrary, check_libraries, native_package
from builder.missing_libraries import describe_missing_libraries
from builder.opened_libraries import OpenedLibrary, find_opened, missing_opened, opened_rows
from builder.wiring import DRIVER


def main(spec: dict[str, Any], out: Path) -> None:
    """Write the report on `spec["packages"]` to the file `out`."""
    packages = [(path, read_notes(path)) for path in spec["packages"]]
    native_packages = [
        native_package(path, notes) for path, notes in packages if notes["native"]["folders"]
    ]
    check = check_libraries(native_packages, spec["sitePackages"])
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
    driver = [row[:-1] for row in resolved if row[-1] == DRIVER]
    resolved = [row for row in resolved if row[-1] != DRIVER]
    needed = {(row[0], row[2]) for row in driver}
    opened = resolved_rows(
        (package.label, file, soname, "by name")
        for package in native_packages
        for file, soname in opened_by_name(package.path)
        if (package.label, soname) not in needed
    )
    driver_section = format_section("Left to the GPU driver:", [*driver, *opened])
    if driver_section:
        driver_section += advice(spec["hostDriver"])
    libraries = opened_libraries(packages, spec)
    missing = missing_opened(libraries, spec["lacking"])
    summary = describe_missing_libraries(check.missing, with_plugins=True, opened=missing)
    sections = [
        f"{summary[:1].upper()}{summary[1:]}\n" if summary else "",
        format_section("Files that lack a library:", missing_rows(check.missing)),
        format_section(
            "Left to another package, which has to be imported before:",
            [
                (library.package, library.path, library.soname, library.owner or "")
                for library in check.preloaded
            ],
        ),
        format_section("Found in the package set:", resolved),
        format_section("Opened by name:", opened_rows(libraries, is_reached=True)),
        format_section(
            "Opened by name in modules that no package imports:",
            opened_rows(libraries, is_reached=False),
        ),
        driver_section,
    ]
    text = "\n".join(filter(None, sections)) or "No package needs a native library.\n"
    if not (check.missing or missing) and any(sections):
        text = f"No native library is missing.\n\n{text}"
    out.write_text(text, encoding="utf-8")


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


def missing_rows(missing: Iterable[NeededLibrary]) -> list[tuple[str, ...]]:
    """Return package, file and soname of each library that a file lacks."""
    return [(library.package, library.path, library.soname) for library in missing]


def resolved_rows(resolved: Iterable[tuple[str, str, str, str]]) -> list[tuple[str, ...]]:
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


def format_section(title: str, rows: Sequence[tuple[str, ...]]) -> str:
    """Return a title and a table of aligned columns; "" if there are no rows."""
    if not rows:
        return ""
    widths = [max(map(len, column)) for column in zip_longest(*rows, fillvalue="")]
    lines = [
        "  ".join(f"{cell:<{width}}" for cell, width in zip(row, widths, strict=False)).rstrip()
        for row in rows
    ]
    return "\n".join([title, *(f"  {line}" for line in lines), ""])

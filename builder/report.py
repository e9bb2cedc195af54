"""Report which native libraries an environment has, which it lacks, and which others load."""

from collections.abc import Iterable, Sequence
from itertools import zip_longest
from pathlib import Path
from typing import Any

from builder.driver_use import advice
from builder.library_check import NeededLibrary
from builder.library_report import LibraryReport, gather
from builder.missing_libraries import describe_missing_libraries
from builder.opened_libraries import opened_rows
from builder.wiring import DRIVER


def main(spec: dict[str, Any], out: Path) -> None:
    """Write the report on `spec["packages"]` to the file `out`."""
    out.write_text(render(gather(spec), host_driver=spec["hostDriver"]), encoding="utf-8")


def render(report: LibraryReport, *, host_driver: bool) -> str:
    """Return the text of a report; `host_driver` as `hostDriver` of the library."""
    summary = describe_missing_libraries(
        report.check.missing, with_plugins=True, opened=report.missing_opened
    )
    driver_section = format_section(
        "Left to the GPU driver:",
        [row[:-1] if row[-1] == DRIVER else row for row in report.driver],
    )
    if driver_section:
        driver_section += advice(host_driver)
    sections = [
        f"{summary[:1].upper()}{summary[1:]}\n" if summary else "",
        format_section("Files that lack a library:", missing_rows(report.check.missing)),
        format_section(
            "Left to another package, which has to be imported before:",
            [
                (library.package, library.path, library.soname, library.owner or "")
                for library in report.check.preloaded
            ],
        ),
        format_section("Found in the package set:", report.found),
        format_section("Opened by name:", opened_rows(report.opened, is_reached=True)),
        format_section(
            "Opened by name in modules that no package imports:",
            opened_rows(report.opened, is_reached=False),
        ),
        driver_section,
    ]
    text = "\n".join(filter(None, sections)) or "No package needs a native library.\n"
    if report.is_complete and any(sections):
        text = f"No native library is missing.\n\n{text}"
    return text


def missing_rows(missing: Iterable[NeededLibrary]) -> list[tuple[str, ...]]:
    """Return package, file and soname of each library that a file lacks."""
    return [(library.package, library.path, library.soname) for library in missing]


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

"""Say which native libraries an environment has, which it lacks, and who gives them."""

from collections.abc import Iterable

from builder.driver_use import advice
from builder.library_check import NeededLibrary
from builder.library_report import LibraryReport
from builder.missing_libraries import describe_missing_libraries
from builder.opened_libraries import opened_rows
from builder.wiring import DRIVER
from native.tables import attribute_for_soname
from report.models import Libraries, Table


def describe(report: LibraryReport, *, host_driver: bool) -> Libraries:
    """Return what `env.report` says, as tables; those without rows are left out."""
    driver = [(*row[:3], "" if row[3] == DRIVER else row[3]) for row in report.driver]
    tables = (
        Table("Missing", "", ("Package", "File", "Library", "Attribute of nixpkgs"),
              tuple(_missing(report.check.missing))),
        Table(
            "Given by the package set", "", ("Package", "File", "Library", "Attribute of nixpkgs"),
            report.found,
        ),
        Table(
            "Given by another package",
            "That package has to be imported before.",
            ("Package", "File", "Library", "Given by"),
            tuple(
                (one.package, one.path, one.soname, one.owner or "")
                for one in report.check.preloaded
            ),
        ),
        Table(
            "Opened by name", "", ("Package", "Line of code", "Library", "Found in"),
            tuple(_four(row) for row in opened_rows(report.opened, is_reached=True)),
        ),
        Table(
            "Opened by name in modules that no package imports",
            "They matter to who imports these modules.",
            ("Package", "Line of code", "Library", "Found in"),
            tuple(_four(row) for row in opened_rows(report.opened, is_reached=False)),
        ),
        Table(
            "Left to the GPU driver",
            " ".join(advice(host_driver).split()) if driver else "",
            ("Package", "File", "Library", "How"),
            tuple(_four(row) for row in driver),
        ),
    )  # fmt: skip
    missing = len({one.soname for one in report.check.missing}) + len(report.missing_opened)
    text = describe_missing_libraries(
        report.check.missing, with_plugins=True, opened=report.missing_opened
    )
    return Libraries(missing, text, tuple(table for table in tables if table.rows))


def _missing(missing: Iterable[NeededLibrary]) -> Iterable[tuple[str, ...]]:
    for one in missing:
        yield one.package, one.path, one.soname, attribute_for_soname(one.soname) or "unknown"


def _four(row: tuple[str, ...]) -> tuple[str, str, str, str]:
    package, file, library, place = row
    return package, file, library, place

"""Missing libraries are told by library, with the line that gives them."""

from builder.library_check import NeededLibrary
from builder.missing_libraries import describe_missing_libraries

SITE = "lib/python3.12/site-packages"
QT = "pyqt6-qt6 6.10.0"
LIBRARIES = [
    *(
        NeededLibrary(QT, f"{SITE}/PyQt6/Qt6/lib/libQt6{name}.so.6", "libxkbcommon.so.0")
        for name in ("Gui", "Widgets")
    ),
    NeededLibrary(QT, f"{SITE}/PyQt6/Qt6/plugins/platforms/libqxcb.so", "libxkbcommon.so.0"),
    NeededLibrary("other 2", f"{SITE}/other/draw.so", "libxkbcommon.so.0"),
    NeededLibrary(QT, f"{SITE}/PyQt6/Qt6/lib/libQt6DBus.so.6", "libdbus-1.so.3"),
    NeededLibrary(QT, f"{SITE}/PyQt6/Qt6/plugins/sqldrivers/libqsqlpsql.so", "libpq.so.5"),
    NeededLibrary(QT, f"{SITE}/PyQt6/Qt6/plugins/sqldrivers/libqsqlmimer.so", "libmimapi.so"),
]


def test_libraries_are_grouped_and_plugins_stand_apart() -> None:
    assert describe_missing_libraries(LIBRARIES, with_plugins=True).splitlines() == [
        "native libraries are missing:",
        "  libxkbcommon.so.0 (3 files of pyqt6-qt6, draw.so of other) → pkgs.libxkbcommon",
        "  libdbus-1.so.3 (libQt6DBus.so.6 of pyqt6-qt6) → pkgs.dbus",
        "native libraries that only plugins want, which no import loads:",
        "  libmimapi.so (libqsqlmimer.so of pyqt6-qt6)",
        "  libpq.so.5 (libqsqlpsql.so of pyqt6-qt6) → pkgs.libpq",
        "Write into the arguments of makePythonPypiEnvironment:",
        "  searchPaths.rpath = [ pkgs.dbus pkgs.libxkbcommon ];",
    ]


def test_the_log_counts_what_only_plugins_want() -> None:
    lines = describe_missing_libraries(LIBRARIES, with_plugins=False).splitlines()
    assert lines[0] == "native libraries are missing:"
    assert lines[-3:] == [
        "plugins of pyqt6-qt6, which no import loads, want 2 libraries more; the environment's "
        "`report` lists them",
        "Write into the arguments of makePythonPypiEnvironment:",
        "  searchPaths.rpath = [ pkgs.dbus pkgs.libxkbcommon ];",
    ]
    assert describe_missing_libraries(LIBRARIES[5:], with_plugins=False) == (
        "plugins of pyqt6-qt6, which no import loads, want 2 libraries that are missing; the "
        "environment's `report` lists them"
    )


def test_where_only_plugins_lack_something_the_line_gives_that() -> None:
    lines = describe_missing_libraries(LIBRARIES[5:], with_plugins=True).splitlines()
    assert lines[0] == "native libraries that only plugins want, which no import loads:"
    assert lines[3].startswith("For a library without an attribute")
    assert lines[-1] == "  searchPaths.rpath = [ pkgs.libpq ];"


def test_without_a_missing_library_there_is_nothing_to_say() -> None:
    assert describe_missing_libraries([], with_plugins=True) == ""
    assert describe_missing_libraries([], with_plugins=False) == ""

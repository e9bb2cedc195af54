"""`remove` takes files out of a package by where an environment has them."""

from pathlib import Path

import pytest

from tests.support.builder_steps import RUNNING_PYTHON, Builder, Environment, error_message
from tests.support.edited_packages import Editor, changed_lines
from tests.support.record_check import record_mismatches
from tests.support.wheels import Wheel

SITE = RUNNING_PYTHON.site
HEADERS = f"include/site/python{RUNNING_PYTHON.version}/demo"
DEMO = Wheel(
    files={
        "demo/__init__.py": "def main():\n    print('launched')\n",
        "demo/data/table.csv": "1",
        "demo/tests/__init__.py": "",
        "demo/tests/test_x.py": "",
        "demo-1.0.data/data/share/doc/demo.txt": "text",
        "demo-1.0.data/data/share/demo.txt": "text",
        "demo-1.0.data/data/bin/tool": "#!/bin/sh\n",
        "demo-1.0.data/headers/demo.h": "int x;",
        "demo-1.0.data/headers/other.h": "int y;",
        "demo-1.0.data/scripts/script": "#!python\nprint('script')\n",
        "demo-1.0.data/scripts/demo": "#!python\nprint('written by a backend')\n",
    },
    entry_points="[console_scripts]\ndemo = demo:main\nother = demo:main\n",
)


def files(tree: Path) -> list[str]:
    """Return the paths of the files of a tree but bytecode."""
    return sorted(
        str(path.relative_to(tree))
        for path in tree.rglob("*")
        if not path.is_dir() and path.suffix != ".pyc"
    )


def without_edits(builder: Builder) -> list[str]:
    path = builder.unpack(DEMO).path
    found = files(path)
    path.rename(path.with_name("unedited"))
    return found


def compose(editor: Editor, **options: object) -> Environment:
    return editor.builder.compose([editor.unpack(DEMO, **options)])


def test_an_edited_package_has_all_else_where_any_package_has_it(editor: Editor) -> None:
    expected = without_edits(editor.builder)
    package = editor.unpack(DEMO, remove=["share/doc/demo.txt"])
    # A launcher that a backend wrote is in no environment.
    missing = {"wheelhouse/data/share/doc/demo.txt", "wheelhouse/scripts/demo"}
    assert files(package.path) == [path for path in expected if path not in missing]
    notes = package.notes
    assert [entry["path"] for entry in notes["data"]] == ["bin/tool", "share/demo.txt"]
    assert [entry["path"] for entry in notes["headers"]] == ["demo.h", "other.h"]
    assert [entry["path"] for entry in notes["scripts"]] == ["script"]


def test_files_of_every_kind_are_removed(editor: Editor) -> None:
    globs = [
        f"{SITE}/demo/tests/*",
        f"{SITE}/demo/*.csv",
        "share/doc/*",
        "bin/tool",
        "bin/script",
        f"{HEADERS}/d*",
    ]
    environment = compose(editor, remove=globs)
    names = sorted(path.name for path in (environment.site / "demo").iterdir())
    assert names == ["__init__.py", "__pycache__"]
    assert sorted(path.name for path in (environment.path / "share").iterdir()) == ["demo.txt"]
    assert not (environment.path / "bin" / "tool").exists()
    assert not (environment.path / "bin" / "script").exists()
    assert [path.name for path in (environment.path / HEADERS).iterdir()] == ["other.h"]
    assert environment.run("demo").stdout == "launched\n"
    assert record_mismatches(environment, "demo") == []


def test_a_folder_is_removed_with_all_below_it(editor: Editor) -> None:
    package = editor.unpack(DEMO, remove=[f"{SITE}/demo/tests", "share"])
    assert not (package.path / SITE / "demo" / "tests").exists()
    assert not (package.path / "wheelhouse" / "data" / "share").exists()
    record = (package.path / SITE / DEMO.dist_info / "RECORD").read_text()
    assert "demo/tests" not in record


def test_the_launcher_of_an_entry_point_is_dropped(editor: Editor) -> None:
    environment = compose(editor, remove=["bin/demo"])
    assert not (environment.path / "bin" / "demo").exists()
    assert environment.run("other").stdout == "launched\n"
    assert record_mismatches(environment, "demo") == []


def test_a_launcher_that_a_patch_adds_can_be_dropped(editor: Editor) -> None:
    points = DEMO.entry_points.removesuffix("\n")
    patch = changed_lines(
        f"{DEMO.dist_info}/entry_points.txt",
        points,
        f"{points}\nthird = demo:main\nlast = demo:main",
    )
    package = editor.unpack(DEMO, patches=[patch], remove=["bin/third"])
    names = [point["name"] for point in package.notes["entryPoints"]]
    assert names == ["demo", "other", "last"]


@pytest.mark.parametrize(
    ("glob", "hint"),
    [
        (f"{SITE}/demo/test/*", f"near ones are {SITE}/demo/tests"),
        ("demo/tests/*", "Paths are seen from the top of an environment, as in `lib/python3"),
        (f"{SITE}/{DEMO.dist_info}/RECORD", "names none of its files"),
        ("bin/nothing", "names none of its files"),
    ],
)
def test_a_glob_that_names_nothing_is_refused(editor: Editor, glob: str, hint: str) -> None:
    message = error_message(editor.try_unpack(DEMO, remove=["bin/tool", glob]))
    assert message.startswith(f"demo 1.0: `remove` has {glob!r}, which names none of its files")
    assert hint in message


@pytest.mark.parametrize("removed", [DEMO.dist_info, f"{DEMO.dist_info}/METADATA"])
def test_a_package_without_metadata_is_refused(editor: Editor, removed: str) -> None:
    message = error_message(editor.try_unpack(DEMO, remove=[f"{SITE}/{removed}"]))
    assert "demo 1.0: its edits removed demo-1.0.dist-info/METADATA" in message

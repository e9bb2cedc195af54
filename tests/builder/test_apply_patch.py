"""Patches of wheels are applied whole, or refused with one error."""

from pathlib import Path

import pytest

from tests.support.builder_steps import RUNNING_PYTHON, Package, error_message
from tests.support.edited_packages import STORE_HASH, Editor, changed_lines, new_file
from tests.support.wheels import Wheel

LINES = "".join(f"line{number} = {number}\n" for number in range(1, 10))
DEMO = Wheel(files={"demo/__init__.py": "x = 1\n", "demo/lines.py": LINES})
X = changed_lines("demo/__init__.py", "x = 1", "x = 2")
MIDDLE = """--- a/demo/lines.py
+++ b/demo/lines.py
@@ -4,3 +4,3 @@
 line4 = 4
-line5 = 5
+line5 = 50
 line6 = 6
"""


def read(package: Package, file: str) -> str:
    return (package.path / RUNNING_PYTHON.site / file).read_text()


def names(package: Package) -> list[str]:
    folder = package.path / RUNNING_PYTHON.site / "demo"
    return sorted(path.name for path in folder.iterdir() if path.name != "__pycache__")


def test_patches_are_applied_one_after_another(editor: Editor) -> None:
    second = changed_lines("demo/__init__.py", "x = 2", "x = 3")
    package = editor.unpack(DEMO, patches=[X, second])
    assert read(package, "demo/__init__.py") == "x = 3\n"
    assert package.log == ""


def test_a_patch_adds_removes_and_renames_files(editor: Editor) -> None:
    removed = "--- a/demo/__init__.py\n+++ /dev/null\n@@ -1 +0,0 @@\n-x = 1\n"
    renamed = (
        "diff --git a/demo/lines.py b/demo/more.py\nsimilarity index 100%\n"
        "rename from demo/lines.py\nrename to demo/more.py\n"
    )
    patches = [removed, renamed, new_file("demo/new.py", "y = 1")]
    assert names(editor.unpack(DEMO, patches=patches)) == ["more.py", "new.py"]


@pytest.mark.parametrize(
    "patch",
    [
        "diff --git a/demo/z.py b/demo/z.py\nnew file mode 100644\nindex 0000000..e69de29\n",
        "diff --git a/demo/lines.py b/demo/lines.py\nold mode 100644\nnew mode 100755\n",
    ],
    ids=["an empty file", "a mode"],
)
def test_a_change_without_a_line_is_one(editor: Editor, patch: str) -> None:
    editor.unpack(DEMO, patches=[patch])


def test_a_patch_with_other_surroundings_applies_and_is_noted(editor: Editor) -> None:
    fuzzy = MIDDLE.replace("line4 = 4", "line4 = 'four'")
    package = editor.unpack(DEMO, patches=[fuzzy])
    assert "line5 = 50\n" in read(package, "demo/lines.py")
    assert package.log.splitlines() == [
        "wheelhouse: demo 1.0: the patch change-1.patch applies inexactly:",
        "  Hunk #1 succeeded at 4 with fuzz 1.",
    ]
    assert names(package) == ["__init__.py", "lines.py"]


def test_a_patch_that_does_not_apply_is_one_error_with_its_hunks(editor: Editor) -> None:
    wrong = MIDDLE.replace("-line5 = 5", "-line5 = 6")
    message = error_message(editor.try_unpack(DEMO, patches=[X, wrong]))
    assert message.splitlines() == [
        "demo 1.0: the patch change-2.patch does not apply:",
        "  patching file demo/lines.py",
        "  Hunk #1 FAILED at 4.",
        "  1 out of 1 hunk FAILED",
        "The paths in it are seen from the wheel's site-packages, with one leading folder, as in "
        "`a/pkg/x.py`.",
    ]
    assert STORE_HASH not in message
    tree = editor.builder.scratch / "demo-1.0"
    assert [path for path in tree.rglob("*") if path.suffix in (".orig", ".rej")] == []


def test_a_patch_that_the_wheel_has_already_is_refused_and_not_reverted(editor: Editor) -> None:
    done = editor.try_unpack(DEMO, patches=[X, X])
    assert "previously applied" in error_message(done)
    file = editor.builder.scratch / "demo-1.0" / RUNNING_PYTHON.site / "demo" / "__init__.py"
    assert file.read_text() == "x = 2\n"


@pytest.mark.parametrize(
    "patch", ["", changed_lines("demo/__init__.py", "x = 1", "x = 1")], ids=["empty", "same lines"]
)
def test_a_patch_that_changes_nothing_is_refused(editor: Editor, patch: str) -> None:
    message = error_message(editor.try_unpack(DEMO, patches=[patch]))
    assert message.startswith("demo 1.0: the patch change-1.patch changes nothing; take it out of")


@pytest.mark.parametrize(
    ("patch", "reason"),
    [
        ("nothing of a patch\n", "Only garbage was found"),
        (X.replace("demo/", "site-packages/demo/"), "can't find file to patch"),
        (MIDDLE.replace("@@ -4,3 +4,3", "@@ -4,9 +4,9"), "unexpected end of file"),
    ],
    ids=["no patch", "seen from elsewhere", "cut off"],
)
def test_the_reason_that_patch_gives_is_shown(editor: Editor, patch: str, reason: str) -> None:
    message = error_message(editor.try_unpack(DEMO, patches=[patch]))
    assert reason in message


def test_a_patch_writes_nothing_outside_of_the_tree(editor: Editor, tmp_path: Path) -> None:
    above = changed_lines("../outside.py", "x = 1", "x = 2")
    outside = tmp_path / "demo-1.0" / RUNNING_PYTHON.site
    for patch in (new_file("../outside.py", "x = 1"), above):
        assert "does not apply" in error_message(editor.try_unpack(DEMO, patches=[patch]))
        assert not (outside.parent / "outside.py").exists()
        for path in sorted(outside.rglob("*"), reverse=True):
            path.rmdir() if path.is_dir() else path.unlink()


def test_a_missing_program_is_named(editor: Editor) -> None:
    edits = editor.edits([X], [], False)
    message = error_message(editor.builder.try_unpack(DEMO, edits=edits))
    assert "change-1.patch needs the program `patch`, which is not on PATH" in message

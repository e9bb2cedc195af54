"""The comparison with other tools tells whatever differs."""

from dataclasses import replace

import pytest

from lock.models.target import SYSTEMS, Target
from tests.support import differences, pins
from tests.support.pins import FOLDER, INDEX, Pin
from tests.support.real_files import Case, Difference

LISTED = """\
# by a tool
a==1.0 \\
    --hash=sha256:aa \\
    --hash=sha256:bb
a[X]==1.0 --hash=sha256:aa
b==2 ; sys_platform == 'darwin' \\
    --hash=sha256:cc
c @ https://files.example/c-1.zip ; sys_platform == 'linux'
-e ./d
-e e ; sys_platform == 'darwin'
"""
TARGET = Target(SYSTEMS["x86_64-linux"], "3.12")
OURS = {"a": Pin("1", ("x",), "https://files.example/a-1.zip", frozenset({"aa"}))}
CASE = Case("p", "1", "", "uv.lock", "3.12", "")
KNOWN = Difference("a", "version", "1", "2", frozenset({"default"}), frozenset({"x86_64-linux"}))


def test_a_tool_s_list_is_read_for_one_system():
    found = pins.listed(LISTED, TARGET, with_extras=True, project_of={"./d": "d", "e": "e"})
    assert found == {
        "a": Pin("1.0", ("x",), INDEX, frozenset({"aa"})),
        "c": Pin("", (), "https://files.example/c-1.zip"),
        "d": Pin("", None, FOLDER),
    }


@pytest.mark.parametrize(
    ("theirs", "told"),
    [
        ({"a": Pin("1", ("x",), INDEX, frozenset({"aa", "bb"}))}, []),
        ({"a": Pin("1.0", None, INDEX, frozenset({"aa"}))}, []),
        ({"a": Pin("1", None, "https://files.example/a-1.zip")}, []),
        ({}, [("a", "version", "1", "none")]),
        ({"a": Pin("2", None, INDEX)}, [("a", "version", "1", "2")]),
        (
            {"a": Pin("1", (), INDEX, frozenset({"aa"}))},
            [("a", "extras", "x", "none")],
        ),
        (
            {"a": Pin("1", None, INDEX, frozenset({"aa"}), asked=frozenset({"y"}))},
            [("a", "extras", "x", "x, y")],
        ),
        (
            {"a": Pin("1", None, INDEX, frozenset({"bb"}))},
            [("a", "origin", "https://files.example/a-1.zip", INDEX)],
        ),
        (
            {"a": Pin("1", None, "https://other.example/a-1.zip", frozenset({"aa"}))},
            [("a", "origin", "https://files.example/a-1.zip", "https://other.example/a-1.zip")],
        ),
        (
            OURS | {"b": Pin("", None, FOLDER)},
            [("b", "version", "none", FOLDER)],
        ),
    ],
)
def test_each_difference_is_told(theirs, told):
    assert list(pins.compare(OURS, theirs)) == told


def test_a_difference_must_be_expected_and_an_expected_one_must_be_there():
    assert differences.explain(CASE, frozenset()) == ""
    assert "not expected: a version: lock has 1" in differences.explain(CASE, frozenset({KNOWN}))
    expecting = replace(CASE, differences={KNOWN: "why"})
    assert differences.explain(expecting, frozenset({KNOWN})) == ""
    assert "no longer so: a version: lock has 1" in differences.explain(expecting, frozenset())

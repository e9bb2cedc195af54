"""Versions of Python: which there are, which are refused, and what ranges let in."""

from datetime import date

import pytest
from packaging.specifiers import SpecifierSet

from lock.errors import UsageError
from lock.inputs.values.markers import can_hold
from lock.models.pythons import (
    NEWEST_TESTED,
    USUAL_PYTHON,
    check_python,
    example_python,
    minors,
    newest_minor,
    only_python,
    supports,
    untested,
)

AUTUMN = date(2026, 11, 1)
NEXT = f"3.{NEWEST_TESTED + 1}"


@pytest.mark.parametrize("text", ["3.8", "3.9", "3.10", "3.14", "3.13t", "3.15", "3.15t", "3.16t"])
def test_every_python_that_there_is_can_be_locked_for(text: str) -> None:
    assert check_python(text, AUTUMN) == text


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("3.7", "^Python 3.7 is too old to be locked for; the oldest that can is 3.8$"),
        ("2.7", "^Python 2.7 is too old"),
        ("3.17", r"^there is no Python 3\.17; 3\.16 is the newest, and there is one more a year "),
        ("3.99", r"there is no Python 3\.99;"),
        ("3.17t", "there is no Python 3.17t;"),
        ("4.0", "there is no Python 4.0;"),
        ("3.110", "there is no Python 3.110;"),
        ("3", "such as 3.11"),
        ("three", "such as 3.11"),
        ("", "such as 3.11"),
        ("3.11.4", "names a patch release; write 3.11,"),
        ("3.12t", "the first that has is 3.13t, or write 3.12"),
        ("3.13.1t", "write 3.13t,"),
        ("3.15.0rc1", "names a build; write 3.15,"),
        ("3.16a2", "names a build; write 3.16,"),
        ("3.16-dev", "names a build; write 3.16,"),
        ("3.15.2+freethreaded", "write 3.15t,"),
        ("3.\u0661", "such as 3.11"),
    ],
)
def test_other_pythons_are_refused(text: str, problem: str) -> None:
    with pytest.raises(UsageError, match=problem):
        check_python(text, AUTUMN)


@pytest.mark.parametrize(
    ("day", "newest"),
    [
        # PEP 745, 790 and 826: the days after the first betas, when work on the next one begins.
        (date(2025, 4, 30), NEWEST_TESTED + 1),
        (date(2026, 11, 1), 16),
        (date(2028, 4, 30), 17),
        (date(2028, 5, 1), 18),
        (date(2031, 12, 31), 21),
    ],
)
def test_there_is_one_more_python_a_year(day: date, newest: int) -> None:
    assert newest_minor(day) == newest
    assert check_python(f"3.{newest}", day) == f"3.{newest}"
    with pytest.raises(UsageError, match=f"3.{newest} is the newest"):
        check_python(f"3.{newest + 1}", day)


@pytest.mark.parametrize("python", ["3.8", f"3.{NEWEST_TESTED}", f"3.{NEWEST_TESTED}t"])
def test_nothing_is_said_of_a_python_that_the_tests_run_on(python: str) -> None:
    assert untested(python) == ""


@pytest.mark.parametrize("python", [NEXT, f"{NEXT}t"])
def test_a_newer_python_is_said_to_be_untested(python: str) -> None:
    assert untested(python).startswith(f"Python {python} is untested: 3.{NEWEST_TESTED} is the ")


@pytest.mark.parametrize(
    ("versions", "expected"),
    [
        ("==3.12.*", "3.12"),
        (">=3.11,<3.12", "3.11"),
        ("~=3.10.4", "3.10"),
        ("==3.12.4", "3.12"),
        (">=3.15,<3.16", "3.15"),
        ("==3.27.*", "3.27"),
        (">=3.11", None),
        (">=3.14", None),
        (">=3.15,!=3.15.*", None),
        (">=3.8", None),
        ("<4", None),
        ("", None),
        (None, None),
    ],
)
def test_the_only_python_that_is_let_in_is_found(versions: str, expected: str | None) -> None:
    assert only_python(versions) == expected


@pytest.mark.parametrize(
    ("versions", "expected"),
    [
        (None, USUAL_PYTHON),
        (">=3.14", f"3.{NEWEST_TESTED}"),
        (">=3.15,<3.16", "3.15"),
        ("<3.10,>=3.8", "3.9"),
        (">=3.16", "3.16"),
        (">=3.17", None),
        ("<3.8", None),
    ],
)
def test_the_example_fits_and_can_be_locked_for(versions: str, expected: str | None) -> None:
    assert example_python(versions, AUTUMN) == expected


@pytest.mark.parametrize(
    ("versions", "python", "expected"),
    [
        (">=3.9,<3.15", "3.15", False),
        (">=3.9,<3.15", "3.14", True),
        (">=3.15.1", "3.15", True),
        ("==3.15.2", "3.15", True),
        ("<3.15.0", "3.15", False),
        (">=3.15.0rc1", "3.15", True),
        ("!=3.15.*", "3.15", False),
        (">=3.9", "3.100", True),
    ],
)
def test_a_range_lets_in_what_some_patch_release_is_in(
    versions: str, python: str, expected: bool
) -> None:
    assert supports(SpecifierSet(versions), python) is expected


@pytest.mark.parametrize(
    ("marker", "requires", "expected"),
    [
        ("python_version >= '3.15'", "", True),
        ("python_version >= '3.40'", "", True),
        ("python_version >= '3.40'", ">=3.9,<3.40", False),
        ("python_full_version >= '3.15.2' and python_version < '3.16'", "", True),
        ("python_version > '3.15' and python_version < '3.16'", "", False),
        ("python_version < '3.8'", "", False),
        ("python_version >= '3.4'", "", True),
        ("python_version != '3.0' and python_version >= '2.7'", "", True),
        ("python_version == '3.0'", "", False),
        ("sys_platform == 'linux'", ">=3.5", True),
        ("python_version >= '4'", "", False),
        ("platform_release >= '6.3.99'", "", False),
    ],
)
def test_a_marker_can_hold_on_a_python_that_is_still_to_come(
    marker: str, requires: str, expected: bool
) -> None:
    assert can_hold(marker, requires) is expected


@pytest.mark.parametrize("text", ["", ">=3", ">=3.0", ">=3.5", ">=2.7,!=3.0.*,!=3.1.*", "<=3.7"])
def test_old_pythons_in_a_range_hide_none_that_can_be_locked_for(text: str) -> None:
    assert minors(text) == minors("<3.8")


def test_versions_of_other_things_are_no_pythons() -> None:
    assert minors("platform_release >= '6.3.99'") == minors()
    assert minors("python_version >= '3.2026'") == minors()

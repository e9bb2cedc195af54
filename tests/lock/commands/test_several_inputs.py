"""Several files of requirements in one lock."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.support.index_server import Index
from tests.support.lock_app import LockApp


@pytest.fixture(autouse=True)
def requirements(lock: LockApp, index: Index) -> None:
    """Two files of requirements."""
    for name in ("alpha", "beta", "gamma"):
        index.wheel(name, "1.0")
    lock.write("alpha\n", "a.txt")
    lock.write("beta\n", "a-dev.txt")


def document(text: str) -> Any:
    return yaml.safe_load(text)


BOTH = ("-r", "a.txt", "-r", "a-dev.txt")


def test_files_behind_r_are_locked_together(lock: LockApp) -> None:
    found = document(lock.succeed("3.12", *BOTH))
    assert found["closure"] == {"alpha": "1.0", "beta": "1.0"}
    assert found["requested"]["requirements"] == {"default": ["alpha", "beta"]}
    assert lock.run("3.12", *BOTH, "--check").returncode == 0


def test_the_order_of_the_files_changes_nothing(lock: LockApp) -> None:
    one = lock.succeed("3.12", *BOTH)
    assert lock.succeed("3.12", "-r", "a-dev.txt", "-r", "a.txt") == one


def test_a_lock_of_several_files_is_stale_against_one(lock: LockApp) -> None:
    lock.succeed("3.12", *BOTH)
    told = lock.fail(1, "3.12", "-r", "a.txt", "--check")
    assert "requested.requirements.default: beta is not asked for any more" in told


def test_the_lock_of_several_files_is_named_by_o(lock: LockApp) -> None:
    assert lock.run("3.12", "3.13", *BOTH, "-o", "all-{python}.yaml").returncode == 0
    assert {"all-3.12.yaml", "all-3.13.yaml"} <= lock.tree().keys()
    told = lock.fail(2, "3.12", *BOTH, "all.yaml")
    assert told.startswith(
        "lock: all.yaml: with -r, requirements stand behind -r each and the lock"
    )
    told = lock.fail(2, "3.12", "a.txt", "b.yaml", "-o", "c.yaml")
    assert "too many arguments, from 'b.yaml' on" in told


def test_no_input_is_overwritten(lock: LockApp) -> None:
    told = lock.fail(2, "3.12", *BOTH, "-o", "a-dev.txt")
    assert told.startswith("a-dev.txt: the requirements stand in this file")


def test_one_file_behind_r_is_as_one_by_its_place(lock: LockApp) -> None:
    assert lock.succeed("3.12", "a.txt") == lock.succeed("3.12", "-r", "a.txt")


def test_a_conflict_shows_the_lines_of_both_files(lock: LockApp) -> None:
    lock.write("# dev\nalpha>1\n", "a-dev.txt")
    lock.write("alpha<=1\n", "a.txt")
    told = lock.fail(1, "3.12", *BOTH)
    assert told.startswith("a.txt and a-dev.txt: no versions satisfy the requirements")
    assert "  a.txt:1: alpha<=1\n" in told
    assert "  a-dev.txt:2: alpha>1\n" in told


def test_the_first_file_is_edited_and_all_are_locked(lock: LockApp) -> None:
    found = document(lock.succeed("add", "--python", "3.12", *BOTH, "gamma"))
    assert found["closure"] == {"alpha": "1.0", "beta": "1.0", "gamma": "1.0"}
    assert Path(lock.folder / "a.txt").read_text() == "alpha\ngamma\n"
    assert Path(lock.folder / "a-dev.txt").read_text() == "beta\n"
    assert lock.run(*BOTH, "--check").returncode == 0


def test_what_one_file_requires_another_cannot_exclude(lock: LockApp) -> None:
    lock.write("alpha\n", name="a.txt")
    lock.write("exclude: [alpha]\n", "more.yaml")
    told = lock.fail(2, "3.12", "-r", "a.txt", "-r", "more.yaml")
    assert "exclude: `alpha` is required, too; keep one of both" in told

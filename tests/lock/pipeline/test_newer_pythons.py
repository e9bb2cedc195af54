"""Locks for the newest Pythons, and for one that no test runs on, against a local index."""

import json

import pytest
import yaml

from lock.models.pythons import NEWEST_TESTED
from tests.support.index_server import Index
from tests.support.lock_app import LockApp

LINUX = "manylinux_2_17_x86_64"
HERE = ("--system", "x86_64-linux")
NEXT = f"3.{NEWEST_TESTED + 1}"


def chosen(text: str) -> list[str]:
    """The tags of a lock's wheels."""
    return [link["name"].split("-", 2)[2] for link in yaml.safe_load(text)["links"]]


@pytest.mark.parametrize(
    ("python", "tags", "expected"),
    [
        ("3.15", ["cp315-cp315", "cp312-abi3", "py3-none"], "cp315-cp315"),
        ("3.15", ["cp314-cp314", "cp312-abi3", "py3-none"], "cp312-abi3"),
        ("3.15", ["cp314-cp314", "cp315-cp315t", "cp316-abi3", "py3-none"], "py3-none"),
        ("3.15t", ["cp315-cp315", "cp315-cp315t", "cp312-abi3", "py3-none"], "cp315-cp315t"),
        ("3.15t", ["cp314-cp314t", "cp312-abi3", "py3-none"], "py3-none"),
        (NEXT, ["cp315-cp315", "cp312-abi3", "py3-none"], "cp312-abi3"),
        (f"{NEXT}t", ["cp315-cp315t", "cp312-abi3", "py3-none"], "py3-none"),
    ],
)
def test_the_best_wheel_for_a_new_python_is_chosen(
    lock: LockApp, index: Index, python: str, tags: list[str], expected: str
) -> None:
    for tag in tags:
        index.wheel("alpha", "1.0", tag=f"{tag}-{'any' if tag == 'py3-none' else LINUX}")
    lock.write("alpha:\n")
    [tag] = chosen(lock.succeed(python, *HERE))
    assert tag.startswith(f"{expected}-")


def test_markers_tell_new_pythons_apart(lock: LockApp, index: Index) -> None:
    for name in ("old", "new", "newer", "patched"):
        index.wheel(name, "1.0")
    index.wheel(
        "alpha",
        "1.0",
        "old; python_version < '3.15'",
        "new; python_version >= '3.15'",
        f"newer; python_version >= '{NEXT}'",
        "patched; python_full_version < '3.15.2'",
    )
    lock.write("alpha:\n")
    found = yaml.safe_load(lock.succeed("3.15", *HERE))["closure"]
    assert sorted(found) == ["alpha", "new", "patched"]


def test_a_project_for_python_up_to_3_14_is_not_locked_for_3_15(lock: LockApp) -> None:
    project = 'name = "x"\nversion = "1"\nrequires-python = ">=3.9,<3.15"\ndependencies = ["a"]\n'
    lock.write(f"[project]\n{project}", "pyproject.toml")
    assert lock.fail(1, "3.15") == (
        "pyproject.toml: it asks for Python <3.15,>=3.9, so it can't be locked for 3.15; name "
        "another version of Python, as in `lock 3.11`\n"
    )


def test_a_package_without_a_wheel_for_a_new_python_names_that(lock: LockApp, index: Index) -> None:
    index.wheel("alpha", "1.0", tag=f"cp314-cp314-{LINUX}")
    lock.write("alpha:\n")
    told = lock.fail(1, "3.15", *HERE)
    assert "alpha 1.0 has no file for x86_64-linux and Python 3.15\n" in told


def test_of_an_untested_python_one_line_says_so(lock: LockApp, index: Index) -> None:
    index.wheel("alpha", "1.0")
    lock.write("alpha:\n")
    done = lock.run(NEXT, *HERE)
    assert done.returncode == 0
    told = [line for line in done.stderr.splitlines() if "untested" in line]
    assert told == [
        f"warning: Python {NEXT} is untested: 3.{NEWEST_TESTED} is the newest that this version of "
        "wheelhouse was tested with"
    ]
    again = lock.run("--json", *HERE)
    assert [told[0]] == json.loads(again.stdout)["warnings"]
    assert lock.run("--check").returncode == 0


def test_of_a_tested_python_nothing_is_said(lock: LockApp, index: Index) -> None:
    index.wheel("alpha", "1.0")
    lock.write("alpha:\n")
    assert "untested" not in lock.run(f"3.{NEWEST_TESTED}", *HERE).stderr


@pytest.mark.parametrize(
    ("line", "python"),
    [
        ("3.15", "3.15"),
        ("3.15.2", "3.15"),
        ("3.15t", "3.15t"),
        ("3.15t-dev", "3.15t"),
        ("3.16-dev", "3.16"),
        ("3.16.0a2", "3.16"),
        ("3.15.0rc1t", "3.15t"),
        ("3.15+freethreaded", "3.15t"),
        ("cpython-3.15.2+freethreaded-linux-x86_64-gnu", "3.15t"),
        ("cpython-3.15.2-linux-x86_64-gnu", "3.15"),
    ],
)
def test_a_build_in_python_version_is_its_version(lock: LockApp, line: str, python: str) -> None:
    from lock.pipeline.file_names import python_of_folder

    lock.write(f"{line}\n", ".python-version")
    assert python_of_folder(lock.folder / "requirements.yaml") == python


def test_a_python_version_that_can_t_be_locked_for_is_named_with_its_file(lock: LockApp) -> None:
    lock.write("alpha:\n")
    lock.write("3.7.2\n", ".python-version")
    assert lock.fail(2).startswith(".python-version: Python 3.7 is too old to be locked for")
    lock.write("wheelhouse: 1\npython: 3.99\n", "sources.yaml")
    assert lock.fail(2).startswith("sources.yaml: there is no Python 3.99; ")


PROJECT = """\
[project]
name = "x"
version = "1"
requires-python = "==3.99.*"
dependencies = ["alpha"]
"""


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("environment.yml", "dependencies:\n- python=3.99\n- pip:\n  - alpha\n"),
        ("pyproject.toml", PROJECT),
    ],
)
def test_a_python_that_requirements_name_is_named_with_their_file(
    lock: LockApp, name: str, text: str
) -> None:
    lock.write(text, name)
    assert lock.fail(2, name).startswith(f"{name}: there is no Python 3.99; ")
    assert lock.fail(2, "3.98", name).startswith("lock: there is no Python 3.98; ")

"""scripts/other_pythons.py: what it keeps of earlier results, and which names it refuses."""

import subprocess
import sys

import pytest

from scripts.other_pythons import Package, Result, updated
from tests.support.project import ROOT

LIST = ROOT / "docs/native-packages/other-pythons.yaml"


def result(version: str) -> Result:
    return Result(version, None, gil=False)


def test_results_of_packages_that_were_not_asked_for_are_kept() -> None:
    old = {name: result("1") for name in ("asked", "other", "dropped", "")}
    asked, other, failed = (Package(name, "", {}) for name in ("asked", "other", "failed"))
    packages = [asked, other, failed]
    found = {"asked": result("2"), "": result("2")}
    assert updated(old, found, packages, [asked, failed]) == found | {"other": result("1")}
    assert updated(old, found, packages, packages) == found


@pytest.mark.parametrize(
    ("option", "name", "message"),
    [
        ("--column", "3.14", "no column 3.14; there are 3.13t, "),
        ("--package", "NumPy", "no package NumPy; there are aiohttp, "),
    ],
)
def test_a_name_that_is_not_in_the_list_is_refused(option: str, name: str, message: str) -> None:
    command = [sys.executable, "-m", "scripts.other_pythons", option, name]
    done = subprocess.run(
        [*command, "lock", LIST, "results", "table"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert message in done.stderr

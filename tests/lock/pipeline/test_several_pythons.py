"""Several Pythons are locked by one command, a file each."""

from pathlib import Path

import pytest
import yaml

from tests.support.index_server import Index
from tests.support.lock_app import LockApp


@pytest.fixture
def stocked(index: Index) -> None:
    """`alpha` has a wheel for 3.13 without the lock, and needs `beta` before 3.12 only."""
    needs = 'beta; python_version < "3.12"'
    index.wheel("alpha", "1.0", needs)
    index.wheel("alpha", "1.0", needs, tag="cp313-cp313t-manylinux_2_17_x86_64")
    index.wheel("beta", "1.0")


def versions(file: Path) -> tuple[str, dict[str, str]]:
    read = yaml.safe_load(file.read_text(encoding="utf-8"))
    return read["python"], read["closure"]


@pytest.mark.usefixtures("stocked")
def test_each_python_gets_a_file_of_its_own(lock: LockApp) -> None:
    lock.write("alpha:\n")
    done = lock.run("3.11", "3.12", "3.13t")
    assert done.returncode == 0, done.stderr
    assert {file.name: versions(file) for file in lock.folder.glob("sources*")} == {
        "sources-3.11.yaml": ("3.11", {"alpha": "1.0", "beta": "1.0"}),
        "sources-3.12.yaml": ("3.12", {"alpha": "1.0"}),
        "sources-3.13t.yaml": ("3.13t", {"alpha": "1.0"}),
    }
    assert [line.partition(":")[0] for line in done.stderr.splitlines()] == [
        "sources-3.11.yaml",
        "sources-3.12.yaml",
        "sources-3.13t.yaml",
    ]
    free = (lock.folder / "sources-3.13t.yaml").read_text(encoding="utf-8")
    assert "cp313-cp313t-manylinux_2_17_x86_64.whl" in free


@pytest.mark.usefixtures("stocked")
def test_the_files_are_the_ones_that_single_runs_write(lock: LockApp) -> None:
    lock.write("alpha:\n")
    (lock.folder / "locks").mkdir()
    assert lock.run("3.11", "3.12", "requirements.yaml", "locks/{python}.yaml").returncode == 0
    for python in ("3.11", "3.12"):
        together = (lock.folder / "locks" / f"{python}.yaml").read_text(encoding="utf-8")
        (lock.folder / "sources.yaml").unlink(missing_ok=True)
        assert lock.succeed(python) == together
    assert lock.run("3.12", "requirements.yaml", "one-{python}.yaml").returncode == 0
    assert (lock.folder / "one-3.12.yaml").read_text(encoding="utf-8") == together


@pytest.mark.usefixtures("stocked")
def test_all_are_checked(lock: LockApp) -> None:
    lock.write("alpha:\n")
    assert lock.run("3.11", "3.12").returncode == 0
    assert lock.run("--check", "3.11", "3.12").returncode == 0
    assert "sources-3.13.yaml: there is no lock yet" in lock.fail(1, "--check", "3.11", "3.13")


def test_nothing_is_written_when_one_fails(lock: LockApp, index: Index) -> None:
    index.wheel("alpha", "1.0", tag="cp311-none-any")
    lock.write("alpha:\n")
    assert lock.fail(1, "3.11", "3.12").startswith("Python 3.12: requirements.yaml: no versions")

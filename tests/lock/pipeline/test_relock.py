"""A lock that is there already changes as little as it can."""

from typing import Any

import pytest
import yaml

from lock.lockfile.existing import preferences
from lock.resolution.request import Preference, Preferences
from tests.support.index_server import Index
from tests.support.lock_app import LockApp

BACKEND = """\
[build-system]
requires = ["tool"]
build-backend = "tool"
"""
TOOL = """\
import pathlib, zipfile
def get_requires_for_build_wheel(settings=None): return []
def build_wheel(folder, settings=None, metadata=None): raise NotImplementedError
"""


def closure(text: str) -> Any:
    """Name → version of a sources file."""
    return yaml.safe_load(text)["closure"]


@pytest.fixture
def locked(lock: LockApp, index: Index) -> str:
    """A lock of `alpha`, which needs `beta`; newer versions of both have come since."""
    for version in ("1.0", "1.1"):
        index.wheel("alpha", version, "beta")
        index.wheel("beta", version)
    lock.write("alpha:\n")
    text = lock.succeed("3.11")
    for version in ("1.2", "2.0"):
        index.wheel("alpha", version, "beta")
        index.wheel("beta", version)
    return text


def test_a_second_run_writes_the_same_though_newer_versions_exist(
    lock: LockApp, locked: str
) -> None:
    assert closure(locked) == {"alpha": "1.1", "beta": "1.1"}
    assert lock.succeed() == locked


def test_another_requirement_removes_no_line(lock: LockApp, index: Index, locked: str) -> None:
    index.wheel("gamma", "5.0", "beta")
    lock.write("alpha:\ngamma:\n")
    text = lock.succeed()
    assert closure(text) == {"alpha": "1.1", "beta": "1.1", "gamma": "5.0"}
    assert items(locked) <= items(text)


def items(text: str) -> set[str]:
    """Return the lines of packages and files, without what separates them."""
    found = {line.rstrip(",") for line in text.splitlines() if line.startswith("  {")}
    assert found
    return found


@pytest.mark.usefixtures("locked")
def test_what_has_to_go_goes(lock: LockApp) -> None:
    lock.write('alpha: ">=1.2"\n')
    assert closure(lock.succeed()) == {"alpha": "2.0", "beta": "1.1"}


@pytest.mark.usefixtures("locked")
def test_upgrade_takes_the_newest(lock: LockApp) -> None:
    assert closure(lock.succeed("--upgrade")) == {"alpha": "2.0", "beta": "2.0"}


@pytest.mark.usefixtures("locked")
def test_upgrade_of_one_package_leaves_the_others(lock: LockApp) -> None:
    assert closure(lock.succeed("-P", "Beta")) == {"alpha": "1.1", "beta": "2.0"}


@pytest.mark.usefixtures("locked")
def test_a_name_that_is_none_is_refused(lock: LockApp) -> None:
    message = lock.fail(2, "--upgrade-package", "a b")
    assert message.startswith("lock: --upgrade-package: name is invalid: 'a b'")


def test_a_version_without_a_file_for_a_new_system_is_replaced(lock: LockApp, index: Index) -> None:
    index.wheel("alpha", "1.0", tag="py3-none-manylinux_2_17_x86_64")
    lock.write("alpha:\n")
    lock.succeed("--system", "x86_64-linux", "3.11")
    index.wheel("alpha", "2.0")
    text = lock.succeed("--system", "x86_64-linux", "--system", "aarch64-linux")
    assert closure(text) == {"alpha": "2.0"}


def test_builds_keep_their_versions_too(lock: LockApp, index: Index) -> None:
    index.wheel("tool", "1.0", modules={"tool.py": TOOL})
    index.sdist("alpha", "1.0", BACKEND)
    lock.write("alpha:\n")
    before = lock.succeed("3.11")
    index.wheel("tool", "2.0", modules={"tool.py": TOOL})
    assert lock.succeed() == before
    after = yaml.safe_load(lock.succeed("--upgrade"))
    assert [link["version"] for link in after["build-links"]] == ["2.0"]


def test_the_versions_of_a_file_of_makes_stay(lock: LockApp, index: Index) -> None:
    for version in ("1.0", "2.0"):
        index.wheel("alpha", version)
    lock.write("alpha:\n")
    lock.write('closure: {Alpha: "1.0"}\nlinks: []\npython: "3.11"\n', "sources.yaml")
    assert closure(lock.succeed()) == {"alpha": "1.0"}


@pytest.mark.parametrize(
    "text",
    [
        *("", "closure: [", "- a\n", "closure: []\n", "closure: {1: {}}\n", "\0"),
        *('closure: {"a b": "1"}\n', "closure: {a: old}\n", "closure: {? [a] : b}\n"),
        *("wheelhouse: 1\n", "wheelhouse: 1\nlinks:\n"),
    ],
)
def test_a_file_that_is_no_lock_chose_nothing(lock: LockApp, text: str) -> None:
    assert preferences(lock.write(text, "sources.yaml")) == Preferences()


def test_a_package_of_several_versions_keeps_each_on_its_systems(lock: LockApp) -> None:
    links = "".join(
        f'  - name: "x"\n    package: "{name}"\n    version: "{version}"\n'
        + (f'    systems:\n      - "{system}"\n' if system else "")
        for name, version, system in (
            ("alpha", "1.0", "x86_64-linux"),
            ("alpha", "1.0", "x86_64-linux-musl"),
            ("alpha", "2.0", "aarch64-darwin"),
            ("beta", "1.0", "x86_64-linux"),
            ("beta", "1.0", "unknown"),
            ("gamma", "1.0", ""),
        )
    )
    file = lock.write(f"wheelhouse: 1\nlinks:\n{links}", "sources.yaml")
    linux = "sys_platform == 'linux' and platform_machine == 'x86_64'"
    darwin = "sys_platform == 'darwin' and platform_machine == 'arm64'"
    assert preferences(file) == Preferences(
        (
            Preference("alpha", "1.0", markers=(linux,)),
            Preference("alpha", "2.0", markers=(darwin,)),
            Preference("beta", "1.0"),
            Preference("gamma", "1.0"),
        )
    )


def test_systems_that_differ_in_a_version_keep_theirs(lock: LockApp, index: Index) -> None:
    index.wheel("alpha", "1.0", 'beta<2; sys_platform == "darwin"', 'beta; sys_platform == "linux"')
    for version in ("1.0", "2.0"):
        index.wheel("beta", version)
    lock.write("alpha:\n")
    before = lock.succeed("3.11")
    for version in ("1.1", "2.1"):
        index.wheel("beta", version)
    assert lock.succeed() == before

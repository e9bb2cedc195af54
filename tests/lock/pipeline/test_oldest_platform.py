"""What the oldest platform changes: which files fit, and which versions have one."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.support.index_server import Index
from tests.support.lock_app import LockApp

X86, ARM = "x86_64-linux", "aarch64-linux"


@pytest.fixture
def stocked(index: Index) -> None:
    """Each version of `alpha` needs a newer platform than the one before."""
    for version, glibc, macos in (("1.0", 17, 11), ("2.0", 28, 13), ("3.0", 34, 14)):
        for machine in ("x86_64", "aarch64"):
            index.wheel("alpha", version, tag=f"cp311-cp311-manylinux_2_{glibc}_{machine}")
        index.wheel("alpha", version, tag=f"cp311-cp311-macosx_{macos}_0_arm64")


def data(text: str) -> Any:
    return yaml.safe_load(text)


def versions(file: Path) -> dict[str, set[str]]:
    """System → versions of `alpha`."""
    read = data(file.read_text(encoding="utf-8"))
    return {
        system: {
            link["version"]
            for link in read["links"]
            if link["package"] == "alpha" and system in link.get("systems", read["systems"])
        }
        for system in read["systems"]
    }


LINUX = ("--system", X86, "--system", ARM)


@pytest.mark.usefixtures("stocked")
@pytest.mark.parametrize(
    ("floor", "expected"), [("2.17", "1.0"), ("2.28", "2.0"), ("2.33", "2.0"), ("2.34", "3.0")]
)
def test_the_newest_version_that_the_floor_lets_is_taken(
    lock: LockApp, floor: str, expected: str
) -> None:
    lock.write(f"requirements:\n  alpha:\nglibc: {floor}\n")
    done = lock.run("3.11", *LINUX)
    assert done.returncode == 0, done.stderr
    assert versions(lock.folder / "sources.yaml") == {X86: {expected}, ARM: {expected}}
    read = data((lock.folder / "sources.yaml").read_text(encoding="utf-8"))
    assert read["systems"][X86] == {"glibc": floor}
    told = (
        f"warning: requirements.yaml: alpha is {expected} on aarch64-linux, x86_64-linux, not 3.0: "
        f"its wheels need a newer glibc than {floor}\n"
    )
    assert (told in done.stderr) == (expected != "3.0")


@pytest.mark.usefixtures("stocked")
def test_only_the_system_with_the_older_platform_falls_back(lock: LockApp, index: Index) -> None:
    lock.write("requirements:\n  alpha:\nmacos: 13.0\nglibc: 2.17\n")
    before = lock.succeed("3.11", *LINUX, "--system", "aarch64-darwin", "--glibc", "2.34")
    expected = {X86: {"3.0"}, ARM: {"3.0"}, "aarch64-darwin": {"2.0"}}
    assert versions(lock.folder / "sources.yaml") == expected
    for machine in ("x86_64", "aarch64"):
        index.wheel("alpha", "4.0", tag=f"cp311-cp311-manylinux_2_17_{machine}")
    index.wheel("alpha", "4.0", tag="cp311-cp311-macosx_11_0_arm64")
    same = lock.run("3.11", *LINUX, "--system", "aarch64-darwin", "--glibc", "2.34")
    assert same.returncode == 0
    assert (lock.folder / "sources.yaml").read_text(encoding="utf-8") == before


@pytest.mark.usefixtures("stocked")
def test_what_no_version_serves_is_said_of_the_newest(lock: LockApp) -> None:
    lock.write("alpha:\n")
    assert lock.fail(1, "3.11", *LINUX, "--glibc", "2.12").splitlines() == [
        "requirements.yaml: alpha 3.0 has no file for aarch64-linux, x86_64-linux: "
        "its wheels need a newer glibc than 2.12",
    ]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--glibc", "2"], 'lock: --glibc: "2" is no version of glibc; write one such as'),
        (["--macos", "9.0"], "lock: --macos: there are no wheels for macOS 9.0"),
    ],
)
def test_a_floor_that_is_none_is_refused(lock: LockApp, arguments: list[str], told: str) -> None:
    lock.write("alpha:\n")
    assert lock.fail(2, "3.11", *arguments).startswith(told)


def test_a_floor_in_the_requirements_that_is_none_is_refused(lock: LockApp) -> None:
    lock.write("requirements:\n  alpha:\nglibc: new\n")
    assert lock.fail(2, "3.11").startswith('requirements.yaml:3: glibc: "new" is no version of')


def test_a_wheel_that_only_needs_a_newer_platform_is_told_of(lock: LockApp, index: Index) -> None:
    index.sdist("alpha", "1.0")
    for glibc in (40, 39):
        index.wheel("alpha", "1.0", tag=f"cp311-cp311-manylinux_2_{glibc}_x86_64")
    index.wheel("alpha", "1.0", tag="cp311-cp311-musllinux_1_1_x86_64")
    lock.write("alpha:\n")
    done = lock.run("3.11", *LINUX)
    told = (
        "warning: requirements.yaml: alpha 1.0 is built from source on x86_64-linux: its wheels "
        "need glibc 2.39; take one with `--glibc 2.39`\n"
    )
    assert done.returncode == 0
    assert done.stderr.count("warning: ") == 1
    assert told in done.stderr
    assert "warning" not in lock.run("3.11", "--system", X86, "--glibc", "2.39").stderr


def test_what_a_free_threaded_python_builds_for_want_of_wheels_is_told_in_a_line(
    lock: LockApp, index: Index
) -> None:
    for name in ("alpha", "beta", "gamma"):
        index.sdist(name, "1.0")
        index.wheel(name, "1.0", tag="cp313-cp313-manylinux_2_17_x86_64")
    index.wheel("gamma", "1.0", tag="cp313-cp313t-manylinux_2_17_x86_64")
    lock.write("alpha:\nbeta:\ngamma:\n")
    done = lock.run("3.13t", "--system", X86)
    assert done.stderr.splitlines()[0] == (
        "warning: requirements.yaml: alpha 1.0, beta 1.0 are built from source on x86_64-linux: "
        "their wheels fit Python 3.13, but not the free-threaded Python 3.13t"
    )
    assert done.stderr.count("warning") == 1


def test_a_free_threaded_build_falls_back_too(lock: LockApp, index: Index) -> None:
    index.wheel("alpha", "1.0", tag="cp313-cp313t-manylinux_2_17_x86_64")
    index.wheel("alpha", "2.0", tag="cp313-cp313-manylinux_2_17_x86_64")
    lock.write("alpha:\n")
    lock.succeed("3.13t", "--system", X86)
    assert versions(lock.folder / "sources.yaml") == {X86: {"1.0"}}


def test_musl_is_a_system_that_is_asked_for(lock: LockApp, index: Index) -> None:
    index.wheel("alpha", "1.0", tag="cp311-cp311-musllinux_1_1_x86_64")
    index.wheel("alpha", "2.0", tag="cp311-cp311-musllinux_1_3_x86_64")
    for version in ("1.0", "2.0"):
        index.wheel("alpha", version, tag="cp311-cp311-manylinux_2_17_x86_64")
    lock.write(f"requirements:\n  alpha:\nsystems: [{X86}, {X86}-musl]\n")
    read = data(lock.succeed("3.11"))
    assert read["systems"] == {X86: {"glibc": "2.35"}, f"{X86}-musl": {"musl": "1.2"}}
    assert {link["name"]: link["systems"] for link in read["links"]} == {
        "alpha-1.0-cp311-cp311-manylinux_2_17_x86_64.whl": [X86],
        "alpha-1.0-cp311-cp311-musllinux_1_1_x86_64.whl": [f"{X86}-musl"],
    }

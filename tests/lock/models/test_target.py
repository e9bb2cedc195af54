"""Systems and versions of Python: their wheel tags, markers, and what is refused."""

import platform
import sys

import pytest
from packaging import tags
from packaging.markers import Marker, default_environment

from lock.errors import UsageError
from lock.models.target import (
    DEFAULT_SYSTEMS,
    SYSTEMS,
    Target,
    check_floor,
    check_system,
    with_floors,
)


def target(system, python="3.11"):
    return Target(SYSTEMS[system], python)


def ranks(system, python="3.11"):
    of_target = target(system, python)
    return {str(tag): of_target.rank(tag) for tag in of_target.tags}


@pytest.mark.parametrize("python", ["3.8", "3.11", "3.13t", "3.15", "3.15t"])
@pytest.mark.parametrize("system", SYSTEMS)
def test_tags_rank_as_packaging_orders_them(system, python):
    of_target = target(system, python).with_newest_floor()
    found = [of_target.rank(tag) for tag in dict.fromkeys(of_target.tags)]
    assert None not in found
    assert found == sorted({*found})
    assert {tag.platform for tag in of_target.tags} == of_target.platforms
    assert {(tag.interpreter, tag.abi) for tag in of_target.tags} == of_target.pythons


def test_linux_tags_reach_from_the_floor_down_to_the_oldest_manylinux():
    found = ranks("x86_64-linux")
    order = [
        "cp311-cp311-manylinux_2_35_x86_64",
        "cp311-cp311-manylinux_2_17_x86_64",
        "cp311-cp311-manylinux2014_x86_64",
        "cp311-cp311-manylinux_2_12_x86_64",
        "cp311-cp311-manylinux2010_x86_64",
        "cp311-cp311-manylinux_2_5_x86_64",
        "cp311-cp311-manylinux1_x86_64",
        "cp311-cp311-linux_x86_64",
        "cp311-abi3-manylinux_2_35_x86_64",
        "cp38-abi3-manylinux1_x86_64",
        "py3-none-manylinux2014_x86_64",
        "cp311-none-any",
        "py311-none-any",
        "py3-none-any",
        "py30-none-any",
    ]
    assert sorted(order, key=found.__getitem__) == order


@pytest.mark.parametrize(
    "tag",
    [
        "cp311-cp311-manylinux_2_36_x86_64",
        "cp311-cp311-musllinux_1_1_x86_64",
        "cp311-cp311-manylinux_2_17_aarch64",
        "cp311-cp311-macosx_11_0_x86_64",
        "cp312-abi3-manylinux_2_17_x86_64",
        "cp310-cp310-manylinux_2_17_x86_64",
        "cp311-cp311-win_amd64",
        "py2-none-any",
        "cp311-cp311t-manylinux_2_17_x86_64",
    ],
)
def test_what_does_not_run_there_has_no_rank(tag):
    assert tag not in ranks("x86_64-linux")


def test_manylinux_on_aarch64_begins_with_2014():
    found = ranks("aarch64-linux")
    assert "cp311-cp311-manylinux2014_aarch64" in found
    assert not [tag for tag in found if "manylinux2010" in tag or "manylinux_2_16" in tag]


def test_macos_tags_reach_down_from_the_floor():
    intel, arm = ranks("x86_64-darwin"), ranks("aarch64-darwin")
    assert intel["cp311-cp311-macosx_14_0_x86_64"] < intel["cp311-cp311-macosx_10_9_x86_64"]
    assert "cp311-cp311-macosx_10_9_universal2" in intel
    assert "cp311-cp311-macosx_11_0_arm64" in arm
    assert "cp311-cp311-macosx_11_0_universal2" in arm
    assert "cp311-cp311-macosx_10_9_x86_64" not in arm
    assert not [tag for tag in {*intel, *arm} if "macosx_15" in tag]


@pytest.mark.parametrize(
    ("system", "taken", "not_taken"),
    [
        ("armv7l-linux", "manylinux2014_armv7l", "manylinux_2_17_aarch64"),
        ("i686-linux", "manylinux1_i686", "manylinux1_x86_64"),
        ("powerpc64le-linux", "manylinux_2_17_ppc64le", "manylinux_2_17_ppc64"),
        ("riscv64-linux", "manylinux_2_39_riscv64", "manylinux_2_40_riscv64"),
        ("s390x-linux", "manylinux_2_17_s390x", "manylinux2010_s390x"),
    ],
)
def test_other_architectures_of_linux_have_their_own_wheels(system, taken, not_taken):
    found = ranks(system)
    assert f"cp311-cp311-{taken}" in found
    assert f"cp311-cp311-{not_taken}" not in found
    assert "py3-none-any" in found
    of_others = {tag.rpartition("-")[2] for tag in found} - {"any"}
    machine = target(system).system.machine
    assert all(platform.endswith(f"_{machine}") for platform in of_others)
    assert not [tag for tag in ranks("x86_64-linux") if machine in tag]


def test_a_free_threaded_build_takes_its_own_wheels_and_pure_ones():
    found = ranks("x86_64-linux", "3.13t")
    assert found["cp313-cp313t-manylinux_2_17_x86_64"] < found["py3-none-any"]
    assert "cp313-none-any" in found
    assert not [tag for tag in found if "-cp313-" in tag or "-abi3-" in tag]
    free, ordinary = target("x86_64-linux", "3.13t"), target("x86_64-linux", "3.13")
    assert free.marker_environment == ordinary.marker_environment
    assert free.uv_environment() == ordinary.uv_environment()


def test_musl_has_its_own_wheels_and_those_of_any_platform():
    found = ranks("x86_64-linux-musl")
    assert found["cp311-cp311-musllinux_1_2_x86_64"] < found["cp311-cp311-musllinux_1_1_x86_64"]
    assert found["cp311-cp311-musllinux_1_1_x86_64"] < found["cp311-cp311-linux_x86_64"]
    assert "py3-none-any" in found
    assert not [tag for tag in found if "manylinux" in tag or "musllinux_1_3" in tag]
    assert not [tag for tag in ranks("x86_64-linux") if "musllinux" in tag]


@pytest.mark.parametrize(
    ("kind", "text", "expected"),
    [
        ("glibc", "2.28", "2.28"),
        ("glibc", "2.05", "2.5"),
        ("macos", "12", "12.0"),
        ("macos", "10.13", "10.13"),
        ("musl", "1.1", "1.1"),
    ],
)
def test_floors(kind, text, expected):
    assert check_floor(kind, text) == expected


@pytest.mark.parametrize(
    ("kind", "text", "problem"),
    [
        ("glibc", "2", 'no version of glibc; write one such as "2.35"'),
        ("glibc", "2.28.1", "no version of glibc"),
        ("glibc", "2.4", "no wheels for glibc 2.4; the oldest that there are any for is 2.5"),
        ("glibc", "3.0", "no wheels for glibc 3.0"),
        ("macos", "9", "no wheels for macOS 9"),
        ("macos", "new", 'no version of macOS; write one such as "14.0"'),
        ("musl", "1.0", "no wheels for musl"),
        ("musl", "1.\u0661", "no version of musl"),
    ],
)
def test_floors_of_no_wheel_are_refused(kind, text, problem):
    with pytest.raises(UsageError, match=problem):
        check_floor(kind, text)


def test_a_floor_is_that_of_all_systems_of_its_kind():
    systems = with_floors(["x86_64-linux", "aarch64-darwin", "x86_64-linux"], {"glibc": "2.28"})
    assert [(system.name, system.floor) for system in systems] == [
        ("aarch64-darwin", (14, 0)),
        ("x86_64-linux", (2, 28)),
    ]


HOST = f"{platform.machine()}-linux"


@pytest.mark.skipif(
    platform.libc_ver()[0] != "glibc" or HOST not in SYSTEMS,
    reason="compares with the tags of a Linux host with glibc",
)
def test_the_order_is_that_of_packaging_on_the_host():
    ours = list(ranks(HOST, "{}.{}".format(*sys.version_info[:2])))
    theirs = [str(tag) for tag in tags.sys_tags()]
    common = {tag for tag in ours if tag in theirs and f"-{HOST.split('-')[1]}_" not in tag}
    assert len(common) > 100
    assert [tag for tag in ours if tag in common] == [tag for tag in theirs if tag in common]


@pytest.mark.parametrize(
    ("marker", "systems"),
    [
        ("sys_platform == 'linux'", ["aarch64-linux", "x86_64-linux"]),
        ("platform_system == 'Darwin'", ["aarch64-darwin", "x86_64-darwin"]),
        ("platform_machine == 'arm64'", ["aarch64-darwin"]),
        ("platform_machine == 'aarch64'", ["aarch64-linux"]),
        ("os_name == 'nt'", []),
        ("python_version >= '3.11' and implementation_name == 'cpython'", list(DEFAULT_SYSTEMS)),
        ("python_full_version < '3.11.3'", list(DEFAULT_SYSTEMS)),
        ("python_full_version < '3.11.0a6'", []),
        ("platform_release >= '20'", []),
        ("extra == 'x'", []),
        (None, list(DEFAULT_SYSTEMS)),
    ],
)
def test_markers_hold_where_they_should(marker, systems):
    assert [name for name in DEFAULT_SYSTEMS if target(name).satisfies(marker)] == systems


def test_every_variable_of_a_marker_is_known():
    environment = target("x86_64-linux").marker_environment
    assert environment.keys() == {*default_environment(), "extra"}


@pytest.mark.parametrize("name", DEFAULT_SYSTEMS)
def test_uvs_environment_holds_on_its_own_target_only(name):
    marker = Marker(target(name).uv_environment())
    holding = [
        (other, python)
        for other in DEFAULT_SYSTEMS
        for python in ("3.10", "3.11", "3.12")
        if marker.evaluate(dict(target(other, python).marker_environment))
    ]
    assert holding == [(name, "3.11")]


def test_unknown_systems_are_refused_with_the_known_ones():
    with pytest.raises(UsageError, match=r"aarch64-darwin, .*x86_64-linux"):
        check_system("x86_64-windows")

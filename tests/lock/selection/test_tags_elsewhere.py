"""Which wheels each target takes, by the specifications, and where pip and uv differ from them."""

import json
import os
import subprocess
import sys
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import pytest
import yaml

from lock.models.packages import File
from lock.models.target import SYSTEMS, Target
from lock.selection.files import choose
from tests.support.index_server import Index
from tests.support.lock_app import LockApp
from tests.support.other_tools import Tools

# Its copy of packaging is 26.3.
PIP = "pip==26.3"
X86 = "manylinux_2_17_x86_64"
FAT = "cp315-cp315-macosx_10_9_fat3"


@dataclass(frozen=True)
class Case:
    """A target, and uv's name of its platform; uv knows no free-threaded Python by its version."""

    target: Target
    uv: str = ""


CASES = {
    "linux": Case(Target(SYSTEMS["x86_64-linux"], "3.15"), "x86_64-manylinux_2_35"),
    "arm": Case(Target(SYSTEMS["aarch64-linux"], "3.15"), "aarch64-manylinux_2_35"),
    "riscv": Case(Target(SYSTEMS["riscv64-linux"], "3.15"), "riscv64-unknown-linux"),
    "musl": Case(Target(SYSTEMS["x86_64-linux-musl"], "3.15"), "x86_64-unknown-linux-musl"),
    "mac": Case(Target(SYSTEMS["aarch64-darwin"], "3.15"), "aarch64-apple-darwin"),
    "intel": Case(Target(SYSTEMS["x86_64-darwin"], "3.15"), "x86_64-apple-darwin"),
    "free": Case(Target(SYSTEMS["x86_64-linux"], "3.15t")),
    "old free": Case(Target(SYSTEMS["x86_64-linux"], "3.14t")),
}
ORDINARY = tuple(name for name, case in CASES.items() if case.uv)
# The tags of a wheel → the cases that take it.
TAKEN: Mapping[str, Collection[str]] = {
    # PEP 425: interpreters and ABIs.
    f"cp315-cp315-{X86}": ["linux"],
    f"cp314-cp314-{X86}": [],
    f"cp314-abi3-{X86}": ["linux"],
    f"cp316-abi3-{X86}": [],
    f"cp315-none-{X86}": ["linux", "free"],
    f"py3-none-{X86}": ["linux", "free", "old free"],
    f"py3-abi3-{X86}": [],
    f"cp315-cp315d-{X86}": [],
    f"pp311-pypy311_pp73-{X86}": [],
    f"graalpy311-graalpy242_311_native-{X86}": [],
    "py3-none-any": [*CASES],
    "py2.py3-none-any": [*CASES],
    "py30-none-any": [*CASES],
    "py315-none-any": [*ORDINARY, "free"],
    "py316-none-any": [],
    "py2-none-any": [],
    "cp3-none-any": [],
    "cp315-none-any": [*ORDINARY, "free"],
    # PEP 703 and 803: free-threaded builds, and their stable ABI.
    f"cp315-cp315t-{X86}": ["free"],
    f"cp314-cp314t-{X86}": ["old free"],
    f"cp315-abi3t-{X86}": ["free"],
    f"cp315-abi3.abi3t-{X86}": ["linux", "free"],
    f"cp314-abi3t-{X86}": ["free", "old free"],
    f"cp314-abi3.abi3t-{X86}": ["linux", "free", "old free"],
    f"cp316-abi3.abi3t-{X86}": [],
    # Sets of tags.
    f"cp38.cp315-cp315.abi3-{X86}": ["linux"],
    "cp315-cp315-manylinux_2_39_x86_64.musllinux_1_2_x86_64": ["musl"],
    f"py3-none-macosx_10_9_universal2.{X86}.win_amd64": [
        *("linux", "mac", "intel", "free", "old free")
    ],
    f"py3-none-any.{X86}": [*CASES],
    # PEP 513, 571, 599, 600 and 656: Linux.
    "cp315-cp315-manylinux1_x86_64": ["linux"],
    "cp315-cp315-manylinux2010_x86_64": ["linux"],
    "cp315-cp315-manylinux2014_aarch64": ["arm"],
    "cp315-cp315-manylinux_2_4_x86_64": [],
    "cp315-cp315-manylinux_2_16_aarch64": [],
    "cp315-cp315-manylinux_2_28_aarch64": ["arm"],
    "cp315-cp315-manylinux_2_31_riscv64": ["riscv"],
    "cp315-cp315-manylinux_2_39_riscv64": ["riscv"],
    "cp315-cp315-manylinux_2_35_x86_64": ["linux"],
    "cp315-cp315-manylinux_2_36_x86_64": [],
    "cp315-cp315-manylinux_2_17_s390x": [],
    "cp315-cp315-musllinux_1_1_x86_64": ["musl"],
    "cp315-cp315-musllinux_1_2_x86_64": ["musl"],
    "cp315-cp315-musllinux_1_3_x86_64": [],
    "cp315-cp315-musllinux_1_2_riscv64": [],
    "cp315-cp315-linux_x86_64": ["linux", "musl"],
    "cp315-cp315-linux_armv7l": [],
    # macOS.
    "cp315-cp315-macosx_10_9_x86_64": ["intel"],
    "cp315-cp315-macosx_10_9_universal2": ["mac", "intel"],
    "cp315-cp315-macosx_10_9_intel": ["intel"],
    "cp315-cp315-macosx_10_9_fat64": ["intel"],
    "cp315-cp315-macosx_10_9_arm64": [],
    "cp315-cp315-macosx_11_0_arm64": ["mac"],
    "cp315-cp315-macosx_14_0_universal2": ["mac", "intel"],
    "cp315-cp315-macosx_14_0_intel": ["intel"],
    # Since macOS 11 a version's second number doesn't count.
    "cp315-cp315-macosx_13_3_arm64": [],
    "cp315-cp315-macosx_15_0_arm64": [],
    "cp315-cp315-macosx_26_0_arm64": [],
    # PEP 730, 738 and 783: platforms that Nix doesn't build for.
    "cp315-cp315-ios_13_0_arm64_iphoneos": [],
    "cp315-cp315-ios_13_0_x86_64_iphonesimulator": [],
    "cp315-cp315-android_24_arm64_v8a": [],
    "cp315-cp315-android_24_x86_64": [],
    "cp315-cp315-pyemscripten_2026_0_wasm32": [],
    "cp315-cp315-win_amd64": [],
    # Where pip and uv differ.
    FAT: ["intel"],
    "cp315-cp315-macosx_10_9_fat32": [],
    "cp315-cp315-manylinux2014_riscv64": ["riscv"],
    "cp315-cp315-manylinux_2_017_x86_64": [],
}
# The answers of uv 0.13.9 (crates/uv-platform-tags) that differ, by case. No wheel of the index has
# such tags.
OF_UV: Mapping[str, Mapping[str, bool]] = {
    FAT: {"intel": False},
    "cp315-cp315-macosx_10_9_fat32": {"intel": True},
    "cp315-cp315-manylinux2014_riscv64": {"riscv": False},
    "cp315-cp315-manylinux_2_017_x86_64": {"linux": True},
}
# Tags of several wheels of one package for `linux`, with build numbers, the best first.
RANKED: Sequence[str] = (
    "cp315-cp315-manylinux_2_28_x86_64",
    f"cp315-cp315-{X86}",
    "cp315-cp315-manylinux2014_x86_64",
    "cp315-cp315-manylinux1_x86_64",
    "cp315-cp315-linux_x86_64",
    f"2-cp315-abi3.abi3t-{X86}",
    f"1-cp315-abi3-{X86}",
    f"cp315-none-{X86}",
    f"cp314-abi3-{X86}",
    f"py315-none-{X86}",
    f"py3-none-{X86}",
    "cp315-none-any",
    "py315-none-any",
    "10-py3-none-any",
    "9-py2.py3-none-any",
    "py3-none-any",
    "py314-none-any",
)
PIP_PROGRAM = """\
import json, sys
from pip._internal.models.wheel import Wheel
from pip._internal.utils.compatibility_tags import get_supported
targets, names = json.load(sys.stdin)
answers = {}
for target, (version, abi, platforms) in targets.items():
    tags = get_supported(version, platforms, "cp", [abi])
    wheels = [Wheel(name) for name in names]
    answers[target] = {
        wheel.filename: wheel.support_index_min(tags) if wheel.supported(tags) else None
        for wheel in wheels
    }
here = [str(tag) for tag in get_supported()]
json.dump([answers, here], sys.stdout)
"""


def expected(case: str) -> dict[str, bool]:
    """Return, by the tags of each wheel, whether a case takes it."""
    return {tags: case in cases for tags, cases in TAKEN.items()}


def stock(index: Index) -> dict[str, str]:
    """Add a package for each wheel, whose older version every target takes; return their names."""
    names = {f"p{number}": tags for number, tags in enumerate(TAKEN)}
    for name, tags in names.items():
        index.wheel(name, "1.0")
        index.wheel(name, "2.0", tag=tags)
    return names


def file(tags: str) -> File:
    """Return a wheel."""
    return File(f"a-1.0-{tags}.whl", "https://index.example/a", None, None)


@pytest.mark.parametrize("case", CASES)
def test_the_specifications_decide(case: str) -> None:
    target = CASES[case].target
    assert {tags: choose([file(tags)], target) is not None for tags in TAKEN} == expected(case)


def test_the_best_wheel_is_chosen() -> None:
    for best in range(len(RANKED)):
        found = choose([*map(file, RANKED[best:])], CASES["linux"].target)
        assert found == file(RANKED[best])


# In one lock systems agree on versions as far as they can, so each is locked for alone.
@pytest.mark.parametrize("case", CASES)
def test_lock_takes_a_version_by_its_wheels_tags(lock: LockApp, index: Index, case: str) -> None:
    names = stock(index)
    target = CASES[case].target
    lock.write("".join(f"{name}:\n" for name in names))
    data = yaml.safe_load(lock.succeed(target.python, f"--system={target.system.name}"))
    versions = {link["package"]: link["version"] for link in data["links"]}
    taken = {tags: versions[name] == "2.0" for name, tags in names.items()}
    # uv resolves, and knows no such tag.
    different = {FAT: False} if case == "intel" else {}
    assert taken == expected(case) | different


@pytest.fixture
def uv_environment(lock: LockApp) -> Mapping[str, str]:
    """The environment in which uv asks the test's index for wheels for macOS 14."""
    return {**lock.environment, "MACOSX_DEPLOYMENT_TARGET": "14.0", "UV_PYTHON": sys.executable}


def test_uv_takes_the_same_wheels(
    lock: LockApp, index: Index, uv: str, uv_environment: Mapping[str, str]
) -> None:
    names = stock(index)
    lock.write("\n".join(names), "all.in")
    for name in ORDINARY:
        case = CASES[name]
        compile_ = ["pip", "compile", "--quiet", "--no-header", "--no-annotate", "all.in"]
        platform = ["--python-platform", case.uv, "--python-version", case.target.python]
        done = subprocess.run(
            [uv, *compile_, *platform],
            cwd=lock.folder,
            env=uv_environment,
            capture_output=True,
            text=True,
            check=True,
        )
        versions = dict(line.split("==") for line in done.stdout.split())
        taken = {tags: versions[package] == "2.0" for package, tags in names.items()}
        different = {tags: cases[name] for tags, cases in OF_UV.items() if name in cases}
        assert taken == expected(name) | different


def test_uv_ranks_wheels_alike(
    lock: LockApp, index: Index, uv: str, uv_environment: Mapping[str, str]
) -> None:
    pairs = {f"o{number}": pair for number, pair in enumerate(pairwise(RANKED))}
    for name, pair in pairs.items():
        for tags in pair:
            *build, interpreter, abi, platform = tags.split("-")
            index.wheel(
                name,
                "1.0",
                tag=f"{interpreter}-{abi}-{platform}",
                build="".join(build),
                modules={f"{name}.txt": tags},
            )
    case = CASES["linux"]
    install = ["pip", "install", "--quiet", "--no-deps", "--target", "there"]
    platform = ["--python-platform", case.uv, "--python-version", case.target.python]
    subprocess.run(
        [uv, *install, *platform, *pairs], cwd=lock.folder, env=uv_environment, check=True
    )
    chosen = {name: (lock.folder / "there" / f"{name}.txt").read_text() for name in pairs}
    assert chosen == {name: better for name, (better, _) in pairs.items()}


@pytest.mark.index
def test_pip_takes_the_same_wheels_but_ranks_those_for_any_libc_first(tools: Tools) -> None:
    at = tools.lock.folder / "pip"
    tools.run("pip", "install", "--quiet", "--python", sys.executable, "--target", f"{at}", PIP)
    targets = {
        name: (
            case.target.python_version.replace(".", ""),
            f"cp{case.target.python.replace('.', '')}",
            [*case.target.system.platforms()],
        )
        for name, case in CASES.items()
    }
    wheels = [file(tags).name for tags in [*TAKEN, *RANKED]]
    done = subprocess.run(
        [sys.executable, "-c", PIP_PROGRAM],
        env=os.environ | {"PYTHONPATH": os.fspath(at)},
        input=json.dumps([targets, wheels]),
        capture_output=True,
        text=True,
        check=True,
    )
    answers: Any
    answers, here = json.loads(done.stdout)
    for case in CASES:
        found = {tags: answers[case][file(tags).name] is not None for tags in TAKEN}
        assert found == expected(case)
    ranks = [answers["linux"][file(tags).name] for tags in RANKED]
    assert ranks == sorted(ranks)
    # A wheel for any libc comes last for `lock` and uv.
    if "-manylinux_2_17_" in "".join(here):
        platforms = [tag.rpartition("-")[2] for tag in here]
        assert platforms[0].startswith("linux_")

"""A lock in other formats: what they have in common, and the markers of packages."""

import hashlib
import pickle
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.markers import Marker

from lock.errors import UsageError
from lock.lockfile.reader import Lock
from lock.models.target import SYSTEMS, Target
from lock.outputs import FORMATS, render
from lock.outputs.markers import package_marker
from tests.support.lock_data import DARWIN, LINUX, item, link, lock_of, wheel
from tests.support.project import ROOT

MUSL = "x86_64-linux-musl"
LINUX_ARM = "aarch64-linux"
FOUR = ("aarch64-darwin", "aarch64-linux", "x86_64-darwin", "x86_64-linux")
ALWAYS = frozenset({"default"})
DEV = frozenset({"dev"})
ON_LINUX = "sys_platform == 'linux'"
ON_MAC = "sys_platform == 'darwin'"


def test_an_unknown_format_is_an_error() -> None:
    with pytest.raises(UsageError) as raised:
        render(lock_of([item("a")]), "pipfile")
    assert str(raised.value) == f'"pipfile" is no format; {", ".join(FORMATS)} are'


@pytest.mark.parametrize("name", FORMATS)
def test_only_the_format_that_is_written_is_loaded(name: str) -> None:
    program = (
        "import sys, lock.outputs\n"
        "libraries = {'cyclonedx', 'tomli_w', 'packaging.pylock'}\n"
        "assert not libraries & sys.modules.keys(), libraries & sys.modules.keys()\n"
        f"import lock.outputs.{name}\n"
        "print(*sorted(libraries & sys.modules.keys()))\n"
    )
    loaded = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split()
    own = {"cyclonedx": ["cyclonedx"], "pylock": ["packaging.pylock", "tomli_w"]}
    assert loaded == own.get(name, [])


@pytest.mark.parametrize("name", FORMATS)
def test_the_same_lock_gives_the_same_text(name: str) -> None:
    lock = lock_of(
        [item("a", "b", "c", "d"), item("b"), item("c", systems=[LINUX]), item("d")],
        groups={"default": ["a"], "dev": ["b"], "docs": ["c"]},
        links=[wheel(package) for package in "abcd"],
    )
    program = (
        "import pickle, sys\nfrom lock.outputs import render\n"
        f"sys.stdout.write(render(pickle.load(sys.stdin.buffer), {name!r}))"
    )
    texts = {
        subprocess.run(
            [sys.executable, "-c", program],
            cwd=ROOT,
            env={"PYTHONHASHSEED": str(seed)},
            input=pickle.dumps(lock),
            capture_output=True,
            check=True,
        ).stdout.decode()
        for seed in (1, 2, 3)
    }
    assert texts == {render(lock, name)}


@pytest.mark.parametrize("name", FORMATS)
def test_a_format_can_be_narrowed_to_groups(name: str) -> None:
    lock = lock_of([item("aaa"), item("bbb")], groups={"default": ["aaa"], "dev": ["bbb"]})
    assert "bbb" not in render(lock, name, ["default"])
    assert "aaa" not in render(lock, name, ["dev"])
    assert "bbb" in render(lock, name, ["dev"])


@pytest.mark.parametrize("name", FORMATS)
def test_a_file_on_this_machine_has_its_own_hash(name: str, tmp_path: Path) -> None:
    file = "a-1.0-py3-none-any.whl"
    (tmp_path / "sources.yaml").touch()
    (tmp_path / "libs").mkdir()
    lock = lock_of([item("a")], [link(file, path=f"libs/{file}")], file=tmp_path / "sources.yaml")
    with pytest.raises(UsageError, match=f"a: libs/{file}: No such file or directory; put it back"):
        render(lock, name)
    (tmp_path / "libs" / file).write_bytes(b"wheel")
    assert hashlib.sha256(b"wheel").hexdigest() in render(lock, name)


@pytest.mark.parametrize(
    ("needed", "expected"),
    [
        (dict.fromkeys(FOUR, ALWAYS), None),
        (dict.fromkeys(FOUR, ALWAYS | DEV), None),
        (dict.fromkeys(FOUR, DEV), "'dev' in dependency_groups"),
        (
            dict.fromkeys(FOUR, DEV | {"docs"}),
            "'dev' in dependency_groups or 'docs' in dependency_groups",
        ),
        ({DARWIN: ALWAYS, "x86_64-darwin": ALWAYS}, ON_MAC),
        ({LINUX: ALWAYS}, f"{ON_LINUX} and platform_machine == 'x86_64'"),
        (
            {DARWIN: ALWAYS, LINUX: ALWAYS, LINUX_ARM: ALWAYS},
            f"{ON_MAC} and platform_machine == 'arm64' or {ON_LINUX}",
        ),
        (
            {LINUX: DEV, LINUX_ARM: DEV},
            f"{ON_LINUX} and 'dev' in dependency_groups",
        ),
        (
            {DARWIN: DEV, LINUX: DEV, LINUX_ARM: DEV},
            f"({ON_MAC} and platform_machine == 'arm64' or {ON_LINUX}) "
            "and 'dev' in dependency_groups",
        ),
        (
            {LINUX: ALWAYS, LINUX_ARM: ALWAYS, DARWIN: DEV, "x86_64-darwin": DEV | {"docs"}},
            f"{ON_LINUX} or {ON_MAC} and platform_machine == 'arm64' and 'dev' in dependency_groups"
            f" or {ON_MAC} and platform_machine == 'x86_64' "
            "and ('dev' in dependency_groups or 'docs' in dependency_groups)",
        ),
    ],
)
def test_a_marker_holds_on_the_systems_and_in_the_groups_that_need_a_package(
    needed: dict[str, frozenset[str]], expected: str | None
) -> None:
    assert package_marker(empty(*FOUR), needed) == expected


GROUPS = st.frozensets(st.sampled_from(["default", "dev", "docs"]), min_size=1)


@given(
    st.dictionaries(st.sampled_from(FOUR), GROUPS, min_size=1),
    st.frozensets(st.sampled_from(["dev", "docs"])),
)
def test_a_marker_holds_nowhere_else(
    needed: dict[str, frozenset[str]], requested: frozenset[str]
) -> None:
    text = package_marker(empty(*FOUR), needed)
    for system in FOUR:
        environment = Target(SYSTEMS[system], "3.11").marker_environment
        variables = {**environment, "extras": frozenset(), "dependency_groups": requested}
        holds = text is None or Marker(text).evaluate(variables, context="lock_file")
        assert holds == bool(needed.get(system, frozenset()) & (requested | {"default"}))


def test_no_marker_tells_glibc_and_musl_apart() -> None:
    assert package_marker(empty(LINUX, MUSL), {LINUX: ALWAYS}) is None
    assert package_marker(empty(DARWIN, LINUX, MUSL), {LINUX: ALWAYS, MUSL: ALWAYS}) == ON_LINUX


def test_a_system_that_is_unknown_is_an_error() -> None:
    with pytest.raises(UsageError, match=r"sources.yaml: mips64-linux is no known system"):
        package_marker(empty("mips64-linux"), {"mips64-linux": ALWAYS})


def empty(*systems: str) -> Lock:
    """A lock for some systems."""
    return lock_of([], systems=systems)

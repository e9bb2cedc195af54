"""The lock app against an index on this machine: a real server, real files, real uv."""

import os
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.support.index_server import Index
from tests.support.lock_app import LockApp

LINUX = ["aarch64-linux", "x86_64-linux"]
DARWIN = ["aarch64-darwin", "x86_64-darwin"]
ALL = sorted(LINUX + DARWIN)
LINUX_WHEEL = "cp311-cp311-manylinux_2_17_x86_64.manylinux2014_x86_64"
MAC_WHEEL = "cp311-cp311-macosx_11_0_arm64"


def data(text: str) -> Any:
    """A sources file as PyYAML reads it."""
    return yaml.safe_load(text)


def names(text: str) -> list[str]:
    """The names of a sources file's links."""
    return [link["name"] for link in data(text)["links"]]


def test_pins_the_newest_versions_that_satisfy_with_their_dependencies(
    lock: LockApp, index: Index
) -> None:
    index.wheel("alpha", "1.0", "beta>=2")
    index.wheel("alpha", "2.0", "beta>=3")
    index.wheel("beta", "2.5")
    index.wheel("beta", "3.5")
    lock.write("alpha: ^1.0\n")
    read = data(lock.succeed("3.11"))
    assert read["wheelhouse"] == 2
    assert read["python"] == "3.11"
    assert list(read["systems"]) == ALL
    assert read["groups"] == {"default": ["alpha"]}
    assert read["closure"] == {"alpha": "1.0", "beta": "3.5"}
    assert read["packages"] == [
        {"name": "alpha", "version": "1.0", "dependencies": [{"name": "beta"}]},
        {"name": "beta", "version": "3.5"},
    ]
    assert [(link["package"], link["name"]) for link in read["links"]] == [
        ("alpha", "alpha-1.0-py3-none-any.whl"),
        ("beta", "beta-3.5-py3-none-any.whl"),
    ]
    assert "left-out" not in read


@pytest.mark.nix
def test_the_hash_and_the_address_are_those_of_the_file(
    lock: LockApp, index: Index, tmp_path: Path
) -> None:
    index.wheel("alpha", "1.0")
    lock.write("alpha:\n")
    [link] = data(lock.succeed("3.11"))["links"]
    assert link["url"] == f"{index.url}/files/alpha-1.0-py3-none-any.whl"
    file = tmp_path / "file"
    file.write_bytes(index.files["/files/alpha-1.0-py3-none-any.whl"])
    command = ["nix-hash", "--flat", "--base32", "--type", "sha256", os.fspath(file)]
    hashed = subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
    assert link["sha256"] == hashed


def test_markers_and_extras_are_decided_for_each_system(lock: LockApp, index: Index) -> None:
    index.wheel(
        "alpha",
        "1.0",
        'gamma; sys_platform == "darwin"',
        'delta; python_version < "3.10"',
        extras={"fast": ["epsilon[more]"], "unused": ["delta"]},
    )
    index.wheel("epsilon", "1.0", extras={"more": ["zeta"]})
    for name in ("gamma", "delta", "zeta"):
        index.wheel(name, "1.0")
    lock.write("alpha[fast]: '*'\n")
    read = data(lock.succeed("3.11"))
    assert sorted(read["closure"]) == ["alpha", "epsilon", "gamma", "zeta"]
    packages = {item["name"]: item for item in read["packages"]}
    assert packages["alpha"]["dependencies"] == [
        {"name": "epsilon", "extras": ["more"], "of-extras": ["fast"]},
        {"name": "gamma", "systems": DARWIN},
    ]
    assert packages["epsilon"]["dependencies"] == [{"name": "zeta", "of-extras": ["more"]}]
    assert packages["gamma"]["systems"] == DARWIN
    [left_out] = read["left-out"]
    assert (left_out["name"], left_out["systems"]) == ("gamma", LINUX)
    assert "alpha needs it only where" in left_out["reason"]
    [link] = [link for link in read["links"] if link["package"] == "gamma"]
    assert link["systems"] == DARWIN


def test_systems_may_differ_in_a_version(lock: LockApp, index: Index) -> None:
    index.wheel(
        "alpha", "1.0", 'beta<2; sys_platform == "darwin"', 'beta>=2; sys_platform == "linux"'
    )
    index.wheel("beta", "1.0")
    index.wheel("beta", "2.0")
    lock.write("alpha:\n")
    read = data(lock.succeed("3.11"))
    assert read["closure"]["beta"] == "1.0"
    assert [
        (item["version"], item["systems"]) for item in read["packages"] if item["name"] == "beta"
    ] == [("1.0", DARWIN), ("2.0", LINUX)]
    assert [(item["version"], item["systems"], item["reason"]) for item in read["left-out"]] == [
        ("1.0", LINUX, "version 2.0 is installed there"),
        ("2.0", DARWIN, "version 1.0 is installed there"),
    ]


def test_packages_that_need_each_other_are_locked(lock: LockApp, index: Index) -> None:
    index.wheel("alpha", "1.0", "beta")
    index.wheel("beta", "1.0", "alpha")
    lock.write("alpha:\n")
    assert data(lock.succeed("3.11"))["packages"] == [
        {"name": "alpha", "version": "1.0", "dependencies": [{"name": "beta"}]},
        {"name": "beta", "version": "1.0", "dependencies": [{"name": "alpha"}]},
    ]


@pytest.mark.parametrize(
    "marker",
    [
        'python_full_version < "3.11.4"',
        'python_full_version >= "3.11.2"',
        'implementation_version >= "3.11.5" and python_full_version < "3.11.6"',
    ],
)
def test_what_only_some_patch_releases_need_is_there_for_all(
    lock: LockApp, index: Index, marker: str
) -> None:
    index.wheel("alpha", "1.0", f"backport; {marker}")
    index.wheel("backport", "1.0")
    lock.write("alpha:\n")
    assert sorted(data(lock.succeed("3.11"))["closure"]) == ["alpha", "backport"]
    lock.write(f"beta:\nbackport: {{version: '*', markers: '{marker}'}}\n")
    index.wheel("beta", "1.0")
    assert sorted(data(lock.succeed("3.11"))["closure"]) == ["backport", "beta"]


def test_no_other_python_s_patch_release_counts(lock: LockApp, index: Index) -> None:
    index.wheel("alpha", "1.0", 'backport; python_full_version < "3.10.4"')
    index.wheel("backport", "1.0")
    lock.write("alpha:\n")
    assert sorted(data(lock.succeed("3.11"))["closure"]) == ["alpha"]


def test_the_latest_patch_release_decides_between_two_versions(lock: LockApp, index: Index) -> None:
    index.wheel(
        "alpha",
        "1.0",
        'beta==1; python_full_version < "3.11.4"',
        'beta==2; python_full_version >= "3.11.4"',
    )
    index.wheel("beta", "1")
    index.wheel("beta", "2")
    lock.write("alpha:\n")
    assert data(lock.succeed("3.11"))["closure"] == {"alpha": "1.0", "beta": "2"}


def test_a_requirement_may_be_for_some_systems(lock: LockApp, index: Index) -> None:
    index.wheel("alpha", "1.0")
    index.wheel("beta", "1.0")
    lock.write(
        "requirements:\n  alpha:\n  beta: {version: '*', markers: \"sys_platform == 'linux'\"}\n"
    )
    read = data(lock.succeed("3.11"))
    assert read["packages"][1] == {"name": "beta", "version": "1.0", "systems": LINUX}
    assert read["left-out"][0]["systems"] == DARWIN


@pytest.mark.parametrize("python", ["3.8", "3.10", "3.13", "3.14", "3.15", "3.16"])
def test_each_system_gets_the_best_file_of_many(lock: LockApp, index: Index, python: str) -> None:
    tag = f"cp{python.replace('.', '')}"
    own = {
        "aarch64-darwin": f"{tag}-{tag}-macosx_11_0_arm64",
        "aarch64-linux": f"{tag}-{tag}-manylinux_2_17_aarch64.manylinux2014_aarch64",
        "x86_64-darwin": f"{tag}-{tag}-macosx_10_9_x86_64",
        "x86_64-linux": f"{tag}-{tag}-manylinux_2_17_x86_64.manylinux2014_x86_64",
    }
    others = [
        "py3-none-any",
        "pp39-pypy39_pp73-manylinux2014_x86_64",
        f"{tag}-{tag}-musllinux_1_1_x86_64",
        f"{tag}-{tag}-win_amd64",
        f"{tag}-{tag}-macosx_10_9_universal2",
        f"{tag}-{tag}-manylinux_2_99_x86_64",
        f"{tag}-{tag}t-manylinux2014_x86_64",
        "cp37-abi3-manylinux2014_x86_64",
    ]
    for each in [*others, *own.values()]:
        index.wheel("alpha", "1.0", tag=each)
    index.sdist("alpha", "1.0")
    lock.write("alpha:\n")
    chosen = {link["name"]: link["systems"] for link in data(lock.succeed(python))["links"]}
    assert chosen == {f"alpha-1.0-{each}.whl": [system] for system, each in own.items()}


def test_a_source_distribution_serves_only_where_no_wheel_does(lock: LockApp, index: Index) -> None:
    index.wheel("alpha", "1.0", tag=LINUX_WHEEL)
    index.egg("alpha", "1.0")
    index.sdist("alpha", "1.0")
    lock.write("alpha:\n")
    links = data(lock.succeed("3.11"))["links"]
    assert [(link["name"], link["systems"]) for link in links] == [
        (f"alpha-1.0-{LINUX_WHEEL}.whl", ["x86_64-linux"]),
        ("alpha-1.0.tar.gz", [*DARWIN[:1], "aarch64-linux", *DARWIN[1:]]),
    ]


def test_of_equal_wheels_the_highest_build_is_chosen(lock: LockApp, index: Index) -> None:
    for build in ("", "2", "10"):
        index.wheel("alpha", "1.0", build=build)
    lock.write("alpha:\n")
    assert names(lock.succeed("3.11")) == ["alpha-1.0-10-py3-none-any.whl"]


def test_a_conflict_is_told_in_terms_of_the_users_file(lock: LockApp, index: Index) -> None:
    index.wheel("alpha", "1.0", "beta>=2")
    index.wheel("gamma", "1.0", "beta<2")
    index.wheel("beta", "1.0")
    index.wheel("beta", "2.0")
    lock.write("alpha: '*'\ngamma: '*'\n", "wanted.yaml")
    told = lock.fail(1, "3.11", "wanted.yaml")
    assert told.startswith("wanted.yaml: ")
    assert "gamma depend on beta<2" in told
    assert "alpha depend on beta>=2" in told
    assert "wanted.yaml depends on alpha and gamma" in told
    for inner in ("wheelhouse-requirements", "project", "markers", "sys_platform", "hint"):
        assert inner not in told


def test_a_version_that_does_not_exist_is_told(lock: LockApp, index: Index) -> None:
    index.wheel("alpha", "1.0")
    lock.write("alpha: '>=9'\n")
    told = lock.fail(1, "3.11")
    assert "requirements.yaml" in told
    assert "alpha>=9" in told
    assert "alpha==1.0 is available" in told


def test_an_unknown_package_is_named(lock: LockApp) -> None:
    lock.write("no-such-thing: '*'\n")
    told = lock.fail(1, "3.11")
    assert told.startswith("requirements.yaml: ")
    assert "no-such-thing was not found" in told


@pytest.mark.parametrize(
    ("asked", "others", "meant"),
    [
        ("nunpy", "numpy", "numpy"),
        ("yaml", "numpy", "pyyaml"),
        ("cv2", "numpy", "opencv-python"),
        ("scikitlearn", "numpy", "scikit-learn"),
        ("zope-interfaces", "zope.interface", "zope-interface"),
    ],
)
def test_an_unknown_package_suggests_near_names_and_shows_the_line(
    lock: LockApp, index: Index, asked: str, others: str, meant: str
) -> None:
    index.wheel(others.replace(".", "-"), "1.0")
    lock.write(f"# Mine.\n{others}: '*'\n{asked}: '>1'  # why\n")
    told = lock.fail(1, "3.11")
    assert f"\n  did you mean {meant} instead of {asked}?\n" in told
    assert f"\n  requirements.yaml:3: {asked}: '>1'  # why\n" in told


def test_an_unknown_package_suggests_what_the_old_lock_has(lock: LockApp, index: Index) -> None:
    index.wheel("alpha", "1.0", "needed-by-it")
    index.wheel("needed-by-it", "1.0")
    lock.write("alpha: '*'")
    lock.succeed("3.11")
    lock.write("alpha: '*'\nneeded-bi-it: '*'")
    assert "\n  did you mean needed-by-it instead of needed-bi-it?\n" in lock.fail(1)


def test_what_a_package_of_others_misspells_is_not_the_users_to_mend(
    lock: LockApp, index: Index
) -> None:
    index.wheel("numpy", "1.0")
    index.wheel("alpha", "1.0", "nunpy")
    lock.write("alpha: '*'\nnumpy: '*'")
    told = lock.fail(1, "3.11")
    assert "nunpy was not found" in told
    assert "  requirements.yaml:1: alpha: '*'\n" in told
    assert "did you mean" not in told


def test_a_conflict_shows_the_lines_that_take_part(lock: LockApp, index: Index) -> None:
    index.wheel("alpha", "1.0", "beta>=2")
    index.wheel("beta", "1.0")
    index.wheel("beta", "2.0")
    index.wheel("gamma", "1.0")
    lock.write("gamma\nalpha\n# Old.\nBeta<2\n", "requirements.txt")
    told = lock.fail(1, "3.11", "requirements.txt")
    assert "  requirements.txt:2: alpha\n  requirements.txt:4: Beta<2\n" in told
    assert "gamma" not in told


def test_a_conflict_shows_the_lines_of_constraints_and_of_included_files(
    lock: LockApp, index: Index
) -> None:
    index.wheel("alpha", "1.0", "beta<2")
    index.wheel("beta", "1.0")
    index.wheel("beta", "2.0")
    lock.write("-r more.txt\n-c limits.txt\n", "requirements.txt")
    lock.write("alpha\n", "more.txt")
    lock.write("beta>=2\n", "limits.txt")
    told = lock.fail(1, "3.11", "requirements.txt")
    assert "  more.txt:1: alpha\n  limits.txt:1: beta>=2\n" in told


def test_an_unknown_package_with_extras_suggests_near_names(lock: LockApp) -> None:
    lock.write("Requets[socks]: '*'\n")
    assert "\n  did you mean requests instead of requets?\n" in lock.fail(1, "3.11")


def test_a_package_without_a_file_for_a_system_names_the_systems_and_the_remedy(
    lock: LockApp, index: Index
) -> None:
    index.wheel("alpha", "1.0", tag=LINUX_WHEEL)
    index.wheel("alpha", "1.0", tag=MAC_WHEEL)
    index.wheel("beta", "1.0", "alpha")
    lock.write("beta:\n")
    told = lock.fail(1, "3.11")
    assert told.startswith("requirements.yaml: ")
    assert "alpha 1.0 has no file for aarch64-linux, x86_64-darwin" in told
    remedy = "--system aarch64-darwin --system x86_64-linux"
    assert remedy in told
    assert sorted(data(lock.succeed("3.11", *remedy.split()))["systems"]) == [
        "aarch64-darwin",
        "x86_64-linux",
    ]


@pytest.mark.parametrize(
    ("tag", "reason"),
    [
        ("cp311-cp311-musllinux_1_1_x86_64", "its wheels need musl, and x86_64-linux has glibc"),
        ("cp311-cp311-manylinux_2_39_x86_64", "need a newer glibc than 2.35"),
        ("cp310-cp310-manylinux2014_x86_64", ""),
        ("pp311-pypy311_pp73-manylinux2014_x86_64", ""),
    ],
)
def test_files_that_cannot_run_are_refused_and_the_reason_told(
    lock: LockApp, index: Index, tag: str, reason: str
) -> None:
    index.wheel("alpha", "1.0", tag=tag)
    lock.write("alpha:\n")
    told = lock.fail(1, "3.11", "--system", "x86_64-linux")
    assert told.startswith("requirements.yaml: ")
    assert "alpha 1.0 has no file for x86_64-linux" in told
    assert reason in told


def test_an_index_that_does_not_answer_is_named(lock: LockApp) -> None:
    lock.write("alpha:\n")
    nowhere = "http://127.0.0.1:9/simple/"
    told = lock.fail(2, "3.11", UV_DEFAULT_INDEX=nowhere, UV_HTTP_RETRIES="0")
    assert told.startswith("requirements.yaml: ")
    assert "http://127.0.0.1:9" in told
    assert "onnect" in told


def test_the_users_own_settings_of_uv_change_nothing(
    lock: LockApp, index: Index, tmp_path: Path
) -> None:
    for version in ("1.0", "2.0", "3.0b1"):
        index.wheel("alpha", version)
    lock.write("alpha: '>=1'\n")
    plain = lock.succeed("3.11")
    lowest = 'resolution = "lowest"\nprerelease = "allow"\nno-index = true\n'
    for folder in (tmp_path, lock.folder, tmp_path / "scratch", tmp_path / ".config" / "uv"):
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "uv.toml").write_text(lowest, encoding="utf-8")
        (folder / ".python-version").write_text("2.7\n", encoding="utf-8")
        (folder / "pyproject.toml").write_text(
            f'[project]\nname = "around"\nversion = "1"\n[tool.uv]\n{lowest}'
            '[tool.uv.workspace]\nmembers = ["**"]\n',
            encoding="utf-8",
        )
    changed = lock.succeed(
        "3.11",
        UV_CONFIG_FILE=os.fspath(tmp_path / "uv.toml"),
        UV_CONSTRAINT="/nonexistent",
        UV_EXCLUDE_NEWER="2001-01-01",
        UV_FIND_LINKS="/nonexistent",
        UV_FROZEN="1",
        UV_LOCKED="1",
        UV_NO_INDEX="1",
        UV_PRERELEASE="allow",
        UV_PROJECT="/nonexistent",
        UV_PYTHON="2.7",
        UV_RESOLUTION="lowest",
        UV_WORKING_DIRECTORY="/nonexistent",
        VIRTUAL_ENV="/nonexistent",
        FORCE_COLOR="1",
    )
    assert changed == plain
    assert "alpha-2.0" in plain


def test_the_lock_does_not_depend_on_the_order_of_the_requirements(
    lock: LockApp, index: Index
) -> None:
    index.wheel("alpha", "1.0", "gamma")
    index.wheel("beta", "1.0", "gamma")
    index.wheel("gamma", "1.0")
    lock.write("alpha:\nbeta:\n")
    first = lock.succeed("3.11")
    lock.write("beta: '*'\nalpha: ''\n")
    assert lock.succeed("3.11") == first


def test_an_extra_that_does_not_exist_is_warned_of_where_the_user_asked_for_it(
    lock: LockApp, index: Index
) -> None:
    index.wheel("alpha", "1.0", "beta[gone]", extras={"known": ["beta"]})
    index.wheel("beta", "2.0")
    lock.write("alpha[known,unknown]: '*'\n")
    done = lock.run("3.11")
    assert done.returncode == 0
    warnings = [line for line in done.stderr.splitlines() if "warning" in line]
    assert len(warnings) == 1
    assert warnings[0].startswith("warning: requirements.yaml: alpha 1.0 has no extra unknown; ")


def test_messages_are_free_of_colours_and_of_uvs_log(lock: LockApp, index: Index) -> None:
    index.wheel("alpha", "1.0")
    lock.write("alpha: '>=2'\n")
    told = lock.fail(1, "3.11")
    settings = {"FORCE_COLOR": "1", "CLICOLOR_FORCE": "1", "RUST_LOG": "debug", "TERM": "xterm"}
    assert lock.fail(1, "3.11", **settings) == told
    assert told.replace("\n", "").isprintable()


def test_a_relative_path_of_uv_is_one_from_where_the_user_stands(
    lock: LockApp, index: Index, uv: str
) -> None:
    index.wheel("alpha", "1.0")
    lock.write("alpha:\n")
    (lock.folder / "tools").mkdir()
    (lock.folder / "tools" / "uv").symlink_to(uv)
    lock.succeed("3.11", WHEELHOUSE_UV="tools/uv")
    lock.succeed("3.11", WHEELHOUSE_UV="", PATH="tools")


def test_any_name_of_the_requirements_file_is_shown_as_it_is(lock: LockApp) -> None:
    lock.write("alpha:\n", r"a\1 \g<0>.yaml")
    told = lock.fail(1, "3.11", r"a\1 \g<0>.yaml")
    assert r"and a\1 \g<0>.yaml depends on alpha" in told

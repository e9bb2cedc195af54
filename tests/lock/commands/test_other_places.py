"""Every command copes with packages that come from nixpkgs, and with replaced ones."""

import json
import tomllib

import pytest

from tests.support.index_server import Index
from tests.support.lock_app import LockApp

LINUX, MAC = "x86_64-linux", "aarch64-darwin"


@pytest.fixture
def locked(lock: LockApp, index: Index) -> LockApp:
    """A lock with a package of nixpkgs for one system, one for all, and a replaced one."""
    index.wheel("plot", "1.0", "gi>=3.42", "cairo ; sys_platform == 'linux'", "old")
    index.wheel("new", "1.0")
    index.wheel("gi", "9.0")
    lock.write(
        "requirements:\n  plot: '*'\n  gi: {from: nixpkgs, version: '<5'}\n"
        "  cairo: {from: nixpkgs, markers: sys_platform == 'linux'}\nreplace: {old: new}\n"
    )
    lock.succeed("3.11", "--system", LINUX, "--system", MAC)
    index.sent.clear()
    return lock


def told(lock: LockApp, *arguments: str) -> str:
    done = lock.run(*arguments)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def test_the_tree_says_where_they_come_from(locked: LockApp) -> None:
    assert told(locked, "tree") == (
        "default\n"
        f"├── cairo (nixpkgs)  ({LINUX})\n"
        "├── gi (nixpkgs)\n"
        "└── plot 1.0\n"
        f"    ├── cairo (nixpkgs)  ({LINUX})\n"
        "    ├── gi (nixpkgs)\n"
        "    └── new 1.0\n"
    )
    [_, gi, plot] = json.loads(told(locked, "tree", "--json"))["groups"]["default"]
    assert (gi["name"], gi["version"], gi["from"]) == ("gi", "0", "nixpkgs")
    assert "from" not in plot


def test_why_says_who_asks_for_which_versions(locked: LockApp) -> None:
    assert told(locked, "why", "gi") == (
        "default: gi (nixpkgs)\n"
        "default: plot 1.0 -> gi (nixpkgs)\n"
        "the requirements ask for <5\n"
        "plot asks for >=3.42\n"
    )
    data = json.loads(told(locked, "why", "gi", "--json"))
    assert data["required"][1] == {"by": "plot", "specifier": ">=3.42", "systems": [MAC, LINUX]}
    assert f"cairo (nixpkgs) is left out on {MAC}: " in told(locked, "why", "cairo")
    assert "required" not in json.loads(told(locked, "why", "plot", "--json"))


def test_why_says_what_stands_in_place_of_a_package(locked: LockApp) -> None:
    told = locked.fail(1, "why", "old")
    assert told == "sources.yaml: new stands in place of old, as `replace` asks for\n"
    locked.write("requirements: {plot: '*'}\nexclude: [gi, old, cairo]\n")
    locked.succeed()
    assert "keeps gi out of the lock" in locked.fail(1, "explain", "gi")


def test_explain_asks_no_index_for_them(locked: LockApp, index: Index) -> None:
    assert told(locked, "explain", "gi", "--system", LINUX) == (
        f"gi on {LINUX}, Python 3.11: nixpkgs has it, and no file is taken\n"
        "  the requirements ask for <5\n"
        "  plot asks for >=3.42\n"
    )
    data = json.loads(told(locked, "explain", "cairo", "--json"))
    assert data["systems"] == {LINUX: {"from": "nixpkgs", "required": []}}
    assert [*index.sent] == []


def test_outdated_and_verify_leave_them_out(locked: LockApp, index: Index) -> None:
    index.wheel("plot", "2.0")
    assert told(locked, "outdated") == "plot 1.0 -> 2\n"
    done = locked.run("verify")
    assert done.returncode == 0, done.stderr
    assert not any("gi" in path for path in index.sent)


def test_exports_leave_them_out_and_say_so(locked: LockApp) -> None:
    comment = (
        "# Without cairo, gi, which come from nixpkgs; install with --no-deps.\n"
        "# new stands in place of old; install with --no-deps.\n"
    )
    text = told(locked, "export")
    assert text.startswith(comment)
    packages = {one["name"]: one for one in tomllib.loads(text)["packages"]}
    assert packages.keys() == {"new", "plot"}
    assert packages["plot"]["dependencies"] == [{"name": "new"}]
    text = told(locked, "export", "--format", "requirements")
    assert comment in text
    assert [line for line in text.splitlines() if "==" in line] == [
        "new==1.0 \\",
        "plot==1.0 \\",
    ]
    # The file is still known for a lock, which may be replaced.
    assert locked.run("export", "-o", "pylock.toml").returncode == 0
    assert locked.run("export", "-o", "pylock.toml").returncode == 0


def test_a_bill_of_materials_has_them_without_a_version(locked: LockApp) -> None:
    bill = json.loads(told(locked, "export", "--format", "cyclonedx"))
    [gi] = [one for one in bill["components"] if one["name"] == "gi"]
    assert not gi.keys() & {"version", "purl", "hashes"}
    assert {"name": "wheelhouse:from", "value": "nixpkgs"} in gi["properties"]
    edges = {one["ref"]: one.get("dependsOn", []) for one in bill["dependencies"]}
    assert gi["bom-ref"] in edges["pkg:pypi/plot@1.0"]


def test_an_edit_keeps_where_a_package_comes_from(locked: LockApp) -> None:
    file = locked.folder / "requirements.yaml"
    done = locked.run("add", "gi[x]>=4", "cairo>=1 ; sys_platform == 'linux'")
    assert done.returncode == 0, done.stderr
    text = file.read_text(encoding="utf-8")
    assert '  gi[x]: {from: nixpkgs, version: ">=4"}\n' in text
    assert (
        '  cairo: {version: ">=1", from: nixpkgs, markers: "sys_platform == \\"linux\\""}\n' in text
    )
    done = locked.run("remove", "gi")
    assert done.returncode == 0, done.stderr
    text = file.read_text(encoding="utf-8")
    assert "gi[x]" not in text
    assert "from: nixpkgs" in text
    assert "replace: {old: new}" in text


def test_a_package_beside_others_is_added_and_removed(lock: LockApp, index: Index) -> None:
    index.wheel("alpha", "1.0")
    lock.write("tkinter:\n  from: nixpkgs\n")
    done = lock.run("add", "alpha", "--python", "3.11")
    assert done.returncode == 0, done.stderr
    done = lock.run("add", "tkinter>=3", "--python", "3.11")
    assert done.returncode == 0, done.stderr
    text = (lock.folder / "requirements.yaml").read_text(encoding="utf-8")
    assert text.startswith('tkinter:\n  version: ">=3"\n  from: nixpkgs\n')


def test_the_json_of_a_lock_names_them(lock: LockApp) -> None:
    lock.write("tkinter: {from: nixpkgs}\n")
    [found] = json.loads(told(lock, "--json", "3.11"))["locks"]
    assert (found["packages"], found["from-nixpkgs"]) == ({}, ["tkinter"])


def test_packages_of_nixpkgs_are_added(lock: LockApp, index: Index) -> None:
    index.wheel("alpha", "1.0")
    index.wheel("beta", "1.0")
    file = lock.write('alpha: "*"\ngi: ">=3"\nany:\nbeta: {version: "==1.0", extras: [x]}\n')
    index.wheel("gi", "3.0")
    index.wheel("any", "3.0")
    lock.succeed("3.11")
    done = lock.run("add", "--from", "nixpkgs", "tkinter", "gi", "any", "beta", "cairo>=1")
    assert done.returncode == 0, done.stderr
    assert file.read_text(encoding="utf-8") == (
        'alpha: "*"\n'
        'gi: {version: ">=3", from: nixpkgs}\n'
        "any: {from: nixpkgs}\n"
        'beta: {from: nixpkgs, version: "==1.0", extras: [x]}\n'
        "tkinter: {from: nixpkgs}\n"
        'cairo: {version: ">=1", from: nixpkgs}\n'
    )
    assert "5 packages from nixpkgs" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["./gi"], "lock add: "),
        (["gi @ https://x.example/gi-1.0.zip"], "--from nixpkgs: gi has a place of its own;"),
        (["gi", "-r", "r.txt"], "r.txt: only requirements.yaml can say that a package comes from"),
        (["gi", "-r", "pyproject.toml"], "pyproject.toml: only requirements.yaml can say that"),
    ],
)
def test_what_can_t_be_added_from_nixpkgs_is_told(
    lock: LockApp, arguments: list[str], told: str
) -> None:
    lock.write("alpha\n", "r.txt")
    lock.write('[project]\nname = "app"\nversion = "1"\ndependencies = ["a"]\n', "pyproject.toml")
    assert told in lock.fail(2, "add", "--from", "nixpkgs", "--python", "3.11", *arguments)

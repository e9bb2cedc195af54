"""Packages that others stand for: whoever asks for one gets the other."""

from typing import Any

import yaml

from tests.support.index_server import Index
from tests.support.lock_app import LockApp

LINUX, MAC = "x86_64-linux", "aarch64-darwin"
SYSTEMS = ("--system", LINUX, "--system", MAC)


def run(lock: LockApp, *arguments: str) -> tuple[Any, str]:
    """Lock; return the lock, and the messages."""
    done = lock.run(*SYSTEMS, *arguments)
    assert done.returncode == 0, done.stderr
    text = (lock.folder / "sources.yaml").read_text(encoding="utf-8")
    return yaml.safe_load(text), done.stderr


def dependencies(read: Any, name: str) -> Any:
    [found] = [one for one in read["packages"] if one["name"] == name]
    return found.get("dependencies", [])


def test_whoever_asks_gets_the_other(lock: LockApp, index: Index) -> None:
    index.wheel("orm", "1.0", "Psycopg2 >=2 ; sys_platform == 'linux'")
    index.wheel("pool", "1.0", "psycopg2")
    index.wheel("psycopg2", "3.0", "never")
    index.wheel("psycopg2-binary", "2.9", "math")
    index.wheel("math", "1.0")
    lock.write(
        "requirements: {orm: '*', psycopg2: '>=2.5'}\ngroups: {dev: {pool: '*', psycopg2: '*'}}\n"
        "replace: {psycopg2: psycopg2-binary}\n"
    )
    read, messages = run(lock, "3.11")
    assert read["groups"] == {
        "default": ["orm", "psycopg2-binary"],
        "dev": ["pool", "psycopg2-binary"],
    }
    assert read["closure"] == {
        "math": "1.0",
        "orm": "1.0",
        "pool": "1.0",
        "psycopg2-binary": "2.9",
    }
    assert dependencies(read, "orm") == [{"name": "psycopg2-binary", "systems": [LINUX]}]
    assert dependencies(read, "pool") == [{"name": "psycopg2-binary"}]
    assert dependencies(read, "psycopg2-binary") == [{"name": "math"}]
    assert read["requested"]["replace"] == {"psycopg2": "psycopg2-binary"}
    assert read["requested"]["requirements"]["default"] == ["orm", "psycopg2>=2.5"]
    assert "left-out" not in read
    assert "warning" not in messages
    assert not any("psycopg2-3" in path for path in index.sent)
    assert lock.run("--check").returncode == 0
    before = (lock.folder / "sources.yaml").read_text(encoding="utf-8")
    assert lock.succeed() == before


def test_it_is_installed_only_where_somebody_asks(lock: LockApp, index: Index) -> None:
    index.wheel("orm", "1.0", "old ; sys_platform == 'linux'")
    index.wheel("new", "1.0", "math")
    index.wheel("math", "1.0")
    lock.write("requirements: {orm: '*'}\nreplace: {old: new}\n")
    read, _ = run(lock, "3.11")
    installed = {one["name"]: one.get("systems") for one in read["packages"]}
    assert installed == {"orm": None, "new": [LINUX], "math": [LINUX]}
    reasons = {one["name"]: one["reason"] for one in read["left-out"]}
    assert reasons["new"] == 'orm needs it only where sys_platform == "linux"'


def test_extras_are_asked_of_the_other(lock: LockApp, index: Index) -> None:
    index.wheel("orm", "1.0", "old[fast]", extras={"pool": ["old[pool]"], "never": ["old[x]"]})
    index.wheel("new", "1.0", extras={"fast": ["speed"], "pool": ["water"], "x": ["y"]})
    index.wheel("speed", "1.0")
    index.wheel("water", "1.0")
    index.wheel("y", "1.0")
    lock.write("requirements: {'orm[pool]': '*'}\nreplace: {old: new}\n")
    read, _ = run(lock, "3.11")
    assert read["closure"] == {"new": "1.0", "orm": "1.0", "speed": "1.0", "water": "1.0"}
    assert dependencies(read, "orm") == [
        {"name": "new", "extras": ["fast"]},
        {"name": "new", "extras": ["pool"], "of-extras": ["pool"]},
    ]
    lock.write("requirements: {'old[pool]': '*'}\nreplace: {old: new}\n")
    read, _ = run(lock)
    assert read["groups"] == {"default": ["new[pool]"]}
    assert read["closure"] == {"new": "1.0", "water": "1.0"}


def test_a_version_that_somebody_doesn_t_ask_for_is_told(lock: LockApp, index: Index) -> None:
    index.wheel("orm", "1.0", "old>=3 ; sys_platform == 'linux'", "old<9")
    index.wheel("new", "2.0")
    lock.write("requirements: {orm: '*', old: ^1}\nconstraints: [old<1]\nreplace: {old: new}\n")
    _, messages = run(lock, "3.11")
    lines = [line for line in messages.splitlines() if line.startswith("warning: ")]
    told = "warning: requirements.yaml: replace: new 2.0 stands in place of old, of which "
    remedy = "; ask for a version of new that serves"
    assert lines == [
        f"{told}the requirements ask for <1{remedy}",
        f"{told}the requirements ask for <2,>=1{remedy}",
        f"{told}orm asks for >=3 on {LINUX}{remedy}",
    ]


def test_a_replacement_that_nothing_asks_for_is_told(lock: LockApp, index: Index) -> None:
    index.wheel("alpha", "1.0")
    lock.write("requirements: {alpha: '*'}\nreplace: {old: new}\n")
    index.wheel("new", "1.0")
    read, messages = run(lock, "3.11")
    assert read["closure"] == {"alpha": "1.0"}
    assert "replace: old: nothing that is locked asks for it; mend its name, or" in messages
    # Under one of several choices it is asked for.
    index.wheel("beta", "1.0", "old")
    lock.write(
        "requirements: {alpha: '*'}\ngroups: {a: {beta: '*'}, b: {alpha: '*'}}\n"
        "conflicts: [[a, b]]\nreplace: {old: new}\n"
    )
    read, messages = run(lock)
    assert "nothing" not in messages
    found = {one["name"]: one.get("choices") for one in read["packages"]}
    assert found == {"alpha": None, "beta": ["a"], "new": ["a"]}


def test_the_other_may_come_from_nixpkgs(lock: LockApp, index: Index) -> None:
    index.wheel("orm", "1.0", "old>=3")
    lock.write("requirements: {orm: '*', new: {from: nixpkgs}}\nreplace: {old: new}\n")
    read, messages = run(lock, "3.11")
    assert dependencies(read, "orm") == [{"name": "new"}]
    # The ranges of one package say nothing of another one's versions.
    assert {"name": "new", "version": "0", "from": "nixpkgs"} in read["packages"]
    assert "warning" not in messages


def test_the_other_may_be_a_project(lock: LockApp, index: Index) -> None:
    index.wheel("orm", "1.0", "old")
    (lock.folder / "fork").mkdir()
    build = '[build-system]\nrequires = []\nbuild-backend = "b"\nbackend-path = ["."]\n'
    lock.write(f'[project]\nname = "fork"\nversion = "3"\n{build}', "fork/pyproject.toml")
    lock.write("", "fork/b.py")
    lock.write("requirements: {orm: '*', fork: {path: fork}}\nreplace: {old: fork}\n")
    read, _ = run(lock, "3.11")
    assert dependencies(read, "orm") == [{"name": "fork"}]


def test_versions_by_system_of_the_other_stay(lock: LockApp, index: Index) -> None:
    index.wheel("orm", "1.0", "old")
    index.wheel("new", "1.0")
    index.wheel("new", "2.0")
    lock.write(
        "orm\nnew==2.0 ; sys_platform == 'linux'\nnew==1.0 ; sys_platform == 'darwin'\n",
        "requirements.txt",
    )
    lock.write("replace: {old: new}\n", "more.yaml")
    read, _ = run(lock, "3.11", "-r", "requirements.txt", "-r", "more.yaml")
    found = {(one["version"], *one["systems"]) for one in read["packages"] if one["name"] == "new"}
    assert found == {("1.0", MAC), ("2.0", LINUX)}
    assert dependencies(read, "orm") == [{"name": "new"}]


def test_two_packages_may_have_the_same_in_their_place(lock: LockApp, index: Index) -> None:
    index.wheel("one", "1.0", "opencv-python")
    index.wheel("two", "1.0", "opencv-contrib-python")
    index.wheel("headless", "1.0")
    lock.write(
        "requirements: {one: '*', two: '*'}\n"
        "replace: {opencv-python: headless, opencv-contrib-python: headless}\n"
    )
    read, _ = run(lock, "3.11")
    assert read["closure"] == {"headless": "1.0", "one": "1.0", "two": "1.0"}


def test_a_package_that_no_index_has_can_t_stand_for_another(lock: LockApp, index: Index) -> None:
    index.wheel("orm", "1.0", "old")
    lock.write("requirements: {orm: '*'}\nreplace:\n  old: nwe\n")
    told = lock.fail(1, "3.11")
    assert "Because nwe was not found in the package registry and old depends on nwe" in told
    assert "requirements.yaml:3: old: nwe" in told


def test_excluded_packages_are_dropped(lock: LockApp, index: Index) -> None:
    index.wheel("orm", "1.0", "old", "math")
    index.wheel("math", "1.0")
    index.wheel("old", "1.0")
    lock.write("requirements: {orm: '*'}\nexclude: [Old, odl]\nconstraints: [old>1]\n")
    read, messages = run(lock, "3.11")
    [warning] = [line for line in messages.splitlines() if "warning" in line]
    told = "requirements.yaml: exclude: odl: nothing that is locked asks for it; mend its name, or"
    assert told in warning
    assert read["closure"] == {"math": "1.0", "orm": "1.0"}
    assert read["requested"]["settings"]["excluded"] == ["odl", "old"]
    assert not any("old" in path for path in index.sent)
    assert lock.run("--check").returncode == 0


def test_a_replacement_that_cannot_be_had_is_told(lock: LockApp, index: Index) -> None:
    index.wheel("alpha", "1.0", "old")
    lock.write("requirements: {alpha: '*'}\nreplace: {old: absent}\n")
    assert "  `replace` gives absent in place of old" in lock.fail(1, "3.11")

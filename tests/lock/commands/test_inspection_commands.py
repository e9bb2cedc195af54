"""The commands beside locking, as their users run them."""

import json

import pytest

from tests.support.index_server import Index, NewIndex
from tests.support.lock_app import LockApp

LOCKED = ("3.11", "--system", "x86_64-linux", "--system", "aarch64-darwin")


@pytest.fixture
def locked(lock: LockApp, index: Index) -> LockApp:
    """A lock with a group, an extra, and a package of one system."""
    index.wheel("web", "1.0", "core>=1", extras={"fast": ["speed"]})
    index.wheel("core", "1.0", "apple ; sys_platform == 'darwin'")
    index.wheel("core", "2.0", "apple ; sys_platform == 'darwin'", yanked="broken")
    index.wheel("speed", "1.0", "core")
    index.wheel("apple", "1.0")
    index.wheel("check", "1.0", "core")
    lock.write("requirements:\n  web[fast]: '*'  # all of it\ngroups:\n  dev: {check: '*'}\n")
    lock.succeed(*LOCKED)
    return lock


def told(lock: LockApp, *arguments: str) -> str:
    done = lock.run(*arguments)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def test_the_tree_shows_what_needs_what(locked: LockApp) -> None:
    assert told(locked, "tree") == (
        "default\n"
        "└── web[fast] 1.0\n"
        "    ├── core 1.0\n"
        "    │   └── apple 1.0  (aarch64-darwin)\n"
        "    └── speed 1.0\n"
        "        └── core 1.0 (*)\n"
        "dev\n"
        "└── check 1.0\n"
        "    └── core 1.0 (*)\n"
    )
    assert told(locked, "tree", "--group", "dev", "--system", "x86_64-linux") == (
        "dev\n└── check 1.0\n    └── core 1.0\n"
    )
    assert told(locked, "tree", "--depth", "1", "sources.yaml") == (
        "default\n└── web[fast] 1.0\n    ├── core 1.0\n    └── speed 1.0\n"
        "dev\n└── check 1.0\n    └── core 1.0\n"
    )


def test_the_tree_in_json_has_every_edge(locked: LockApp) -> None:
    data = json.loads(told(locked, "tree", "--json", "--group", "dev"))
    [check] = data["groups"]["dev"]
    assert (check["name"], check["version"]) == ("check", "1.0")
    [core] = check["dependencies"]
    assert core["dependencies"][0]["systems"] == ["aarch64-darwin"]


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (["--group", "docs"], "sources.yaml: there is no group docs; it has default, dev"),
        (["--system", "riscv"], "sources.yaml: it isn't for riscv, only for aarch64-darwin, x86"),
    ],
)
def test_what_the_lock_has_not_is_told(locked: LockApp, arguments: list[str], problem: str) -> None:
    assert locked.fail(2, "tree", *arguments).startswith(problem)


def test_why_shows_each_way_to_a_package(locked: LockApp) -> None:
    assert told(locked, "why", "Core") == (
        "default: web[fast] 1.0 -> core 1.0\n"
        "default: web[fast] 1.0 -> speed 1.0 -> core 1.0\n"
        "dev: check 1.0 -> core 1.0\n"
    )
    apple = told(locked, "why", "apple").splitlines()
    assert apple[0] == "default: web[fast] 1.0 -> core 1.0 -> apple 1.0  (aarch64-darwin)"
    assert apple[-1].startswith("apple 1.0 is left out on x86_64-linux: core needs it only where ")
    assert "did you mean core?" in locked.fail(1, "why", "cor")


def test_explain_says_what_each_system_takes_and_why(lock: LockApp, index: Index) -> None:
    for tag in (
        "cp311-cp311-manylinux_2_28_x86_64",
        "cp311-cp311-manylinux_2_39_x86_64",
        "cp311-cp311-win_amd64",
        "cp310-cp310-manylinux_2_28_x86_64",
        "py3-none-any",
    ):
        index.wheel("native", "1.0", tag=tag)
    index.sdist("native", "1.0")
    index.egg("native", "1.0")
    lock.write("native: '*'")
    lock.succeed("3.11", "--system", "x86_64-linux")
    index.wheel("native", "2.0", tag="cp310-cp310-win32")
    lines = told(lock, "explain", "native").splitlines()
    assert lines[0] == "native 1.0 on x86_64-linux (glibc 2.35), Python 3.11"
    verdicts = {line.split()[1].rstrip(":"): line.split(": ", 1)[1] for line in lines[1:]}
    assert {line.split()[0] for line in lines[1:2]} == {"taken"}
    assert verdicts == {
        "native-1.0-cp311-cp311-manylinux_2_28_x86_64.whl": "the best that fits",
        "native-1.0-py3-none-any.whl": "it fits, but another file fits better",
        "native-1.0.tar.gz": "a wheel is there, so nothing is built",
        "native-1.0-cp310-cp310-manylinux_2_28_x86_64.whl": (
            "it is for cp310-cp310, not for Python 3.11"
        ),
        "native-1.0-cp311-cp311-manylinux_2_39_x86_64.whl": (
            "it needs a newer glibc than 2.35: manylinux_2_39_x86_64"
        ),
        "native-1.0-cp311-cp311-win_amd64.whl": "it is for win_amd64",
        "native-1.0-py3.11.egg": "it is neither a wheel nor a source distribution",
    }
    newer = json.loads(told(lock, "explain", "native==2.0", "--json"))
    assert newer["systems"]["x86_64-linux"] == {
        "version": "2.0",
        "files": [
            {
                "name": "native-2.0-cp310-cp310-win32.whl",
                "taken": False,
                "reason": "it is for win32",
            }
        ],
    }
    assert "there is no package nativ in the lock; did you mean native?" in lock.fail(
        1, "explain", "nativ"
    )


def test_outdated_names_what_has_newer_versions(locked: LockApp, index: Index) -> None:
    assert told(locked, "outdated") == ""
    index.wheel("web", "1.5")
    index.wheel("web", "2.0a1")
    index.wheel("speed", "3.0", yanked="no")
    index.wheel("check", "1.1")
    assert told(locked, "outdated") == "check 1.0 -> 1.1\nweb 1.0 -> 1.5\n"
    data = json.loads(told(locked, "outdated", "--json"))
    assert data["outdated"][1] == {"name": "web", "version": "1.0", "newest": "1.5"}


def test_outdated_shows_the_others_where_a_page_fails(locked: LockApp, index: Index) -> None:
    index.wheel("check", "1.1")
    index.wheel("web", "1.5")
    index.failing["/simple/check/"] = [(503, {})] * 4
    done = locked.run("outdated", "--json", UV_OFFLINE="1")
    assert done.returncode == 2
    problem = f"{index.simple}check/: 503 Service Unavailable"
    assert done.stderr == f"{problem}\n"
    data = json.loads(done.stdout)
    assert [one["name"] for one in data["outdated"]] == ["web"]
    assert data["unknown"] == [{"name": "check", "problem": problem}]


def test_outdated_asks_one_index_without_uv(locked: LockApp, index: Index) -> None:
    index.sdist("web", "1.5", suffix=".zip")
    index.sdist("check", "1.0.post1")
    index.wheel("core", "1!0.1")
    index.wheel("apple", "0.9")
    index.pages["/simple/speed/"].append({"filename": "speed-latest.exe", "url": "x"})
    done = locked.run("outdated", WHEELHOUSE_UV=f"{locked.folder}/none")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "check 1.0 -> 1.post1\ncore 1.0 -> 1!0.1\nweb 1.0 -> 1.5\n"


def test_outdated_asks_the_index_that_uv_takes_a_package_from(
    lock: LockApp, index: Index, new_index: NewIndex
) -> None:
    other = new_index()
    lock.environment["UV_INDEX"] = other.simple
    index.wheel("web", "1.0")
    for each in (index, other):
        each.wheel("core", "1.0")
    lock.write("requirements: {web: '*', core: '*'}")
    lock.succeed("3.11")
    index.wheel("web", "1.5")
    index.wheel("core", "9.0")
    other.wheel("core", "1.5")
    assert told(lock, "outdated") == "core 1.0 -> 1.5\nweb 1.0 -> 1.5\n"


def test_outdated_tells_once_that_the_index_does_not_answer(locked: LockApp, index: Index) -> None:
    index.status = 403
    problem = f"{index.simple}apple/: 403 Forbidden; so it is with 4 other packages\n"
    assert locked.fail(2, "outdated") == problem


def test_outdated_tells_which_page_can_t_be_read(locked: LockApp, index: Index) -> None:
    index.wheel("web", "1.5")
    index.pages["/simple/check/"].append({"filename": 5, "url": "x"})
    done = locked.run("outdated")
    assert (done.returncode, done.stdout) == (2, "web 1.0 -> 1.5\n")
    assert done.stderr.startswith(f"{index.simple}check/: the index' answer can't be read: ")


def test_diff_tells_what_would_change_and_writes_nothing(locked: LockApp, index: Index) -> None:
    before = locked.tree()
    # The systems are those of the lock.
    done = locked.run("--diff")
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr == "sources.yaml: nothing would change\n"
    index.wheel("core", "1.5")
    index.wheel("check", "0.9", "extra")
    index.wheel("extra", "1")
    locked.write("requirements:\n  web: '*'\ngroups:\n  dev: {check: '<1'}\n", "other.yaml")
    before = locked.tree()
    assert told(locked, "--diff", "--upgrade-package", "core", "other.yaml") == (
        "sources.yaml:\n"
        "  - apple 1.0\n"
        "  ~ check 1.0 -> 0.9  (older)\n"
        "  ~ core 1.0 -> 1.5\n"
        "  + extra 1\n"
        "  - speed 1.0\n"
    )
    assert locked.tree() == before


def test_a_lock_tells_its_changes_to_machines(locked: LockApp, index: Index) -> None:
    index.wheel("core", "1.5")
    data = json.loads(told(locked, "--json", "-P", "core"))
    [one] = data["locks"]
    assert (one["file"], one["python"]) == ("sources.yaml", "3.11")
    assert {"name": "core", "change": "up", "before": ["1.0"], "after": ["1.5"]} in one["changes"]
    assert data["warnings"] == []
    checked = json.loads(told(locked, "--json", "--check"))
    assert checked["locks"][0]["fresh"] is True
    locked.write("no-such: '*'")
    failed = locked.run("--json")
    assert failed.returncode == 1
    assert json.loads(failed.stdout)["error"] == failed.stderr.rstrip("\n")


def test_add_and_remove_change_both_files(locked: LockApp, index: Index) -> None:
    index.wheel("new", "1.0")
    done = locked.run("add", "new>=1")
    assert (done.returncode, done.stdout) == (0, "")
    assert "  + new 1.0\n" in done.stderr
    text = "requirements:\n  web[fast]: '*'  # all of it\n"
    file = locked.folder / "requirements.yaml"
    assert file.read_text() == f"{text}  new: \">=1\"\ngroups:\n  dev: {{check: '*'}}\n"
    assert told(locked, "why", "new") == "default: new 1.0\n"
    locked.run("remove", "new")
    assert file.read_text() == f"{text}groups:\n  dev: {{check: '*'}}\n"
    assert "there is no package new" in locked.fail(1, "why", "new")
    locked.run("add", "--group", "dev", "new")
    assert told(locked, "why", "new") == "dev: new 1.0\n"


def test_what_can_t_be_locked_is_not_added(locked: LockApp) -> None:
    assert "no-such" in locked.fail(1, "add", "no-such")
    assert locked.fail(2, "add", "web>>1").startswith('lock add: "web>>1" is no requirement')
    assert locked.fail(1, "remove", "check").endswith("it is in dev, which --group names\n")


def test_a_first_package_makes_the_file(lock: LockApp, index: Index) -> None:
    index.wheel("new", "1.0")
    assert lock.run("add", "--python", "3.11", "new").returncode == 0
    assert (lock.folder / "requirements.yaml").read_text() == 'new: "*"\n'
    assert (lock.folder / "sources.yaml").exists()


def test_the_usual_files_are_found(lock: LockApp, index: Index) -> None:
    index.wheel("new", "1.0")
    lock.write("new\n", "requirements.txt")
    assert lock.run("3.11", "3.12").returncode == 0
    # Without names, those that are there are locked again.
    index.wheel("new", "2.0")
    done = lock.run("--upgrade")
    assert done.stderr.count("  ~ new 1.0 -> 2.0\n") == 2
    assert not (lock.folder / "sources.yaml").exists()


def test_a_reader_that_has_had_enough_ends_the_run_quietly(locked: LockApp) -> None:
    process = locked.start("tree")
    assert process.stdout is not None
    process.stdout.close()
    assert process.stderr is not None
    assert process.stderr.read() == ""
    assert process.wait() == 0


def test_the_systems_and_their_oldest_platforms_stay(lock: LockApp, index: Index) -> None:
    index.wheel("new", "1.0")
    lock.write("new: '*'")
    before = lock.succeed("3.11", "--system", "x86_64-linux", "--glibc", "2.28")
    assert lock.succeed() == before
    assert "aarch64-linux" in lock.succeed("--system", "aarch64-linux")

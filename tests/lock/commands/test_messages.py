"""What the command line answers to words and options of other tools, and to near misses."""

from datetime import date
from pathlib import Path

import pytest
import yaml

from lock.models.pythons import newest_minor
from lock.models.target import DEFAULT_SYSTEMS
from tests.support.index_server import Index
from tests.support.lock_app import LockApp

COMMANDS = (
    "the commands are add, remove, tree, why, explain, outdated, licenses, verify, fetch, export, "
    "completion"
)


@pytest.mark.parametrize(
    ("arguments", "hint"),
    [
        (["sync"], "Nix builds the environment from the lock, with `nix build` or `nix develop`"),
        (["sync", "--frozen"], "Nix builds the environment from the lock"),
        (["install", "-r", "requirements.txt"], "Nix builds the environment from the lock"),
        (["license"], "`lock licenses` shows licences"),
        (["list"], "`lock tree` shows the packages"),
        (["show"], "`lock tree` shows the packages, `lock why NAME` one of them"),
        (["update"], "`lock --upgrade` takes the newest versions"),
        (["upgrade", "flask"], "`lock --upgrade-package flask` takes the newest versions of these"),
        (["3.12", "upgrade", "flask"], "`lock --upgrade-package flask` takes the newest"),
        (["--offline", "sync"], "Nix builds the environment from the lock"),
        (["exprot"], "did you mean `lock export`?"),
        (["Tree"], "did you mean `lock tree`?"),
        (["nonsense"], COMMANDS),
    ],
)
def test_a_word_that_is_no_command_is_answered_with_the_near_one(
    lock: LockApp, arguments: list[str], hint: str
) -> None:
    word = next(one for one in arguments if one.isalpha())
    told = lock.fail(2, *arguments)
    assert told.startswith(f"lock: {word} is neither a command nor a file; {hint}")
    assert COMMANDS in told
    assert len(told.splitlines()) == 1


def test_a_file_with_the_name_of_no_command_is_read(lock: LockApp, index: Index) -> None:
    index.wheel("alpha", "1.0")
    lock.write("alpha: '*'\n", "sync")
    assert "alpha" in lock.succeed("3.11", "sync")


def test_the_error_for_a_word_is_json_where_that_is_asked_for(lock: LockApp) -> None:
    assert (
        '"error": "lock: sync is neither a command nor a file' in lock.run("sync", "--json").stdout
    )


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (["3.11", "--systems", "a", "b"], "no option --systems; did you mean --system?"),
        (["3.11", "--systems=a"], "no option --systems; did you mean --system?"),
        (["--output", "x"], "no option --output; did you mean --sources?"),
        (["--locked"], "no option --locked; did you mean --check?"),
        (["tree", "--groups", "dev"], "no option --groups; did you mean --group?"),
        (["export", "--out", "x"], "no option --out; did you mean --output?"),
        (["--nonsense"], "no option --nonsense"),
        (["add", "--grup", "dev"], "no option --grup; did you mean --group?"),
    ],
)
def test_an_option_that_is_not_there_is_answered_with_the_near_one(
    lock: LockApp, arguments: list[str], problem: str
) -> None:
    last = lock.fail(2, *arguments).splitlines()[-1]
    assert last.endswith(f": error: there is {problem}")


@pytest.mark.parametrize("command", ["add", "remove"])
@pytest.mark.parametrize("name", ["q.yaml", "sub/requirements.txt", "pyproject.toml", "uv.lock"])
def test_a_file_among_packages_is_told_to_stand_behind_r(
    lock: LockApp, command: str, name: str
) -> None:
    told = lock.fail(2, command, "alpha", name)
    assert told.startswith(f"lock {command}: {name}: a file stands behind -r where it has the ")
    assert f"`lock {command} alpha -r {name}`" in told


@pytest.mark.parametrize(
    ("requires", "example"),
    [(">=3.14", "3.15"), (">=3.9", "3.11"), ("<3.10,>=3.8", "3.9"), ("==3.12.*", "3.12")],
)
def test_the_example_of_a_python_fits_the_project(
    lock: LockApp, requires: str, example: str
) -> None:
    project = f'name = "x"\nversion = "1"\nrequires-python = "{requires}"\ndependencies = ["a"]\n'
    lock.write(f"[project]\n{project}", "pyproject.toml")
    told = lock.fail(1, "3.13" if example == "3.11" else "3.10") if requires != ">=3.9" else ""
    assert not told or f"name another version of Python, as in `lock {example}`" in told
    if requires != "==3.12.*":
        told = lock.fail(2)
        assert f"as in `lock {example}`, or write `python: {example}` into" in told


def test_a_project_for_no_python_that_can_be_locked_for_is_told(lock: LockApp) -> None:
    project = 'name = "x"\nversion = "1"\nrequires-python = ">=3.99"\ndependencies = ["a"]\n'
    lock.write(f"[project]\n{project}", "pyproject.toml")
    newest = newest_minor(date.today())
    problem = f"no version that can be locked for fits: those are 3.8 to 3.{newest}\n"
    assert lock.fail(1, "3.11").endswith(f"it can't be locked for 3.11; {problem}")
    assert lock.fail(2) == f"lock: the requirements ask for Python >=3.99, and {problem}"


@pytest.mark.parametrize("systems", [["x86_64-linux"], ["x86_64-linux", "aarch64-linux"]])
def test_requirements_of_other_systems_only_are_told(
    lock: LockApp, index: Index, systems: list[str]
) -> None:
    index.wheel("alpha", "1.0")
    lock.write("alpha; sys_platform == 'win32'\n", "requirements.txt")
    named = [word for system in systems for word in ("--system", system)]
    assert lock.fail(1, "3.12", "requirements.txt", *named) == (
        f"requirements.txt: the markers rule every package out on {', '.join(sorted(systems))}; "
        "there is nothing to lock\n"
    )


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (
            "uv.lock",
            'version = 1\nrevision = 3\nrequires-python = ">=3.11"\n\n'
            '[[package]]\nname = "x"\nversion = "1"\nsource = { virtual = "." }\n',
        ),
        (
            "poetry.lock",
            'package = []\n\n[metadata]\nlock-version = "2.1"\npython-versions = ">=3.11"\n'
            f'content-hash = "{"0" * 64}"\n',
        ),
        ("pylock.toml", 'lock-version = "1.0"\ncreated-by = "uv"\npackages = []\n'),
    ],
)
def test_a_lock_without_packages_is_told_to_have_none(lock: LockApp, name: str, text: str) -> None:
    lock.write(text, name)
    told = lock.fail(1, "3.12", name)
    assert told == f"{name}: it has no packages; there is nothing to lock\n"


@pytest.fixture
def linux_lock(lock: LockApp, index: Index) -> Path:
    """The lock of another tool, for Linux only."""
    index.wheel("alpha", "1.0")
    wheel = f"{index.url}/files/alpha-1.0-py3-none-any.whl"
    digest = index.pages["/simple/alpha/"][0]["hashes"]["sha256"]
    return lock.write(
        "lock-version = '1.0'\ncreated-by = 'x'\n"
        "environments = [\"sys_platform == 'linux'\"]\n"
        "[[packages]]\nname = 'alpha'\nversion = '1.0'\n"
        f"[[packages.wheels]]\nurl = '{wheel}'\nhashes = {{sha256 = '{digest}'}}\n",
        "pylock.toml",
    )


@pytest.mark.usefixtures("linux_lock")
def test_the_systems_of_another_tool_s_lock_are_locked_and_the_others_told(lock: LockApp) -> None:
    done = lock.run("3.12", "pylock.toml")
    others = ", ".join(name for name in DEFAULT_SYSTEMS if name.endswith("darwin"))
    line = f"pylock.toml: the lock isn't for {others}; only its own systems are locked\n"
    assert done.stderr.startswith(line)
    text = (lock.folder / "sources.yaml").read_text("utf-8")
    assert [*yaml.safe_load(text)["systems"]] == ["aarch64-linux", "x86_64-linux"]
    again = lock.run("pylock.toml", "--check")
    assert (again.returncode, again.stderr) == (0, "")


@pytest.mark.usefixtures("linux_lock")
def test_a_system_that_another_tool_s_lock_lacks_is_refused_where_it_is_asked_for(
    lock: LockApp,
) -> None:
    told = lock.fail(1, "3.12", "pylock.toml", "--system", "x86_64-darwin")
    assert told.startswith("pylock.toml: the lock isn't for x86_64-darwin; ")


def test_a_folder_is_told_to_be_one(lock: LockApp) -> None:
    (lock.folder / "app").mkdir()
    assert lock.fail(2, "3.12", "app") == (
        "app: this is a folder; name the file in it, such as app/pyproject.toml\n"
    )

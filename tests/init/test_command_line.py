"""What init writes and says, and what it refuses."""

import os
import pty
import signal
import subprocess
import sys
import time
from contextlib import suppress

import pytest
import yaml

from tests.support.lock_app import LockApp
from tests.support.project import ROOT


def environment(init: LockApp, index, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Start an environment of the one package that the index has."""
    index.wheel("alpha", "1.0")
    return init.run("environment", *arguments, "--with", "alpha>=1")


def git(folder, *arguments):
    """Return what git prints."""
    return subprocess.check_output(["git", *arguments], cwd=folder, text=True)


def test_it_writes_and_says_what_to_do_next(init, index):
    done = environment(init, index, "some where")
    assert done.returncode == 0, done.stderr
    assert sorted(init.tree()) == [
        "some where/flake.nix",
        "some where/requirements.yaml",
        "some where/sources.yaml",
    ]
    lock = yaml.safe_load((init.folder / "some where" / "sources.yaml").read_text())
    assert lock["closure"] == {"alpha": "1.0"}
    assert done.stdout.splitlines() == [
        "3 files written. Write the URL of wheelhouse into flake.nix, in place of "
        "github:OWNER/wheelhouse. What to do next:",
        "",
        "  cd 'some where'",
        "  nix develop   a shell with its packages",
        "  nix build     the environment, as result/",
    ]


def test_without_flakes_the_next_commands_are_those_of_nix_without_them(init, index):
    done = environment(init, index, "--classic", "--url", str(ROOT))
    assert sorted(init.tree()) == ["default.nix", "requirements.yaml", "shell.nix", "sources.yaml"]
    assert done.stdout.splitlines() == [
        "4 files written. What to do next:",
        "",
        "  nix-shell                       a shell with its packages",
        "  nix-build -A packages.default   the environment, as result/",
    ]


def test_without_a_lock_nothing_is_asked_and_locking_is_the_next_command(init):
    init.environment["UV_DEFAULT_INDEX"] = "http://127.0.0.1:9/"
    done = init.run("fastapi", "my-api", "--no-lock")
    assert done.returncode == 0, done.stderr
    assert "my-api/sources.yaml" not in init.tree()
    assert "  nix run .#lock    write sources.yaml" in done.stdout
    assert "my-api/src/my_api/__init__.py" in init.tree()


@pytest.mark.parametrize(
    ("arguments", "messages"),
    [
        ([], ["what do you start?", "as in `init project`", "environment, project, workspace"]),
        (["projct"], ["'projct' is no kind; known are environment,"]),
        (["project", "a", "b"], ["too many arguments, from 'b' on"]),
        (["project", "--python", "3.12.4"], ["--python: ", "names a patch release; write 3.12"]),
        (["project", "--python", "x"], ["--python: ", "is no version of Python"]),
        (["project", "--name", "a b"], ["--name: 'a b' is no name of a project"]),
        (["project", "--name", "Click"], ["--name: the project needs a package called click"]),
        (["django", "--name", "json"], ["--name: json is a module of Python"]),
        (["project", "--with", "a b"], ["--with: "]),
        (["project", "--with", "./x"], ["--with: "]),
        (["project", "--name", ""], ["--name: '' is no name of a project"]),
        (["project", "--python", ""], ['--python: "" is no version of Python']),
        (["project", "--url", ""], ["--url: '' is no URL of a flake"]),
        (["environment", "--name", ""], ["--name: nothing of this kind has a name"]),
        (["environment", "--name", "x"], ["--name: nothing of this kind has a name"]),
        (
            ["project", "--url", "./no"],
            ["--url: ", "/no has no flake.nix; name wheelhouse's folder"],
        ),
        (["project", "--url", "wheelhouse"], ["--url: 'wheelhouse' is no URL of a flake"]),
        (["existing"], ["there is neither requirements.yaml nor pyproject.toml"]),
        (["project", "--pyhton", "3.12"], ["there is no option --pyhton; did you mean --python?"]),
    ],
)
def test_what_is_wrong_is_one_message_and_nothing_is_written(init, arguments, messages):
    said = init.fail(2, *arguments)
    for message in messages:
        assert message in said
    assert said.startswith(("init: ", "usage: "))


def test_files_that_are_there_stay(init):
    init.write("mine\n", "pyproject.toml")
    (init.folder / "src").mkdir()
    said = init.fail(2, "project", "--name", "x")
    assert "pyproject.toml is there already; name another folder, or replace them with" in said


def test_files_of_which_any_content_will_do_are_kept(init):
    init.write("mine\n", "README.md")
    init.write("/mine/\n", ".gitignore")
    done = init.run("project", "--name", "my-thing", "--no-lock")
    assert done.returncode == 0, done.stderr
    assert init.tree()["README.md"] == b"mine\n"
    assert init.tree()[".gitignore"] == b"/mine/\n"


def test_a_link_to_nothing_is_no_free_place(init):
    (init.folder / "flake.nix").symlink_to(init.folder / "elsewhere")
    assert "flake.nix is there already" in init.fail(2, "environment", "--no-lock")
    said = init.fail(2, "environment", "--no-lock", "--force")
    assert said == "init: flake.nix: this is no file; move it elsewhere\n"
    assert not (init.folder / "elsewhere").exists()


def test_force_replaces_its_own_files_and_no_other(init):
    init.write("mine\n", "pyproject.toml")
    init.write("mine\n", "other")
    done = init.run("project", "--name", "my-thing", "--no-lock", "--force")
    assert done.returncode == 0, done.stderr
    assert b'name = "my-thing"' in init.tree()["pyproject.toml"]
    assert init.tree()["other"] == b"mine\n"


def test_a_folder_in_a_file_s_place_is_refused_even_with_force(init):
    (init.folder / "pyproject.toml").mkdir()
    said = init.fail(2, "project", "--name", "my-thing", "--no-lock", "--force")
    assert said == "init: pyproject.toml: this is no file; move it elsewhere\n"


def test_a_file_in_a_folder_s_place_is_refused(init):
    init.write("", "src")
    said = init.fail(2, "project", "--name", "my-thing", "--no-lock")
    assert "src" in said
    init.write("", "file")
    assert "file: this is a file; name a folder" in init.fail(2, "project", "file")


def test_what_can_t_be_locked_is_not_written(init, index):
    index.wheel("alpha", "1.0")
    said = init.fail(1, "environment", "new", "--with", "alpha>=2")
    assert "alpha" in said
    assert said.endswith("init: it can't be locked; nothing is written\n")
    assert not (init.folder / "new").exists()


def test_an_interrupted_run_writes_nothing(init, index):
    index.wheel("alpha", "1.0")
    index.responding.clear()
    process = init.start("environment", "new", "--with", "alpha")
    while not index.connections:
        assert process.poll() is None
        time.sleep(0.1)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=60)
    index.responding.set()
    assert process.returncode == 130
    assert "Traceback" not in said
    assert said.endswith("init: interrupted; nothing is written\n")
    assert init.tree() == {}


def test_a_repository_knows_the_new_files(init, index):
    git(init.folder, "init", "--quiet")
    assert environment(init, index, "below").returncode == 0
    known = git(init.folder, "ls-files").split()
    assert known == ["below/flake.nix", "below/requirements.yaml", "below/sources.yaml"]
    assert git(init.folder, "diff", "--cached", "--name-only") == ""


def test_files_that_git_ignores_are_told(init):
    git(init.folder, "init", "--quiet")
    init.write("*.yaml\n", ".gitignore")
    done = init.run("environment", "--no-lock")
    assert done.returncode == 0
    assert done.stderr == (
        "init: git ignores requirements.yaml, and the flake has only what git knows; change "
        ".gitignore, or write `git add --force requirements.yaml`\n"
    )
    assert git(init.folder, "ls-files").split() == ["flake.nix"]
    assert init.run("environment", "--no-lock", "--classic", "--force").stderr == ""


def test_a_repository_is_made_where_it_is_asked_for(init, index):
    assert environment(init, index, "new", "--git").returncode == 0
    assert git(init.folder / "new", "ls-files").split() == [
        "flake.nix",
        "requirements.yaml",
        "sources.yaml",
    ]


def test_requirements_that_are_there_get_a_flake_and_a_lock(init, index):
    index.wheel("alpha", "1.0")
    init.write("alpha\n", "requirements.txt")
    git(init.folder, "init", "--quiet")
    done = init.run()
    assert done.returncode == 0, done.stderr
    assert done.stderr.startswith("init: requirements.txt is there: adding what builds it\n")
    assert {*init.tree()} >= {"flake.nix", "requirements.txt", "sources.yaml"}
    assert "  git add --all   a flake has only the files that git knows\n" in done.stdout
    again = init.run()
    assert again.returncode == 2
    assert "flake.nix is there already" in again.stderr


def test_existing_requirements_that_can_t_be_locked_get_no_flake(init, index):
    index.wheel("alpha", "1.0")
    init.write("alpha>1\n", "requirements.txt")
    assert "nothing is written" in init.fail(1)


def answer(init: LockApp, typed: bytes) -> tuple[int, str]:
    """Run init at a terminal into which a person types; return its exit code and the screen."""
    terminal, theirs = pty.openpty()
    process = subprocess.Popen(
        ["setsid", "--ctty", "--wait", sys.executable, "-m", "init", "--no-lock"],
        cwd=init.folder,
        env=init.environment,
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
    )
    os.close(theirs)
    screen = b""
    with suppress(OSError):
        while b"Kind [" not in screen:
            screen += os.read(terminal, 4096)
        os.write(terminal, typed)
        while more := os.read(terminal, 4096):
            screen += more
    os.close(terminal)
    return process.wait(timeout=60), screen.decode()


def test_with_yes_nothing_is_asked(init):
    done = init.run("--yes", "--no-lock")
    assert done.returncode == 0, done.stderr
    assert sorted(init.tree()) == ["flake.nix", "requirements.yaml"]


@pytest.mark.parametrize(
    ("typed", "code", "message"),
    [
        (b"\x03", 130, "init: interrupted; nothing is written"),
        (b"\x04", 2, "init: the input ended before the last question was answered"),
    ],
    ids=["Ctrl-C", "Ctrl-D"],
)
def test_a_person_may_stop_at_a_question(init, typed, code, message):
    ended, said = answer(init, typed)
    assert ended == code
    assert message in said
    assert "Traceback" not in said
    assert init.tree() == {}


def test_a_person_is_asked(init):
    code, said = answer(init, b"nonsense\nfastapi\nnot a name\nmy-api\n3.12\n\n")
    assert code == 0, said
    assert "nonsense is none of them; type a name or a number" in said
    assert "'not a name' is no name of a project" in said
    assert "Kind [environment]: " in said
    assert b'name = "my-api"' in init.tree()["pyproject.toml"]
    assert init.tree()[".python-version"] == b"3.12\n"

"""A lock of an older format is as good, and is written again in the format of today."""

import json

import pytest

from tests.support.format_one import as_format_one
from tests.support.index_server import Index
from tests.support.lock_app import LockApp

WANTED = 'requirements:\n  alpha: ">=1.0"\n'
RENEWED = "sources.yaml: written again in format 2; it was in format 1"


@pytest.fixture
def texts(lock: LockApp, index: Index) -> tuple[str, str]:
    """The lock of `WANTED` in format 1, which is written, and in format 2."""
    index.wheel("alpha", "1.0", "beta")
    index.wheel("beta", "1.0")
    lock.write(WANTED)
    new = lock.succeed("3.11")
    old = as_format_one(json.loads(new))
    lock.write(old, "sources.yaml")
    index.wheel("alpha", "2.0")
    return old, new


def test_check_takes_it(lock: LockApp, texts: tuple[str, str]) -> None:
    done = lock.run("--check")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert (lock.folder / "sources.yaml").read_text("utf-8") == texts[0]


def test_a_run_keeps_its_versions_and_says_that_only_its_format_is_new(
    lock: LockApp, texts: tuple[str, str]
) -> None:
    done = lock.run()
    assert done.returncode == 0
    assert f"{RENEWED}; nothing else changes\n" in done.stderr
    assert (lock.folder / "sources.yaml").read_text("utf-8") == texts[1]
    assert "format" not in lock.run().stderr


@pytest.mark.usefixtures("texts")
def test_a_run_that_changes_more_says_so(lock: LockApp) -> None:
    told = lock.run("--upgrade").stderr
    assert "~ alpha 1.0 -> 2.0" in told
    assert f"{RENEWED}\n" in told


def test_diff_tells_that_only_the_format_would_change(
    lock: LockApp, texts: tuple[str, str]
) -> None:
    done = lock.run("--diff")
    assert done.stdout == "sources.yaml: only the format would change, from 1 to 2\n"
    assert (lock.folder / "sources.yaml").read_text("utf-8") == texts[0]


@pytest.mark.parametrize(
    "command",
    [
        ["tree"],
        ["why", "beta"],
        ["explain", "alpha"],
        ["export", "--output", "-"],
        ["export", "--format", "cyclonedx", "--output", "-"],
    ],
    ids=" ".join,
)
def test_commands_say_the_same_of_either_format(
    lock: LockApp, texts: tuple[str, str], command: list[str]
) -> None:
    said = []
    for text in texts:
        lock.write(text, "sources.yaml")
        done = lock.run(*command)
        said.append((done.returncode, done.stdout, done.stderr))
    assert said[0] == said[1]
    assert said[0][0] == 0

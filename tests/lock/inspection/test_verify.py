"""Every file of a lock, downloaded again."""

import json
import re
from pathlib import Path

import pytest

from tests.support.index_server import Index
from tests.support.lock_app import LockApp


@pytest.fixture
def locked(lock: LockApp, index: Index) -> LockApp:
    """A lock of two packages."""
    index.wheel("alpha", "1.0", "beta", modules={"alpha.py": "#" * 1000})
    index.wheel("beta", "1.0", modules={"beta.py": "#" * 1000})
    lock.write("alpha: '*'")
    lock.succeed("3.11")
    lock.environment["XDG_CACHE_HOME"] = str(lock.folder / "cache")
    index.sent.clear()
    return lock


def test_a_lock_whose_files_are_there_is_well(locked: LockApp, index: Index) -> None:
    done = locked.run("verify")
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr == "verified: 2 files\n"
    for path in ("/files/alpha-1.0-py3-none-any.whl", "/files/beta-1.0-py3-none-any.whl"):
        assert index.sent[path] == len(index.files[path])
    assert [*(locked.folder / "cache" / "wheelhouse" / "verify").iterdir()] == []


def test_the_option_is_the_command(locked: LockApp) -> None:
    done = locked.run("--verify")
    assert (done.returncode, done.stderr) == (0, "verified: 2 files\n")


def test_another_content_or_size_is_told(locked: LockApp, index: Index) -> None:
    index.files["/files/alpha-1.0-py3-none-any.whl"] += b"more"
    file = locked.folder / "sources.yaml"
    text = file.read_text(encoding="utf-8")
    sized = text.replace('"package": "beta"', '"size": 7, "package": "beta"')
    file.write_text(sized, encoding="utf-8")
    done = locked.run("verify")
    assert done.returncode == 1
    told = sorted(done.stderr.splitlines())
    assert re.search(
        r"alpha-1\.0-py3-none-any\.whl: its sha256 is \w+, the lock says \w+$", told[0]
    )
    assert re.search(r"beta-1\.0-py3-none-any\.whl: it has \d+ bytes, the lock says 7$", told[1])


def test_a_file_that_is_gone_is_told(locked: LockApp, index: Index) -> None:
    del index.files["/files/beta-1.0-py3-none-any.whl"]
    done = locked.run("verify", "sources.yaml", "--json")
    assert done.returncode == 1
    files = {Path(file["url"]).name: file["ok"] for file in json.loads(done.stdout)["files"]}
    assert files == {"alpha-1.0-py3-none-any.whl": True, "beta-1.0-py3-none-any.whl": False}
    assert "beta-1.0-py3-none-any.whl: 404" in done.stderr


def test_an_interrupted_run_is_gone_on_with(locked: LockApp, index: Index) -> None:
    index.truncating = True
    done = locked.run("verify")
    assert done.returncode == 2
    assert done.stderr.count("can't be downloaded: the connection ended after") == 2
    before = dict(index.sent)
    index.truncating = False
    assert locked.run("verify").returncode == 0
    # What the two runs had together is each file once.
    whole = {path: len(index.files[path]) for path in before}
    assert {path: index.sent[path] for path in before} == whole


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (None, "sources.yaml: there is no lock; make one with `lock`\n"),
        (
            "a: '*'",
            "sources.yaml: this is no lock of formats 1 to 2; lock again, or name a file that",
        ),
        ("wheelhouse: 1\n", "sources.yaml: the lock is broken: it has no `systems`; lock again"),
        ("{", "sources.yaml: this is not YAML; lock again"),
    ],
)
def test_what_is_no_lock_is_told(lock: LockApp, text: str | None, problem: str) -> None:
    if text is not None:
        lock.write(text, "sources.yaml")
    assert lock.fail(2, "verify").startswith(problem)

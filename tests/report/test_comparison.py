"""The lock to compare with is that of a file, of a commit, or of the last commit."""

import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from lock.errors import UsageError
from report.comparison import Comparison, choose
from tests.support.lock_data import DARWIN, LINUX

LOCK = """wheelhouse: 1
python: "3.11"
systems: {{x86_64-linux: {{}}, aarch64-darwin: {{}}}}
groups: {{default: [a], dev: [tool]}}
packages:
- {{name: a, version: "{version}", dependencies: [{{name: {needed}}}]}}
- {{name: {needed}, version: "1.0"}}
- {{name: tool, version: "{version}"}}
- {{name: mac, version: "{version}", systems: [aarch64-darwin]}}
links: []
"""
VARIABLES = {"GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_SYSTEM": "/dev/null"}
PERSON = ("-c", "user.name=test", "-c", "user.email=test@example.org")


def lock(file: Path, version: str, needed: str = "b") -> Path:
    file.write_text(LOCK.format(version=version, needed=needed), encoding="utf-8")
    return file


def commit(folder: Path) -> None:
    for words in (("init", "-q"), ("add", "."), (*PERSON, "commit", "-qm", "x")):
        subprocess.run(["git", *words], cwd=folder, check=True, env={**os.environ, **VARIABLES})


def changed(found: Comparison | None, groups: list[str], system: str = LINUX) -> list[str]:
    assert found is not None
    changes: Any = found.data(system, groups)["changes"]
    return [f"{one['name']} {one['change']}" for one in changes]


def test_another_lock_is_compared_by_groups_and_system(tmp_path: Path) -> None:
    old = lock(tmp_path / "old.yaml", "1.0", "c")
    new = lock(tmp_path / "new.yaml", "2.0")
    found = choose(new, old, None, os.environ)
    assert found is not None
    assert found.label == str(old)
    assert changed(found, ["default"]) == ["a up", "b new", "c gone"]
    assert changed(found, ["dev"], DARWIN) == ["tool up"]


def test_the_last_commit_counts_where_the_lock_differs(tmp_path: Path) -> None:
    sources = lock(tmp_path / "sources.yaml", "1.0")
    assert choose(sources, None, None, os.environ) is None
    commit(tmp_path)
    assert choose(sources, None, None, os.environ) is None
    lock(sources, "2.0")
    found = choose(sources, None, None, os.environ)
    assert found is not None
    assert (found.label, changed(found, ["default"])) == ("the last commit", ["a up"])


def test_a_link_to_a_lock_is_compared_as_what_it_leads_to(tmp_path: Path) -> None:
    (tmp_path / "locks").mkdir()
    sources = lock(tmp_path / "locks" / "main.yaml", "1.0")
    (tmp_path / "sources.yaml").symlink_to(sources)
    commit(tmp_path)
    lock(sources, "2.0")
    assert changed(choose(tmp_path / "sources.yaml", None, None, os.environ), ["default"]) == [
        "a up"
    ]


def test_a_commit_may_be_named(tmp_path: Path) -> None:
    sources = lock(tmp_path / "sources.yaml", "1.0")
    commit(tmp_path)
    lock(sources, "0.5")
    commit(tmp_path)
    found = choose(sources, None, "HEAD~1", os.environ)
    assert changed(found, ["default"]) == ["a down"]


@pytest.mark.parametrize("revision", ["nothing", "--help", "HEAD"])
def test_a_commit_without_the_lock_is_refused(tmp_path: Path, revision: str) -> None:
    (tmp_path / "other").touch()
    commit(tmp_path)
    sources = lock(tmp_path / "sources.yaml", "1.0")
    with pytest.raises(UsageError, match=f"git doesn't find it in {revision} "):
        choose(sources, None, revision, os.environ)


def test_a_lock_whose_groups_exclude_each_other_is_not_compared_unless_asked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sources = lock(tmp_path / "sources.yaml", "1.0")
    now = sources.read_text(encoding="utf-8")
    sources.write_text(f"{now}conflicts: [default+dev]\n", encoding="utf-8")
    commit(tmp_path)
    sources.write_text(now, encoding="utf-8")
    assert choose(sources, None, None, os.environ, ["default"]) is not None
    assert choose(sources, None, None, os.environ, ["default", "dev"]) is None
    assert capsys.readouterr().err.startswith("report: without what changed since the last commit:")
    with pytest.raises(UsageError, match="exclude each other"):
        choose(sources, None, "HEAD", os.environ, ["default", "dev"])


def test_a_lock_of_another_tool_is_not_compared_unless_asked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sources = lock(tmp_path / "sources.yaml", "1.0")
    commit(tmp_path)
    sources.write_text("closure: {}\nlinks: []\n", encoding="utf-8")
    assert choose(sources, None, None, os.environ) is None
    printed = capsys.readouterr().err
    assert printed.startswith(f"report: without what changed since the last commit: {sources}: ")
    with pytest.raises(UsageError, match="this is no lock of formats 1 to"):
        choose(sources, None, "HEAD", os.environ)

"""Members of a workspace: chosen by name, remembered by the lock, their groups told apart."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.support.index_server import Index
from tests.support.lock_app import LockApp

ROOT = """\
[project]
name = "root"
version = "1"
dependencies = ["zero"]
[dependency-groups]
dev = ["of-root"]
[tool.uv]
package = false
[tool.uv.workspace]
members = ["*"]
"""
MEMBER = """\
[project]
name = "{name}"
version = "1"
dependencies = [{dependencies}]
[project.optional-dependencies]
fast = ["fast-{name}"]
[dependency-groups]
dev = ["dev-{name}"]
only-{name} = ["more-{name}"]
[tool.uv.sources]
lib = {{ workspace = true }}
[build-system]
requires = []
build-backend = "backend"
backend-path = ["."]
"""


@pytest.fixture
def workspace(lock: LockApp, index: Index) -> LockApp:
    """A root without a wheel, and two members, one of which depends on the other."""
    for name in ("zero", "of-root", "of-api"):
        index.wheel(name, "1.0")
    for name in ("api", "lib"):
        for use in ("fast", "dev", "more"):
            index.wheel(f"{use}-{name}", "1.0")
        (lock.folder / name).mkdir()
        lock.write("", f"{name}/backend.py")
    lock.write(ROOT, "pyproject.toml")
    lock.write(MEMBER.format(name="api", dependencies='"lib", "of-api"'), "api/pyproject.toml")
    lock.write(MEMBER.format(name="lib", dependencies=""), "lib/pyproject.toml")
    return lock


def document(text: str) -> Any:
    return yaml.safe_load(text)


def test_groups_of_one_name_are_told_apart_and_those_of_the_root_stay(workspace: LockApp) -> None:
    assert document(workspace.succeed("3.11"))["groups"] == {
        "api-dev": ["dev-api"],
        "api-fast": ["api[fast]"],
        "default": ["api", "lib", "zero"],
        "dev": ["of-root"],
        "lib-dev": ["dev-lib"],
        "lib-fast": ["lib[fast]"],
        "only-api": ["more-api"],
        "only-lib": ["more-lib"],
    }


def test_a_member_is_locked_alone_with_what_it_depends_on(workspace: LockApp) -> None:
    found = document(workspace.succeed("3.11", "--package", "API"))
    assert found["groups"] == {
        "default": ["api"],
        "dev": ["dev-api"],
        "fast": ["api[fast]"],
        "only-api": ["more-api"],
    }
    assert [project["name"] for project in found["projects"]] == ["api", "lib"]
    assert "zero" not in found["closure"]
    assert found["requested"]["only-packages"] == ["api"]


def test_several_members_are_chosen_and_the_root_is_one(workspace: LockApp) -> None:
    found = document(workspace.succeed("3.11", "--package", "api", "--package", "root"))
    assert found["groups"]["default"] == ["api", "zero"]
    assert found["groups"]["dev"] == ["of-root"]
    assert found["groups"]["api-dev"] == ["dev-api"]


def test_the_lock_remembers_its_members_until_all_are_asked_for(workspace: LockApp) -> None:
    chosen = workspace.succeed("3.11", "--package", "api")
    assert workspace.run("--check").returncode == 0
    assert workspace.succeed() == chosen
    assert "lib-dev" in document(workspace.succeed("--all-packages"))["groups"]
    assert "lib-dev" in document(workspace.succeed())["groups"]
    assert "only-packages" in workspace.fail(1, "--check", "--package", "api")


def test_members_are_locked_without_themselves(workspace: LockApp) -> None:
    found = document(workspace.succeed("3.11", "--package", "api", "--no-project"))
    assert found["groups"]["default"] == ["lib", "of-api"]
    assert found["groups"]["dev"] == ["dev-api"]
    assert workspace.run("--check", "--no-project").returncode == 0


def test_a_lock_of_uv_has_the_same_groups_and_members(workspace: LockApp, uv: str) -> None:
    everything = document(workspace.succeed("3.11", "pyproject.toml"))
    one = document(workspace.succeed("--package", "api", "pyproject.toml"))
    (workspace.folder / "sources.yaml").unlink()
    root = workspace.folder / "pyproject.toml"
    root.write_text(
        root.read_text().replace('version = "1"', 'version = "1"\nrequires-python = ">=3.11"')
    )
    for name in ("api", "lib"):
        member = workspace.folder / name / "pyproject.toml"
        text = member.read_text().replace(
            'version = "1"', 'version = "1"\nrequires-python = ">=3.11"'
        )
        member.write_text(text)
    subprocess.run(
        [uv, "lock", "--python", sys.executable],
        cwd=workspace.folder,
        env=workspace.environment,
        check=True,
        capture_output=True,
    )
    assert document(workspace.succeed("3.11"))["groups"] == everything["groups"]
    found = document(workspace.succeed("--package", "api"))
    for key in ("groups", "closure", "projects", "packages"):
        assert found[key] == one[key], key
    assert found["requested"]["only-packages"] == ["api"]
    assert workspace.run("--check").returncode == 0
    without = document(workspace.succeed("--package", "lib"))
    assert [project["name"] for project in without["projects"]] == ["lib"]
    assert "uv.lock: the workspace has no member web; name" in workspace.fail(2, "--package", "web")


def test_an_edit_keeps_to_the_members_of_the_lock(workspace: LockApp, index: Index) -> None:
    index.wheel("later", "1.0")
    workspace.succeed("3.11", "--package", "api")
    found = document(workspace.succeed("add", "later"))
    assert "later" in Path(workspace.folder / "pyproject.toml").read_text()
    assert found["groups"]["default"] == ["api"]


def test_a_member_that_is_not_there_is_told_with_those_that_are(workspace: LockApp) -> None:
    assert workspace.fail(2, "3.11", "--package", "web") == (
        "pyproject.toml: the workspace has no member web; name one of api, lib, root with "
        "`--package`, or lock `--all-packages`\n"
    )


def test_a_file_without_members_is_told(lock: LockApp) -> None:
    lock.write("zero\n", "requirements.txt")
    told = lock.fail(2, "3.11", "--package", "api", "requirements.txt")
    assert told.startswith("requirements.txt: `--package` chooses members of a workspace, which ")
    assert "`lock pyproject.toml --package api`" in told


def test_a_name_that_is_taken_is_told(workspace: LockApp) -> None:
    text = ROOT.replace('dev = ["of-root"]', 'dev = ["of-root"]\napi-dev = ["zero"]')
    workspace.write(text, "pyproject.toml")
    assert workspace.fail(2, "3.11") == (
        "pyproject.toml: api has a group dev, as others have, and api-dev is taken, too; rename "
        "one, or choose members with `--package`\n"
    )
    assert workspace.run("3.11", "--package", "api").returncode == 0


def test_a_root_that_is_no_project_keeps_its_groups_and_can_t_be_chosen(workspace: LockApp) -> None:
    workspace.write(ROOT.partition("\n")[2].split("\n", 3)[3], "pyproject.toml")
    found = document(workspace.succeed("3.11"))
    assert found["groups"]["dev"] == ["of-root"]
    assert found["groups"]["api-dev"] == ["dev-api"]
    assert "name one of api, lib with" in workspace.fail(2, "3.11", "--package", "root")


@pytest.mark.parametrize(("asked", "is_told"), [(">=1", False), ("<3,>=2", True)])
def test_a_member_of_a_version_that_nobody_asks_for_is_told(
    workspace: LockApp, asked: str, *, is_told: bool
) -> None:
    api = MEMBER.format(name="api", dependencies=f'"lib{asked}"')
    workspace.write(api, "api/pyproject.toml")
    told = workspace.run("3.11")
    assert told.returncode == 0
    expected = (
        f"warning: pyproject.toml: lib{asked} is asked for, but its source has 1; "
        "mend one of the two\n"
    )
    assert (expected in told.stderr) is is_told

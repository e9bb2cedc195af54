"""A lock of uv or Poetry that isn't that of its project is refused, and no fresh one is."""

import io
import subprocess
import sys
import tarfile
import tomllib
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pytest

from lock.errors import UnsatisfiableError
from lock.inputs.stale_locks import check_not_stale
from tests.support.index_server import Index
from tests.support.lock_app import LockApp
from tests.support.other_tools import Tools

PROJECT = """\
[project]
name = "thing"
version = "1"
requires-python = ">=3.9, <3.15"
dependencies = [
  "Alpha.One [x]>= 1,<3",
  "beta==1.*; python_version < '3.13' and sys_platform != 'win32'",
  "beta>=1.0.0; python_version >= '3.13'",
  "gamma ; python_version >= '3.8'",
]

[project.optional-dependencies]
cli = ["gamma>=1", "thing[web]"]
web = ["delta ; platform_machine == 'x86_64'"]

[dependency-groups]
dev = ["epsilon", { include-group = "docs" }, "thing[cli]"]
docs = ["delta~=1.0"]
none = []

[tool.uv]
dev-dependencies = ["gamma"]
constraint-dependencies = ["delta<5"]
override-dependencies = ["gamma==1.0 ; python_version < '3.12'", "gamma==1; python_version>='3.12'"]

[tool.uv.workspace]
members = ["parts/*"]

[tool.uv.sources]
zeta = { workspace = true }

[build-system]
requires = ["setuptools"]
build-backend = "setuptools.build_meta"
"""
MEMBER = """\
[project]
name = "zeta"
version = "1"
requires-python = ">=3.9"
dependencies = ["epsilon>1"]
[dependency-groups]
dev = ["delta"]
"""


@pytest.fixture
def uv_lock(lock: LockApp, index: Index, uv: str) -> Callable[[str], None]:
    """Writes a workspace, and lets uv lock it."""
    index.wheel("alpha-one", "1.0", extras={"x": ["gamma"]})
    index.wheel("epsilon", "2.0")
    for name in ("beta", "gamma", "delta"):
        index.wheel(name, "1.0")

    def make(project: str) -> None:
        lock.write(project, "pyproject.toml")
        (lock.folder / "parts" / "zeta").mkdir(parents=True, exist_ok=True)
        lock.write(MEMBER, "parts/zeta/pyproject.toml")
        subprocess.run(
            [uv, "lock", "--python", sys.executable],
            cwd=lock.folder,
            env=lock.environment,
            check=True,
            capture_output=True,
        )

    return make


def told(file: Path) -> str:
    with pytest.raises(UnsatisfiableError) as caught:
        check_not_stale(file)
    return str(caught.value)


def test_what_uv_has_just_locked_is_fresh(lock: LockApp, uv_lock: Callable[[str], None]) -> None:
    uv_lock(PROJECT)
    check_not_stale(lock.folder / "uv.lock")


@pytest.mark.parametrize(
    ("before", "after", "difference"),
    [
        ('  "gamma ;', '  "epsilon",\n  "gamma ;', "epsilon is new"),
        ("  \"gamma ; python_version >= '3.8'\",\n", "", "gamma is not asked for any more"),
        ("Alpha.One [x]>= 1,<3", "alpha-one[x]>=1", "alpha-one[x]<3,>=1 is not asked for any more"),
        ("Alpha.One [x]>= 1,<3", "alpha-one>=1,<3", "alpha-one<3,>=1 is new"),
        ("'3.13' and sys_platform", "'3.12' and sys_platform", "the markers of beta==1.* differ"),
        ("delta ; platform_machine", "beta ; platform_machine", "delta is not asked for any more"),
        ('"epsilon", {', "{", "dev: epsilon is not asked for any more"),
        ("delta~=1.0", "delta~=1.1", "dev: delta~=1.0 is not asked for any more"),
        ('["gamma"]\nconstraint', "[]\nconstraint", "dev: gamma is not asked for any more"),
        ("delta<5", "delta<4", "delta<5 is not asked for any more; delta<4 is new"),
        ("gamma==1.0 ; py", "gamma>=1.0 ; py", "gamma>=1.0 is new"),
        (">=3.9, <3.15", ">=3.9, <3.14", "requires-python is "),
        ('members = ["parts/*"]', "members = []", "zeta is no member any more"),
        ("[project.opt", '[project.scripts]\nx = "y:z"\n[project.opt', None),
        ("Alpha.One [x]>= 1,<3", "alpha_one[x] <3, >=1", None),
        ("python_version < '3.13' and sys", "'3.13' > python_version and sys", None),
        ('version = "1"', 'version = "2"', None),
    ],
)
def test_a_change_of_what_the_project_asks_for_makes_uv_s_lock_stale(
    lock: LockApp, uv_lock: Callable[[str], None], before: str, after: str, difference: str | None
) -> None:
    uv_lock(PROJECT)
    assert before in PROJECT
    project = lock.write(PROJECT.replace(before, after, 1), "pyproject.toml")
    file = lock.folder / "uv.lock"
    if difference is None:
        check_not_stale(file)
        return
    text = told(file)
    assert text.startswith(f"{file}: it is stale: {project} has changed since it was locked (")
    assert difference in text
    assert f"renew it with `uv lock`, or lock {project} itself, as in `lock {project}`" in text


@pytest.mark.parametrize(
    ("before", "after", "difference"),
    [
        ("", "", None),
        ('  "gamma ;', '  "eta",\n  "gamma ;', " (eta is new)"),
        ('  "Alpha.One [x]>= 1,<3",\n', "", " (alpha-one is not asked for any more)"),
        ('"epsilon", {', '"eta", {', " (epsilon is not asked for any more; eta is new)"),
        ("delta<5", "delta<4", " (delta<5 is not asked for any more; delta<4 is new)"),
        ("delta~=1.0", "delta~=1.1", " (delta~=1.1 leaves out 1.0)"),
        ("delta~=1.0", "delta>=0.5", None),
    ],
)
def test_a_lock_without_metadata_is_compared_by_what_it_resolved(
    lock: LockApp, uv_lock: Callable[[str], None], before: str, after: str, difference: str | None
) -> None:
    lock.environment["UV_PREVIEW_FEATURES"] = "lock-without-metadata"
    uv_lock(PROJECT)
    file = lock.folder / "uv.lock"
    assert "[package.metadata]" not in file.read_text(encoding="utf-8")
    assert before in PROJECT
    lock.write(PROJECT.replace(before, after, 1), "pyproject.toml")
    if difference is None:
        check_not_stale(file)
    else:
        assert difference in told(file)


def test_groups_of_a_dependency_in_a_folder_are_in_no_lock(
    lock: LockApp, uv_lock: Callable[[str], None]
) -> None:
    lock.environment["UV_PREVIEW_FEATURES"] = "lock-without-metadata"
    other = """
        [project]
        name = "other"
        version = "1"
        dependencies = ["beta"]
        [dependency-groups]
        dev = ["epsilon<2", "eta"]
    """
    (lock.folder / "other").mkdir()
    written = lock.write(other, "other/pyproject.toml")
    places = '[tool.uv.sources]\nother = { path = "other" }'
    project = PROJECT.replace('  "gamma ;', '  "other",\n  "gamma ;', 1)
    uv_lock(project.replace("[tool.uv.sources]", places, 1))
    file = lock.folder / "uv.lock"
    check_not_stale(file)
    written.write_text(other.replace('["beta"]', '["beta", "delta"]'), encoding="utf-8")
    assert f"{written} has changed since it was locked (delta is new)" in told(file)


def test_markers_that_only_a_python_to_come_tells_apart_differ(
    lock: LockApp, uv_lock: Callable[[str], None]
) -> None:
    project = PROJECT.replace(">=3.9, <3.15", ">=3.9", 1)
    uv_lock(project)
    check_not_stale(lock.folder / "uv.lock")
    lock.write(project.replace(">= '3.8'", "< '3.18'", 1), "pyproject.toml")
    assert "the markers of gamma differ" in told(lock.folder / "uv.lock")


def test_a_change_of_a_member_names_its_file(lock: LockApp, uv_lock: Callable[[str], None]) -> None:
    uv_lock(PROJECT)
    member = lock.write(MEMBER.replace("epsilon>1", "epsilon>2"), "parts/zeta/pyproject.toml")
    assert f"it is stale: {member} has changed" in told(lock.folder / "uv.lock")


def test_a_group_for_some_pythons_only_is_fresh(
    lock: LockApp, uv_lock: Callable[[str], None], index: Index
) -> None:
    for name in ("alpha", "beta"):
        index.wheel(name, "1.0")
    uv_lock(
        '[project]\nname = "p"\nversion = "1"\nrequires-python = ">=3.9"\n'
        'dependencies = ["alpha"]\n'
        '[dependency-groups]\nnew = ["beta"]\n'
        '[tool.uv.dependency-groups]\nnew = { requires-python = ">=3.13" }\n'
    )
    assert "stale" not in lock.run("3.12", "uv.lock").stderr


def test_a_marker_that_compares_with_no_version_is_left_to_uv(
    lock: LockApp, uv_lock: Callable[[str], None]
) -> None:
    uv_lock(PROJECT.replace("'3.13' and sys", "'<3.13' and sys"))
    check_not_stale(lock.folder / "uv.lock")


def test_a_package_from_a_place_has_no_version_that_could_differ(
    lock: LockApp, uv_lock: Callable[[str], None]
) -> None:
    uv_lock(PROJECT.replace('  "gamma ;', '  "zeta>=1",\n  "gamma ;'))
    check_not_stale(lock.folder / "uv.lock")


def test_dynamic_dependencies_are_left_to_uv(lock: LockApp, uv_lock: Callable[[str], None]) -> None:
    uv_lock(PROJECT)
    dynamic = 'version = "1"\ndynamic = ["dependencies"]'
    start = PROJECT.index("dependencies = [")
    end = PROJECT.index("]\n\n[project.opt") + 2
    text = PROJECT[:start] + PROJECT[end:]
    lock.write(text.replace('version = "1"', dynamic, 1), "pyproject.toml")
    check_not_stale(lock.folder / "uv.lock")


def test_a_stale_lock_is_refused_by_the_command_line_and_the_project_is_not(
    lock: LockApp, uv_lock: Callable[[str], None]
) -> None:
    text = '[project]\nname = "thing"\nversion = "1"\ndependencies = ["beta"]\n'
    text += 'requires-python = ">=3.11"\n'
    uv_lock(text)
    assert "beta" in lock.succeed("3.11")
    lock.write(text.replace('"beta"', '"beta", "gamma"'), "pyproject.toml")
    for command in (["3.11"], ["3.11", "--check"], ["3.11", "uv.lock"]):
        problem = lock.fail(1, *command)
        assert problem.startswith("uv.lock: it is stale: pyproject.toml has changed since it was")
        assert "(gamma is new); renew it with `uv lock`, or lock pyproject.toml itself" in problem
    assert "gamma" in lock.succeed("3.11", "pyproject.toml")


def test_bare_lock_keeps_the_versions_of_uv_s_lock(
    lock: LockApp, uv_lock: Callable[[str], None], index: Index
) -> None:
    text = '[project]\nname = "thing"\nversion = "1"\ndependencies = ["beta"]\n'
    uv_lock(text + 'requires-python = ">=3.11"\n')
    index.wheel("beta", "2.0")
    assert '"beta": "1.0"' in lock.succeed("3.11")


POETRY = """\
[tool.poetry]
name = "thing"
version = "1"
description = ""
authors = []

[tool.poetry.dependencies]
python = ">=3.11"
one = { path = "one" }

[tool.poetry.group.dev.dependencies]
two = { path = "two" }
"""
STANDARD = """\
[project]
name = "thing"
version = "1"
requires-python = ">=3.11"
dependencies = ["one @ file:///{folder}/one"]

[dependency-groups]
dev = ["two @ file:///{folder}/two"]

[tool.poetry]
package-mode = false
"""
PART = """\
[project]
name = "{name}"
version = "1"
[build-system]
requires = ["poetry-core"]
build-backend = "poetry.core.masonry.api"
"""


# The projects need no index: only Poetry itself is installed.
@pytest.mark.index
@pytest.mark.parametrize(
    ("version", "project", "changes"),
    [
        ("poetry", POETRY, [('two = { path = "two" }', 'two = { path = "./two" }')]),
        ("poetry", STANDARD, [(">=3.11", ">=3.12"), ("dev = [", "more = [")]),
        ("poetry==2.1.4", STANDARD, [(">=3.11", ">=3.12")]),
        ("poetry==1.8.5", POETRY, [('two = { path = "two" }', 'two = { path = "./two" }')]),
    ],
)
def test_the_content_hash_of_poetry_tells_a_stale_lock(
    lock: LockApp, tools: Tools, version: str, project: str, changes: list[tuple[str, str]]
) -> None:
    for name in ("one", "two"):
        (lock.folder / name).mkdir()
        lock.write(PART.format(name=name), f"{name}/pyproject.toml")
    text = project.replace("/{folder}", str(lock.folder))
    lock.write(text, "pyproject.toml")
    tools.run_tool("--from", version, "poetry", "lock")
    file = lock.folder / "poetry.lock"
    check_not_stale(file)
    lock.write(text.replace('version = "1"', 'version = "2"'), "pyproject.toml")
    check_not_stale(file)
    for before, after in changes:
        lock.write(text.replace(before, after), "pyproject.toml")
        assert "renew it with `poetry lock`" in told(file)


@pytest.mark.parametrize(
    "text", ["", "[metadata]\n", "[metadata]\ncontent-hash = 1\n", "not TOML", "[[package]]\n"]
)
@pytest.mark.parametrize("name", ["poetry.lock", "uv.lock"])
def test_what_can_t_be_read_is_left_to_the_reader(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / "pyproject.toml").write_text("[tool.x]\n", encoding="utf-8")
    (tmp_path / name).write_text(text, encoding="utf-8")
    if "content-hash" in text and name == "poetry.lock":
        assert "it is stale" in told(tmp_path / name)
    else:
        check_not_stale(tmp_path / name)


# Source distributions that have the lock that they were developed with.
REAL = (
    "copier==9.19.1",
    "dirty-equals==0.11",
    "fastmcp==4.2.3",
    "inline-snapshot==0.36.1",
    "langgraph==1.2.24",
    "pydantic-settings==2.16.3",
)


@pytest.mark.index
def test_the_locks_of_real_projects_are_fresh(lock: LockApp, tools: Tools) -> None:
    lock.write("\n".join(REAL), "names.in")
    form = ["--no-deps", "--quiet", "--format", "pylock.toml", "--python-version", "3.12"]
    tools.run("pip", "compile", *form, "names.in", "-o", "pylock.toml")
    listed = tomllib.loads((lock.folder / "pylock.toml").read_text("utf-8"))["packages"]
    assert len(listed) == len(REAL)
    for package in listed:
        with (
            urllib.request.urlopen(package["sdist"]["url"]) as response,
            tarfile.open(fileobj=io.BytesIO(response.read())) as archive,
        ):
            archive.extractall(lock.folder, filter="data")
    locks = [*lock.folder.glob("*/uv.lock")]
    assert len(locks) == len(REAL)
    for file in locks:
        check_not_stale(file)

"""Dependencies that setuptools takes from files are read as it reads them, without a build."""

import sys
from pathlib import Path

import pytest
import yaml

from lock.errors import UsageError
from lock.inputs import read
from tests.support.index_server import IN_TREE, Index
from tests.support.lock_app import LockApp
from tests.support.other_tools import Tools
from tests.support.project import ROOT

BUILD = '[build-system]\nrequires = ["setuptools>=77"]\nbuild-backend = "setuptools.build_meta"\n'
DYNAMIC = (
    '[project]\nname = "thing"\nversion = "1"\n'
    'dynamic = ["dependencies", "optional-dependencies"]\n'
    "[tool.setuptools]\npy-modules = []\n"
    '[tool.setuptools.dynamic]\ndependencies = {file = ["requirements.txt", "more.txt"]}\n'
    '[tool.setuptools.dynamic.optional-dependencies]\nDev = {file = "dev.txt"}\n'
)
FILES = {
    "requirements.txt": "# with comments\n\nidna>=3  # of names\nsix \\\n  >=1.15\n",
    "more.txt": "attrs ; python_version > '3.8'\n",
    "dev.txt": "iniconfig\nthing[dev]\n",
}


def write(folder: Path, text: str, files: dict[str, str] | None = None) -> Path:
    for name, content in (FILES if files is None else files).items():
        (folder / name).write_text(content)
    (folder / "pyproject.toml").write_text(text)
    return folder / "pyproject.toml"


def error(file: Path) -> str:
    with pytest.raises(UsageError) as caught:
        read(file)
    assert "; " in str(caught.value)
    return str(caught.value).removeprefix(f"{file}: ")


def test_files_are_read_without_the_backend(tmp_path):
    [project] = read(write(tmp_path, DYNAMIC + BUILD)).projects
    assert [*map(str, project.dependencies)] == [
        'attrs ; python_version > "3.8"',
        "idna>=3",
        "six>=1.15",
    ]
    assert {extra: [*map(str, one)] for extra, one in project.extras.items()} == {
        "dev": ["iniconfig"]
    }
    assert project.digest == ""


def test_a_project_that_isn_t_built_has_them_too(tmp_path):
    found = read(write(tmp_path, DYNAMIC))
    assert [one.name for one in found.packages] == ["attrs", "idna", "six"]
    assert [one.name for one in found.groups["dev"]] == ["iniconfig"]


@pytest.mark.parametrize(
    "text",
    [
        DYNAMIC.replace('{file = ["requirements.txt", "more.txt"]}', '{attr = "thing.REQUIRES"}')
        + BUILD,
        DYNAMIC + BUILD.replace("setuptools.build_meta", "hatchling.build"),
        DYNAMIC + IN_TREE,
    ],
    ids=["attribute", "hatchling", "in the tree"],
)
def test_else_the_backend_is_asked(tmp_path, text):
    [project] = read(write(tmp_path, text)).projects
    assert project.dependencies is None
    assert project.digest


def test_extras_that_only_the_backend_knows_are_groups_where_they_are_named(tmp_path):
    text = (
        '[project]\nname = "thing"\ndynamic = ["version", "optional-dependencies"]\n'
        "[tool.hatch.metadata.hooks.requirements_txt.optional-dependencies]\n"
        'Dev = ["dev.txt"]\n'
    )
    hatch = BUILD.replace("setuptools.build_meta", "hatchling.build")
    assert [*read(write(tmp_path, text + hatch)).groups] == ["dev"]
    plain = text.partition("[tool")[0]
    found = read(write(tmp_path, plain + hatch))
    assert found.groups == {}
    assert found.notes == (
        f"{tmp_path}/pyproject.toml: project.dynamic: which extras there are is known only to the "
        "build backend, so that they are no groups; list them in "
        "`[project.optional-dependencies]`",
    )


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (
            {"more.txt": "-r requirements.txt\n"},
            'tool.setuptools.dynamic.dependencies.file (more.txt): "-r requirements.txt" is no',
        ),
        (
            {"more.txt": None},
            "tool.setuptools.dynamic.dependencies.file: there is no more.txt; write it",
        ),
    ],
)
def test_a_file_that_setuptools_can_t_read_is_named(tmp_path, change, problem):
    files = {name: text for name, text in (FILES | change).items() if text is not None}
    assert error(write(tmp_path, DYNAMIC + BUILD, files)).startswith(problem)


def test_a_file_outside_of_the_project_is_refused(tmp_path):
    folder = tmp_path / "inner"
    folder.mkdir()
    text = DYNAMIC.replace("more.txt", "../more.txt") + BUILD
    assert error(write(folder, text)).startswith(
        "tool.setuptools.dynamic.dependencies.file: ../more.txt lies outside of the project, where"
    )


def test_what_only_a_backend_knows_needs_one(tmp_path):
    text = '[project]\nname = "thing"\ndynamic = ["optional-dependencies"]\ndependencies = ["a"]\n'
    assert error(write(tmp_path, text)) == (
        "project.dynamic: the optional-dependencies are known only to the build backend, and there "
        "is nothing to build; list them in `[project]`, or add a `[build-system]`"
    )


def test_a_lock_asks_no_backend_for_them(lock: LockApp, index: Index) -> None:
    for name in ("idna", "six", "attrs", "iniconfig"):
        index.wheel(name, "9.0")
    # The index has no setuptools, so it can't be asked.
    write(lock.folder, DYNAMIC.replace("[tool.s", "[tool.uv]\npackage = false\n[tool.s", 1))
    data = yaml.safe_load(lock.succeed("3.11"))
    assert data["closure"] == dict.fromkeys(("attrs", "idna", "iniconfig", "six"), "9.0")


@pytest.mark.index
def test_they_are_those_of_setuptools(lock: LockApp, tools: Tools) -> None:
    write(lock.folder, DYNAMIC + BUILD)
    (lock.folder / "dev.txt").write_text("iniconfig\n")
    compiled = tools.run(
        "pip", "compile", "--python", sys.executable, "--extra", "dev", "--no-header",
        "--no-annotate", "pyproject.toml",
    )  # fmt: skip
    found = read(lock.folder / "pyproject.toml")
    [project] = found.projects
    names = {one.name for one in [*project.dependencies, *project.extras["dev"]]}
    assert names == {line.partition("==")[0] for line in compiled.split()}


@pytest.mark.index
@pytest.mark.usefixtures("tools")
def test_a_hook_of_hatch_is_asked(lock: LockApp) -> None:
    hook = "[tool.hatch.metadata.hooks.requirements_txt"
    write(
        lock.folder,
        '[project]\nname = "thing"\nversion = "1"\n'
        'dynamic = ["dependencies", "optional-dependencies"]\n'
        '[build-system]\nrequires = ["hatchling", "hatch-requirements-txt"]\n'
        'build-backend = "hatchling.build"\n'
        "[tool.hatch.build.targets.wheel]\nbypass-selection = true\n"
        f'{hook}]\nfiles = ["requirements.txt"]\n{hook}.optional-dependencies]\n'
        'Dev = ["in/dev.txt"]\n',
        {"requirements.txt": "idna<3.8\n"},
    )
    (lock.folder / "in").mkdir()
    (lock.folder / "in" / "dev.txt").write_text("iniconfig<2.1\n")
    python = f"{sys.version_info.major}.{sys.version_info.minor}"
    done = lock.succeed(python, "--system", "x86_64-linux", PYTHONPATH=str(ROOT))
    assert yaml.safe_load(done)["closure"] == {"idna": "3.7", "iniconfig": "2.0.0"}
    assert lock.run("--check", PYTHONPATH=str(ROOT)).returncode == 0
    (lock.folder / "in" / "dev.txt").write_text("six\n")
    assert lock.run("--check", PYTHONPATH=str(ROOT)).returncode == 1

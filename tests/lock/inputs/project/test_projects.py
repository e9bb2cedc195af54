"""Projects: what requirements refer to by folders, read without running anything of them."""

from pathlib import Path

import pytest

from lock.errors import UsageError
from lock.inputs import read
from lock.inputs.project.build_documents import documents
from lock.inputs.project.setuptools_project import SetuptoolsProject
from lock.inputs.project.setuptools_project import read as read_setuptools

BUILD = '[build-system]\nrequires = ["hatchling>=1"]\nbuild-backend = "hatchling.build"\n'


def write(folder: Path, **files: str) -> Path:
    """Write files into a new folder; `__` in a name stands for a dot."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (folder / name.replace("__", ".")).write_text(text)
    return folder


def project_text(name: str, *dependencies: str, more: str = "", build: str = BUILD) -> str:
    listed = ", ".join(f'"{one}"' for one in dependencies)
    return (
        f'[project]\nname = "{name}"\nversion = "1.0"\ndependencies = [{listed}]\n{more}\n{build}'
    )


def groups(found):
    named = {group: [*map(str, listed)] for group, listed in found.groups.items()}
    return {"default": [one.name for one in found.packages], **named}


def error(file: Path) -> str:
    with pytest.raises(UsageError) as caught:
        read(file)
    assert "; " in str(caught.value)
    return str(caught.value)


def test_a_project_with_a_build_system_is_what_is_required(tmp_path):
    text = project_text(
        "Demo_x",
        "idna>=3",
        more='scripts = { run = "demo:main" }\n[project.optional-dependencies]\n'
        'cli = ["click"]\nall = ["demo-x[cli]", "attrs"]\n'
        '[dependency-groups]\ndev = ["pytest", "demo-x[cli]"]',
    )
    found = read(write(tmp_path, pyproject__toml=text) / "pyproject.toml")
    [project] = found.projects
    assert (project.name, project.version, project.path) == ("demo-x", "1.0", str(tmp_path))
    assert [*map(str, project.dependencies)] == ["idna>=3"]
    assert {extra: [*map(str, one)] for extra, one in project.extras.items()} == {
        "all": ["attrs", "click"],
        "cli": ["click"],
    }
    assert project.programs == ("run",)
    assert project.build_requires == ("hatchling>=1",)
    assert project.is_own
    [own] = found.packages
    assert (own.name, own.reference.written) == ("demo-x", ".")
    assert [one.extras for one in found.groups["all"]] == [("all",)]
    # The project itself, and not the index' package of that name.
    assert [(one.name, one.extras) for one in found.groups["dev"]] == [
        ("click", ()),
        ("demo-x", ("cli",)),
        ("pytest", ()),
    ]
    assert found.groups["dev"][1].reference == own.reference


def test_the_marker_of_a_requirement_on_the_project_itself_is_kept(tmp_path):
    more = (
        "[project.optional-dependencies]\n"
        'fast = ["orjson ; python_version > \'3.11\'", "idna"]\n'
        "all = [\"demo[fast] ; sys_platform == 'darwin' or sys_platform == 'linux'\"]\n"
        "[dependency-groups]\ndev = [\"demo[all] ; sys_platform == 'darwin'\"]"
    )
    found = read(
        write(tmp_path, pyproject__toml=project_text("demo", more=more)) / "pyproject.toml"
    )
    apple = 'sys_platform == "darwin"'
    both = f'{apple} or sys_platform == "linux"'
    assert [*map(str, found.projects[0].extras["all"])] == [
        f"idna ; {both}",
        f'orjson ; ({both}) and python_version > "3.11"',
    ]
    assert [(one.name, one.extras, one.marker) for one in found.groups["dev"]] == [
        ("demo", ("all",), apple),
        ("idna", (), f"{apple} and ({both})"),
        ("orjson", (), f'{apple} and (({both}) and python_version > "3.11")'),
    ]
    # Without the project, what its extras add has the same markers.
    alone = read(tmp_path / "pyproject.toml", with_own=False)
    assert [*map(str, alone.groups["dev"])] == [*map(str, found.groups["dev"][1:])]


def test_the_marker_of_a_requirement_on_a_member_is_kept(tmp_path):
    more = '[tool.uv]\npackage = false\n[tool.uv.workspace]\nmembers = ["lib"]\n'
    more += "[tool.uv.sources]\nlib = { workspace = true }\n"
    more += "[dependency-groups]\ndev = [\"lib[fast] ; sys_platform == 'darwin'\"]"
    write(tmp_path, pyproject__toml=project_text("root", more=more))
    extras = '[project.optional-dependencies]\nfast = ["orjson"]\n'
    extras += "all = [\"lib[fast] ; sys_platform == 'linux'\"]"
    write(tmp_path / "lib", pyproject__toml=project_text("lib", more=extras))
    found = read(tmp_path / "pyproject.toml")
    [lib] = found.groups["dev"]
    assert (lib.extras, lib.marker) == (("fast",), 'sys_platform == "darwin"')
    assert [*map(str, found.projects[0].extras["all"])] == ['orjson ; sys_platform == "linux"']


def test_an_extra_and_a_group_of_one_name_stay_apart(tmp_path):
    more = '[project.optional-dependencies]\ndev = ["click"]\n[dependency-groups]\ndev = ["ruff"]'
    found = read(
        write(tmp_path, pyproject__toml=project_text("demo", more=more)) / "pyproject.toml"
    )
    assert [*map(str, found.projects[0].extras["dev"])] == ["click"]
    assert [(one.name, one.extras) for one in found.groups["dev"]] == [
        ("demo", ("dev",)),
        ("ruff", ()),
    ]


@pytest.mark.parametrize(
    "text",
    [
        project_text("demo", "idna", build=""),
        project_text("demo", "idna", more="[tool.uv]\npackage = false"),
        project_text("demo", "idna", more="[tool.pdm]\ndistribution = false"),
        project_text("demo", "idna", more="[tool.poetry]\npackage-mode = false"),
    ],
    ids=["no build system", "uv", "pdm", "poetry"],
)
def test_a_project_that_is_no_package_has_its_dependencies_alone(tmp_path, text):
    found = read(write(tmp_path, pyproject__toml=text) / "pyproject.toml")
    assert found.projects == ()
    assert groups(found) == {"default": ["idna"]}


def test_a_project_may_be_left_out(tmp_path):
    text = project_text("demo", "idna", more='[dependency-groups]\ndev = ["demo", "attrs"]')
    file = write(tmp_path, pyproject__toml=text) / "pyproject.toml"
    found = read(file, with_own=False)
    assert found.projects == ()
    assert groups(found) == {"default": ["idna"], "dev": ["attrs", "idna"]}


def test_projects_are_followed_through_each_other(tmp_path):
    write(tmp_path / "one", pyproject__toml=project_text("one", "two @ file:../two"))
    write(
        tmp_path / "two",
        pyproject__toml=project_text(
            "two", "three", more='[tool.uv.sources]\nthree = { path = "../three" }'
        ),
    )
    write(
        tmp_path / "three",
        pyproject__toml='[tool.poetry]\nname = "three"\nversion = "3.0"\n'
        '[tool.poetry.dependencies]\nidna = "^3"\none = { path = "../one" }\n' + BUILD,
    )
    write(tmp_path, requirements__yaml="one: {path: one}\n")
    found = read(tmp_path / "requirements.yaml")
    assert [(one.name, one.version) for one in found.projects] == [
        ("one", "1.0"),
        ("three", "3.0"),
        ("two", "1.0"),
    ]
    assert not any(one.is_own for one in found.projects)


@pytest.mark.parametrize(
    "requirement",
    ["two @ file:///${PROJECT_ROOT}/../two", "two @ {root:uri}/../two"],
    ids=["pdm", "hatch"],
)
def test_a_project_s_root_may_be_written_as_the_tools_do(tmp_path, requirement):
    write(tmp_path / "one", pyproject__toml=project_text("one", requirement))
    write(tmp_path / "two", pyproject__toml=project_text("two"))
    found = read(tmp_path / "one" / "pyproject.toml")
    assert [one.name for one in found.projects] == ["one", "two"]


def test_a_workspace_s_root_has_all_members(tmp_path):
    write(
        tmp_path,
        pyproject__toml=project_text(
            "root",
            more='[tool.uv]\npackage = false\n[tool.uv.workspace]\nmembers = ["packages/*"]\n'
            'exclude = ["packages/old"]\n[tool.uv.sources]\nlib = { workspace = true }\n'
            '[dependency-groups]\ndev = ["ruff"]',
        ),
    )
    write(
        tmp_path / "packages" / "app",
        pyproject__toml=project_text(
            "app", "lib[fast]", more='[dependency-groups]\ndev = ["pytest"]'
        ),
    )
    write(
        tmp_path / "packages" / "lib",
        pyproject__toml=project_text(
            "lib", more='[project.optional-dependencies]\nfast = ["orjson"]'
        ),
    )
    write(tmp_path / "packages" / "old", pyproject__toml="nothing")
    found = read(tmp_path / "pyproject.toml")
    assert [(one.name, one.is_own) for one in found.projects] == [("app", True), ("lib", True)]
    assert groups(found)["default"] == ["app", "lib"]
    assert groups(found)["dev"] == ["ruff"]
    assert groups(found)["app-dev"] == ["pytest"]
    # The root's sources hold for its members, alone as well.
    alone = read(tmp_path / "packages" / "app" / "pyproject.toml")
    [needed] = next(one for one in alone.projects if one.name == "app").dependencies
    assert (needed.name, needed.extras, needed.reference.written) == ("lib", ("fast",), "../lib")


def test_what_only_the_backend_knows_is_left_to_it(tmp_path):
    write(
        tmp_path,
        setup__py="from setuptools import setup\n"
        "setup(name='Old.Thing', version=compute(), extras_require={'fast': ['orjson']},\n"
        "      entry_points={'console_scripts': ['run = old:main']})\n",
        requirements__txt="idna\n",
    )
    found = read(tmp_path / "setup.py")
    [project] = found.projects
    assert (project.name, project.version, project.dependencies) == ("old-thing", None, None)
    assert (project.extras, project.programs) == ({"fast": ()}, ("run",))
    assert project.build_requires == ("setuptools", "wheel")
    (tmp_path / "requirements.txt").write_text("idna>=3\n")
    [changed] = read(tmp_path / "setup.py").projects
    assert project.digest != changed.digest


def test_dynamic_dependencies_are_left_to_the_backend_too(tmp_path):
    text = '[project]\nname = "demo"\ndynamic = ["version", "dependencies"]\n' + BUILD
    [project] = read(write(tmp_path, pyproject__toml=text) / "pyproject.toml").projects
    assert (project.version, project.dependencies) == (None, None)
    assert project.digest


@pytest.mark.parametrize("file", ["requirements/base.txt", "hatch_build.py", "hatch.toml"])
def test_what_decides_the_backend_s_answer_is_part_of_the_digest(tmp_path, file):
    text = '[project]\nname = "demo"\ndynamic = ["version", "dependencies"]\n' + BUILD
    [before] = read(write(tmp_path, pyproject__toml=text) / "pyproject.toml").projects
    (tmp_path / file).parent.mkdir(exist_ok=True)
    (tmp_path / file).write_text("")
    [after] = read(tmp_path / "pyproject.toml").projects
    assert before.digest != after.digest


def test_setup_cfg_is_read_before_setup_py(tmp_path):
    write(
        tmp_path,
        setup__cfg="[metadata]\nname = thing\nversion = 1.2\n[options.extras_require]\nfast = x\n"
        "[options.entry_points]\nconsole_scripts =\n  run = thing:main\n  walk = thing:walk\n",
        setup__py="import setuptools\nsetuptools.setup(name='other')\n",
    )
    assert read_setuptools(tmp_path) == SetuptoolsProject(
        "thing", "1.2", ("fast",), ("run", "walk")
    )


def test_a_project_without_a_name_says_where_to_write_it(tmp_path):
    text = f'[project]\nversion = "1.0"\n{BUILD}'
    file = write(tmp_path, pyproject__toml=text) / "pyproject.toml"
    assert error(file) == (
        f'{file}: project.name: the project has no name; add `name = "…"`, or set '
        "`package = false` in `[tool.uv]`"
    )
    write(tmp_path / "old", setup__py="import setuptools\nsetuptools.setup(name=compute())\n")
    assert error(tmp_path / "old" / "setup.py").startswith(
        f"{tmp_path}/old: the project's name isn't written down"
    )


def test_two_projects_of_one_name_are_named(tmp_path):
    for folder in ("one", "two"):
        write(tmp_path / folder, pyproject__toml=project_text("same"))
    text = "requirements:\n  same: {path: one}\ngroups:\n  dev: {same: {path: two}}\n"
    file = write(tmp_path, requirements__yaml=text) / "requirements.yaml"
    assert error(file) == (
        f"{file}: {tmp_path}/one and {tmp_path}/two are both the project same; give one of them "
        "another name"
    )


def test_a_folder_that_is_another_project_is_named(tmp_path):
    write(tmp_path / "lib", pyproject__toml=project_text("lib"))
    file = write(tmp_path, requirements__yaml="other: {path: lib}\n") / "requirements.yaml"
    assert error(file) == (
        f"{file}: other: the folder {tmp_path}/lib is the project lib; require it by that name"
    )


def test_a_member_without_a_pyproject_toml_is_named(tmp_path):
    text = project_text("root", more='[tool.uv.workspace]\nmembers = ["packages/*"]')
    write(tmp_path / "packages" / "half", notes__txt="")
    file = write(tmp_path, pyproject__toml=text) / "pyproject.toml"
    assert error(file) == (
        f"{file}: tool.uv.workspace.members: {tmp_path}/packages/half has no pyproject.toml; add "
        "one, or name the folder in `exclude`"
    )


def test_a_broken_project_is_named_by_its_own_file(tmp_path):
    write(tmp_path / "lib", pyproject__toml="[project\n")
    file = write(tmp_path, requirements__yaml="lib: {path: lib}\n") / "requirements.yaml"
    assert error(file).startswith(f"{tmp_path}/lib/pyproject.toml:1: this is not TOML")


def test_e_takes_a_folder_without_a_dot_before_it(tmp_path):
    write(tmp_path / "proj", pyproject__toml=project_text("proj", "idna"))
    found = read(write(tmp_path, requirements__txt="-e proj\n") / "requirements.txt")
    assert [(one.name, one.path) for one in found.projects] == [("proj", f"{tmp_path}/proj")]


@pytest.mark.parametrize(
    ("data", "script", "expected"),
    [
        ({"project": {"readme": "README.md"}}, "", ()),
        ({"project": {"readme": "docs/README.md"}}, "", ("docs/README.md",)),
        ({"project": {"dynamic": ["readme"]}}, "", ("CHANGES.md", "README.md")),
        (
            {"tool": {"hatch": {"build": {"targets": {"wheel": {"include": ["docs/*.md"]}}}}}},
            "",
            ("docs",),
        ),
        (
            {"tool": {"hatch": {"build": {"targets": {"sdist": {"include": ["docs"]}}}}}},
            "",
            (),
        ),
        (
            {"tool": {"setuptools": {"dynamic": {"dependencies": {"file": ["tests/a.py"]}}}}},
            "",
            ("tests/a.py",),
        ),
        ({"tool": {"pytest": {"testpaths": ["tests"]}}}, "", ()),
        ({}, "open('README.md').read()", ("README.md",)),
        ({}, "Path('docs') / 'README.md'", ("README.md", "docs")),
    ],
    ids=[
        "plain",
        "in a folder",
        "made",
        "wheel",
        "sdist",
        "requirements",
        "a test tool",
        "setup.py",
        "a folder",
    ],
)
def test_what_the_build_reads_is_found(tmp_path, data, script, expected):
    write(tmp_path, README__md="", CHANGES__md="", setup__py=script)
    write(tmp_path / "docs", README__md="")
    write(tmp_path / "tests", a__py="")
    assert documents(data, tmp_path) == expected


def test_what_hatch_toml_names_is_read_by_the_build(tmp_path):
    write(tmp_path, hatch__toml='[build.targets.wheel]\ninclude = ["docs/*.md"]\n')
    write(tmp_path / "docs", README__md="")
    assert documents({}, tmp_path) == ("docs",)

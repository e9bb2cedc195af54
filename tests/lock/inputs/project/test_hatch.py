"""hatch's environments become groups, from pyproject.toml or hatch.toml."""

import pytest

from lock.errors import UsageError
from lock.inputs import read
from lock.inputs.project.hatch import group_name
from lock.inputs.project.pyproject import parse

PROJECT = '[project]\nname = "thing"\nversion = "1"\ndependencies = ["idna"]\n'


def groups(text, project=PROJECT):
    found = parse(f"{project}{text}", "p.toml").groups
    return {group: [*map(str, listed)] for group, listed in found.items()}


def notes(text):
    return parse(f"{PROJECT}{text}", "p.toml").notes


def error(text):
    with pytest.raises(UsageError) as caught:
        parse(f"{PROJECT}{text}", "p.toml")
    assert "; " in str(caught.value)
    return str(caught.value)


def test_environments_are_groups_with_what_they_inherit():
    text = (
        '[tool.hatch.envs.default]\ndependencies = ["pytest"]\n'
        "[tool.hatch.envs.docs]\nextra-dependencies = [\"mkdocs ; sys_platform == 'linux'\"]\n"
        '[tool.hatch.envs.lint]\ndetached = true\ndependencies = ["ruff"]\n'
        '[tool.hatch.envs.style]\ntemplate = "lint"\nextra-dependencies = ["black"]\n'
        "[tool.hatch.envs.nothing]\ndetached = true\n"
    )
    assert groups(text) == {
        "default-env": ["pytest"],
        "docs": ['mkdocs ; sys_platform == "linux"', "pytest"],
        "lint": ["ruff"],
        "style": ["black", "ruff"],
    }


def test_an_environment_has_features_and_dependency_groups():
    more = '[project.optional-dependencies]\nfast = ["six"]\n[dependency-groups]\nDev = ["attrs"]\n'
    text = '[tool.hatch.envs.fast]\nfeatures = ["fast"]\ndependency-groups = ["dev"]\n'
    assert groups(text, PROJECT + more) == {
        "dev": ["attrs"],
        "fast": ["six"],
        "fast-env": ["attrs", "idna", "six"],
    }


def test_a_feature_of_a_project_that_is_built_is_the_project_s_extra():
    more = '[project.optional-dependencies]\nfast = ["six"]\n'
    build = '[build-system]\nrequires = ["hatchling"]\nbuild-backend = "hatchling.build"\n'
    found = parse(f"{PROJECT}{more}{build}[tool.hatch.envs.a]\nfeatures = ['fast']\n", "p.toml")
    [own, six] = sorted(found.groups["a"], key=lambda one: one.name, reverse=True)
    assert (own.name, own.extras, own.reference.written) == ("thing", ("fast",), ".")
    assert six.name == "six"


@pytest.mark.parametrize(
    ("environment", "taken", "expected"),
    [
        ("docs", [], "docs"),
        ("Py_Test", [], "py-test"),
        ("default", [], "default-env"),
        ("test", ["test"], "test-env"),
    ],
)
def test_a_group_has_its_environment_s_name_unless_that_is_taken(environment, taken, expected):
    assert group_name(environment, taken) == expected


def test_what_hatch_adds_itself_is_told():
    assert notes("[tool.hatch.envs.hatch-test]\nextra-dependencies = ['six']\n") == (
        "p.toml: tool.hatch.envs.hatch-test: what hatch itself adds to this environment isn't "
        "locked; list it in `dependencies`",
    )
    text = (
        "[tool.hatch.envs.default]\ndependencies = ['idna']\n"
        "[tool.hatch.envs.hatch-test]\ndependencies = ['pytest']\n"
    )
    assert notes(text) == ()
    # It inherits nothing.
    assert groups(text)["hatch-test"] == ["pytest"]


def test_matrices_and_other_keys_are_told():
    text = (
        "[tool.hatch.envs.test]\ndependencies = ['pytest']\nnoticed = 1\npython = '3.12'\n"
        "scripts = {run = 'pytest'}\n"
        "[[tool.hatch.envs.test.matrix]]\npython = ['3.11', '3.12']\n"
        "[tool.hatch.envs.test.overrides]\nmatrix.python.dependencies = ['six']\n"
    )
    assert [note.partition(": it has")[0] for note in notes(text)] == [
        "p.toml: tool.hatch.envs.test.python",
        "p.toml: tool.hatch.envs.test.matrix",
        "p.toml: tool.hatch.envs.test.overrides",
        "p.toml: tool.hatch.envs.test.noticed: not known here, and without effect",
    ]


def test_what_a_matrix_decides_is_left_out_and_told():
    text = "[tool.hatch.envs.a]\ndependencies = ['django~={matrix:django}', 'six']\n"
    assert groups(text) == {"a": ["six"]}
    assert notes(text) == (
        "p.toml: tool.hatch.envs.a.dependencies: `django~={matrix:django}` depends on a matrix or "
        "a variable, and isn't locked; write it out",
    )


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (
            "[tool.hatch.envs.a]\ntemplate = 'b'\n[tool.hatch.envs.b]\ntemplate = 'a'\n",
            "tool.hatch.envs.a: the templates lead back to each other (`a` → `b` → `a`); leave",
        ),
        (
            "[tool.hatch.envs.a]\ntemplate = 'nothing'\n",
            "tool.hatch.envs.a.template: there is no environment `nothing`; add",
        ),
        (
            "[tool.hatch.envs.a]\ndependency-groups = ['nothing']\n",
            "tool.hatch.envs.a.dependency-groups: there is no group `nothing`; add",
        ),
        (
            "[tool.hatch.envs.a]\nfeatures = ['nothing']\n",
            "tool.hatch.envs.a.features: there is no extra `nothing`; add",
        ),
        (
            "[tool.hatch.sources]\nidna = {index = 'a'}\n",
            "tool.hatch.sources: hatch's sources can't be locked; write",
        ),
    ],
)
def test_what_is_wrong_with_an_environment_is_named(text, problem):
    assert error(text).split("\n")[0].startswith(f"p.toml: {problem}")


def test_hatch_toml_goes_before_the_table(tmp_path):
    (tmp_path / "pyproject.toml").write_text(
        f"{PROJECT}[tool.hatch.envs.a]\ndependencies = ['six']\n"
    )
    (tmp_path / "hatch.toml").write_text("noticed = 1\n[envs.b]\ndependencies = ['attrs']\n")
    found = read(tmp_path / "pyproject.toml")
    assert {group: [*map(str, listed)] for group, listed in found.groups.items()} == {
        "b": ["attrs"]
    }
    assert found.notes == (f"{tmp_path}/hatch.toml: noticed: not known here, and without effect",)


def test_an_error_in_hatch_toml_names_it(tmp_path):
    (tmp_path / "pyproject.toml").write_text(PROJECT)
    (tmp_path / "hatch.toml").write_text("[envs.b]\ndependencies = ['a b']\n")
    with pytest.raises(UsageError) as caught:
        read(tmp_path / "pyproject.toml")
    assert str(caught.value).startswith(f'{tmp_path}/hatch.toml: envs.b.dependencies: "a b" is no')

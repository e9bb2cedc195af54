"""Which flake fits what is there."""

import pytest

from init import existing
from init.order import OWN_PYTHON
from lock.errors import UsageError
from tests.init.test_templates import order

BUILD = '[build-system]\nrequires = ["flit_core"]\nbuild-backend = "flit_core.buildapi"\n'
PROJECT = '[project]\nname = "mine"\nversion = "1"\ndescription = "x"\nrequires-python = ">=3.9"\n'
PROGRAM = '[project.scripts]\nrun = "mine:run"\n'
DEV = '[dependency-groups]\ndev = ["pytest", "mypy"]\n'
APPLICATION = "default = library.makePythonPypiApplication { inherit sourcesYaml; };"
PYTEST = "checks = each (ofProjects (project: project.tests.pytest { }));"


def flake(folder, files, **changes):
    """Return the flake for files in a folder."""
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    wanted = order("existing", folder=folder, **changes)
    return existing.flake(wanted, existing.requirements(folder))


def test_packages_make_an_environment(tmp_path):
    made = flake(tmp_path, {"requirements.txt": "idna\n"})
    assert "default = environment library;" in made
    assert "projects" not in made


def test_a_project_with_a_program_makes_an_application(tmp_path):
    made = flake(tmp_path, {"pyproject.toml": PROJECT + PROGRAM + DEV + BUILD})
    assert APPLICATION in made
    assert PYTEST in made
    assert '"default"\n            "dev"\n' in made


def test_a_project_without_a_program_makes_an_environment(tmp_path):
    made = flake(tmp_path, {"pyproject.toml": PROJECT + BUILD})
    assert "default = environment library;" in made


def test_without_pytest_modules_are_imported(tmp_path):
    made = flake(tmp_path, {"pyproject.toml": PROJECT + PROGRAM + BUILD})
    assert "imports = (environment library).tests.imports;" in made
    assert "pytest" not in made
    assert "groups" not in made
    assert "dev" not in made.replace("devShells", "")


def test_the_group_with_pytest_comes_along(tmp_path):
    groups = '[dependency-groups]\ndev = ["mypy"]\ntest = ["pytest"]\n'
    made = flake(tmp_path, {"pyproject.toml": PROJECT + PROGRAM + groups + BUILD})
    assert PYTEST in made
    assert '"default"\n            "dev"\n            "test"\n' in made
    assert "# With the tools of the groups dev and test." in made


def members(*programs):
    """Return the files of a workspace whose two members have programs or not."""
    root = PROJECT.replace("mine", "root") + "[tool.uv]\npackage = false\n"
    root += '[tool.uv.workspace]\nmembers = ["a", "b"]\n'
    files = {"pyproject.toml": root}
    for name in ("a", "b"):
        program = f'[project.scripts]\n{name} = "{name}:run"\n' if name in programs else ""
        files[f"{name}/pyproject.toml"] = PROJECT.replace("mine", name) + program + BUILD
    return files


def test_the_only_member_with_a_program_is_built(tmp_path):
    assert 'package = "b";' in flake(tmp_path, members("b"))


def test_a_member_is_built_that_is_named(tmp_path):
    assert 'package = "a";' in flake(tmp_path, members("a", "b"), name="a")


def test_which_member_is_unclear(tmp_path):
    with pytest.raises(UsageError, match=r"the projects a, b have programs; .* as in `--name a`"):
        flake(tmp_path, members("a", "b"))


def test_a_member_that_isn_t_there(tmp_path):
    with pytest.raises(UsageError, match=r"--name: there is no project c; there are a, b"):
        flake(tmp_path, members("a", "b"), name="c")


@pytest.mark.parametrize(
    ("versions", "files", "expected"),
    [
        (">=3.9", {}, [OWN_PYTHON]),
        (">=3.9,<3.11", {}, ["3.10"]),
        ("==3.9.*", {}, []),
        (">=3.9", {".python-version": "3.10\n"}, []),
        (">=3.9", {"sources.yaml": ""}, []),
    ],
)
def test_the_python_is_the_package_set_s_unless_something_says_it(
    tmp_path, versions, files, expected
):
    files = {"pyproject.toml": PROJECT.replace(">=3.9", versions) + BUILD, **files}
    flake(tmp_path, files)
    wanted = order("existing", folder=tmp_path, python=None)
    found = existing.requirements(tmp_path)
    assert existing.python_arguments(wanted, found) == expected

"""The step `check` runs a command on a project's folder, but on its built modules."""

import os
import subprocess
from pathlib import Path

import pytest

from tests.support.builder_steps import RUNNING_PYTHON, Builder, error_message
from tests.support.wheels import Wheel

DEMO = Wheel(files={"demo/__init__.py": "where = 'built'\n"})


def run(builder: Builder, project: Path, *command: str) -> "subprocess.CompletedProcess[str]":
    """Run a command in the environment of a project."""
    package = builder.unpack(DEMO)
    environment = builder.compose([package])
    spec = {
        "environment": os.fspath(environment.path),
        "sitePackages": RUNNING_PYTHON.site,
        "package": {
            "name": "demo",
            "path": os.fspath(package.path),
            "source": os.fspath(project),
        },
        "source": os.fspath(project),
        "command": command,
        "variables": {"GREETING": "hello"},
        "programs": ["/usr/bin", "/bin"],
    }
    scratch = builder.scratch / "build"
    scratch.mkdir()
    return builder.run_step("check", spec, builder.scratch / "out", cwd=scratch)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project's folder in the flat layout, with a test beside its package."""
    folder = tmp_path / "project"
    (folder / "demo").mkdir(parents=True)
    (folder / "demo" / "__init__.py").write_text("where = 'tree'\n")
    (folder / "tests").mkdir()
    (folder / "tests" / "test_it.py").touch()
    return folder


def test_the_built_modules_are_seen_and_the_folder_s_are_not(
    builder: Builder, project: Path
) -> None:
    code = (
        "import demo, os; print(demo.where, sorted(os.listdir()), os.environ['GREETING'], "
        "os.environ.get('PYTHONHASHSEED'))"
    )
    done = run(builder, project, "python", "-c", code)
    assert done.returncode == 0, done.stderr
    expected = "built ['tests'] hello None\n"
    assert done.stdout == expected
    assert (builder.scratch / "out").read_text() == expected


def test_a_package_with_tests_stays(builder: Builder, project: Path) -> None:
    (project / "demo" / "test_demo.py").touch()
    done = run(builder, project, "python", "-c", "import os; print(sorted(os.listdir()))")
    assert done.stdout == "['demo', 'tests']\n"


def test_a_failing_command_is_named_with_its_status(builder: Builder, project: Path) -> None:
    done = run(builder, project, "python", "-c", "print('why'); exit(3)")
    assert done.stdout == "why\n"
    assert error_message(done) == (
        "demo: `python -c print('why'); exit(3)` ended with 3; the lines above say why"
    )


def test_a_missing_program_says_where_to_name_it(builder: Builder, project: Path) -> None:
    message = error_message(run(builder, project, "pytset"))
    assert message.startswith("demo: there is no program pytset in the environment; name the group")


def test_a_project_of_which_the_folder_has_no_module_is_checked_as_well(
    builder: Builder, tmp_path: Path
) -> None:
    (tmp_path / "project" / "tests").mkdir(parents=True)
    done = run(builder, tmp_path / "project", "python", "-c", "import demo; print(demo.where)")
    assert done.returncode == 0, done.stderr
    assert done.stdout == "built\n"

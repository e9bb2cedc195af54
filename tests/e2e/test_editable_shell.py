"""The editable shell: tools see the working tree, and the project's own tools go on working."""

import json
import os
import subprocess
from pathlib import Path

import pytest

from tests.e2e.conftest import NIXES
from tests.support.nix import Nix, write_user_flake

pytestmark = [pytest.mark.nix, pytest.mark.index]

NIX = Nix(NIXES["at hand"])
# The Python of the project (tests/e2e/test_newest_pythons.py sets it).
PYTHON = os.environ.get("WHEELHOUSE_TESTED_PYTHON", "3.12")
PYPROJECT = """\
[project]
name = "demo"
version = "1.0"
requires-python = ">=3.12"
dependencies = []

[project.scripts]
demo = "demo:main"

[dependency-groups]
dev = ["mypy", "pip", "pyright[nodejs]", "pytest"]

[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"
"""
MODULE = """\
def answer() -> int:
    return 1


def main() -> None:
    print(answer())
"""
ENVIRONMENT = (
    'makePythonPypiEnvironment { name = "env"; sourcesYaml = ./sources.yaml; '
    'groups = [ "default" "dev" ]; }'
)


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with a lock, and a flake with shells."""
    folder = tmp_path_factory.mktemp("project")
    (folder / "pyproject.toml").write_text(PYPROJECT)
    (folder / "src" / "demo").mkdir(parents=True)
    (folder / "src" / "demo" / "__init__.py").write_text(MODULE)
    (folder / "src" / "demo" / "py.typed").touch()
    NIX.lock(folder, "--system", "x86_64-linux", PYTHON)
    write_user_flake(
        folder,
        f"""shell = library.makeShell {{
          environment = {ENVIRONMENT}; editable.demo = "."; packages = [ library.lock ];
        }};
        overlay = library.makeShell {{
          environment = {ENVIRONMENT}; editable.demo = "."; overlay = ".venv";
        }};""",
    )
    return folder


def in_shell(
    project: Path, script: str, *, shell: str = "shell"
) -> subprocess.CompletedProcess[str]:
    """Run a script in a shell of the project, with uv behind everything on PATH; it may fail."""
    folder = Path(os.environ["WHEELHOUSE_UV"]).resolve().parent
    return NIX.run(
        *("develop", f"path:.#{shell}", "-c", "bash", "-c"),
        f"PATH=$PATH:{folder}; {script}",
        cwd=project,
        environment={"UV_CACHE_DIR": os.fspath(project.parent / "uv-cache")},
    )


def output(project: Path, script: str, *, shell: str = "shell") -> str:
    """Return what a script prints in a shell; it must succeed."""
    done = in_shell(project, script, shell=shell)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_an_edit_is_seen_at_once_by_analysers_that_follow_plain_paths(project):
    user = project.parent / "user.py"
    user.write_text("import demo\n\nvalue: str = demo.answer()\n")
    module = project / "src" / "demo" / "__init__.py"
    script = f"""
      cd {project.parent}
      check() {{
        mypy --no-incremental {user} >mypy.txt || true
        pyright --level error --outputjson {user} >pyright.json || true
        mv mypy.txt mypy-$1.txt; mv pyright.json pyright-$1.json
      }}
      check before
      sed -i 's/-> int/-> str/; s/return 1/return "1"/' {module}
      check after
      demo
    """
    try:
        assert output(project, script) == "1"
    finally:
        module.write_text(MODULE)

    def mypy(when: str) -> str:
        return (project.parent / f"mypy-{when}.txt").read_text()

    def pyright(when: str) -> list[str]:
        data = json.loads((project.parent / f"pyright-{when}.json").read_text())
        return [one.get("rule", "") for one in data["generalDiagnostics"]]

    assert 'has type "int"' in mypy("before")
    assert "Success" in mypy("after")
    assert pyright("before") == ["reportAssignmentType"]
    assert pyright("after") == []


def test_uv_runs_programs_of_the_shell_and_edits_the_project_s_files(project, tmp_path):
    copy = tmp_path / "copy"
    subprocess.run(["cp", "-r", project, copy], check=True)
    seen = output(copy, "uv run python -c 'import demo, sys; print(demo.__file__, sys.prefix)'")
    file, prefix = seen.split()
    assert file == f"{copy}/src/demo/__init__.py"
    assert prefix.startswith("/nix/store/")
    assert output(copy, "uv run demo") == "1"
    assert not (copy / ".venv").exists()
    assert output(copy, "uv add idna && lock --check || echo stale").splitlines()[-1] == "stale"
    assert '"idna' in (copy / "pyproject.toml").read_text()
    assert not (copy / ".venv").exists()


@pytest.mark.parametrize(
    "command",
    [
        "pip install idna",
        "pip uninstall -y pytest",
        "uv pip install idna",
        "uv pip uninstall pytest",
        "uv sync",
    ],
)
def test_installing_into_the_read_only_environment_is_refused_in_one_sentence(project, command):
    done = in_shell(project, command)
    assert done.returncode == 1
    line = done.stderr.splitlines()[-1]
    assert line.startswith("wheelhouse: /nix/store/") and " is read-only" in line
    assert "`lock add NAME`" in line


def test_what_installs_nothing_there_goes_through(project, tmp_path):
    assert "pytest" in output(project, "pip list")
    assert "pytest" in output(project, "uv pip list")
    output(project, f"uv pip install --target {tmp_path}/there idna")
    assert (tmp_path / "there" / "idna").is_dir()


def test_an_overlay_takes_what_is_installed_and_shows_the_rest(project):
    script = """
      uv pip install idna >/dev/null 2>&1
      pip install --quiet iniconfig==2.0.0
      python -c 'import demo, idna, iniconfig, pytest
      for module in demo, idna, iniconfig, pytest: print(module.__file__)'
      demo
      which demo
    """.replace("\n      for", "\nfor")
    found = output(project, script, shell="overlay").splitlines()
    assert found[0] == f"{project}/src/demo/__init__.py"
    assert found[1].startswith(f"{project}/.venv/lib/")
    assert found[2].startswith(f"{project}/.venv/lib/")
    assert found[3].startswith("/nix/store/")
    assert found[4:] == ["1", f"{project}/.venv/bin/demo"]
    # It stays for the next shell.
    assert output(project, "python -c 'import idna; print(1)'", shell="overlay") == "1"


def test_an_environment_of_another_tool_is_no_overlay(project, tmp_path):
    copy = tmp_path / "copy"
    subprocess.run(["cp", "-r", project, copy], check=True)
    subprocess.run(["rm", "-rf", copy / ".venv"], check=True)
    (copy / ".venv").mkdir()
    (copy / ".venv" / "pyvenv.cfg").write_text("home = /usr/bin\n")
    done = in_shell(copy, "python -c 'import sys; print(sys.prefix)'", shell="overlay")
    assert ".venv is no overlay of a shell; move it away" in done.stderr
    assert done.stdout.startswith("/nix/store/")


def test_outside_of_any_working_tree_the_built_modules_are_used(project, tmp_path):
    done = NIX.run("develop", f"path:{project}#shell", "-c", "demo", cwd=tmp_path)
    assert done.stdout.strip() == "1"
    assert "a working tree of demo isn't found" in done.stderr
    assert "WHEELHOUSE_TOP" in done.stderr
    where = "import demo; print(demo.__file__)"
    arguments = ["develop", f"path:{project}#shell", "-c", "python", "-c", where]
    named = NIX.run(*arguments, cwd=tmp_path, environment={"WHEELHOUSE_TOP": os.fspath(project)})
    assert named.stdout.strip() == f"{project}/src/demo/__init__.py"


EXTENSION = """\
#include <Python.h>
static PyObject *answer(PyObject *self, PyObject *args) { return PyLong_FromLong(42); }
static PyMethodDef methods[] = {{"answer", answer, METH_NOARGS, ""}, {NULL}};
static struct PyModuleDef definition = {PyModuleDef_HEAD_INIT, "_fast", "", -1, methods};
PyMODINIT_FUNC PyInit__fast(void) { return PyModule_Create(&definition); }
"""


def test_a_compiled_project_has_its_extension_from_the_store_and_the_rest_from_the_tree(tmp_path):
    (tmp_path / "pyproject.toml").write_text(
        '[project]\nname = "fast"\nversion = "1.0"\n'
        '[build-system]\nrequires = ["setuptools"]\nbuild-backend = "setuptools.build_meta"\n'
        "[tool.setuptools]\next-modules = "
        '[{ name = "fast._fast", sources = ["fast/_fast.c"] }]\n'
    )
    (tmp_path / "fast").mkdir()
    (tmp_path / "fast" / "_fast.c").write_text(EXTENSION)
    (tmp_path / "fast" / "__init__.py").write_text("from fast._fast import answer\n")
    NIX.lock(tmp_path, "--system", "x86_64-linux", PYTHON)
    environment = 'makePythonPypiEnvironment { name = "env"; sourcesYaml = ./sources.yaml; }'
    write_user_flake(
        tmp_path,
        f'shell = library.makeShell {{ environment = {environment}; editable.fast = "."; }};',
    )
    program = "import fast, fast._fast as f; print(fast.answer(), fast.__file__, f.__file__)"
    answer, module, extension = output(tmp_path, f"python -c '{program}'").split()
    assert answer == "42"
    assert module == f"{tmp_path}/fast/__init__.py"
    assert extension.startswith("/nix/store/") and extension.endswith(".so")

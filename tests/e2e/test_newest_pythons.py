"""The newest Pythons, of a suite of Debian: environments of each, and suites of tests on it."""

import dataclasses
import os
import subprocess
import sys
from pathlib import Path

import pytest

from lock.models.pythons import NEWEST_TESTED
from tests.support.nix import Nix, environment, sandbox_run
from tests.support.project import ROOT

pytestmark = [pytest.mark.nix, pytest.mark.index, pytest.mark.one_nix]

SUITE = "testing"
NEWEST = ["3.14", f"3.{NEWEST_TESTED}"]
# What the examples' own programs print, and the modules of each that are imported.
EXAMPLES = ["django", "science"]
TOOLS = """
{ python, pkgs ? import <nixpkgs> { } }:
(import %s { inherit pkgs; }).makePythonPypiEnvironment {
  name = "tools";
  sourcesYaml = %s + "/${python}.yaml";
}
"""
OF_VIRTUAL_ENVIRONMENTS = [
    "test_editable_shell.py",
    "test_import_checks.py",
    "test_pythons.py",
    "test_template.py",
    "test_virtual_environment.py",
]


@pytest.fixture
def of_suite(nix: Nix) -> Nix:
    """Nix with the package set of the suite."""
    return dataclasses.replace(nix, suite=SUITE)


def example_flake(nix: Nix, user_flake, python: str, name: str) -> Path:
    """Lock an example for a Python, and write a flake that runs its program in the sandbox."""
    checked = environment("checked")
    run = sandbox_run(checked, '"-I" ./check.py ./program.py', name="ran")
    folder: Path = user_flake(
        f"ran = {run}; imports = ({checked}).tests.imports;",
        requirements=ROOT / "examples" / name / "requirements.yaml",
    )
    for file in (ROOT / "examples" / "check.py", ROOT / "examples" / name / "program.py"):
        (folder / file.name).write_bytes(file.read_bytes())
    nix.lock(folder, "--system", "x86_64-linux", python, "requirements.yaml", "sources.yaml")
    return folder


def test_django_runs_on_the_newest(nix: Nix, of_suite: Nix, user_flake) -> None:
    folder = example_flake(nix, user_flake, NEWEST[-1], "django")
    assert of_suite.build("path:.#ran", cwd=folder).exists()


@pytest.mark.large
@pytest.mark.parametrize("python", NEWEST)
@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_runs_and_all_its_modules_are_imported(
    nix: Nix, of_suite: Nix, user_flake, python: str, name: str
) -> None:
    folder = example_flake(nix, user_flake, python, name)
    assert of_suite.build("path:.#ran", cwd=folder).exists()
    assert of_suite.build("path:.#imports", cwd=folder).read_text()


@pytest.mark.large
@pytest.mark.parametrize("python", NEWEST)
def test_the_tests_of_the_builder_pass_on_it(of_suite: Nix, tmp_path: Path, python: str) -> None:
    expression = tmp_path / "tools.nix"
    expression.write_text(TOOLS % (ROOT, ROOT / "tests" / "sources"), encoding="utf-8")
    link = tmp_path / "tools"
    of_suite.output("build", "--out-link", link, "--file", expression, "--argstr", "python", python)
    variables = {"PATH": f"{link}/bin:{os.environ['PATH']}", "WHEELHOUSE_UV": f"{link}/bin/uv"}
    run_tests(link / "bin" / "python", ROOT, ["tests/builder", "tests/native"], variables)


@pytest.mark.large
@pytest.mark.parametrize("python", NEWEST)
def test_the_tests_of_virtual_environments_pass_on_it(
    nix: Nix, of_suite: Nix, tmp_path: Path, python: str
) -> None:
    """The examples of a copy of the project are locked for it."""
    copy = tmp_path / "project"
    subprocess.run(["git", "clone", "--quiet", ROOT, copy], check=True)
    for name in EXAMPLES:
        folder = copy / "examples" / name
        (folder / "sources.yaml").unlink()
        nix.lock(folder, "--system", "x86_64-linux", python, "requirements.yaml", "sources.yaml")
    tests = [f"tests/e2e/{name}" for name in OF_VIRTUAL_ENVIRONMENTS]
    variables = of_suite.variables | {"WHEELHOUSE_TESTED_PYTHON": python}
    run_tests(Path(sys.executable), copy, tests, variables)


def run_tests(python: Path, project: Path, tests: list[str], variables: dict[str, str]) -> None:
    """Run tests of a project, which must pass."""
    done = subprocess.run(
        [python, "-m", "pytest", "-q", "-n", "auto", "-p", "no:cacheprovider", *tests],
        cwd=project,
        env=os.environ | variables,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout

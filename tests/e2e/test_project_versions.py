"""Versions that backends read from git: given by the user, or by the flake, without any git."""

import re
from pathlib import Path

import pytest

from tests.e2e.conftest import NIXES
from tests.support.checkouts import commit
from tests.support.nix import Nix, in_sandbox, write_user_flake

pytestmark = [pytest.mark.nix, pytest.mark.index]

NIX = Nix(NIXES["at hand"])
STANDARD = '[project]\nname = "demo"\ndynamic = ["version"]\n'
# Plugin → pyproject.toml.
PROJECTS = {
    "setuptools-scm": STANDARD
    + '[build-system]\nrequires = ["setuptools>=64", "setuptools-scm>=8"]\n'
    'build-backend = "setuptools.build_meta"\n[tool.setuptools_scm]\n',
    "hatch-vcs": STANDARD + '[build-system]\nrequires = ["hatchling", "hatch-vcs"]\n'
    'build-backend = "hatchling.build"\n[tool.hatch.version]\nsource = "vcs"\n'
    '[tool.hatch.build.targets.wheel]\npackages = ["src/demo"]\n',
    "versioningit": STANDARD + '[build-system]\nrequires = ["hatchling", "versioningit"]\n'
    'build-backend = "hatchling.build"\n[tool.hatch.version]\nsource = "versioningit"\n'
    '[tool.hatch.build.targets.wheel]\npackages = ["src/demo"]\n',
    "pdm": STANDARD + '[build-system]\nrequires = ["pdm-backend"]\n'
    'build-backend = "pdm.backend"\n[tool.pdm.version]\nsource = "scm"\n',
    "poetry-dynamic-versioning": '[tool.poetry]\nname = "demo"\nversion = "0.0.0"\n'
    'description = ""\nauthors = []\npackages = [{ include = "demo", from = "src" }]\n'
    '[tool.poetry.dependencies]\npython = ">=3.8"\n'
    "[tool.poetry-dynamic-versioning]\nenable = true\n"
    '[build-system]\nrequires = ["poetry-core>=1", "poetry-dynamic-versioning>=1,<2"]\n'
    'build-backend = "poetry_dynamic_versioning.backend"\n',
}


def environment(settings: str = "") -> str:
    """Return a call of makePythonPypiEnvironment in Nix."""
    return (
        'makePythonPypiEnvironment { name = "env"; sourcesYaml = ./sources.yaml; '
        f"projects.demo = {{ {settings} }}; }}"
    )


def printing_version(settings: str = "") -> str:
    """Return a derivation in Nix that prints the installed version."""
    code = "import importlib.metadata as m; print(m.version(chr(100) + 'emo'))"
    program = f'${{{environment(settings)}}}/bin/python -c \\"{code}\\"'
    return in_sandbox(program)


def locked(folder: Path, plugin: str) -> Path:
    """Write a project, and lock it."""
    (folder / "src" / "demo").mkdir(parents=True)
    (folder / "src" / "demo" / "__init__.py").touch()
    (folder / "pyproject.toml").write_text(PROJECTS[plugin])
    NIX.lock(folder, "--system", "x86_64-linux", "3.12")
    return folder


@pytest.mark.parametrize("plugin", PROJECTS)
def test_the_version_is_the_one_that_is_given(tmp_path, plugin):
    folder = locked(tmp_path, plugin)
    write_user_flake(
        folder,
        f"given = {printing_version('version = ' + chr(34) + '1.4' + chr(34) + ';')}; "
        f"unknown = {printing_version()};",
    )
    assert NIX.build("path:.#given", cwd=folder).read_text() == "1.4\n"
    assert NIX.build("path:.#unknown", cwd=folder).read_text() == "0+unknown\n"


def test_the_flake_s_time_makes_a_version(tmp_path):
    folder = locked(tmp_path / "project", "hatch-vcs")
    write_user_flake(folder, f"env = {environment('version = self;')};")
    flake = folder / "flake.nix"
    flake.write_text(flake.read_text().replace("{ nixpkgs,", "{ self, nixpkgs,"))
    commit(folder)
    version = NIX.evaluate(".#env.packages.demo.version", cwd=folder)
    # scripts/nix overrides inputs, so a flake never is a commit of its own there.
    assert re.fullmatch(r"0\.dev20\d{12}\+dirty", version)
    built = NIX.build(".#env", cwd=folder)
    assert [*built.glob(f"lib/python3.12/site-packages/demo-{version}.dist-info")]

"""Other inputs become environments: a lock of uv, repositories, folders."""

import json
import os
import shutil
import subprocess
import tomllib

import pytest

from tests.support.nix import environment
from tests.support.wheels import Wheel

pytestmark = [pytest.mark.nix, pytest.mark.index]

PACKAGES = f"env = {environment('inputs')};"
PYPROJECT = """\
[project]
name = "thing"
version = "1"
requires-python = ">=3.11"
dependencies = ["asgiref", "sqlparse<0.5"]
"""
# Its version comes from git, which the sandbox doesn't have.
OF_GIT = """\
[build-system]
requires = ["setuptools", "setuptools-scm"]
build-backend = "setuptools.build_meta"

[project]
name = "of-git"
dynamic = ["version"]

[tool.setuptools]
py-modules = ["of_git"]

[tool.setuptools_scm]
"""
OF_FOLDER = """\
[build-system]
requires = ["flit-core"]
build-backend = "flit_core.buildapi"

[project]
name = "of_folder"
version = "3.4"
description = "x"
dependencies = ["idna"]
"""
# Its build reads a file of the repository that lies outside of its own folder.
BELOW = """\
[build-system]
requires = ["setuptools"]
build-backend = "setuptools.build_meta"

[project]
name = "below"
version = "5.6"

[tool.setuptools]
py-modules = ["below"]
"""
SETUP = (
    "import pathlib, setuptools\nassert pathlib.Path('../of_git.py').exists()\nsetuptools.setup()\n"
)
VERSIONS = """
import importlib.metadata as metadata, json
print(json.dumps({dist.name.lower(): dist.version for dist in metadata.distributions()}))
"""


def run(folder, *command, **variables):
    done = subprocess.run(
        command,
        cwd=folder,
        env=os.environ | variables,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def versions(nix, folder):
    """Return the versions of what is in the environment, by name."""
    python = nix.build("path:.#env", cwd=folder) / "bin" / "python"
    return json.loads(run(folder, python, "-c", VERSIONS))


def test_a_lock_of_uv_becomes_an_environment_of_the_same_versions(nix, user_flake):
    folder = user_flake(PACKAGES)
    (folder / "pyproject.toml").write_text(PYPROJECT)
    uv = os.environ.get("WHEELHOUSE_UV") or shutil.which("uv")
    run(folder, uv, "lock")
    nix.lock(folder, "--system", "x86_64-linux", "3.11", "uv.lock", "sources.yaml")
    listed = tomllib.loads((folder / "uv.lock").read_text())["package"]
    expected = {entry["name"]: entry["version"] for entry in listed if "wheels" in entry}
    assert versions(nix, folder) == expected


def test_a_folder_of_files_becomes_an_environment(nix, user_flake):
    folder = user_flake(PACKAGES)
    metadata = "Metadata-Version: 2.1\nName: vendored\nVersion: 1.0\nRequires-Dist: idna\n"
    wheel = Wheel("vendored", files={"vendored.py": "import idna"}, metadata={"METADATA": metadata})
    written = wheel.write(folder / "vend")
    written.rename(written.with_name(wheel.archive_name))
    (folder / "requirements.txt").write_text("--find-links ./vend\nvendored\n")
    nix.lock(folder, "--system", "x86_64-linux", "3.11", "requirements.txt", "sources.yaml")
    installed = versions(nix, folder)
    assert (installed.keys(), installed["vendored"]) == ({"vendored", "idna"}, "1.0")
    imported = nix.build("path:.#env.tests.imports", cwd=folder).read_text().splitlines()
    assert "vendored: vendored" in imported


def test_a_repository_and_a_folder_are_built_in_the_sandbox(nix, user_flake, tmp_path):
    repository = tmp_path / "repository"
    repository.mkdir()
    (repository / "pyproject.toml").write_text(OF_GIT)
    (repository / "of_git.py").write_text("")
    (repository / "below").mkdir()
    for name, text in {"pyproject.toml": BELOW, "setup.py": SETUP, "below.py": ""}.items():
        (repository / "below" / name).write_text(text)
    roles = ("AUTHOR_NAME", "AUTHOR_EMAIL", "COMMITTER_NAME", "COMMITTER_EMAIL")
    identity = {f"GIT_{role}": "x" for role in roles}
    for command in ("init -q", "add --all", "commit -q -m x", "tag v1.2"):
        run(repository, "git", *command.split(), **identity)
    folder = user_flake(
        PACKAGES,
        requirements=f"of-git: {{git: 'file://{repository}', rev: v1.2}}\n"
        f"below: {{git: 'file://{repository}', rev: v1.2, subdirectory: below}}\n"
        "of-folder: {path: libs/of_folder}\n",
    )
    project = folder / "libs" / "of_folder"
    project.mkdir(parents=True)
    (project / "pyproject.toml").write_text(OF_FOLDER)
    (project / "of_folder.py").write_text("import idna")
    nix.lock(folder, "--system", "x86_64-linux", "3.11")
    installed = versions(nix, folder)
    assert installed == {
        "below": "5.6",
        "of-git": "1.2",
        "of_folder": "3.4",
        "idna": installed["idna"],
    }
    imported = nix.build("path:.#env.tests.imports", cwd=folder).read_text().splitlines()
    assert {"below: below", "of-git: of_git", "of-folder: of_folder"} <= set(imported)

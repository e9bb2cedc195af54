"""Projects that can't be built: one clear error each."""

from pathlib import Path

import pytest

from tests.support.nix import Nix, write_user_flake

pytestmark = [pytest.mark.nix, pytest.mark.index]

PYPROJECT = """\
[project]
name = "lib"
version = "1"

[build-system]
requires = []
build-backend = "backend"
backend-path = ["."]
"""
ENVIRONMENT = 'makePythonPypiEnvironment { name = "env"; sourcesYaml = ./sources.yaml; }'
WANTS_THE_NETWORK = """\
import urllib.request


def build_wheel(folder, config_settings=None, metadata_directory=None):
    urllib.request.urlopen("https://example.org")
"""


def project(nix: Nix, folder: Path, path: str, backend: str) -> Path:
    """Write a flake whose lock has a project at a path seen from it, and return its folder."""
    flake = folder / "flake"
    (flake / path).mkdir(parents=True)
    (flake / path / "pyproject.toml").write_text(PYPROJECT)
    (flake / path / "backend.py").write_text(backend)
    (flake / "requirements.yaml").write_text(
        f"python: 3.12\nsystems: [x86_64-linux]\nrequirements:\n  lib: {{path: {path}}}\n"
    )
    nix.lock(flake)
    return write_user_flake(flake, f"env = {ENVIRONMENT};")


def error(nix: Nix, flake: Path) -> str:
    """Return what building the environment prints, on one line; it must fail."""
    done = nix.run("build", "--no-link", "path:.#env", cwd=flake)
    assert done.returncode != 0
    return " ".join(done.stderr.split())


def test_a_folder_outside_of_the_flake_is_named_with_the_remedies(nix, tmp_path):
    message = error(nix, project(nix, tmp_path, "../lib", ""))
    assert (
        'environment "env": there is no folder "../lib", seen from the lock, with the project lib. '
        "A flake sees only what lies in it" in message
    )
    assert "`projects.lib.source`" in message


def test_a_build_that_wants_the_network_is_told_that_there_is_none(nix, tmp_path):
    message = error(nix, project(nix, tmp_path, "lib", WANTS_THE_NETWORK))
    assert "urllib.error.URLError" in message
    assert "lib 1: its build backend backend failed; the lines above say why." in message
    assert "A build has no network" in message


def test_a_backend_that_builds_nothing_is_named_with_the_remedy(nix, tmp_path):
    message = error(nix, project(nix, tmp_path, "lib", ""))
    assert "lib 1: its build backend backend" in message
    assert "Mend the project, or what it requires in `[build-system]`, and lock again" in message

"""`nix flake init -t` of every template of the flake: it is locked, and its checks succeed."""

import json
import subprocess

import pytest

from tests.e2e.conftest import NIXES
from tests.support.nix import Nix
from tests.support.project import ROOT

pytestmark = [pytest.mark.nix, pytest.mark.index]

# docs/start.md is tried with the newest one.
NIX = Nix(NIXES["at hand"])
# A template for what is there already → the one that is there.
BESIDE = {"flake": "project", "github-actions": "project", "gitlab-ci": "project"}
# What `lock` is told, where the requirements have no usual name.
LOCKED = {"script": ["demo_script.py"]}
# The program that the result has, and nothing else.
PROGRAMS = {"project": "demo-app", "workspace": "demo-service", "flake": "demo-app"}
# A module that is editable in the shell.
EDITABLE = {"project": "demo_app", "workspace": "demo_core"}
TEMPLATES = json.loads((ROOT / "templates" / "descriptions.json").read_text(encoding="utf-8"))


def test_the_flake_has_these_templates():
    names = "templates: builtins.mapAttrs (_name: one: one.description) templates"
    found = NIX.output("eval", "--json", ".#templates", "--apply", names)
    assert json.loads(found) == TEMPLATES


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_template_is_locked_built_and_passes_its_checks(tmp_path, name):
    folder = tmp_path / name
    folder.mkdir()
    if name in BESIDE:
        NIX.output("flake", "init", "-t", f"{ROOT}#{BESIDE[name]}", cwd=folder)
    if name == "flake":
        (folder / "flake.nix").unlink()
    NIX.output("flake", "init", "-t", f"{ROOT}#{name}", cwd=folder)
    locked = LOCKED.get(name, [])
    NIX.output("run", ".#lock", "--", *locked, cwd=folder)
    NIX.output("run", ".#lock", "--", "--check", *locked, cwd=folder)
    NIX.output("flake", "check", cwd=folder)
    if name in PROGRAMS:
        built = NIX.build(".#default", cwd=folder)
        assert [path.name for path in (built / "bin").iterdir()] == [PROGRAMS[name]]
    if name == "project":
        command = [built / "bin" / "demo-app", "you"]
        ran = subprocess.run(command, env={}, capture_output=True, text=True, check=True)
        assert ran.stdout == "Hello, you!\n"
    if name in EDITABLE:
        code = f"import {EDITABLE[name]} as module; print(module.__file__)"
        seen = NIX.output("develop", "-c", "python", "-c", code, cwd=folder).splitlines()[-1]
        assert seen.startswith(f"{folder}/")

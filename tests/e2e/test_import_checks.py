"""The check of imports on real packages: a namespace, an optional integration, a need of PATH."""

import os

import pytest

from tests.support.nix import environment

pytestmark = [pytest.mark.nix, pytest.mark.index, pytest.mark.one_nix]

# tests/e2e/test_newest_pythons.py sets it.
PYTHON = os.environ.get("WHEELHOUSE_TESTED_PYTHON", "3.11")
REQUIREMENTS = """\
black: "*"
pydub: "*"
"zope.interface": "*"
# A module that pydub imports, and that Python has no more.
audioop-lts: {version: "*", markers: "python_version >= '3.13'"}
"""
OUTPUTS = f"""
  all = ({environment("checked")}).tests.imports;
  chosen = ({environment("checked")}).tests.imports.override {{
    skip = [ "blackd" "zope.interface._*" ];
    only = [ "black" "blackd" "pydub" "zope.*" ];
  }};
  useless = ({environment("checked")}).tests.imports.override {{ skip = [ "zope.interfaces" ]; }};
  misspelt = ({environment("checked")}).tests.imports.override {{ skips = [ "blackd" ]; }};
"""


@pytest.fixture
def folder(nix, user_flake):
    """A flake whose environment has the packages, and its checks."""
    folder = user_flake(OUTPUTS, requirements=REQUIREMENTS)
    nix.lock(folder, "--system", "x86_64-linux", PYTHON, "requirements.yaml", "sources.yaml")
    return folder


def test_namespaces_extension_modules_and_optional_integrations_are_told_apart(nix, folder):
    lines = nix.build("path:.#all", cwd=folder).read_text().splitlines()
    assert lines == sorted(lines)
    assert {
        "black: black",
        "optional: blackd (needs aiohttp)",
        "pydub: pydub",
        "zope-interface: zope.interface",
        "zope-interface: zope.interface._zope_interface_coptimizations",
    } <= set(lines)
    assert "zope-interface: zope" not in lines


def test_modules_are_chosen_by_globs(nix, folder):
    lines = nix.build("path:.#chosen", cwd=folder).read_text().splitlines()
    assert lines == ["black: black", "pydub: pydub", "zope-interface: zope.interface"]


def test_a_choice_without_effect_is_an_error(nix, folder):
    done = nix.run("build", "--no-link", "--print-build-logs", "path:.#useless", cwd=folder)
    assert done.returncode != 0
    assert '"zope.interfaces" of `skip` fits no module' in done.stderr
    assert "near ones are zope.interface" in done.stderr
    done = nix.run("build", "--no-link", "path:.#misspelt", cwd=folder)
    assert done.returncode != 0
    assert 'has no argument "skips". Did you mean "skip"?' in done.stderr

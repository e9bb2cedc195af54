"""Lock for every interpreter of the machine, build with it, and run it in the sandbox."""

import json

import pytest

from tests.support.nix import environment, sandbox_run

pytestmark = [pytest.mark.nix, pytest.mark.index]

VERSIONS = """
  versions = derivation {
    name = "versions";
    system = "x86_64-linux";
    builder = "none";
    versions = library.toolchain.pythonVersions;
  };
"""
CHECK = f"check = {sandbox_run(environment('old-and-new'))};"
PROGRAM = """
import importlib.metadata, os, subprocess, sys
import markupsafe._speedups, yaml, charset_normalizer
assert sys.prefix == os.environ["environment"], sys.prefix
assert yaml.safe_load("a: [1, 2]") == {"a": [1, 2]} and yaml.__with_libyaml__
script = os.environ["environment"] + "/bin/normalizer"
version = subprocess.run([script, "--version"], env={}, stdout=subprocess.PIPE, check=True).stdout
assert importlib.metadata.version("charset-normalizer") in version.decode(), version
verbose = subprocess.run([sys.executable, "-v", "-c", "import yaml"], env={}, check=True,
                         stderr=subprocess.PIPE, universal_newlines=True).stderr
assert "yaml/__pycache__" in verbose and "wrote" not in verbose
open(os.environ["out"], "w").write("%d.%d" % sys.version_info[:2])
"""
REQUIREMENTS = 'MarkupSafe: "*"\nPyYAML: "*"\ncharset-normalizer: "*"\n'


def test_every_interpreter_at_hand_makes_an_environment(nix, user_flake):
    folder = user_flake(VERSIONS + CHECK, requirements=REQUIREMENTS)
    (folder / "program.py").write_text(PROGRAM, encoding="utf-8")
    versions = nix.evaluate("path:.#versions.versions", cwd=folder)
    # Free-threaded ones are compiled first: test_other_pythons.py has them.
    ordinary = [version for version in versions if not version.endswith("t")]
    assert ordinary
    for version in ordinary:
        nix.lock(folder, version, "requirements.yaml", "sources.yaml")
        assert nix.build("path:.#check", cwd=folder).read_text() == version, json.dumps(versions)

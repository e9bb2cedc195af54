"""Every interpreter that the machine has: locked for, built with, and run in the sandbox."""

import json
import subprocess

import pytest

pytestmark = [pytest.mark.nix, pytest.mark.index]

VERSIONS = """
  versions = derivation {
    name = "versions";
    system = "x86_64-linux";
    builder = "none";
    versions = library.toolchain.pythonVersions;
  };
"""
CHECK = """
  check = let
    environment = makePythonPypiEnvironment { name = "old-and-new"; sourcesYaml = ./sources.yaml; };
  in derivation {
    name = "check";
    system = "x86_64-linux";
    builder = "${environment}/bin/python";
    PATH = "${environment}/bin";
    args = [ "-I" ./program.py ];
    inherit environment;
  };
"""
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
    assert versions
    locker = nix.build(".#lock") / "bin" / "lock"
    for version in versions:
        subprocess.run(
            [locker, version, "requirements.yaml", "sources.yaml"],
            cwd=folder,
            check=True,
            capture_output=True,
        )
        assert nix.build("path:.#check", cwd=folder).read_text() == version, json.dumps(versions)

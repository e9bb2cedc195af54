"""The Nix code of the reference is valid, and its first example evaluates."""

import json

import pytest

from lock.lockfile.canonical import dump
from tests.support.documents import code_blocks
from tests.support.evaluation import value_of
from tests.support.project import ROOT

FIXTURES = ROOT / "tests" / "lib" / "fixtures.nix"
BLOCKS = code_blocks((ROOT / "docs" / "reference.md").read_text(encoding="utf-8"), "nix")
# Blocks that are lines of an attribute set, and those that are an expression.
ATTRIBUTES = [block for block in BLOCKS if block.rstrip().endswith(";")]
EXPRESSIONS = [block for block in BLOCKS if block not in ATTRIBUTES]

pytestmark = pytest.mark.nix


@pytest.mark.parametrize("block", ATTRIBUTES)
def test_attributes_are_valid(block: str) -> None:
    text = block.replace("{ … }", "{ }")
    names = "makePythonPypiEnvironment: makeShell: library: wheelhouse: nixpkgs: pkgs: "
    given = f"{names} myPatchelf: environment:"
    assert value_of(f"builtins.isFunction ({given} {{ {text} }})")


@pytest.mark.parametrize("block", EXPRESSIONS)
def test_an_example_evaluates(block: str, tmp_path) -> None:
    lock = ROOT / "tests" / "lib" / "data" / "two-systems.yaml"
    data = json.loads(lock.read_text(encoding="utf-8"))
    data["groups"]["dev"] = ["idna"]
    (tmp_path / "sources.yaml").write_text(dump(data), encoding="utf-8")
    (tmp_path / "thing.py").write_text("import idna\n", encoding="utf-8")
    scope = f"""
      inherit (import {FIXTURES}) packageSet library makePythonPypiEnvironment makeShell;
      inherit (library) makePythonPypiApplication;
      pkgs = packageSet // {{ openssl = "/openssl"; libjpeg = "/libjpeg"; }};
    """
    path = value_of(f"(let {scope} in {block}).drvPath", tmp_path)
    assert path.endswith("-example.drv")

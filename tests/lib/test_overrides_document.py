"""What docs/overrides.md says beside its keys evaluates: lists, functions, late changes."""

import pytest

from lock.inputs.yaml.requirements_yaml import parse
from tests.support.documents import code_blocks
from tests.support.evaluation import value_of
from tests.support.project import ROOT

FIXTURES = ROOT / "tests" / "lib" / "fixtures.nix"
DOCUMENT = (ROOT / "docs" / "overrides.md").read_text(encoding="utf-8")

pytestmark = pytest.mark.nix


def blocks(heading: str) -> list[str]:
    """Return the Nix blocks below a heading."""
    _before, found, rest = DOCUMENT.partition(f"\n## {heading}\n")
    assert found
    return code_blocks(rest.partition("\n## ")[0], "nix")


def test_several_overrides_are_composed() -> None:
    (block,) = blocks("Several overrides")
    composed = value_of(
        f"""import {ROOT}/lib/overrides/compose.nix {{
          context = "environment";
          final = {{ }};
          packages.docopt = [ "sdist" ];
          inherit ({{ {block} }}) overrides;
        }}"""
    )
    assert composed == {"docopt": {"env": {"A": "1", "B": "2"}}}


@pytest.mark.parametrize("line", blocks("Change an environment")[0].splitlines())
def test_a_late_change_evaluates(line: str) -> None:
    name = value_of(
        f"""let
          inherit (import {FIXTURES}) lock makePythonPypiEnvironment;
          env = makePythonPypiEnvironment {{
            name = "example";
            sourcesRaw = lock // {{ groups = {{ default = [ "idna" ]; dev = [ "native" ]; }}; }};
          }};
          changed = {line};
        in if changed ? drvPath then changed.drvPath else builtins.typeOf changed"""
    )
    assert name.endswith(".drv") or name in ("null", "set")


def test_an_overlay_of_locked_packages_is_a_function_of_a_package_set() -> None:
    overlay = next(block for block in blocks("Beside nixpkgs") if block.startswith("final: prev:"))
    # Both versions of a package set's Pythons: the environment's, and another one.
    names = value_of(
        f"""let
          inherit (import {FIXTURES}) packageSet lock makePythonPypiEnvironment;
          made = makePythonPypiEnvironment {{ name = "example"; sourcesRaw = lock; }};
          env = made // {{ packages = made.packages // {{ certifi = made.packages.native; }}; }};
          lib.optionalAttrs = holds: set: if holds then set else {{ }};
          overlaid = ({overlay}) {{ }} {{ inherit lib; pythonPackagesExtensions = [ ]; }};
          extension = builtins.head overlaid.pythonPackagesExtensions;
          named = python:
            builtins.attrNames
              (extension {{ toPythonModule = package: package; }} {{ inherit python; }});
        in map named [ packageSet.python311 packageSet.python312 ]"""
    )
    assert names == [["certifi", "idna"], []]


def test_what_lock_reads_is_read() -> None:
    texts = code_blocks(DOCUMENT, "yaml")
    first, second = (parse(text, "requirements.yaml") for text in texts)
    assert first.from_nixpkgs == ("pygobject", "tkinter")
    assert second.settings.excluded == ("opencv-python",)
    assert second.replaced == {"psycopg2": "psycopg2-binary"}

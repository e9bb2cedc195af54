"""Every function of lib/ has a doc comment with its type and an example that is true."""

import json
import re
import shutil
from pathlib import Path

import pytest

from tests.support.doc_examples import Example, comments, examples, matches
from tests.support.evaluation import error_of, value_of

HERE = Path(__file__).parent
LIBRARY = HERE.parent.parent / "lib"
FILES = sorted(LIBRARY.rglob("*.nix"))
# It builds while evaluating, which tests/e2e/test_foreign_locks.py does with a real package set.
BUILDS = LIBRARY / "sources" / "foreign.nix"
EXAMPLES = [example for file in FILES if file != BUILDS for example in examples(file)]

# What examples may name beside the function itself.
SCOPE = f"""
  fixtures = import {HERE}/fixtures.nix;
  inherit (fixtures) lock packagesByFile library makePythonPypiEnvironment;
  inherit (library) toolchain builder;
  python = toolchain.python;
  sha256 = "0000000000000000000000000000000000000000000000000000000000000000";
  pkgs = fixtures.packageSet // {{
    git = "/git";
    openssl = {{
      outPath = "/openssl-bin";
      out = "/openssl-out";
    }};
  }};
  env = makePythonPypiEnvironment {{
    name = "example";
    sourcesRaw = lock;
  }};
"""


def function(example: Example) -> str:
    """Return the Nix expression of the function that an example is of."""
    imported = f"import {example.file}"
    if example.file.parent.name == "api" and example.file.name != "default.nix":
        imported += f""" {{
          inherit toolchain;
          builderFor = import {LIBRARY}/derivations/builder.nix toolchain;
        }}"""
    return f"""(let imported = {imported}; in
      if builtins.isAttrs imported then imported.{example.name} or imported else imported)"""


def scoped(example: Example) -> str:
    """Return the example's expression with all that it names."""
    return f"(let {SCOPE} in {example.bound(function(example))})"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the lock that examples read."""
    made = tmp_path_factory.mktemp("examples")
    shutil.copyfile(HERE / "data" / "two-systems.yaml", made / "sources.yaml")
    return made


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(LIBRARY)))
def test_every_file_documents_its_functions(file: Path) -> None:
    assert comments(file)
    assert examples(file)


@pytest.mark.nix
@pytest.mark.parametrize(
    "example", EXAMPLES, ids=lambda example: f"{example.file.relative_to(LIBRARY)}: {example.name}"
)
def test_an_example_is_true(example: Example, folder: Path) -> None:
    expression = scoped(example)
    if example.error is not None:
        assert example.error in error_of(expression, folder)
        return
    derivation = re.fullmatch("«derivation (.*)»", example.expected)
    if derivation:
        expression, expected = (
            f"{expression}.drvPath",
            json.dumps(derivation[1], ensure_ascii=False),
        )
    else:
        expected = f"(let {SCOPE} in {example.expected})"
    value, wanted = value_of(f"[ {expression} {expected} ]", folder)
    assert matches(value, wanted), (value, wanted)

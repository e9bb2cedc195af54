"""The options of flake-parts are the arguments of the library, and the document has all of them.

No package index has flake-parts or nixpkgs' library. What these make of the options is tested where
there are checkouts of them (test_with_checkouts.py).
"""

import re
from typing import Any

import pytest

from tests.support.doc_examples import Example, comments, examples, matches
from tests.support.documents import code_blocks
from tests.support.evaluation import error_of, value_of
from tests.support.project import ROOT

MODULES = ROOT / "modules"
DOCUMENT = (ROOT / "docs" / "flake-parts.md").read_text(encoding="utf-8")
FILES = sorted(MODULES.glob("*.nix"))
# They are functions of nixpkgs' library.
OF_NIXPKGS = {"flake-parts.nix", "types.nix"}
EXAMPLES = [example for file in FILES if file.name not in OF_NIXPKGS for example in examples(file)]
# Every option, with what the reference says of an argument of its name and the words of its type.
OPTIONS = f"""
  let
    inherit (import {MODULES}/options.nix) settings kinds;
    reference = import {MODULES}/reference.nix;
    words = import {MODULES}/words.nix;
    rows = where: documented: entries: builtins.concatLists (
      builtins.attrValues (builtins.mapAttrs (name: entry: [{{
        name = "${{where}}.${{name}}";
        type = (if entry ? options then entry.type words {{ }} else entry.type words).one;
        inherit (documented.${{name}} or {{ type = null; default = null; }}) default;
        reference = documented.${{name}} or null;
        own = removeAttrs entry [ "type" "options" ];
      }}] ++ rows "${{where}}.${{name}}" (inner entry) (entry.options or {{ }})) entries)
    );
    inner = entry: if entry ? heading then reference entry.heading else {{ }};
    all = name: kind:
      rows name (reference "## ${{kind.function}}") (kind.arguments // kind.further);
  in rows "settings" {{ }} settings
    ++ builtins.concatLists (builtins.attrValues (builtins.mapAttrs all kinds))
"""

pytestmark = pytest.mark.nix


@pytest.fixture(scope="module")
def options() -> list[dict[str, Any]]:
    """Every option of the table."""
    rows: list[dict[str, Any]] = value_of(OPTIONS)
    assert len(rows) > 60
    return rows


def kinds(attribute: str) -> dict[str, Any]:
    """Return an attribute of each kind of thing that has options."""
    found: dict[str, Any] = value_of(
        f"builtins.mapAttrs (_: kind: kind.{attribute}) (import {MODULES}/options.nix).kinds"
    )
    return found


def test_there_are_options_for_every_function_of_the_library() -> None:
    functions = value_of(f"builtins.attrNames (import {ROOT}/lib/api)")
    assert sorted(kinds("function").values()) == functions


def test_the_options_are_the_arguments_of_each_function() -> None:
    """tests/lib/test_api.py holds the tables of the reference against the functions."""
    arguments = value_of(
        f"""builtins.mapAttrs (_: kind: {{
          options = builtins.attrNames kind.arguments;
          arguments = builtins.attrNames (import {MODULES}/reference.nix "## ${{kind.function}}");
        }}) (import {MODULES}/options.nix).kinds"""
    )
    for kind, names in arguments.items():
        assert names["options"] == names["arguments"], kind


@pytest.mark.parametrize(
    ("kind", "heading"),
    [
        ("environments.projects", "### projects"),
        ("environments.checks.imports", "### Checks of imports"),
        ("environments.checks.pytest", "### Checks of a project"),
    ],
)
def test_the_options_below_an_argument_are_those_of_the_reference(options, kind, heading) -> None:
    named = value_of(f'builtins.attrNames (import {MODULES}/reference.nix "{heading}")')
    below = {row["name"].removeprefix(f"{kind}.") for row in options if kind in row["name"]} - {
        kind,
        # `enable` is the module's own; the reference has `args` in its example.
        "enable",
        "args",
    }
    assert sorted(below) == named


def test_a_type_is_what_the_reference_says(options) -> None:
    documented = [row for row in options if row["reference"] and "meaning" not in row["own"]]
    assert len(documented) > 40
    for row in documented:
        assert row["type"] == row["reference"]["type"], row["name"]


def test_a_default_is_what_the_reference_says(options) -> None:
    written = {
        row["name"]: row["default"].strip("`")
        for row in options
        if row["reference"]
        and re.fullmatch("`[^`]*`", row["default"])
        and row["default"] != "`null`"
    }
    assert len(written) > 30
    values = value_of(f"[ {' '.join(f'({code})' for code in written.values())} ]")
    defaults = dict(zip(written, values, strict=True))
    for row in options:
        own = row["own"].get("default", "none")
        if row["reference"] and "meaning" not in row["own"]:
            assert own == defaults.get(row["name"], "none"), row["name"]


def test_an_option_has_a_meaning_and_an_example(options) -> None:
    for row in options:
        assert row["own"].get("meaning") or row["reference"]["meaning"], row["name"]
        assert "example" in row["own"] or row["own"].get("readOnly"), row["name"]


def test_examples_are_nix(options) -> None:
    examples = [row["own"]["example"] for row in options if "example" in row["own"]]
    examples += kinds("example").values()
    given = "{ pkgs, inputs, system }:"
    assert value_of(f"builtins.isFunction ({given} [ {' '.join(f'({e})' for e in examples)} ])")


def test_the_document_has_all_options_as_scripts_flake_options_writes_them() -> None:
    page = value_of(f"import {MODULES}/page.nix")
    _before, _, written = DOCUMENT.partition(
        "<!-- scripts/flake-options writes what follows. -->\n"
    )
    assert written.strip() == page.strip()


def test_a_function_without_a_table_is_an_error() -> None:
    message = error_of(f'import {MODULES}/reference.nix "## makeNothing"')
    assert 'docs/reference.md has no section "## makeNothing"' in message


@pytest.mark.parametrize("block", code_blocks(DOCUMENT, "nix"))
def test_the_code_of_the_document_is_nix(block: str) -> None:
    text = f"{{ {block} }}" if block.rstrip().endswith(";") else block
    assert value_of(f"builtins.typeOf ({text})") in ("lambda", "set")


def test_the_flake_has_the_module() -> None:
    flake = f"(import {ROOT}/flake.nix).outputs {{ self.lib.mkLib = null; nixpkgs = null; }}"
    assert value_of(f"builtins.isFunction ({flake}).flakeModules.default")


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_every_file_documents_its_function(file) -> None:
    assert comments(file)
    assert examples(file)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.name)
def test_an_example_is_true(example: Example) -> None:
    value, wanted = value_of(
        f"[ ({example.bound(f'import {example.file}')}) ({example.expected}) ]"
    )
    assert matches(value, wanted)

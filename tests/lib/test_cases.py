"""Evaluation tests: tests/lib/FILE.nix says what the functions of lib/FILE.nix return.

Each file is a function from fixtures.nix to `{ "behaviour" = { value; expected | throws; }; }`,
where `throws` is a piece of the message.
"""

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tests.support.evaluation import error_of, value_of

HERE = Path(__file__).parent
LIBRARY = HERE.parent.parent / "lib"
FIXTURES = HERE / "fixtures.nix"
FILES = sorted(
    file.relative_to(HERE)
    for file in HERE.rglob("*.nix")
    if file != FIXTURES and not file.is_relative_to(HERE / "data")
)


def names_in(file: Path) -> list[str]:
    """Return the names of a file's cases, without evaluating them."""
    return re.findall(r'^  "([^"]+)" = \{$', (HERE / file).read_text("utf-8"), flags=re.MULTILINE)


NAMES = [(str(file), name) for file in FILES for name in names_in(file)]


def cases(file: str | Path) -> str:
    """Return the Nix expression of a file's cases."""
    return f"(import {HERE / file} (import {FIXTURES}))"


@cache
def outcomes() -> dict[str, dict[str, dict[str, Any]]]:
    """Return file → name → `throws`, or `value` and `expected`, all in one evaluation."""
    files = " ".join(f'"{file}" = {cases(file)};' for file in FILES)
    return value_of(
        f"""builtins.mapAttrs (_file: builtins.mapAttrs (_name: case:
          if case ? throws then {{ inherit (case) throws; }}
          else {{ inherit (case) value expected; }})) {{ {files} }}"""
    )


def test_every_case_is_listed() -> None:
    assert sorted(NAMES) == sorted(
        (file, name) for file, named in outcomes().items() for name in named
    )


@pytest.mark.nix
@pytest.mark.parametrize(("file", "name"), NAMES)
def test_case(file: str, name: str) -> None:
    outcome = outcomes()[file][name]
    if "throws" not in outcome:
        assert outcome["value"] == outcome["expected"]
        return
    message = error_of(f"{cases(file)}.{json.dumps(name)}.value")
    assert outcome["throws"] in message
    assert "wheelhouse: " in message


@pytest.mark.parametrize("file", FILES, ids=str)
def test_cases_stand_beside_the_file_that_they_test(file: Path) -> None:
    assert (LIBRARY / file).exists()
    assert names_in(file)


def test_only_builtins_are_used() -> None:
    for file in LIBRARY.rglob("*.nix"):
        text = file.read_text(encoding="utf-8")
        assert "assert " not in text, f"{file.name}: an assert has no message"
        if file.name != "toolchain.nix":
            code = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
            code = re.sub(r'"[^"]*"', "", code)
            assert not re.search(r"\bpkgs\.\w|\(pkgs\)|\bwith pkgs\b", code), file

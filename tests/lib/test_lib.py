"""Evaluation tests: tests/lib/cases.nix says what each function of lib/ gives."""

import json
import os
import re
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent
LIBRARY = HERE.parent.parent / "lib"
CASES = HERE / "cases.nix"
NAMES = re.findall(r'^  "([^"]+)" = \{$', CASES.read_text(encoding="utf-8"), flags=re.MULTILINE)

pytestmark = pytest.mark.nix


def evaluate(expression: str) -> subprocess.CompletedProcess[str]:
    """The result of `nix-instantiate --eval --strict --json` on an expression."""
    program = Path(os.environ.get("WHEELHOUSE_NIX", "nix")).with_name("nix-instantiate")
    return subprocess.run(
        [program, "--eval", "--strict", "--json", "--expr", expression],
        capture_output=True,
        text=True,
        check=False,
    )


@cache
def values() -> dict[str, dict[str, Any]]:
    """The cases that give a value, all in one evaluation: name → value, expected."""
    result = evaluate(
        f"""let cases = import {CASES}; in builtins.mapAttrs
        (_: case: {{ inherit (case) value expected; }})
        (removeAttrs cases
          (builtins.filter (name: cases.${{name}} ? throws) (builtins.attrNames cases)))"""
    )
    assert result.returncode == 0, result.stderr
    return json.loads(result.stdout)


@cache
def errors() -> dict[str, str]:
    """The cases that throw: name → the piece of the message that is expected."""
    result = evaluate(
        f"""let cases = import {CASES}; in builtins.listToAttrs (builtins.concatMap
        (name: if cases.${{name}} ? throws
          then [ {{ inherit name; value = cases.${{name}}.throws; }} ] else [ ])
        (builtins.attrNames cases))"""
    )
    assert result.returncode == 0, result.stderr
    return json.loads(result.stdout)


def test_every_case_is_listed() -> None:
    assert sorted(NAMES) == sorted([*values(), *errors()])


@pytest.mark.parametrize("name", NAMES)
def test_lib(name: str) -> None:
    if name in values():
        case = values()[name]
        assert case["value"] == case["expected"]
        return
    result = evaluate(f"(import {CASES}).{json.dumps(name)}.value")
    message = re.sub(r"\s+", " ", re.sub("\x1b\\[[0-9;]*m", "", result.stderr))
    assert result.returncode != 0
    assert errors()[name] in message
    assert "wheelhouse: " in message


@pytest.mark.parametrize("file", sorted(LIBRARY.rglob("*.nix")), ids=lambda file: file.name)
def test_every_function_says_its_type_and_an_example(file: Path) -> None:
    comments = re.findall(r"/\*(.*?)\*/", file.read_text(encoding="utf-8"), flags=re.DOTALL)
    assert comments
    assert all("Type:" in comment and "Example:" in comment for comment in comments)


def test_only_builtins_are_used() -> None:
    for file in LIBRARY.rglob("*.nix"):
        text = file.read_text(encoding="utf-8")
        assert "assert " not in text, f"{file.name}: an assert has no message"
        if file.name != "toolchain.nix":
            assert not re.search(
                r"\bpkgs\.(lib|stdenv)\b", re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
            ), file

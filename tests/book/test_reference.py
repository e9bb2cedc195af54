"""The generated pages are those of the code, and name all that it has."""

import argparse
import ast
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from book.reference import commands, parsers
from lock.commands import COMMANDS
from lock.errors import LockError
from tests.support.evaluation import value_of
from tests.support.project import ROOT

FOLDER = ROOT / "docs" / "reference"
VARIABLES = (FOLDER / "environment.md").read_text(encoding="utf-8")
# Folders whose code reads variables of its user.
PROGRAMS = ("init", "lock", "report", "run", "runtime", "scripts")
# What the project sets for itself, within one run.
INTERNAL = {
    "WHEELHOUSE_ADDED",
    "WHEELHOUSE_DRIVER",
    "WHEELHOUSE_SAVED_LD_LIBRARY_PATH",
    "WHEELHOUSE_KEYS",
}


@pytest.mark.nix
def test_the_generated_pages_are_those_of_the_code(tmp_path: Path) -> None:
    done = subprocess.run(
        [ROOT / "scripts" / "write-reference", tmp_path],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    for page in tmp_path.iterdir():
        told = f"docs/reference/{page.name} isn't that of the code: run scripts/write-reference"
        assert (FOLDER / page.name).read_text("utf-8") == page.read_text("utf-8"), told


@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_what_a_command_s_help_has_is_on_the_page(command: str) -> None:
    helped = subprocess.run(
        [sys.executable, "-m", "lock", *command.split(), "--help"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    page = (FOLDER / "commands.md").read_text(encoding="utf-8")
    heading = f"### lock {command}" if command else "## lock"
    section = re.split(r"^##+ ", page.partition(f"\n{heading}\n")[2], maxsplit=1, flags=re.M)[0]
    listed = re.findall(r"^  (-[\w-]+)", helped, re.MULTILINE)
    assert listed
    missing = [
        option
        for option in listed
        if not re.search(rf"(?<![\w-]){re.escape(option)}(?![\w-])", section)
    ]
    assert missing == ["-h"]


def test_commands_inside_of_a_parser_are_commands() -> None:
    outer = argparse.ArgumentParser(prog="outer", description="Do *all*.")
    outer.add_argument("--secret", help=argparse.SUPPRESS)
    inner = outer.add_subparsers().add_parser("inner")
    inner.add_argument("--size", metavar="N|M", default=3, help="how large [%(default)s]")
    inner.add_argument("what", choices=["a", "b"], help="one of two")
    found = [*parsers._with_commands(parsers.Command("outer", outer))]
    assert [command.words for command in found] == ["outer", "outer inner"]
    text = "\n".join(part for command in found for part in commands._command(command))
    assert "Do \\*all\\*." in text
    assert "| `--size N\\|M` | how large \\[3\\] |" in text
    assert "| `{a,b}` | one of two |" in text
    assert "secret" not in text.partition("```text")[0] + text.partition("| argument")[2]


def test_a_program_without_a_parser_is_an_error() -> None:
    with pytest.raises(LookupError, match=r"x: none of book\.links, .* has `parser`"):
        parsers.commands("x", "book.links")


def test_every_variable_of_the_programs_is_on_the_page() -> None:
    code = [
        file.read_text(encoding="utf-8")
        for folder in PROGRAMS
        for file in (ROOT / folder).rglob("*")
        if file.is_file() and file.suffix in ("", ".c", ".py")
    ]
    read = {name for text in code for name in re.findall(r"\bWHEELHOUSE_[A-Z_]*[A-Z]\b", text)}
    read |= {
        name for text in code for name in re.findall(r"environment\.get\(\s*\"([A-Z_]+)\"", text)
    }
    page = {*re.findall(r"`([A-Z][A-Z0-9_]+)`", VARIABLES)}
    assert read - INTERNAL - page == set()


def test_every_variable_of_the_page_is_in_the_code() -> None:
    from lock.resolution.uv import PASSED_ON

    code = "".join(
        file.read_text(encoding="utf-8")
        for folder in (*PROGRAMS, "lib", "builder", "tests/e2e")
        for file in (ROOT / folder).rglob("*")
        if file.is_file() and file.suffix in ("", ".c", ".nix", ".py")
    )
    for name in re.findall(r"`([A-Z][A-Z0-9_]+_[A-Z0-9_]+)`", VARIABLES):
        if not PASSED_ON.fullmatch(name):
            wanted = re.sub("_3_11$", "_", name)
            assert wanted in code or wanted.lower().endswith("_proxy"), name


def test_every_exit_code_is_on_the_page() -> None:
    table = VARIABLES.partition("\n## Exit codes\n")[2]
    codes = {*map(int, re.findall(r"^\| (\d+) \|", table, re.MULTILINE))}
    errors = [LockError, *LockError.__subclasses__()]
    assert codes == {0, 128 + 2} | {error.exit_code for error in errors}


def test_every_key_of_the_lock_is_on_its_page() -> None:
    written = []
    tree = ast.parse((ROOT / "lock" / "lockfile" / "sources.py").read_text(encoding="utf-8"))
    for name in ("head", "document"):
        [function] = [
            node
            for node in ast.walk(tree)
            if isinstance(node, ast.FunctionDef) and node.name == name
        ]
        [first, *_] = [node for node in ast.walk(function) if isinstance(node, ast.Dict)]
        written += [key.value for key in first.keys if isinstance(key, ast.Constant)]
    page = (ROOT / "docs" / "sources-yaml.md").read_text(encoding="utf-8")
    table = page.partition("\n## Top-level keys\n")[2].partition("\n## ")[0]
    assert len(written) > 10
    assert sorted(re.findall(r"^\| `([\w-]+)` \|", table, re.MULTILINE)) == sorted(written)


@pytest.mark.nix
def test_every_key_of_search_paths_is_on_its_page() -> None:
    known = value_of(f"(import {ROOT}/lib/shell/search-paths.nix).keys")
    page = (ROOT / "docs" / "makes.md").read_text(encoding="utf-8")
    section = page.partition("\n## Search paths\n")[2].partition("\n## ")[0]
    rows = dict(re.findall(r"^\| `(\w+)` \| `(\w+)` \|", section, re.MULTILINE))
    others = re.findall(r"^- `(\w+)`", section, re.MULTILINE)
    assert json.loads(json.dumps(rows)) | dict.fromkeys(others) == {
        **{key: rule["variable"] for key, rule in known.items()},
        "pythonMypy311": "MYPYPATH",
        "pythonPackage311": "PYTHONPATH",
    }

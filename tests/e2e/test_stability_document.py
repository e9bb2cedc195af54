"""docs/stability.md names everything that there is, either as stable or as experimental."""

import argparse
import json
import re
import shutil
from functools import cache
from importlib import import_module

import pytest

from lock import __version__, outputs
from lock.commands import COMMANDS, DEFAULT
from lock.commands.main import main
from lock.models.pythons import NEWEST_TESTED, OLDEST_FREE_THREADED, OLDEST_MINOR
from tests.support.evaluation import value_of
from tests.support.project import ROOT

DOCUMENT = (ROOT / "docs" / "stability.md").read_text(encoding="utf-8")
REFERENCE = (ROOT / "docs" / "reference.md").read_text(encoding="utf-8")
FIXTURES = ROOT / "tests" / "lib" / "fixtures.nix"
FLAKE = f"(import {ROOT}/flake.nix).outputs {{ self = {{ lib.mkLib = null; }}; nixpkgs = null; }}"
OF_THE_FIRST_VERSION = ROOT / "tests" / "lib" / "data" / "lock-of-0.1.yaml"
OTHERS = "all others"


def rows(text: str) -> dict[str, tuple[str, ...]]:
    """Return the cells of the first table, by the text of the first one without links."""
    table = re.search(r"^\|-.*\n((?:\|.*\n)+)", text, re.MULTILINE)
    assert table is not None
    lines = [[cell.strip() for cell in line.split("|")[1:-1]] for line in table[1].splitlines()]
    return {re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", line[0]): tuple(line[1:]) for line in lines}


STABILITY = rows(DOCUMENT)
RUNS_ON = rows(DOCUMENT.partition("## What it runs on")[2])


def names(cell: str) -> list[str]:
    """Return the names in a cell."""
    return re.findall(r"`([^`]+)`", cell)


def parser(command: str) -> argparse.ArgumentParser:
    """Return the parser of a command of the lock app."""
    made: argparse.ArgumentParser = import_module(f"lock.commands.{command}").parser()
    return made


def options(command: str) -> set[str]:
    """Return the options of a command."""
    return {
        option
        for action in parser(command)._actions
        for option in action.option_strings
        if option.startswith("--")
    }


def below(heading: str) -> list[str]:
    """Return the names in the first column of the first table below a heading of the reference."""
    _before, found, rest = REFERENCE.partition(f"\n{heading}\n")
    assert found
    return [name.strip("`") for name in rows(rest)]


def top_level_keys() -> list[str]:
    """Return the top-level keys of a lock."""
    text = (ROOT / "docs" / "sources-yaml.md").read_text(encoding="utf-8")
    return [name.strip("`") for name in rows(text.partition("## Top-level keys")[2])]


@cache
def there_is() -> dict[str, list[str]]:
    """Return everything that there is, by row."""
    commands = [DEFAULT, *COMMANDS]
    functions = value_of(f"builtins.attrNames (import {ROOT}/lib/api)")
    attributes = value_of(f"builtins.attrNames (import {FIXTURES}).library")
    return {
        "functions of the library": functions,
        "further attributes of the library": [one for one in attributes if one not in functions],
        "arguments of `makePythonPypiEnvironment`, flags of Makes": [
            *below("## makePythonPypiEnvironment"),
            *value_of(f"builtins.attrNames (import {ROOT}/lib/makes/table.nix)"),
        ],
        "arguments of `makePythonPypiApplication`": below("## makePythonPypiApplication"),
        "arguments of `makeShell`": below("## makeShell"),
        "keys of `overrides`": value_of(
            f"builtins.attrNames (import {ROOT}/lib/overrides/keys.nix)"
        ),
        "attributes of an environment": below("### Result"),
        "outputs of the flake": value_of(f"builtins.attrNames ({FLAKE})"),
        "programs": value_of(f"builtins.attrNames (import {ROOT}/lib/programs/table.nix)"),
        "commands of `lock`": commands,
        "options of these commands": sorted({one for name in commands for one in options(name)}),
        "what `--json` prints": [name for name in commands if "--json" in options(name)],
        "exit codes of `lock`": exit_codes(),
        "formats of `lock export`": [*outputs.FORMATS],
        "top-level keys of the lock": top_level_keys(),
    }


def exit_codes() -> list[str]:
    """Return the exit codes that the document of `lock` has."""
    text = (ROOT / "docs" / "lock.md").read_text(encoding="utf-8")
    cells = rows(text.partition("## Exit codes")[2])
    return [code for cell in cells for code in re.findall(r"\d+", cell)]


@pytest.mark.nix
def test_the_rows_are_those_of_what_there_is() -> None:
    assert list(STABILITY) == list(there_is())


@pytest.mark.nix
@pytest.mark.parametrize("row", STABILITY)
def test_everything_is_stable_or_experimental(row: str) -> None:
    existing = there_is()[row]
    stable, experimental = STABILITY[row]
    named = [*names(stable), *names(experimental)]
    assert len(named) == len(set(named)), "named twice"
    assert existing
    if OTHERS not in stable:
        missing = [name for name in existing if name not in named]
        assert missing == [], f"docs/stability.md names them neither stable nor experimental: {row}"
    gone = [name for name in names(stable) if name not in existing]
    assert gone == [], f"docs/stability.md promises what isn't there: {row}"


def test_the_versions_are_those_that_are_supported() -> None:
    minor = ".".join(__version__.split(".")[:2])
    assert DOCUMENT.startswith(f"# What stays as it is\n\nVersion {minor}. ")
    pythons, _until = RUNS_ON["Python of environments"]
    assert pythons.startswith(f"every CPython from 3.{OLDEST_MINOR} on that the package set has")
    assert f"from 3.{OLDEST_FREE_THREADED}t on without the global lock" in pythons
    assert f"the tests run up to 3.{NEWEST_TESTED}, " in pythons
    own = sorted((ROOT / "lock" / "sources").glob("*.yaml"), key=lambda file: int(file.stem[2:]))
    assert RUNS_ON["Python of `lock` itself"][0].startswith(f"{own[0].stem} to {own[-1].stem}:")
    release = re.search(r"nixos-([\d.]+)", (ROOT / "flake.nix").read_text(encoding="utf-8"))
    assert release is not None
    assert RUNS_ON["nixpkgs"][0].startswith(f"{release[1]}, ")


@pytest.mark.nix
def test_nix_reads_a_lock_of_the_first_version() -> None:
    """It was written by 0.1.0, and says nothing of what 0.2 added."""
    names = value_of(
        f"""builtins.attrNames ((import {FIXTURES}).makePythonPypiEnvironment {{
          name = "x";
          sourcesYaml = {OF_THE_FIRST_VERSION};
        }}).packages"""
    )
    assert names == ["aioextensions", "asgiref", "django", "sqlparse"]


@pytest.mark.index
def test_lock_reads_a_lock_of_the_first_version_and_keeps_its_versions(
    tmp_path, monkeypatch, capsys
) -> None:
    monkeypatch.chdir(tmp_path)
    shutil.copyfile(OF_THE_FIRST_VERSION, "sources.yaml")
    shutil.copyfile(ROOT / "examples" / "django" / "requirements.yaml", "requirements.yaml")
    assert main(["tree"]) == 0
    assert main(["--check"]) == 0
    assert main(["--diff", "--json"]) == 0
    printed = capsys.readouterr().out
    assert "django" in printed
    assert json.loads(printed[printed.index("\n{") :])["locks"][0]["changes"] == []

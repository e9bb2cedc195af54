"""The commands of docs/nixpkgs.md do what it says, and print what it shows."""

from pathlib import Path

import pytest

from tests.support.documents import code_blocks, console_commands, run_commands
from tests.support.evaluation import value_of
from tests.support.nix import Nix
from tests.support.project import ROOT

DOCUMENT = (ROOT / "docs" / "nixpkgs.md").read_text(encoding="utf-8")
COMMANDS = [console_commands(block) for block in code_blocks(DOCUMENT, "console")]

pytestmark = [pytest.mark.nix, pytest.mark.index]


def here(commands: list[str]) -> list[str]:
    """Return commands for this checkout, which another folder is the current one for."""
    return [
        line.replace(" .#", f" {ROOT}#").replace("--url .", f"--url {ROOT}") for line in commands
    ]


@pytest.fixture
def programs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("programs")


def test_an_expression_is_the_one_that_the_document_shows(
    nix: Nix, tmp_path: Path, programs: Path
) -> None:
    shown = code_blocks(DOCUMENT, "nix")[0]
    command = COMMANDS[0][0].replace("libagent", "h2==4.3.0")
    assert run_commands(nix, here([command]), tmp_path, programs) == shown


def test_expressions_are_printed_and_written(nix: Nix, tmp_path: Path, programs: Path) -> None:
    printed = run_commands(nix, here([*COMMANDS[0], *COMMANDS[1]]), tmp_path, programs)
    assert 'pname = "libagent";' in printed
    source = 'src = fetchFromGitHub {\n    owner = "encode";\n    repo = "httpx";'
    assert source in printed
    # The extra that is asked for is there, and the stand-in for nixpkgs lacks those of others.
    written = (tmp_path / "default.nix").read_text("utf-8")
    assert "    certifi\n    h2\n    httpcore\n" in written
    assert "    # socks: the package set lacks socksio.\n" in written
    application = (tmp_path / "package.nix").read_text("utf-8")
    assert "python3Packages.buildPythonApplication (finalAttrs: {" in application
    assert 'mainProgram = "pip-compile"' not in application


def test_what_the_package_set_lacks_becomes_an_extension(
    nix: Nix, tmp_path: Path, programs: Path
) -> None:
    run_commands(nix, here(COMMANDS[2]), tmp_path, programs)
    names = value_of(
        "builtins.attrNames (import ./packages { callPackage = f: a: f; } { })", tmp_path
    )
    assert {"h2", "hpack", "hyperframe"} <= {*names}
    assert {path.name for path in (tmp_path / "packages").iterdir()} == {*names, "default.nix"}


def test_a_flake_of_a_package_runs_its_program(nix: Nix, tmp_path: Path, programs: Path) -> None:
    printed = run_commands(nix, here(COMMANDS[3]), tmp_path, programs)
    assert "| hi |" in printed
    described = nix.evaluate(".#default.meta.description", cwd=tmp_path / "my-cowsay")
    assert described == "Famous cowsay for GNU/Linux is now available for python"


def test_every_command_of_the_document_is_run_here() -> None:
    assert len(COMMANDS) == 4

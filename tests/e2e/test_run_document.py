"""Every command of docs/run.md runs, in its order, as its reader would run it."""

import shlex
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.support.documents import code_blocks, console_commands, run_commands
from tests.support.nix import Nix, write_user_flake
from tests.support.project import ROOT

DOCUMENT = (ROOT / "docs" / "run.md").read_text(encoding="utf-8")
COMMANDS = [
    command for block in code_blocks(DOCUMENT, "console") for command in console_commands(block)
]

pytestmark = [pytest.mark.nix, pytest.mark.index]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the document's script, as it is after its commands."""
    made = tmp_path_factory.mktemp("run")
    [script] = code_blocks(DOCUMENT, "python")
    (made / "thing.py").write_text(script, encoding="utf-8")
    return made


@pytest.fixture(scope="module")
def printed(nix: Nix, folder: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    """What the commands print."""
    other = tmp_path_factory.mktemp("other")
    shutil.copytree(folder, other, dirs_exist_ok=True)
    variables = {**nix.program_variables(other), "XDG_CACHE_HOME": f"{other}/cache"}
    exports = [f"export {name}={shlex.quote(value)}" for name, value in variables.items()]
    lines = [*exports, *COMMANDS]
    for name in ("lock", "script", "with"):
        # What `nix run` runs, without its evaluation.
        program = nix.build(f".#{name}") / "bin" / name
        lines = [line.replace(f"nix run .#{name} --", str(program)) for line in lines]
    output = run_commands(nix, lines, other, other / "programs")
    for file in ("thing.py", "thing.py.sources.yaml", "sources.yaml"):
        shutil.copy(other / file, folder / file)
    return output


def test_the_commands_do_what_the_document_says(printed: str, folder: Path) -> None:
    for text in ("| hi |", "a    3", "black, ", "one  1", "\nsix\n", "| new |", "| hello |"):
        assert text in printed
    script = (folder / "thing.py").read_text("utf-8")
    assert '"cowsay"' in script
    assert '"six"' not in script
    assert '"cowsay": "' in (folder / "sources.yaml").read_text("utf-8")


def test_the_script_becomes_a_program(nix: Nix, printed: str, folder: Path, tmp_path: Path) -> None:
    assert printed
    first, second = code_blocks(DOCUMENT, "nix")
    user = write_user_flake(
        tmp_path / "flake",
        first.replace("packages.x86_64-linux.thing", "first")
        + second.replace("packages.x86_64-linux.thing", "second"),
    )
    (user / "locks").mkdir()
    for file in ("thing.py", "thing.py.sources.yaml"):
        shutil.copy(folder / file, user / file)
    shutil.copy(folder / "thing.py.sources.yaml", user / "locks" / "thing.yaml")
    for attribute, name in (("first", "thing"), ("second", "other-name")):
        program = nix.build(f"path:.#{attribute}", cwd=user) / "bin" / name
        done = subprocess.run([program, "moo"], capture_output=True, text=True, check=True)
        assert "| moo |" in done.stdout

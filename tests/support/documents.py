"""Read the code blocks and commands of a document, and run these as its reader would.

A test claims the commands of a console block by asking for them with `console_commands` where its
module is imported. tests/e2e/test_documents.py fails for a block that no module claims, and names
the modules that run a page from top to bottom.
"""

import os
import re
import shutil
import subprocess
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Self

from tests.support.nix import Nix
from tests.support.project import ROOT

# Every page: path in the repository → text.
PAGES = {
    path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8")
    for path in [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))]
}
# The console blocks whose commands some test runs: page, and where the block begins in it.
CLAIMED: set[tuple[str, int]] = set()


class Block(str):
    """The text of a code block, and where it stands."""

    places: frozenset[tuple[str, int]]

    def __new__(cls, text: str, places: Iterable[tuple[str, int]]) -> Self:
        block = super().__new__(cls, text)
        block.places = frozenset(places)
        return block


def code_blocks(document: str, language: str) -> list[Block]:
    """Return the code blocks of a Markdown text, a page or a part of one, in a language."""
    found = re.finditer(rf"^```{language}\n(.*?)^```$", document, flags=re.MULTILINE | re.DOTALL)
    starts = {page: text.find(document) for page, text in PAGES.items() if document in text}
    return [
        Block(match[1], [(page, start + match.start()) for page, start in starts.items()])
        for match in found
    ]


def console_commands(block: str) -> list[str]:
    """Return the commands of a console block: its lines that begin with a prompt; claim them."""
    if isinstance(block, Block):
        CLAIMED.update(block.places)
    return [line.removeprefix("$ ") for line in block.splitlines() if line.startswith("$ ")]


def nix_on_path(nix: Nix, programs: Path) -> dict[str, str]:
    """Return environment variables with which the command `nix` is this project's scripts/nix.

    It is a script in the folder `programs`. So are `nix-build` and `nix-shell`.
    """
    programs.mkdir(exist_ok=True)
    for name in ("nix", "nix-build", "nix-shell"):
        script = programs / name
        call = f'WHEELHOUSE_NIX=${{WHEELHOUSE_NIX%/*}}/{name} exec {ROOT}/scripts/nix "$@"'
        script.write_text(f"#!/bin/sh\n{call}\n", encoding="utf-8")
        script.chmod(0o755)
    # Given this path, scripts/nix doesn't search PATH for Nix, where it would find the script.
    executable = nix.executable or shutil.which("nix")
    return {"WHEELHOUSE_NIX": str(executable), "PATH": f"{programs}:/usr/bin:/bin"}


def run_commands(
    nix: Nix, lines: list[str], folder: Path, programs: Path, *, prefix: Sequence[str] = ()
) -> str:
    """Run command lines in bash, and return their output.

    The command `nix` runs this project's scripts/nix, by a script in the folder `programs`. A
    command line in `prefix` may run bash elsewhere.
    """
    result = subprocess.run(
        [*prefix, "bash", "-euo", "pipefail", "-c", "\n".join(lines)],
        cwd=folder,
        env={**os.environ, **nix_on_path(nix, programs)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stdout + result.stderr
    return result.stdout

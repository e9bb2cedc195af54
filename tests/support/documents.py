"""Read the code blocks and commands of a document, and run these as its reader would."""

import os
import re
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

from tests.support.nix import Nix
from tests.support.project import ROOT


def code_blocks(document: str, language: str) -> list[str]:
    """Return the code blocks of a Markdown text that are in a language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", document, flags=re.MULTILINE | re.DOTALL)


def console_commands(block: str) -> list[str]:
    """Return the commands of a console block: its lines that begin with a prompt."""
    return [line.removeprefix("$ ") for line in block.splitlines() if line.startswith("$ ")]


def nix_on_path(nix: Nix, programs: Path) -> dict[str, str]:
    """Return environment variables with which the command `nix` is this project's scripts/nix.

    It is a script in the folder `programs`.
    """
    programs.mkdir(exist_ok=True)
    script = programs / "nix"
    script.write_text(f'#!/bin/sh\nexec {ROOT}/scripts/nix "$@"\n', encoding="utf-8")
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

"""What a document shows: its code blocks, its commands, and these run as a reader would."""

import os
import re
import shutil
import subprocess
from pathlib import Path

from tests.support.project import ROOT


def blocks(document: str, language: str) -> list[str]:
    """The code blocks of a Markdown text in one language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", document, flags=re.MULTILINE | re.DOTALL)


def commands(block: str) -> list[str]:
    """The commands of a console block."""
    return [line.removeprefix("$ ") for line in block.splitlines() if line.startswith("$ ")]


def run(nix, lines: list[str], folder: Path, shims: Path) -> str:
    """Run command lines in bash, `nix` being scripts/nix of this project."""
    shims.mkdir()
    shim = shims / "nix"
    shim.write_text(f'#!/bin/sh\nexec {ROOT}/scripts/nix "$@"\n', encoding="utf-8")
    shim.chmod(0o755)
    chosen = {} if nix.executable is None else {"WHEELHOUSE_NIX": nix.executable}
    # scripts/nix itself must not find the shim.
    found = nix.executable or shutil.which("nix")
    result = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", "\n".join(lines)],
        cwd=folder,
        env={
            **os.environ,
            **chosen,
            "WHEELHOUSE_NIX": str(found),
            "PATH": f"{shims}:/usr/bin:/bin",
        },
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    return result.stdout

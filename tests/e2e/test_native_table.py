"""scripts/native-table: each package passes or fails alone, and the tables say why one fails."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.project import ROOT

pytestmark = [pytest.mark.nix, pytest.mark.index]

PACKAGES = """\
MarkupSafe: {why: "an extension | in C"}
torch: {version: "==1.7.0", why: "has no file for this Python"}
"""
SYSTEM = """\
built:
  psycopg2:
opened:
  python-magic: {unbuilt: "this test has no time"}
"""


def rows(text: str) -> dict[str, list[str]]:
    """Return the cells of the rows of a document's tables by the first cell."""
    return {
        cells[1].strip(): [cell.strip() for cell in cells[2:-1]]
        for line in text.splitlines()
        if len(cells := line.replace(r"\|", "¦").split("|")) > 2
    }


def test_a_package_that_fails_takes_no_other_down(nix, tmp_path: Path) -> None:
    packages = tmp_path / "packages.yaml"
    packages.write_text(PACKAGES, encoding="utf-8")
    table = tmp_path / "table.md"
    done = subprocess.run(
        [ROOT / "scripts" / "native-table", packages, tmp_path, table, "3.11"],
        env={**os.environ, **nix.variables},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    text = table.read_text(encoding="utf-8")
    assert "1 of 2 pass on x86_64-linux." in text
    found = rows(text)
    version, why, result, native, _ = found["MarkupSafe"]
    assert version
    assert (why, result, native) == ("an extension ¦ in C", "pass", "1")
    assert "torch 1.7.0 has no file for x86_64-linux" in found["torch"][2]
    assert '- "markupsafe"' in (tmp_path / "3.11.yaml").read_text(encoding="utf-8")


def test_what_an_error_says_to_paste_is_pasted(nix, tmp_path: Path) -> None:
    (tmp_path / "system.yaml").write_text(SYSTEM, encoding="utf-8")
    table = tmp_path / "table.md"
    table.write_text("The first part.\n", encoding="utf-8")
    # Without what the lock says, Nix gives psycopg2 nothing.
    app = tmp_path / "lock"
    app.write_text(f'#!/bin/sh\nexec {sys.executable} -m lock --no-native "$@"\n')
    app.chmod(0o755)
    script = ROOT / "scripts" / "native_table.py"
    done = subprocess.run(
        [
            sys.executable,
            script,
            "--only=system",
            app,
            tmp_path / "a.yaml",
            tmp_path,
            table,
            "3.11",
        ],
        env={**os.environ, **nix.variables, "PYTHONPATH": os.fspath(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    text = table.read_text(encoding="utf-8")
    assert text.startswith("The first part.\n\n## ")
    assert "0 of 1 pass with nothing done by hand, and 1 more with what the error says" in text
    found = rows(text)
    _, needs, error, pasted, then = found["psycopg2"]
    assert needs == ""
    assert error == "Error: pg_config executable not found."
    assert pasted.startswith("`overrides.psycopg2 = { buildInputs = [ pkgs.libpq ]; ")
    assert then == "pass"
    assert found["python-magic"][2:] == ["not built here: this test has no time", "", ""]

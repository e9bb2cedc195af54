"""scripts/native-table: each package passes or fails alone, and the tables say why one fails."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from scripts.native_table import failure
from tests.support.project import ROOT

pytestmark = [pytest.mark.nix, pytest.mark.index]

PACKAGES = """\
MarkupSafe: {why: "an extension | in C"}
torch: {version: "==1.7.0", why: "has no file for this Python"}
"""
SYSTEM = """\
built:
  psycopg2:
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
    done = native_table(nix, packages, tmp_path, table, "3.11")
    assert done.returncode == 0, done.stderr
    text = table.read_text(encoding="utf-8")
    assert "1 of 2 pass on x86_64-linux." in text
    found = rows(text)
    version, why, result, native, _ = found["MarkupSafe"]
    assert version
    assert (why, result, native) == ("an extension ¦ in C", "pass", "1")
    assert "torch 1.7.0 has no file for x86_64-linux" in found["torch"][2]
    lock = json.loads((tmp_path / "3.11.yaml").read_text(encoding="utf-8"))
    assert lock["groups"]["default"] == ["markupsafe"]


def test_a_package_is_tried_again_with_the_lock_that_is_there(nix, tmp_path: Path) -> None:
    packages, table, lock = (tmp_path / name for name in ("packages.yaml", "t.md", "3.11.yaml"))
    packages.write_text(PACKAGES, encoding="utf-8")
    (tmp_path / "requirements.yaml").write_text('requirements:\n  MarkupSafe: "==3.0.1"\n')
    nix.lock(tmp_path, "--system", "x86_64-linux", "3.11", "requirements.yaml", lock.name)
    before = lock.read_text(encoding="utf-8")
    done = native_table(nix, "--package=markupSafe", packages, tmp_path, table, "3.11")
    assert done.returncode == 0, done.stderr
    text = table.read_text(encoding="utf-8")
    assert "1 of 2 pass on x86_64-linux." in text
    assert rows(text)["MarkupSafe"][0] == "3.0.1"
    assert lock.read_text(encoding="utf-8") == before
    done = native_table(nix, "--package=torch", packages, tmp_path, table, "3.11")
    assert done.returncode == 1
    assert done.stderr.endswith("3.11.yaml has no torch for x86_64-linux\n")
    assert table.read_text(encoding="utf-8") == text


def test_an_option_that_gcc_links_is_told_without_the_link() -> None:
    log = (
        "x> a.c:1:1: error: wrong [8;;https://example.org/x#index-Wformat-Wformat8;;]\n"
        "x> wheelhouse: error: x 1 could not be built\n"
    )
    assert failure(log) == "a.c:1:1: error: wrong [-Wformat]"


def native_table(nix, *arguments: str | Path) -> "subprocess.CompletedProcess[str]":
    """Run the script."""
    return subprocess.run(
        [ROOT / "scripts" / "native-table", "--only=first", *arguments],
        env={**os.environ, **nix.variables},
        capture_output=True,
        text=True,
        check=False,
    )


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

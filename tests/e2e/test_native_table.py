"""scripts/native-table: each package passes or fails alone, and the table says why one fails."""

import os
import subprocess

import pytest

from tests.support.project import ROOT

pytestmark = [pytest.mark.nix, pytest.mark.index]

PACKAGES = """\
MarkupSafe: {why: "an extension | in C"}
psycopg2: {version: "==2.9.10", why: "its build needs libpq"}
sounddevice: {version: "==0.5.1", why: "opens PortAudio, which nothing brings"}
torch: {version: "==1.7.0", why: "has no file for this Python"}
"""


def test_a_package_that_fails_takes_no_other_down(nix, tmp_path):
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
    assert "1 of 4 pass." in text
    rows = {
        cells[1].strip(): [cell.strip() for cell in cells[2:-1]]
        for line in text.splitlines()
        if len(cells := line.replace(r"\|", "¦").split("|")) > 2
    }
    version, why, result, native, _ = rows["MarkupSafe"]
    assert version
    assert (why, result, native) == ("an extension ¦ in C", "pass", "1")
    assert rows["psycopg2"][2] == "Error: pg_config executable not found."
    assert "import sounddevice: OSError: PortAudio library not found" in rows["sounddevice"][2]
    assert "torch 1.7.0 has no file for x86_64-linux" in rows["torch"][2]
    assert 'version: "0.5.1"' in (tmp_path / "3.11.yaml").read_text(encoding="utf-8")

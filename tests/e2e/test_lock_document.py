"""Every command of docs/lock.md runs, one after the other in one folder, with the built app."""

import json
import subprocess

import pytest

from tests.support.documents import code_blocks, console_commands, run_commands
from tests.support.project import ROOT

DOCUMENT = (ROOT / "docs" / "lock.md").read_text(encoding="utf-8")
LINES = [line for block in code_blocks(DOCUMENT, "console") for line in console_commands(block)]

pytestmark = [pytest.mark.nix, pytest.mark.index]


def test_the_commands_of_the_lock_app(nix, tmp_path):
    app = nix.build(".#lock")
    folder = tmp_path / "mine"
    folder.mkdir()
    printed = run_commands(nix, [f"PATH={app}/bin:$PATH", *LINES], folder, tmp_path / "bin")
    assert "default\n├── httpx[http2] " in printed
    assert "default: httpx[http2] " in printed
    assert "  taken    idna-" in printed
    written = {file.name for file in folder.iterdir()}
    assert written >= {
        "kept.yaml",
        "old.yaml",
        "pinned-3.13t.txt",
        "pylock.toml",
        "requirements.txt",
        "requirements.yaml",
        "sbom.cdx.json",
        "sources.yaml",
    }
    versions = [
        json.loads((folder / name).read_text("utf-8"))["closure"]
        for name in ("sources.yaml", "kept.yaml")
    ]
    assert versions[0] == versions[1]


def test_the_app_brings_its_completion(nix):
    app = nix.build(".#lock")
    for path in (
        "bash-completion/completions/lock",
        "fish/vendor_completions.d/lock.fish",
        "zsh/site-functions/_lock",
    ):
        assert "explain" in (app / "share" / path).read_text("utf-8")
    subprocess.run(["bash", "-n", app / "share/bash-completion/completions/lock"], check=True)

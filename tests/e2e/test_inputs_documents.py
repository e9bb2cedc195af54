"""The commands of the pages about pyproject.toml and requirements.txt run, with the built app."""

import pytest

from tests.support.documents import code_blocks, console_commands, run_commands
from tests.support.project import ROOT

COMMANDS = {
    name: [
        line
        for block in code_blocks((ROOT / "docs" / name).read_text("utf-8"), "console")
        for line in console_commands(block)
    ]
    for name in ("pyproject.md", "requirements-txt.md")
}

pytestmark = [pytest.mark.nix, pytest.mark.index]


def test_the_commands_of_pages_about_inputs(nix, tmp_path):
    (tmp_path / "requirements").mkdir()
    for name in ("requirements.txt", "requirements/production.in"):
        (tmp_path / name).write_text("idna==3.10\n", encoding="utf-8")
    (tmp_path / "pyproject.toml").write_text(
        '[project]\nname = "mine"\nversion = "1"\ndependencies = ["idna==3.10"]\n', encoding="utf-8"
    )
    path = f"PATH={nix.build('.#lock')}/bin:$PATH"
    for name, lines in COMMANDS.items():
        for line in lines:
            run_commands(nix, [path, line], tmp_path, tmp_path / "bin")
            lock = tmp_path / "sources.yaml"
            assert '  "idna": "3.10"' in lock.read_text(encoding="utf-8"), (name, line)
            lock.unlink()

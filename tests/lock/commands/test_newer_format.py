"""A lock of a newer format is refused by every command, and stays as it is."""

import json

import pytest

from lock.commands.main import main
from tests.support.project import ROOT

LOCK = (ROOT / "examples" / "django" / "sources.yaml").read_text(encoding="utf-8")
NEWER = LOCK.replace('{"wheelhouse": 2,\n', '{"wheelhouse": 3,\n', 1)
REQUIREMENTS = "python: '3.11'\nrequirements: {django: '>3.2', attrs: '*'}\n"
MESSAGE = (
    "sources.yaml: the lock has format 3, but this version of wheelhouse reads formats 1 to 2 and "
    "writes format 2; update wheelhouse, or remove the file and lock again"
)


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """A folder with requirements and a lock of a newer format."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "requirements.yaml").write_text(REQUIREMENTS, encoding="utf-8")
    (tmp_path / "sources.yaml").write_text(NEWER, encoding="utf-8")
    (tmp_path / "older.yaml").write_text(LOCK, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["--upgrade"],
        ["--check"],
        ["--diff"],
        ["--verify"],
        ["--format", "pylock", "requirements.yaml", "sources.yaml"],
        ["add", "idna"],
        ["remove", "attrs"],
        ["tree"],
        ["why", "django"],
        ["explain", "django"],
        ["outdated"],
        ["verify"],
        ["fetch"],
        ["export"],
        ["export", "older.yaml", "--output", "sources.yaml"],
    ],
    ids=" ".join,
)
def test_a_newer_format_is_refused(folder, capsys, arguments):
    assert main(arguments) == 2
    assert capsys.readouterr().err.strip() == MESSAGE
    assert (folder / "sources.yaml").read_text(encoding="utf-8") == NEWER
    assert (folder / "requirements.yaml").read_text(encoding="utf-8") == REQUIREMENTS


def test_machines_are_told_as_well(capsys):
    assert main(["tree", "--json"]) == 2
    assert json.loads(capsys.readouterr().out) == {"error": MESSAGE}


@pytest.mark.parametrize(
    "text",
    [
        "# kept by hand\nwheelhouse: 17\n",
        '{"wheelhouse": 17, a style of its own}',
        '<<<<<<< HEAD\n{"wheelhouse": 17,\n',
    ],
)
@pytest.mark.parametrize("arguments", [[], ["--check"]], ids=["lock", "check"])
def test_any_first_line_that_names_a_number_counts(folder, capsys, text, arguments):
    (folder / "sources.yaml").write_text(text, encoding="utf-8")
    assert main(arguments) == 2
    assert "the lock has format 17" in capsys.readouterr().err

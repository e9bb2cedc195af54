"""Real projects' files: our lock has what the file's own tool installs, group by group."""

import subprocess
from pathlib import Path

import pytest

from tests.support import differences, real_files
from tests.support import other_tools_document as document
from tests.support.documents import code_blocks, console_commands
from tests.support.project import ROOT
from tests.support.real_files import Case
from tests.support.reference_tools import Tools

CASES = real_files.cases()
[[COMMAND]] = map(
    console_commands, code_blocks(document.FILE.read_text(encoding="utf-8"), "console")
)


@pytest.fixture(scope="module")
def tools(uv: str, tmp_path_factory: pytest.TempPathFactory) -> Tools:
    """The tools, with caches that all cases share."""
    return Tools.with_caches(uv, tmp_path_factory.mktemp("scratch"))


@pytest.mark.index
@pytest.mark.parametrize(
    "case",
    [
        pytest.param(case, id=str(case), marks=[pytest.mark.large] if case.large else [])
        for case in CASES
    ],
)
def test_a_real_file_is_locked_as_its_tool_installs_it(case: Case, tmp_path: Path, tools: Tools):
    result = differences.compare(case, tmp_path / "project", tools)
    told = differences.explain(case, result.differences)
    assert not told, told
    assert document.row(result) in document.FILE.read_text(encoding="utf-8").splitlines()


def test_the_document_has_each_file_and_each_difference():
    text = document.FILE.read_text(encoding="utf-8")
    assert text == document.render(CASES, document.rows_of(text, CASES))
    assert len(document.rows_of(text, CASES)) == len(CASES)


def test_each_expected_difference_has_a_reason():
    assert all(why.strip() for case in CASES for why in case.differences.values())


@pytest.mark.nix
def test_the_command_of_the_document_says_which_files_it_knows():
    done = subprocess.run(
        [ROOT / COMMAND, "no-such-project"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert "no-such-project is part of no case; known are " in done.stderr
    assert str(CASES[0]) in done.stderr

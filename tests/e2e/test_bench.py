"""Run scripts/bench on tiny sets, to see that each measurement works; numbers aren't checked."""

import json
import re
import subprocess

import pytest

from tests.support.documents import code_blocks, console_commands
from tests.support.project import ROOT

pytestmark = [pytest.mark.nix, pytest.mark.index]


DOCUMENT = (ROOT / "docs" / "performance.md").read_text(encoding="utf-8")
[[COMMAND]] = map(console_commands, code_blocks(DOCUMENT, "console"))


def measured(*parts: str) -> list[str]:
    """Return the rows that a quick run prints."""
    done = subprocess.run(
        [ROOT / COMMAND, "--quick", *parts],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    header, *rows = done.stdout.splitlines()
    assert header == "what | wheelhouse | against | theirs | ratio | goal | met"
    return rows


def test_locks_and_generated_wheels_are_measured():
    rows = measured("lock", "growth")
    for what, unit in (
        ("lock, small, warm", "s"),
        ("lock, small: peak memory", "MB"),
        ("evaluation, 20 packages", "s"),
        ("build, 20 packages", "s"),
    ):
        assert any(re.match(rf"{what} \| [\d.]+ {unit} \| ", row) for row in rows), rows


@pytest.mark.interpreter("3.12")
def test_builds_are_measured():
    rows = measured("build")
    assert [row.split(" | ")[2] for row in rows] == [
        "`uv pip install`",
        "Nix, as many empty derivations",
        "Nix, the same files, copied",
    ]


@pytest.mark.interpreter("3.12")
def test_a_project_s_edit_and_shell_are_measured():
    rows = measured("project")
    assert [row.split(" | ")[0] for row in rows] == [
        "edit of a project to its application, small",
        "entering an editable shell again, small",
    ]


def test_programs_without_files_are_measured():
    rows = [row.split(" | ")[:3] for row in measured("run")]
    assert [[what, against] for what, _value, against in rows] == [
        ["`with cowsay` again", "the program itself"],
        ["`with cowsay` again", "`uvx`"],
        ["`nix run .#with -- cowsay` again", "the program itself"],
        ["`script thing.py` again", "the program itself"],
        ["`script thing.py` again", "`uv run --script`"],
        ["`with cowsay` at first", "`uvx`, an empty cache"],
    ]


@pytest.mark.interpreter("3.12")
def test_caches_are_measured():
    rows = [row.split(" | ") for row in measured("caches")]
    assert [re.sub(r"\(\d+ ", "(N ", row[0]) for row in rows] == [
        "planning, nothing in a cache, small (N questions)",
        "all in a cache, small",
        "one package changed, the others in a cache, small",
        "built for that",
    ]
    assert rows[-1][1:4] == ["2.00 derivations", "", "python3.12-sqlparse-0.6.1, small"]


def test_fetching_is_measured():
    rows = measured("fetch")
    assert [row.split(" | ")[0] for row in rows] == [
        "`lock fetch`, small",
        "`lock fetch`, small: CPU",
        "`lock fetch`, small: peak memory",
    ]


@pytest.mark.interpreter("3.11")
def test_growth_is_drawn_by_an_environment_of_our_own(nix, tmp_path):
    python = nix.build(".#science") / "bin" / "python"
    points = tmp_path / "points.json"
    measured = {"evaluation": 0.1, "build": 5.0, "composition": 0.2}
    points.write_text(json.dumps([{"packages": count, **measured} for count in (200, 500)]))
    pictures = [tmp_path / "one.svg", tmp_path / "two.svg"]
    for picture in pictures:
        command = [python, ROOT / "bench" / "picture.py", points, picture]
        subprocess.run(command, env={"HOME": str(tmp_path)}, check=True)
    assert pictures[0].read_bytes() == pictures[1].read_bytes()
    assert b"composition" in pictures[0].read_bytes()


def test_what_can_t_be_measured_is_told():
    done = subprocess.run(
        [ROOT / "scripts" / "bench", "speed"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert "speed: what there is: lock, evaluation, build" in done.stderr


@pytest.mark.interpreter("3.12")
def test_reports_are_measured():
    assert [row.split(" | ")[0] for row in measured("report")] == [
        "report, small",
        "report opened, small",
        "slowest part shown, small",
    ]

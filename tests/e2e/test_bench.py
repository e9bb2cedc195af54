"""A smoke run of scripts/bench: each measure works on something tiny; its numbers aren't judged."""

import re
import subprocess

import pytest
from documents import ROOT

pytestmark = [pytest.mark.nix, pytest.mark.index]


def measured(*parts: str) -> list[str]:
    """The rows that a quick run prints."""
    done = subprocess.run(
        [ROOT / "scripts" / "bench", "--quick", *parts],
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
    ]


def test_what_can_t_be_measured_is_told():
    done = subprocess.run(
        [ROOT / "scripts" / "bench", "speed"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert "speed: what there is: lock, evaluation, build" in done.stderr

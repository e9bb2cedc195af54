"""A smoke run of scripts/bench: each measure works on something tiny; its numbers aren't judged."""

import re
import subprocess

import pytest
from documents import ROOT

pytestmark = [pytest.mark.nix, pytest.mark.index]


def test_a_measure_prints_its_comparisons():
    done = subprocess.run(
        [ROOT / "scripts" / "bench", "--quick", "lock", "build", "growth"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    header, *rows = done.stdout.splitlines()
    assert header == "what | wheelhouse | against | theirs | ratio | goal | met"
    for what, unit in (
        ("lock, small, warm", "s"),
        ("lock, small: peak memory", "MB"),
        (r"build, small \(\d packages\)", "s"),
        ("evaluation, 20 packages", "s"),
    ):
        assert any(re.match(rf"{what} \| [\d.]+ {unit} \| ", row) for row in rows), done.stdout


def test_what_can_t_be_measured_is_told():
    done = subprocess.run(
        [ROOT / "scripts" / "bench", "speed"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert "speed: what there is: lock, evaluation, build" in done.stderr

"""A reader who does what the tutorial and the how-tos say sees what they show."""

import os
import shutil
from pathlib import Path

import pytest

from tests.support.guides import reader
from tests.support.project import ROOT

DOCS = ROOT / "docs"

pytestmark = [pytest.mark.nix, pytest.mark.index]


def text(name: str) -> str:
    return (DOCS / name).read_text(encoding="utf-8")


def test_the_tutorial(nix, tmp_path):
    profiles = tmp_path / "profiles"
    profiles.mkdir()
    of_test = {"/nix/var/nix/profiles": str(profiles)}
    reader(nix, tmp_path, of_test).follow(text("tutorial.md"))


@pytest.mark.parametrize("name", ["c-library", "ci", "container", "editor", "jupyter", "patch"])
def test_a_how_to(nix, tmp_path, name):
    guest = reader(nix, tmp_path)
    if name == "editor":
        tools = nix.build(".#tools")
        guest.programs.mkdir()
        (guest.programs / "mypy").symlink_to(tools / "bin" / "mypy")
    guest.follow(text(f"howto/{name}.md"))

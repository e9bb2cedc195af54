"""A reader who does what the tutorial and the how-tos say sees what they show."""

from tests.support.guides import reader
from tests.support.project import ROOT
import pytest

pytestmark = [pytest.mark.nix, pytest.mark.index]

def test_the_tutorial(nix, tmp_path):
    profiles = tmp_path / "profiles"
    profiles.mkdir()
    of_test = {"/nix/var/nix/profiles": str(profiles)}
    reader(nix, tmp_path, of_test).follow((ROOT / "docs" / "tutorial.md").read_text(encoding="utf-8"))

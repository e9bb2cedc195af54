"""Real packages that bring different files to the same place."""

import pytest

from tests.support.nix import environment

pytestmark = [pytest.mark.nix, pytest.mark.index]

ENVIRONMENT = f"env = {environment('colliding')};"


def test_texts_at_the_root_of_the_environment_are_no_collision(nix, user_flake):
    requirements = 'pytest-datadir: "==1.3.1"\nvose-alias-method: "==1.1.1"\n'
    folder = user_flake(ENVIRONMENT, requirements=requirements)
    nix.lock(folder, "--system", "x86_64-linux", "3.11")
    # Both install a LICENSE there; the first by name wins.
    text = (nix.build("path:.#env", cwd=folder) / "LICENSE").read_text()
    package = nix.build("path:.#env.packages.pytest-datadir", cwd=folder)
    assert text == (package / "wheelhouse" / "data" / "LICENSE").read_text()
    nix.build("path:.#env.tests.imports", cwd=folder)

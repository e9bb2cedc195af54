"""The expressions as Nix reads them, with packages that record what they are called with."""

from pathlib import Path
from typing import Any

import pytest

from init.nixpkgs.distribution import Distribution
from init.nixpkgs.expression import Style, expression
from tests.init.nixpkgs.distributions import EVERY, MANY
from tests.support.evaluation import value_of

SET = Path(__file__).with_name("package_set.nix")
VIEW = "one: { inherit (one) kind pname src meta; needs = map (d: d.pname or d) one.dependencies; }"


def evaluated(folder: Path, distribution: Distribution, style: Style) -> Any:
    (folder / "default.nix").write_text(expression(distribution, style), encoding="utf-8")
    scope = "pkgs" if style.application else "pkgs.python3.pkgs"
    return value_of(
        f"let pkgs = import {SET} {{ }}; in ({VIEW}) ({scope}.callPackage ./default.nix {{ }})",
        folder,
    )


@pytest.mark.parametrize("name", EVERY)
@pytest.mark.parametrize("application", [False, True])
def test_nix_evaluates_an_expression(tmp_path: Path, name: str, application: bool) -> None:
    distribution = EVERY[name]
    found = evaluated(tmp_path, distribution, Style(application=application))
    assert found["pname"] == "demo"
    assert found["kind"] == ("application" if application else "package")
    assert found["meta"]["license"] == "MIT"


@pytest.mark.parametrize("application", [False, True])
def test_nix_sees_the_dependencies_of_its_platform(tmp_path: Path, application: bool) -> None:
    found = evaluated(tmp_path, MANY, Style(application=application))
    assert found["needs"] == ["click", "httpx", "pygobject3", "httpx with http2"]

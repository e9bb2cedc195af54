"""Run the tests with real Nix: the installed one and, if scripts/test names it, the newest one."""

import json
import os
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from tests.support.nix import Nix, write_user_flake

NIXES = {"at hand": os.environ.get("WHEELHOUSE_NIX")}
if "WHEELHOUSE_NEWEST_NIX" in os.environ:
    NIXES["newest"] = os.environ["WHEELHOUSE_NEWEST_NIX"]


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Deselect tests of interpreters that aren't at hand, and what one Nix is enough for."""
    _deselect(config, items, _second_runs(config, items))
    versions = {item: mark.args[0] for item in items for mark in item.iter_markers("interpreter")}
    if not versions:
        return
    expression = "(import ./. { pkgs = import <nixpkgs> { }; }).toolchain.pythonVersions"
    available = json.loads(
        Nix(NIXES["at hand"]).output("eval", "--impure", "--json", "--expr", expression)
    )
    missing = {item for item, version in versions.items() if version not in available}
    _deselect(config, items, missing)


def _second_runs(config: pytest.Config, items: list[pytest.Item]) -> set[pytest.Item]:
    """Return the tests with the Nix at hand that the newest one runs, too, where that's enough."""
    if config.getoption("--large") or "newest" not in NIXES:
        return set()
    return {
        item
        for item in items
        if item.get_closest_marker("one_nix") and item.callspec.params.get("nix") == "at hand"  # type: ignore[attr-defined]
    }


def _deselect(config: pytest.Config, items: list[pytest.Item], left_out: set[pytest.Item]) -> None:
    config.hook.pytest_deselected(items=[item for item in items if item in left_out])
    items[:] = [item for item in items if item not in left_out]


@pytest.fixture(scope="session", params=list(NIXES))
def nix(request: pytest.FixtureRequest) -> Nix:
    """Each of the versions of Nix."""
    return Nix(NIXES[request.param])


@pytest.fixture
def user_flake(tmp_path: Path) -> Callable[..., Path]:
    """A function that writes a user's flake: `user_flake(packages, **files)`."""
    return partial(write_user_flake, tmp_path / "flake")

"""Real Nix, through scripts/nix: the one at hand and, where scripts/test names it, the newest."""

import json
import os
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.support.project import ROOT

NIXES = {"at hand": os.environ.get("WHEELHOUSE_NIX")}
if "WHEELHOUSE_NEWEST_NIX" in os.environ:
    NIXES["newest"] = os.environ["WHEELHOUSE_NEWEST_NIX"]

SYSTEM = "x86_64-linux"
USER_FLAKE = """{
  inputs.wheelhouse.url = "github:OWNER/wheelhouse";
  inputs.nixpkgs.follows = "wheelhouse/nixpkgs";
  outputs = { nixpkgs, wheelhouse, ... }:
    let
      pkgs = nixpkgs.legacyPackages.x86_64-linux;
      library = wheelhouse.lib.mkLib pkgs;
      inherit (library) makePythonPypiEnvironment;
    in {
      packages.x86_64-linux = {
        %s
      };
    };
}
"""


@dataclass(frozen=True)
class Nix:
    """scripts/nix with one version of Nix."""

    executable: str | None

    @property
    def version(self) -> tuple[int, ...]:
        """The first two components of the version."""
        return tuple(map(int, self.output("--version").rpartition(" ")[2].split(".")[:2]))

    def run(
        self,
        *arguments: str | Path,
        cwd: Path = ROOT,
        environment: Mapping[str, str] | None = None,
    ) -> subprocess.CompletedProcess[str]:
        """What scripts/nix did with these arguments; it may have failed."""
        chosen = {} if self.executable is None else {"WHEELHOUSE_NIX": self.executable}
        return subprocess.run(
            [ROOT / "scripts" / "nix", *arguments],
            cwd=cwd,
            env={**os.environ, **chosen, **(environment or {})},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )

    def output(self, *arguments: str | Path, cwd: Path = ROOT) -> str:
        """What scripts/nix printed; a failure fails the test with Nix' own message."""
        result = self.run(*arguments, cwd=cwd)
        assert result.returncode == 0, result.stderr
        return result.stdout.strip()

    def build(self, installable: str, *arguments: str, cwd: Path = ROOT) -> Path:
        """The store path of a flake's output, built."""
        printed = self.output("build", "--no-link", "--json", *arguments, installable, cwd=cwd)
        return Path(json.loads(printed)[0]["outputs"]["out"])

    def evaluate(self, installable: str, *arguments: str, cwd: Path = ROOT) -> Any:
        """The value of a flake's output."""
        return json.loads(self.output("eval", "--json", *arguments, installable, cwd=cwd))


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what needs an interpreter that this machine, and so the stand-in, doesn't have."""
    wanted = {item: mark.args[0] for item in items for mark in item.iter_markers("interpreter")}
    if not wanted:
        return
    expression = "(import ./. { pkgs = import <nixpkgs> { }; }).toolchain.pythonVersions"
    found = json.loads(
        Nix(NIXES["at hand"]).output("eval", "--impure", "--json", "--expr", expression)
    )
    missing = [item for item, version in wanted.items() if version not in found]
    config.hook.pytest_deselected(items=missing)
    items[:] = [item for item in items if item not in set(missing)]


@pytest.fixture(scope="session", params=list(NIXES))
def nix(request: pytest.FixtureRequest) -> Nix:
    return Nix(NIXES[request.param])


@pytest.fixture
def user_flake(tmp_path: Path) -> Iterator[Any]:
    """A user's flake with some packages, and files beside it: `user_flake(packages, **files)`."""

    def make(packages: str, **files: str | Path) -> Path:
        folder = tmp_path / "flake"
        folder.mkdir(exist_ok=True)
        (folder / "flake.nix").write_text(USER_FLAKE % packages, encoding="utf-8")
        for name, content in files.items():
            file = folder / f"{name}.yaml"
            if isinstance(content, Path):
                file.write_bytes(content.read_bytes())
            else:
                file.write_text(content, encoding="utf-8")
        return folder

    yield make

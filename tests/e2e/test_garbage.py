"""What garbage collection keeps and removes, in a store of the test's own."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.support.documents import code_blocks, console_commands, run_commands
from tests.support.index_server import Index, serve
from tests.support.lock_app import lock_from
from tests.support.nix import Nix, environment, write_user_flake
from tests.support.project import ROOT
from tests.support.second_machine import Machine, new_machine
from tests.support.wheels import Wheel

pytestmark = pytest.mark.nix

DOCUMENT = (ROOT / "docs" / "deployment.md").read_text(encoding="utf-8")
RESULT, REBUILD, SHELL = map(
    console_commands, code_blocks(DOCUMENT.partition("\n## Garbage\n")[2], "console")
)
BETA = environment("example")
PACKAGES = f"env = {BETA}; shell = library.makeShell {{ environment = {BETA}; }};"
# What no test here removes for good: it is copied, and not built.
TOOLS = """
  let library = import ./. { pkgs = import <nixpkgs> { }; }; in {
    inherit (library) builder;
    inherit (library.toolchain) patchelf bash coreutils;
    python = library.toolchain.interpreter "3.11";
  }
"""


@dataclass(frozen=True)
class User:
    """Somebody at a machine, in the folder of a flake."""

    nix: Nix
    machine: Machine
    folder: Path

    def run(self, lines: Sequence[str], *, network: bool = True) -> str:
        """Run command lines, and return their output."""
        return run_commands(
            self.nix,
            [line.replace(" .#", " path:.#").replace("django", "beta") for line in lines],
            self.folder,
            self.folder.parent / "bin",
            prefix=self.machine.command(network=network),
        )

    def closure(self, path: str) -> set[str]:
        """Return all that a path of the store needs."""
        return set(self.run([f"nix-store --query --requisites {path}"]).split())

    def stored(self, *ends: str) -> list[str]:
        """Return what the store has with a name that ends so."""
        return sorted(path for path in self.machine.store() if path.endswith(ends))


@pytest.fixture(scope="session")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machine]:
    """A machine with a store of its own."""
    with new_machine(tmp_path_factory.mktemp("garbage") / "machine") as made:
        yield made


@pytest.fixture(scope="session")
def flake(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A user's flake of a package that an index on this machine has."""
    folder = write_user_flake(tmp_path_factory.mktemp("flake"), PACKAGES)
    served: dict[str, Index] = {}
    with serve(served) as address:
        index = served["index"] = Index(f"{address}/index")
        index.responding.set()
        index.valid_wheel(Wheel("beta", "1.0", {"beta.py": ""}))
        lock_from(index.simple, folder, "beta:\n")
        yield folder


@pytest.fixture
def user(nix: Nix, machine: Machine, flake: Path) -> User:
    """A user whose store has an interpreter, and what builds run."""
    names = ["builder", "patchelf", "bash", "coreutils", "python"]
    built = nix.output("build", "--no-link", "--json", "--impure", "--expr", TOOLS, *names)
    paths = {item["outputs"]["out"] for item in json.loads(built)}
    if not paths <= machine.store():
        machine.receive(paths)
    return User(nix, machine, flake)


def test_with_the_outputs_kept_a_rebuild_needs_no_network(user: User) -> None:
    user.run(RESULT[:1])
    user.run(["nix store add-path flake.nix --name litter", *REBUILD], network=False)
    assert user.stored("-litter") == []
    assert user.stored("-beta-1.0-py3-none-any.whl", "-wheelhouse-builder")


def test_a_profile_keeps_a_shell(user: User) -> None:
    user.run([line.replace("--profile", "path:.#shell --profile") for line in SHELL])
    for link in user.folder.glob(".shell*"):
        link.unlink()


def test_what_the_result_needs_stays_and_nothing_else(user: User) -> None:
    user.run(RESULT)
    needed = user.closure("result")
    how = user.closure("$(nix-store --query --deriver result)")
    assert needed <= user.machine.store() <= needed | how
    assert user.stored(".whl", "-wheelhouse-builder") == []
    user.run(["nix store gc --option keep-derivations false", RESULT[2]])
    assert user.machine.store() == needed
    (user.folder / "result").unlink()
    user.run(["nix store gc"])
    assert user.machine.store() == set()

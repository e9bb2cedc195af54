"""A second machine builds over ssh, which has no network: files are sent to it."""

import re
import subprocess
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.backends import backend
from tests.support.documents import code_blocks, console_commands, run_commands
from tests.support.index_server import IN_TREE, Index, serve
from tests.support.lock_app import lock_from
from tests.support.nix import Nix, environment, write_user_flake
from tests.support.project import ROOT
from tests.support.second_machine import Machine, new_machine
from tests.support.ssh_server import reachable
from tests.support.wheels import Wheel

pytestmark = pytest.mark.nix

DOCUMENT = (ROOT / "docs" / "deployment.md").read_text(encoding="utf-8")
COMMANDS = [
    console_commands(block)
    for block in code_blocks(
        DOCUMENT.partition("## Build on other machines\n")[2].partition("\n## ")[0], "console"
    )
]
# Its interpreter is this system's, whatever the library takes it for.
ARM = """
  (import "${wheelhouse}/lib" (library.toolchain // { system = "aarch64-linux"; }))
"""
PACKAGES = f"""
  env = {environment("far")};
  changed = {environment("far-changed", 'overrides.alpha.env.PROBE = "1";')};
}}; packages.aarch64-linux = {{
  env = {ARM}.{environment("far-arm")};
"""


@pytest.fixture(scope="session")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machine]:
    """A second machine, which is sent a compiler only once."""
    with new_machine(tmp_path_factory.mktemp("builder") / "machine") as made:
        yield made


@pytest.fixture(scope="module")
def builder(
    nix: Nix, machine: Machine, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Machine, str]]:
    """The machine, which has no network, and NIX_SSHOPTS for `ssh-ng://builder`."""
    folder = tmp_path_factory.mktemp("ssh") / "server"
    with reachable(machine, nix, folder, "builder", "arm") as options:
        yield machine, options


@pytest.fixture(scope="module")
def files(nix: Nix) -> Iterator[Index]:  # noqa: ARG001
    """An index of files that no store has yet: a source distribution and a wheel."""
    served: dict[str, Index] = {}
    with serve(served) as address:
        index = served["files"] = Index(f"{address}/files")
        index.responding.set()
        code = f"WHICH = {str(uuid.uuid4())!r}\n"
        maker = backend("alpha", "open('alpha.py').read()")
        index.sdist("alpha", "1.0", IN_TREE, files={"backend.py": maker, "alpha.py": code})
        index.valid_wheel(Wheel("beta", "1.0", {"beta.py": code}))
        yield index


@pytest.fixture(scope="module")
def flake(files: Index, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A user's flake of both packages, locked."""
    folder = write_user_flake(tmp_path_factory.mktemp("flake"), PACKAGES)
    lock_from(files.simple, folder, "alpha:\nbeta:\n")
    files.sent.clear()
    return folder


def run(nix: Nix, lines: list[str], folder: Path, programs: Path, options: str) -> str:
    """Run command lines with a builder that ssh knows by these options; return all they print."""
    wrapped = ["exec 2>&1", f"export NIX_SSHOPTS='{options}'", *lines]
    return run_commands(nix, wrapped, folder, programs)


def commands(block: int) -> list[str]:
    """Return the commands of a block of the document, about a flake that git doesn't have."""
    return [line.replace(" .#", " path:.#") for line in COMMANDS[block]]


def built(printed: str, *, here: bool) -> set[str]:
    """Return the names of the derivations that were built on this machine, or on another.

    What another one builds is announced a second time, by its own Nix.
    """
    started = re.findall(
        r"^building '/nix/store/\w+-(.*)\.drv'(?:\.\.\.| on '(ssh-ng)://)", printed, re.MULTILINE
    )
    away = {name for name, protocol in started if protocol}
    return {name for name, _ in started} - away if here else away


def test_builds_and_checks_go_to_a_builder_that_gets_the_files_from_here(
    nix: Nix, builder: tuple[Machine, str], flake: Path, files: Index, tmp_path: Path
) -> None:
    machine, options = builder
    printed = run(nix, [*commands(0), *commands(1)], flake, tmp_path / "bin", options)
    assert built(printed, here=False) >= {"python3.11-alpha-1.0-wheel", "far-imports"}
    downloads = {
        path: content for path, content in files.files.items() if path[-3:] in {"whl", ".gz"}
    }
    assert built(printed, here=True) >= {
        "python3.11-alpha-1.0",
        "python3.11-beta-1.0",
        "far",
        *(path.rpartition("/")[2] for path in downloads),
    }
    assert {path: files.sent.get(path) for path in downloads} == {
        path: len(data) for path, data in downloads.items()
    }
    assert str((flake / "result").readlink()) in machine.store()


def test_a_build_for_another_system_goes_to_a_machine_of_that_system(
    nix: Nix, builder: tuple[Machine, str], flake: Path, tmp_path: Path
) -> None:
    # Where an emulator is registered, this machine would build for that system itself.
    lines = ["export NIX_CONFIG='extra-platforms ='", *commands(3)]
    printed = run(nix, lines, flake, tmp_path / "bin", builder[1])
    names = {"python3.11-alpha-1.0", "python3.11-beta-1.0", "far-arm"}
    assert built(printed, here=False) >= names
    assert not built(printed, here=True) & names


def test_without_a_slot_for_builds_this_machine_builds_nothing(
    nix: Nix, builder: tuple[Machine, str], flake: Path, tmp_path: Path
) -> None:
    # The files are in the store before, as the document wants it.
    run(nix, commands(0), flake, tmp_path / "bin", builder[1])
    lines = [line.replace("#env", "#changed") for line in commands(2)]
    printed = run(nix, lines, flake, tmp_path / "bin", builder[1])
    names = {"python3.11-alpha-1.0-wheel", "python3.11-alpha-1.0", "far-changed"}
    assert built(printed, here=False) >= names
    assert built(printed, here=True) == set()


@pytest.fixture
def user_machine(nix: Nix, tmp_path: Path) -> Iterator[Machine]:
    """A machine that has what science is made of, and nothing that is made of it."""
    derivation = nix.output("eval", "--raw", ".#science.tests.imports.drvPath")
    needed = subprocess.run(
        ["nix-store", "--query", "--requisites", derivation],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    made = re.compile(r"-(python3\.11-.*|science-example.*)\.drv$")
    inputs = [path for path in needed if path.endswith(".drv") and not made.search(path)]
    # What other files were made of may be gone, and isn't needed again.
    wheels = [path for path in inputs if path.endswith(".whl.drv")]
    subprocess.run(["nix-store", "--realise", *wheels], check=True, capture_output=True)
    outputs = subprocess.run(
        ["nix-store", "--query", "--outputs", *inputs], capture_output=True, text=True, check=True
    ).stdout.split()
    with new_machine(tmp_path / "user") as machine:
        machine.receive(path for path in outputs if Path(path).exists())
        yield machine


@pytest.mark.index
@pytest.mark.large
def test_a_larger_environment_is_built_and_checked_elsewhere(
    nix: Nix, builder: tuple[Machine, str], user_machine: Machine, tmp_path: Path
) -> None:
    packages = nix.evaluate(".#science.packages", "--apply", "builtins.attrNames")
    printed = run_commands(
        nix,
        [
            "exec 2>&1",
            f"export NIX_SSHOPTS='{builder[1]}'",
            "nix build --no-link --max-jobs 0 --builders 'ssh-ng://builder x86_64-linux - 4' "
            ".#science .#science.tests.imports",
        ],
        ROOT,
        tmp_path / "bin",
        prefix=user_machine.command(),
    )
    away = built(printed, here=False)
    assert {"science-example", "science-example-imports"} <= away
    assert len([name for name in away if name.startswith("python3.11-")]) == len(packages)
    assert built(printed, here=True) == set()

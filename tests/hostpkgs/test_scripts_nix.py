"""scripts/nix: what it hands to Nix. A program that prints what it was given stands for Nix."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

RECORDER = """#!/bin/sh
printf '%s\\n' "$#" "$@"
printf 'NIX_CONFIG=%s\\n' "$NIX_CONFIG"
exit ${RECORDER_EXIT:-0}
"""


@dataclass(frozen=True)
class Recorded:
    """What Nix was called with, and how scripts/nix ended."""

    arguments: list[str]
    config: list[str]
    code: int
    stderr: str


@pytest.fixture(scope="session")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


@pytest.fixture
def recorder(tmp_path: Path) -> Path:
    path = tmp_path / "recorder"
    path.write_text(RECORDER)
    path.chmod(0o755)
    return path


@pytest.fixture
def call(recorder: Path, project: Path, cache: Path) -> Callable[..., Recorded]:
    def run(
        *arguments: str, cwd: Path | None = None, env: Mapping[str, str] | None = None
    ) -> Recorded:
        clean = {name: value for name, value in os.environ.items() if name != "NIX_CONFIG"}
        done = subprocess.run(
            [project / "scripts/nix", *arguments],
            cwd=cwd or project,
            env={
                **clean,
                "XDG_CACHE_HOME": str(cache),
                "WHEELHOUSE_NIX": str(recorder),
                "WHEELHOUSE_NIXPKGS": "host",
                **(env or {}),
            },
            capture_output=True,
            text=True,
            check=False,
        )
        head, _, config = done.stdout.partition("NIX_CONFIG=")
        return Recorded(
            head.splitlines()[1:], config.strip().splitlines(), done.returncode, done.stderr
        )

    return run


def host_flake(arguments: list[str]) -> str:
    place = arguments[arguments.index("nixpkgs") + 1]
    assert place.startswith("path:/")
    return place


@pytest.mark.parametrize(
    "command",
    [["build"], ["run"], ["develop"], ["eval"], ["flake", "show"], ["flake", "check"],
     ["-L", "build"], ["--option", "cores", "1", "build"], ["derivation", "show"],
     ["--builders", "ssh-ng://run x86_64-linux", "build"]],
)  # fmt: skip
def test_the_override_follows_the_subcommand(
    call: Callable[..., Recorded], command: list[str]
) -> None:
    arguments = call(*command, ".#x", "--", "build", "--x").arguments
    place = host_flake(arguments)
    assert arguments == [
        *command,
        "--override-input",
        "nixpkgs",
        place,
        ".#x",
        "--",
        "build",
        "--x",
    ]


@pytest.mark.parametrize(
    "command",
    [["--version"], ["store", "gc"], ["hash", "path", "."], ["flake", "init", "-t", "x"],
     ["flake", "lock"], ["flake", "update"], [], ["--help"], ["build-like"]],
)  # fmt: skip
def test_other_subcommands_are_passed_as_they_are(
    call: Callable[..., Recorded], command: list[str]
) -> None:
    assert call(*command).arguments == command


def test_arguments_keep_their_spaces_and_emptiness(call: Callable[..., Recorded]) -> None:
    assert call("hash", "a  b", "", "*", "$HOME").arguments == ["hash", "a  b", "", "*", "$HOME"]


@pytest.mark.parametrize("code", [0, 1, 3, 100])
def test_the_exit_code_is_nixs(call: Callable[..., Recorded], code: int) -> None:
    assert call("build", env={"RECORDER_EXIT": str(code)}).code == code


def test_the_users_settings_come_later_and_flakes_stay_on(call: Callable[..., Recorded]) -> None:
    own = "sandbox = false\nexperimental-features = ca-derivations"
    config = call("build", env={"NIX_CONFIG": own}).config
    assert config.index("sandbox = true") < config.index("sandbox = false")
    assert config[-1] == "extra-experimental-features = nix-command flakes"


def test_with_the_host_flake_nothing_asks_the_network(call: Callable[..., Recorded]) -> None:
    config = call("build").config
    assert "substituters =" in config
    (registry,) = [line for line in config if line.startswith("flake-registry = ")]
    assert '"nixpkgs"' in Path(registry.partition(" = ")[2]).read_text()


def test_with_real_nixpkgs_nothing_is_overridden(call: Callable[..., Recorded]) -> None:
    done = call("build", ".#x", env={"WHEELHOUSE_NIXPKGS": "flake"})
    assert done.arguments == ["build", ".#x"]
    assert "substituters =" not in done.config


def test_the_registrys_nixpkgs_needs_no_override(call: Callable[..., Recorded]) -> None:
    assert call("build", "nixpkgs#bash").arguments == ["build", "nixpkgs#bash"]


def test_a_wrong_mode_is_refused(call: Callable[..., Recorded]) -> None:
    done = call("build", env={"WHEELHOUSE_NIXPKGS": "Hots"})
    assert done.code == 1
    assert "WHEELHOUSE_NIXPKGS=Hots" in done.stderr


def test_a_wrong_executable_is_refused(call: Callable[..., Recorded]) -> None:
    done = call("build", env={"WHEELHOUSE_NIX": "/no/such/nix"})
    assert done.code == 1
    assert "/no/such/nix" in done.stderr


@pytest.fixture
def own_flake(tmp_path: Path) -> Path:
    folder = tmp_path / "own"
    (folder / "below").mkdir(parents=True)
    (folder / "flake.nix").write_text('{ inputs.wheelhouse.url = "github:x/y"; outputs = _: { }; }')
    return folder


@pytest.mark.parametrize(
    ("where", "reference"),
    [(".", []), ("below", [".#x"]), ("..", ["./own#x"]), ("..", ["path:./own"]),
     ("..", ["-o", "link", "./own"]), (".", ["-c", "bash"]),
     (".", ["--builders", "ssh-ng://x x86_64-linux"])],
)  # fmt: skip
def test_a_users_flake_gets_this_project_too(
    call: Callable[..., Recorded], project: Path, own_flake: Path, where: str, reference: list[str]
) -> None:
    arguments = call("build", *reference, cwd=own_flake / where).arguments
    place = host_flake(arguments)
    given = arguments[arguments.index("wheelhouse") + 1]
    assert given in (f"git+file://{project}?shallow=1", f"path:{project}")
    assert arguments[arguments.index("wheelhouse/nixpkgs") + 1] == place
    assert arguments[len(arguments) - len(reference) :] == reference


def test_a_flake_that_only_names_it_in_a_comment_does_not(
    call: Callable[..., Recorded], own_flake: Path
) -> None:
    (own_flake / "flake.nix").write_text("# like wheelhouse\n{ outputs = _: { }; }")
    assert "wheelhouse" not in call("build", cwd=own_flake).arguments


def test_this_project_is_not_overridden_by_itself(
    call: Callable[..., Recorded], project: Path, own_flake: Path
) -> None:
    arguments = call("run", f"{project}#lock", "--", "3.11", cwd=own_flake).arguments
    assert "wheelhouse" not in arguments
    assert arguments[-2:] == ["--", "3.11"]


def test_a_second_run_changes_nothing_and_is_quick(
    call: Callable[..., Recorded], cache: Path
) -> None:
    first = call("build").arguments

    def contents() -> dict[str, int]:
        return {
            str(path): path.lstat().st_mtime_ns
            for path in (cache / "wheelhouse").rglob("*")
            if "pycache" not in str(path)
        }

    def seconds() -> float:
        """What children have computed: other tests run beside this one."""
        times = os.times()
        return times.children_user + times.children_system

    before = contents()
    start = seconds()
    assert call("build").arguments == first
    assert seconds() - start < 1
    assert contents() == before


def test_two_first_runs_at_once_agree(recorder: Path, tmp_path: Path, project: Path) -> None:
    env = {
        **os.environ,
        "XDG_CACHE_HOME": str(tmp_path / "cache"),
        "WHEELHOUSE_NIX": str(recorder),
        "WHEELHOUSE_NIXPKGS": "host",
    }
    running = [
        subprocess.Popen([project / "scripts/nix", "build"], env=env, stdout=subprocess.PIPE)
        for _ in range(2)
    ]
    first, second = (process.communicate()[0] for process in running)
    assert [process.returncode for process in running] == [0, 0]
    assert first == second
    assert b"path:" in first


def test_shell_scripts_are_clean(project: Path) -> None:
    scripts = [
        *sorted(path for path in (project / "scripts").iterdir() if not path.suffix),
        project / ".ci/run",
        *sorted((project / "hostpkgs/build").glob("*.sh")),
    ]
    done = subprocess.run(
        ["shellcheck", "-x", "-P", "SCRIPTDIR", *scripts],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.stdout == ""

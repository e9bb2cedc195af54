"""Run Nix on this project, and write flakes that use the project as a user's flake would."""

import json
import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.support.project import ROOT

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
    """scripts/nix with one version of Nix: the executable, or None for that on PATH.

    `suite` is the suite of Debian that its package set is made of, None for the usual package set.
    """

    executable: str | None
    suite: str | None = None

    @property
    def variables(self) -> dict[str, str]:
        """Return the environment variables by which the project's scripts choose this Nix."""
        chosen = {"WHEELHOUSE_NIX": self.executable, "WHEELHOUSE_NIXPKGS": self.suite}
        return {name: value for name, value in chosen.items() if value is not None}

    @property
    def version(self) -> tuple[int, ...]:
        """Return the first two components of the version."""
        return tuple(map(int, self.output("--version").rpartition(" ")[2].split(".")[:2]))

    def run(
        self,
        *arguments: str | Path,
        cwd: Path = ROOT,
        environment: Mapping[str, str] | None = None,
    ) -> subprocess.CompletedProcess[str]:
        """Run scripts/nix, which may fail."""
        return self._run(
            [ROOT / "scripts" / "nix", *arguments], cwd, self.variables | dict(environment or {})
        )

    def output(self, *arguments: str | Path, cwd: Path = ROOT) -> str:
        """Return what scripts/nix prints; it must succeed."""
        return _succeeded(self.run(*arguments, cwd=cwd)).stdout.strip()

    def build(self, installable: str, *arguments: str, cwd: Path = ROOT) -> Path:
        """Build an output of a flake, and return its store path."""
        printed = self.output("build", "--no-link", "--json", *arguments, installable, cwd=cwd)
        return Path(json.loads(printed)[0]["outputs"]["out"])

    def build_twice(self, installable: str, *, cwd: Path = ROOT) -> None:
        """Build an output of a flake, and again: Nix fails unless the bytes are the same.

        What needs an output may be in the store while the output itself isn't.
        """
        self.build(installable, cwd=cwd)
        self.output("build", "--no-link", "--rebuild", installable, cwd=cwd)

    def evaluate(self, installable: str, *arguments: str, cwd: Path = ROOT) -> Any:
        """Return the value of an output of a flake."""
        return json.loads(self.output("eval", "--json", *arguments, installable, cwd=cwd))

    def program_variables(self, folder: Path) -> dict[str, str]:
        """Return the variables with which a program finds this Nix, as `scripts/nix run` sets it.

        The folder gets a script in place of `nix`, which prints the settings.
        """
        script = folder / "print-settings"
        script.write_text("#!/bin/sh\nexec env -0\n", encoding="utf-8")
        script.chmod(0o755)
        printed = self.run("--version", environment={"WHEELHOUSE_NIX": str(script)}).stdout
        found = dict(item.split("=", 1) for item in printed.split("\0") if "=" in item)
        settings = {name: found[name] for name in ("NIX_CONFIG", "NIX_PATH") if name in found}
        assert "experimental-features" in settings["NIX_CONFIG"]
        return settings | self.variables

    def try_lock(self, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run the built lock app in a folder; it may fail."""
        return self._run([self.build(".#lock") / "bin" / "lock", *arguments], folder, {})

    def lock(self, folder: Path, *arguments: str) -> None:
        """Run the built lock app in a folder; it must succeed."""
        _succeeded(self.try_lock(folder, *arguments))

    def _run(
        self, command: list[str | Path], folder: Path, variables: Mapping[str, str]
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command,
            cwd=folder,
            env={**os.environ, **variables},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )


def _succeeded(done: subprocess.CompletedProcess[str]) -> subprocess.CompletedProcess[str]:
    assert done.returncode == 0, done.stderr
    return done


def write_user_flake(
    folder: Path, packages: str, *, system: str = SYSTEM, **files: str | Path
) -> Path:
    """Write a user's flake into a folder, and return the folder.

    `packages` are attributes in Nix, which may use `makePythonPypiEnvironment`, `library`, `pkgs`
    and `wheelhouse`. `files` are YAML files beside the flake, by stem: a text, or a file to copy.
    """
    folder.mkdir(exist_ok=True)
    flake = USER_FLAKE.replace(SYSTEM, system) % packages
    (folder / "flake.nix").write_text(flake, encoding="utf-8")
    for name, content in files.items():
        file = folder / f"{name}.yaml"
        if isinstance(content, Path):
            file.write_bytes(content.read_bytes())
        else:
            file.write_text(content, encoding="utf-8")
    return folder


def example(name: str) -> str:
    """Return the argument of makePythonPypiEnvironment that names the lock of an example."""
    return f'sourcesYaml = "${{wheelhouse}}/examples/{name}/sources.yaml";'


def environment(
    name: str, arguments: str = "", *, sources: str = "sourcesYaml = ./sources.yaml;"
) -> str:
    """Return a call of makePythonPypiEnvironment in Nix; `arguments` are further ones."""
    return f'makePythonPypiEnvironment {{ name = "{name}"; {sources} {arguments} }}'


def sandbox_run(
    python_environment: str,
    arguments: str = '"-I" ./program.py',
    attributes: str = "",
    *,
    name: str = "check",
    system: str = SYSTEM,
) -> str:
    """Return a derivation in Nix whose builder is the Python of an environment.

    `arguments` are those of Python, as items of a list. In them and in `attributes`, further ones
    of the derivation, the environment is `environment`. The program finds it by the variable of the
    same name.
    """
    return f"""
      let environment = {python_environment}; in derivation {{
        name = "{name}";
        system = "{system}";
        builder = "${{environment}}/bin/python";
        PATH = "${{environment}}/bin";
        args = [ {arguments} ];
        inherit environment;
        {attributes}
      }}
    """


def in_sandbox(command: str) -> str:
    """Return a derivation in Nix that runs a command, and has what it prints."""
    return f"""derivation {{
      name = "run";
      system = "x86_64-linux";
      PATH = "${{library.toolchain.coreutils}}/bin";
      builder = "${{library.toolchain.bash}}/bin/bash";
      args = [ "-c" "HOME=$PWD {command} >$out 2>&1 || {{ cat $out; exit 1; }}" ];
    }}"""

"""Measure what a developer waits for: an edit of a project to its application, and its shell."""

import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import yaml

from bench import unchanged
from bench.lock import lock_app
from bench.nix import ROOT, Nix
from bench.running import Command, Usage, in_turns, output, run, wall
from bench.table import Row, timed

SETS = ROOT / "bench" / "sets"
FLAKE = """\
{
  inputs.nixpkgs.url = "path:%(nixpkgs)s";
  inputs.wheelhouse.url = "path:%(wheelhouse)s";
  inputs.wheelhouse.inputs.nixpkgs.follows = "nixpkgs";
  outputs = { nixpkgs, wheelhouse, ... }:
    let
      pkgs = nixpkgs.legacyPackages.%(system)s;
      library = wheelhouse.lib.mkLib pkgs;
      sourcesYaml = ./sources.yaml;
      environment = library.makePythonPypiEnvironment { name = "env"; inherit sourcesYaml; };
      empty = derivation {
        name = "empty";
        system = "%(system)s";
        builder = "${pkgs.bash}/bin/bash";
        args = [ "-c" "echo >$out" ];
        outputs = [ "out" ];
        PATH = "${pkgs.coreutils}/bin";
      };
    in {
      packages.%(system)s = {
        default = library.makePythonPypiApplication { inherit sourcesYaml; };
        inherit empty;
      };
      devShells.%(system)s = {
        default = library.makeShell { inherit environment; editable.demo = "."; };
        inherit empty;
      };
    };
}
"""
PYPROJECT = """\
[project]
name = "demo"
version = "1.0"
requires-python = "==%(python)s.*"
dependencies = [%(dependencies)s]

[project.scripts]
demo = "demo:main"

[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"

[tool.uv]
environments = ["sys_platform == 'linux' and platform_machine == '%(machine)s'"]
"""


def rows(
    nix: Nix, scratch: Path, runs: int, programs: Mapping[str, Path], name: str
) -> Iterator[Row]:
    """Measure a project that depends on all packages of a set."""
    project = write_project(scratch / f"project-{name}", name, nix)
    uv = programs["uv"]
    python = output(nix.command("nix-build", "<nixpkgs>", "-A", "python312", "--no-out-link"))
    app = lock_app(nix)
    variables = {"UV_PYTHON_DOWNLOADS": "never", "UV_CACHE_DIR": str(scratch / "uv-cache-project")}

    def uv_command(*arguments: str) -> Command:
        return Command(
            [uv, arguments[0], "--quiet", "--python", f"{python}/bin/python3.12", *arguments[1:]],
            folder=project,
            variables=variables,
        )

    def nix_command(*arguments: str) -> Command:
        command = nix.command("nix", *arguments)
        return Command(command.arguments, folder=project, variables=command.variables)

    run(uv_command("lock"))
    run(Command([app, "--system", f"{os.uname().machine}-linux"], project, nix.variables))
    # As developers have it: of another folder Nix would copy all, the virtual environment too.
    (project / ".gitignore").write_text(".venv\n")
    for arguments in (["init", "--quiet"], ["add", "--all"]):
        run(Command(["git", *arguments], project))
    run(uv_command("sync", "--no-editable"))
    run(nix_command("build", "--no-link"))

    def edit(number: int) -> None:
        module = project / "src" / "demo" / "__init__.py"
        module.write_text(f"def main():\n    print({number}, {os.getpid()})\n")

    def edited_with_nix(number: int) -> Usage:
        edit(number)
        return run(nix_command("build", "--no-link"))

    def edited_with_uv(number: int) -> Usage:
        edit(-1 - number)
        return run(uv_command("sync", "--no-editable", "--reinstall-package", "demo"))

    ours, theirs = in_turns(runs, edited_with_nix, edited_with_uv)
    yield timed(
        f"edit of a project to its application, {name}",
        ours,
        "`uv sync --no-editable --reinstall-package`",
        theirs,
        1.5 * wall(theirs),
    )
    for shell in (".#default", ".#empty"):
        run(nix_command("develop", shell, "-c", "true"))
    ours, empty = in_turns(
        runs,
        lambda _number: run(nix_command("develop", "-c", "true")),
        lambda _number: run(nix_command("develop", ".#empty", "-c", "true")),
    )
    yield timed(
        f"entering an editable shell again, {name}",
        ours,
        "an empty `nix develop`",
        empty,
        wall(empty) + 0.5,
    )
    yield from unchanged.rows(project, nix_command, runs, name)


def write_project(folder: Path, name: str, nix: Nix) -> Path:
    """Write a project that depends on the packages of a set, at the versions of its lock."""
    lock = yaml.safe_load((SETS / name / "sources.yaml").read_text(encoding="utf-8"))
    machine = os.uname().machine
    system = f"{machine}-linux"
    pins = [
        f"{package['name']}=={package['version']}"
        for package in lock["packages"]
        if system in package.get("systems", [system])
    ]
    (folder / "src" / "demo").mkdir(parents=True)
    (folder / "src" / "demo" / "__init__.py").write_text("def main():\n    print()\n")
    (folder / "pyproject.toml").write_text(
        PYPROJECT
        % {
            "python": lock["python"],
            "dependencies": ", ".join(f'"{pin}"' for pin in pins),
            "machine": machine,
        }
    )
    match = re.search(r"\bnixpkgs=([^:]+)", nix.variables["NIX_PATH"])
    assert match is not None
    paths = {"nixpkgs": match[1], "wheelhouse": str(ROOT), "system": system}
    (folder / "flake.nix").write_text(FLAKE % paths)
    return folder

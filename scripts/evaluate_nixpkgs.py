"""Evaluate all that this project makes on a nixpkgs, without building (scripts/evaluate-nixpkgs).

    scripts/evaluate-nixpkgs [--no-aliases] PATH

The exit code is 0 if everything evaluates on each system that the package set has, 1 if something
doesn't, and 2 if the path has no package set.
"""

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
EXPRESSION = ROOT / "scripts" / "evaluate-nixpkgs.nix"
SYSTEMS = ("x86_64-linux", "aarch64-linux", "aarch64-darwin", "x86_64-darwin")
ZEROS = "0" * 52
# A lock of the template, with as little as it needs to be evaluated.
LOCK = f"""\
wheelhouse: 1
python: "%(python)s"
systems:
  aarch64-darwin:
    macos: "14.0"
  aarch64-linux:
    glibc: "2.17"
  x86_64-darwin:
    macos: "14.0"
  x86_64-linux:
    glibc: "2.17"
groups:
  default:
    - "demo-app"
  dev:
    - "pytest"
projects:
  - name: "demo-app"
    version: "0.1.0"
    path: "."
    programs:
      - "demo-app"
packages:
  - name: "demo-app"
    version: "0.1.0"
  - name: "pytest"
    version: "9.0"
builds:
  - package: "demo-app"
    version: "0.1.0"
links:
  - name: "pytest-9.0-py3-none-any.whl"
    sha256: "{ZEROS}"
    url: "https://index.example/pytest-9.0-py3-none-any.whl"
    package: "pytest"
    version: "9.0"
"""


class UsageError(Exception):
    """The path has no package set."""


@dataclass
class Failed:
    """An error in one line."""

    message: str


@dataclass
class Evaluator:
    """A Nix, a package set, and what evaluations have warned of."""

    nix: str
    folder: Path
    aliases: bool
    warnings: dict[str, None] = field(default_factory=dict)

    @property
    def version(self) -> str:
        """Return the version of Nix."""
        done = subprocess.run([self.nix, "--version"], capture_output=True, text=True, check=True)
        return done.stdout.split()[-1]

    def ask(self, attribute: str, system: str, *arguments: str) -> Any:
        """Return the value of an attribute of evaluate-nixpkgs.nix, or what is wrong with it."""
        command: list[str | Path] = [
            self.nix,
            "--eval",
            "--strict",
            "--json",
            "--read-write-mode",
            EXPRESSION,
        ]
        command += ["--option", "allow-import-from-derivation", "false", "-A", attribute]
        command += ["--argstr", "folder", self.folder, "--argstr", "system", system]
        command += ["--arg", "aliases", str(self.aliases).lower(), *arguments]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        text = re.sub("\x1b\\[[0-9;]*m", "", done.stderr)
        self.warnings.update(dict.fromkeys(evaluation_warnings(text)))
        return json.loads(done.stdout) if done.returncode == 0 else Failed(_error(text))

    def each(self, attribute: str, names: Sequence[str], system: str, *arguments: str) -> Any:
        """Return the values by name, where those that don't evaluate are told apart."""
        if not names:
            return {}
        listed = f"[ {' '.join(json.dumps(name) for name in names)} ]"
        found = self.ask(attribute, system, "--arg", "names", listed, *arguments)
        if not isinstance(found, Failed):
            return found
        if len(names) == 1:
            return {names[0]: found}
        half = len(names) // 2
        parts = (names[:half], names[half:])
        first, second = (self.each(attribute, part, system, *arguments) for part in parts)
        return first | second


def evaluation_warnings(printed: str) -> list[str]:
    """Return the lines that warn of what is evaluated, not of this machine's Nix store."""
    of_the_store = re.compile("nixbld|SQLite database")
    return [
        line
        for line in printed.splitlines()
        if re.match("(evaluation )?warning: |trace: ", line) and not of_the_store.search(line)
    ]


def _error(text: str) -> str:
    """Return an error of Nix in one line: the last one, without the places of the trace."""
    start = max(text.rfind("error: "), 0)
    lines = [line.strip() for line in text[start:].splitlines()]
    kept = []
    for line in lines:
        if line.startswith(("at /", "at «", "(use '--show-trace'")) or not line:
            break
        kept.append(line)
    return " ".join(kept).removeprefix("error: ")


def check_path(evaluator: Evaluator) -> None:
    """Raise a UsageError for a path that can be no nixpkgs."""
    folder = evaluator.folder
    if not folder.is_dir():
        raise UsageError(f"{folder} is no folder. Give the path of a checkout of nixpkgs.")
    if not (folder / "default.nix").is_file():
        raise UsageError(
            f"{folder} has no default.nix, by which a package set is imported. Give the path of a "
            "checkout of nixpkgs, or of a descendant."
        )
    kind = evaluator.ask("kind", SYSTEMS[0])
    if isinstance(kind, Failed):
        raise UsageError(f"{folder}/default.nix can't be imported: {kind.message}")
    if kind != "lambda":
        raise UsageError(
            f"{folder}/default.nix is of the type {kind}, and no function of a `system`, as that "
            "of nixpkgs is."
        )


def supported_systems(evaluator: Evaluator) -> dict[str, str]:
    """Return the Python of each system that the package set has, and print why others aren't."""
    found = {system: evaluator.ask("probe", system) for system in SYSTEMS}
    failed = {name: one.message for name, one in found.items() if isinstance(one, Failed)}
    if len(failed) == len(SYSTEMS):
        listed = "\n".join(f"  {name}: {message}" for name, message in failed.items())
        raise UsageError(
            f"{evaluator.folder} has no package set with a stdenv and a `python3`:\n{listed}"
        )
    for name, message in failed.items():
        print(f"{name} is no system of the package set: {message}")
    return {name: one for name, one in found.items() if name not in failed}


def template(python: str, folder: Path) -> Path:
    """Write a project of the template `project`, with a lock."""
    shutil.copytree(ROOT / "templates" / "project", folder)
    (folder / "sources.yaml").write_text(LOCK % {"python": python}, encoding="utf-8")
    return folder


def outputs(evaluator: Evaluator, systems: dict[str, str], scratch: Path) -> dict[str, Any]:
    """Return system → output → derivation."""
    made: dict[str, Any] = {}
    for system, python in systems.items():
        folder = scratch / python
        project = folder if folder.exists() else template(python, folder)
        arguments = ["--arg", "project", str(project)]
        names = evaluator.ask("outputNames", system, *arguments)
        made[system] = (
            {"all outputs": names}
            if isinstance(names, Failed)
            else evaluator.each("outputs", names, system, *arguments)
        )
    return made


def table(made: dict[str, dict[str, Any]]) -> list[str]:
    """Return the lines of a table of outputs by system."""
    names = list(dict.fromkeys(name for column in made.values() for name in column))
    rows = [["", *made]]
    rows += [[name, *(derivation(column.get(name)) for column in made.values())] for name in names]
    widths = [max(len(row[index]) for row in rows) for index in range(len(rows[0]))]
    return [
        "  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]


def derivation(value: Any) -> str:
    """Return the beginning of a derivation's hash."""
    if value is None:
        return "-"
    return "failed" if isinstance(value, Failed) else value.removeprefix("/nix/store/")[:8]


def what(found: dict[str, Any]) -> str:
    """Return what an attribute is: once, or for each group of systems that differ in it."""
    systems: dict[str, list[str]] = {}
    for system, value in found.items():
        text = f"failed: {value.message}" if isinstance(value, Failed) else str(value)
        systems.setdefault(text, []).append(system)
    if len(systems) == 1:
        return next(iter(systems))
    return "; ".join(f"{text} ({', '.join(those)})" for text, those in systems.items())


def tell_attributes(evaluator: Evaluator, systems: dict[str, str]) -> None:
    """Print what the library takes of the package set, and which names of tables it lacks."""
    taken = {}
    for system in systems:
        names = _names(evaluator, "attributeNames", system)
        taken[system] = evaluator.each("attributes", names, system)
    names = list(dict.fromkeys(name for column in taken.values() for name in column))
    print("\nWhat lib/toolchain.nix takes:")
    for name in names:
        column = {system: one[name] for system, one in taken.items() if name in one}
        print(f"{name}: {what(column)}")

    system = next(iter(systems))
    names = _names(evaluator, "tableNames", system)
    found = evaluator.each("tables", names, system)
    lacking = [name for name, one in found.items() if one == "absent" or isinstance(one, Failed)]
    print(f"\nnative/ names {len(names)} attributes. On {system}, {len(lacking)} are absent:")
    print(" ".join(lacking) or "none")
    renamed = evaluator.ask("aliasNames", system)
    told = what({"": renamed}) if isinstance(renamed, Failed) else " ".join(renamed) or "none"
    print(f"\nOf all these, aliases: {told}")


def _names(evaluator: Evaluator, attribute: str, system: str) -> list[str]:
    """Return a list of names of evaluate-nixpkgs.nix. Raises UsageError if it doesn't evaluate."""
    found = evaluator.ask(attribute, system)
    if isinstance(found, Failed):
        raise UsageError(f"{attribute} of {system} doesn't evaluate: {found.message}")
    names: list[str] = found
    return names


def tell_failures(made: dict[str, dict[str, Any]]) -> int:
    """Print what failed, a line for each error, and return how many lines they are."""
    failures: dict[tuple[str, str], list[str]] = {}
    for system, column in made.items():
        for name, one in column.items():
            if isinstance(one, Failed):
                failures.setdefault((system, one.message), []).append(name)
    for (system, message), names in failures.items():
        print(f"{system}: {', '.join(names)}: {message}")
    return len(failures)


def nixes() -> list[str]:
    """Return the programs nix-instantiate of Nix at hand and of the newest one."""
    found = [os.environ.get("WHEELHOUSE_NIX") or shutil.which("nix-instantiate")]
    found += [os.environ.get("WHEELHOUSE_NEWEST_NIX")]
    programs = [str(Path(one).with_name("nix-instantiate")) for one in found if one]
    if not programs:
        raise UsageError("there is no nix-instantiate. Install Nix, or run this by scripts/test.")
    for program in programs:
        if not os.access(program, os.X_OK):
            raise UsageError(
                f"{program} is no program. WHEELHOUSE_NIX and WHEELHOUSE_NEWEST_NIX are paths of "
                "`nix`, beside which it must be."
            )
    return list(dict.fromkeys(programs))


def run(folder: Path, *, aliases: bool) -> int:
    """Evaluate everything with each Nix; return the exit code."""
    failures = 0
    before: dict[str, Any] = {}
    for nix in nixes():
        evaluator = Evaluator(nix, folder, aliases)
        check_path(evaluator)
        systems = supported_systems(evaluator)
        with tempfile.TemporaryDirectory() as scratch:
            made = outputs(evaluator, systems, Path(scratch))
        if made == before:
            print(f"\nNix {evaluator.version}: the same derivations")
        else:
            print(f"\nNix {evaluator.version}:")
            print("\n".join(table(made)))
        failures += tell_failures(made)
        if not before:
            tell_attributes(evaluator, systems)
        before = made
        for line in evaluator.warnings:
            print(line)
    return 1 if failures else 0


def main() -> int:
    """Run the command line; return the exit code."""
    parser = argparse.ArgumentParser(prog="scripts/evaluate-nixpkgs", description=__doc__)
    parser.add_argument("--no-aliases", action="store_true", help="with config.allowAliases off")
    parser.add_argument("path", type=Path, help="a checkout of nixpkgs or of a descendant")
    given = parser.parse_args()
    os.environ["NIX_CONFIG"] = "\n".join(
        (os.environ.get("NIX_CONFIG", ""), "substituters =", "extra-experimental-features = flakes")
    )
    try:
        return run(given.path.resolve(), aliases=not given.no_aliases)
    except UsageError as error:
        print(f"scripts/evaluate-nixpkgs: {error}", file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())

"""Lock and build native packages, and write a table of those that import in the sandbox."""

import argparse
import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from packaging.utils import canonicalize_name

from native.elf import elf_files
from scripts.native_system import (
    HEADING,
    SystemResult,
    Tools,
    cell,
    read_results,
    read_system_packages,
    section,
    try_packages,
    write_results,
)

ROOT = Path(__file__).parents[1]
NIX = ROOT / "scripts" / "nix"
SYSTEM = "x86_64-linux"
# In seconds, of one package.
BUILD_TIME = 1500
# Of the modules that can't be imported.
MOST_NAMED = 2
STORE = re.compile(r"/nix/store/[0-9a-z]{32}-")
HEAD = """\
# Native packages

[`scripts/native-table`](../scripts/native-table) locks each package of \
[packages.yaml](native-packages/packages.yaml), builds it, and composes it with its dependencies \
into an environment of its own. Then it imports the modules of every package in the Nix sandbox, \
which has only the environment's closure: those at the top, those in namespaces, and \
every extension module. It wrote these tables and [the locks](native-packages), on {system} with \
{nix}.

"""


@dataclass(frozen=True)
class Package:
    """A package of the table; `requirement` has the keys of requirements.yaml."""

    name: str
    requirement: Mapping[str, Any]
    why: str


@dataclass(frozen=True)
class Result:
    """The result of a package for one Python; `error` is None if all imports passed."""

    version: str | None
    error: str | None
    # The number of the package's ELF files; None if it wasn't built.
    native: int | None = None
    # The attributes of the package set whose libraries were wired to the ELF files.
    wired: tuple[str, ...] = ()


def read_packages(file: Path) -> list[Package]:
    """Read a file that maps names of packages to the keys of requirements.yaml and `why`.

    `why` says what makes the package interesting.
    """
    entries = yaml.safe_load(file.read_text(encoding="utf-8"))
    return [
        Package(
            name, {"version": "*"} | {k: v for k, v in entry.items() if k != "why"}, entry["why"]
        )
        for name, entry in entries.items()
    ]


def lock_packages(app: str, python: str, packages: Sequence[Package], file: Path) -> dict[str, str]:
    """Write a lock of all packages that can be locked; return the errors of the others by name."""
    errors: dict[str, str] = {}
    error = _lock(app, python, packages, file)
    if error is not None:
        with tempfile.TemporaryDirectory() as folder:
            for package in packages:
                own_error = _lock(app, python, [package], Path(folder, "sources.yaml"))
                if own_error is not None:
                    errors[package.name] = own_error
        lockable = [package for package in packages if package.name not in errors]
        error = _lock(app, python, lockable, file)
    if error is not None:
        raise SystemExit(
            f"Python {python}: what can be locked alone can't be locked together:\n{error}"
        )
    return errors


def _lock(app: str, python: str, packages: Sequence[Package], file: Path) -> str | None:
    """Write a lock; return the error if that fails, else None."""
    entries = {package.name: dict(package.requirement) for package in packages}
    error = lock_requirements(app, python, entries, file)
    lines = [line.strip().rstrip(":") for line in (error or "").splitlines()]
    return None if error is None else "; ".join(line for line in lines if line)


def lock_requirements(
    app: str, python: str, entries: Mapping[str, Mapping[str, Any]], file: Path
) -> str | None:
    """Write a lock of requirements; return what is printed if that fails, else None."""
    with tempfile.TemporaryDirectory() as folder:
        requirements = Path(folder, "requirements.yaml")
        requirements.write_text(yaml.safe_dump({"requirements": {**entries}}), encoding="utf-8")
        command: list[str | Path] = [app, "--system", SYSTEM, python, requirements, file]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        return done.stderr.replace(f"{requirements}: ", "") if done.returncode else None


def run_nix(*arguments: str | Path, lock: Path) -> "subprocess.CompletedProcess[str]":
    """Run a command of scripts/nix on the attributes of scripts/native-table.nix for a lock."""
    expression = ROOT / "scripts" / "native-table.nix"
    command = [NIX, arguments[0], "--file", expression, "--argstr", "lock", lock, *arguments[1:]]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def build_packages(lock: Path) -> dict[str, Result]:
    """Build and import all packages of a lock; return their results by name."""
    evaluated = run_nix("eval", "--json", "facts", lock=lock)
    if evaluated.returncode != 0:
        raise SystemExit(evaluated.stderr)
    facts = json.loads(evaluated.stdout)
    run_nix("build", "--no-link", "--keep-going", *(f"checks.{name}" for name in facts), lock=lock)
    return {name: _result(name, fact, lock) for name, fact in facts.items()}


def _result(name: str, fact: Mapping[str, str], lock: Path) -> Result:
    error = None
    if not Path(fact["imports"]).exists():
        done = run_nix("build", "--no-link", "--print-build-logs", f"checks.{name}", lock=lock)
        error = failure(done.stderr) if done.returncode else None
    package = Path(fact["package"])
    if not package.exists():
        return Result(fact["version"], error)
    record = json.loads((package / "wheelhouse" / "package.json").read_text(encoding="utf-8"))
    patched = record["native"]["patched"]
    wired = sorted({library["attribute"] for patch in patched for library in patch["resolved"]})
    return Result(fact["version"], error, sum(1 for _ in elf_files(package)), tuple(wired))


def failure(log: str) -> str:
    """Return the lines of a build's log that say why it failed, joined."""
    lines = [line.partition("> ")[2] if "> " in line else line for line in log.splitlines()]
    own_lines = [
        line.strip()
        for index, line in enumerate(lines)
        if "wheelhouse: error:" in line or (line.startswith("  ") and ": import " in line)
    ]
    imports = [line for line in own_lines if ": import " in line]
    # If a build backend fails, its first error line has the cause.
    backend = [
        line.strip()
        for line in lines
        if re.search(r"\berror:", line, re.IGNORECASE) and not line.startswith("error: ")
    ][:1]
    # Nix refuses arguments, or packages that its set lacks, with an error of its own.
    refused = [line for line in lines if re.match("error: (?!builder for )", line)][:1]
    chosen = imports or (backend if own_lines else refused or lines[-1:])
    named = list(dict.fromkeys(STORE.sub("", line) for line in chosen))
    more = len(named) - MOST_NAMED
    return "; ".join(named[:MOST_NAMED]) + (f"; and {more} more" if more > 0 else "")


def table(
    packages: Sequence[Package], results: Mapping[str, Mapping[str, Result]], nix_version: str
) -> str:
    """Return the table as Markdown; `results` are by Python version, then by project name."""
    pythons = list(results)
    header = ["package", "version", "what makes it interesting", *pythons, "native files", "wired"]
    rows = [header, ["---"] * len(header)]
    rows += [
        row(package, [results[python].get(canonicalize_name(package.name)) for python in pythons])
        for package in packages
    ]
    passed = sum(
        result.error is None for by_name in results.values() for result in by_name.values()
    )
    total = len(packages) * len(pythons)
    lines = "\n".join(f"| {' | '.join(map(cell, cells))} |" for cells in rows)
    return (
        HEAD.format(system=SYSTEM, nix=nix_version)
        + f"{passed} of {total} pass. `native files` is the number of ELF files of the package. "
        "`wired` lists the attributes of the package set whose libraries were added to their rpath."
        f" Both are for Python {pythons[-1]}.\n\n{lines}\n"
    )


def row(package: Package, results: Sequence[Result | None]) -> list[str]:
    """Return a package's cells; `results` has an item for each Python."""
    known = [result for result in results if result is not None]
    versions = dict.fromkeys(result.version for result in known if result.version)
    last = known[-1] if known else None
    return [
        package.name,
        ", ".join(versions),
        package.why,
        *("" if result is None else result.error or "pass" for result in results),
        "" if last is None or last.native is None else str(last.native),
        "" if last is None else ", ".join(last.wired),
    ]


def first_part(arguments: argparse.Namespace, nix_version: str) -> str:
    """Lock and build the packages of the first table; return the text up to the second one."""
    packages = read_packages(arguments.packages)
    results: dict[str, dict[str, Result]] = {}
    for python in arguments.pythons:
        lock = Path(arguments.folder, f"{python}.yaml").absolute()
        errors = lock_packages(arguments.app, python, packages, lock)
        unlocked = {canonicalize_name(name): Result(None, error) for name, error in errors.items()}
        results[python] = unlocked | build_packages(lock)
        passed = sum(result.error is None for result in results[python].values())
        print(f"{lock}: {passed} pass", file=sys.stderr)
    return table(packages, results, nix_version)


def second_part(arguments: argparse.Namespace) -> Iterator[str]:
    """Try the packages that need something of the system; yield the section about those tried."""
    python = arguments.pythons[-1]

    def lock(entries: Mapping[str, Mapping[str, Any]], file: Path) -> str | None:
        return lock_requirements(arguments.app, python, entries, file)

    def build(lock: Path, name: str, given: str) -> str | None:
        more = ["--arg", "arguments", given, "--timeout", str(BUILD_TIME)]
        attribute = f"checks.{name}"
        done = run_nix(
            "build", "--no-link", "--print-build-logs", *more, attribute, lock=lock.absolute()
        )
        if done.returncode == 0:
            return None
        # What a composed environment lacks stands in its own log, maybe of an earlier run.
        earlier = run_nix("log", *more[:3], f"environments.{name}", lock=lock.absolute())
        return f"{earlier.stdout}\n{done.stderr}"

    packages = read_system_packages(arguments.packages.with_name("system.yaml"))
    chosen = [one for one in packages if one.name in (arguments.package or [one.name])]
    file = arguments.folder / "system.json"
    results: dict[str, SystemResult] = read_results(file) if arguments.package else {}
    tools = Tools(lock, build, failure)
    for name, result in try_packages(tools, chosen, arguments.folder / "system"):
        results[name] = result
        write_results(file, results)
        yield section(packages, results)


def main() -> None:
    """Write the tables of the packages and the Pythons that the arguments name."""
    parser = argparse.ArgumentParser()
    parser.add_argument("app")
    parser.add_argument("packages", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("output", type=Path)
    parser.add_argument("pythons", nargs="+")
    parser.add_argument("--only", choices=("first", "system"))
    # Of the second table, to be tried again alone; it may be repeated.
    parser.add_argument("--package", action="append")
    arguments = parser.parse_args()
    version = subprocess.run([NIX, "--version"], capture_output=True, text=True, check=True)
    written = arguments.output.read_text(encoding="utf-8") if arguments.output.exists() else ""
    first, heading, second = written.partition(HEADING)
    has_system = arguments.packages.with_name("system.yaml").exists()
    if arguments.only != "system":
        first = first_part(arguments, version.stdout.strip())
    write(arguments.output, first, heading + second)
    if arguments.only != "first" and has_system:
        # A run that is cut off leaves what it has.
        for part in second_part(arguments):
            write(arguments.output, first, part)


def write(file: Path, *parts: str) -> None:
    """Write the parts of the document that aren't empty."""
    texts = [part.strip("\n") for part in parts if part]
    file.write_text("\n\n".join(texts) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

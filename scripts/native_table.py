"""Lock and build native packages, and write a table of those that import in the sandbox."""

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import yaml
from packaging.utils import canonicalize_name

from native.elf import elf_files
from native.missing_things import CONTROL_SEQUENCE
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
# That of the second table, and of the first one where no other is asked for.
SYSTEM = "x86_64-linux"
# In seconds, of one package, where --build-time says nothing else.
BUILD_TIME = 1500
# Of the modules that can't be imported.
MOST_NAMED = 2
STORE = re.compile(r"/nix/store/[0-9a-z]{32}-")
# Of a link that GCC prints, Nix takes away the control characters only.
LINK = re.compile(r"8;;\S*(-[Wf][\w=+-]*)8;;")
HEAD = """\
# Native packages

[`scripts/native-table`](../scripts/native-table) locks each package of \
[packages.yaml](native-packages/packages.yaml), builds it, and composes it with its dependencies \
into an environment of its own. Then it imports the modules of every package in the Nix sandbox, \
which has only the environment's closure: those at the top, those in namespaces, and \
every extension module. It wrote these tables and [the locks](native-packages), with {nix}.

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


@dataclass(frozen=True, order=True)
class Column:
    """A column of the first table."""

    python: tuple[int, ...]
    # Whether it isn't the usual system: its columns come first.
    is_other: bool
    system: str

    @classmethod
    def of(cls, python: str, system: str) -> "Column":
        """Return the column of a Python and a system."""
        return cls(tuple(map(int, python.split("."))), system != SYSTEM, system)

    def __str__(self) -> str:
        """Return the heading."""
        python = ".".join(map(str, self.python))
        return f"{python} {self.system.partition('-')[0]}" if self.is_other else python


# By column, then by normalized name.
Results = dict[Column, dict[str, Result]]


def read_first_results(file: Path) -> Results:
    """Read what `write_first_results` wrote; nothing where there is no file."""
    if not file.exists():
        return {}
    data = json.loads(file.read_text(encoding="utf-8"))
    return {
        Column.of(python, system): {
            name: Result(one["version"], one["error"], one["native"], tuple(one["wired"]))
            for name, one in by_name.items()
        }
        for python, by_system in data.items()
        for system, by_name in by_system.items()
    }


def write_first_results(file: Path, results: Results) -> None:
    """Write results, so that a later run adds columns to those that are there."""
    data: dict[str, dict[str, Any]] = {}
    for column, by_name in sorted(results.items()):
        python = ".".join(map(str, column.python))
        data.setdefault(python, {})[column.system] = {
            name: asdict(result) for name, result in by_name.items()
        }
    file.write_text(json.dumps(data, indent=2, sort_keys=True) + "\n", encoding="utf-8")


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


def lock_packages(
    app: str, python: str, packages: Sequence[Package], file: Path, systems: Sequence[str]
) -> dict[str, str]:
    """Write a lock of all packages that can be locked; return the errors of the others by name."""
    errors: dict[str, str] = {}
    error = _lock(app, python, packages, file, systems)
    if error is not None:
        with tempfile.TemporaryDirectory() as folder:
            for package in packages:
                own_error = _lock(app, python, [package], Path(folder, "sources.yaml"), systems)
                if own_error is not None:
                    errors[package.name] = own_error
        lockable = [package for package in packages if package.name not in errors]
        error = _lock(app, python, lockable, file, systems)
    if error is not None:
        raise SystemExit(
            f"Python {python}: what can be locked alone can't be locked together:\n{error}"
        )
    return errors


def _lock(
    app: str, python: str, packages: Sequence[Package], file: Path, systems: Sequence[str]
) -> str | None:
    """Write a lock; return the error if that fails, else None."""
    entries = {package.name: dict(package.requirement) for package in packages}
    error = lock_requirements(app, python, entries, file, systems)
    lines = [line.strip().rstrip(":") for line in (error or "").splitlines()]
    return None if error is None else "; ".join(line for line in lines if line)


def lock_requirements(
    app: str,
    python: str,
    entries: Mapping[str, Mapping[str, Any]],
    file: Path,
    systems: Sequence[str] = (SYSTEM,),
) -> str | None:
    """Write a lock of requirements; return what is printed if that fails, else None."""
    with tempfile.TemporaryDirectory() as folder:
        requirements = Path(folder, "requirements.yaml")
        requirements.write_text(yaml.safe_dump({"requirements": {**entries}}), encoding="utf-8")
        asked = [word for system in systems for word in ("--system", system)]
        command: list[str | Path] = [app, *asked, python, requirements, file]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        return done.stderr.replace(f"{requirements}: ", "") if done.returncode else None


@dataclass(frozen=True)
class Builds:
    """Builds of one lock, for a system and with a package set (`WHEELHOUSE_NIXPKGS`).

    A derivation is built for no longer than `seconds`.
    """

    lock: Path
    system: str = SYSTEM
    nixpkgs: str | None = None
    seconds: int = BUILD_TIME

    def run(self, *arguments: str | Path) -> "subprocess.CompletedProcess[str]":
        """Run a command of scripts/nix on the attributes of scripts/native-table.nix."""
        expression = ROOT / "scripts" / "native-table.nix"
        command: list[str | Path] = [NIX, arguments[0], "--file", expression]
        command += ["--argstr", "lock", self.lock, "--argstr", "system", self.system]
        command += arguments[1:]
        variables = {} if self.nixpkgs is None else {"WHEELHOUSE_NIXPKGS": self.nixpkgs}
        return subprocess.run(
            command, capture_output=True, text=True, check=False, env={**os.environ, **variables}
        )

    def build(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        """Build attributes."""
        return self.run("build", "--no-link", "--timeout", str(self.seconds), *arguments)


def build_packages(builds: Builds, names: Collection[str] = ()) -> dict[str, Result]:
    """Build and import packages of a lock; return their results by normalized name.

    Those of `names`, or all.
    """
    evaluated = builds.run("eval", "--json", "facts")
    if evaluated.returncode != 0:
        raise SystemExit(evaluated.stderr)
    facts = json.loads(evaluated.stdout)
    if unknown := sorted(set(names) - facts.keys()):
        raise SystemExit(f"{builds.lock} has no {', '.join(unknown)} for {builds.system}")
    facts = {name: fact for name, fact in facts.items() if not names or name in names}
    builds.build("--keep-going", *(f"checks.{name}" for name in facts))
    return {name: _result(name, fact, builds) for name, fact in facts.items()}


def _result(name: str, fact: Mapping[str, str], builds: Builds) -> Result:
    error = None
    if not Path(fact["imports"]).exists():
        done = builds.build("--print-build-logs", f"checks.{name}")
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
    log = LINK.sub(r"\1", CONTROL_SEQUENCE.sub("", log))
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


def table(packages: Sequence[Package], results: Results, nix_version: str) -> str:
    """Return the table as Markdown."""
    columns = sorted(results)
    usual = [column for column in columns if not column.is_other] or columns
    header = ["package", "version", "what makes it interesting", *map(str, columns)]
    header += ["native files", "wired"]
    rows = [header, ["---"] * len(header)]
    for package in packages:
        name = canonicalize_name(package.name)
        found = [results[column].get(name) for column in columns]
        built = [
            one for column in usual if (one := results[column].get(name)) and one.native is not None
        ]
        rows.append(row(package, found, built[-1] if built else None))
    lines = "\n".join(f"| {' | '.join(map(cell, cells))} |" for cells in rows)
    systems = sorted({column.system for column in columns}, reverse=True)
    passed = "; ".join(_passed(packages, results, system) for system in systems)
    emulated = " A column that names a machine was run under emulation." if systems[1:] else ""
    return (
        HEAD.format(nix=nix_version)
        + f"{passed}. `native files` is the number of ELF files of the package. "
        "`wired` lists the attributes of the package set whose libraries were added to their rpath."
        f" Both are for the last Python with which it was built.{emulated}\n\n{lines}\n"
    )


def _passed(packages: Sequence[Package], results: Results, system: str) -> str:
    chosen = [by_name for column, by_name in results.items() if column.system == system]
    names = {canonicalize_name(package.name) for package in packages}
    found = [one for by_name in chosen for name, one in by_name.items() if name in names]
    passed = sum(result.error is None for result in found)
    return f"{passed} of {len(packages) * len(chosen)} pass on {system}"


def row(package: Package, results: Sequence[Result | None], last: Result | None) -> list[str]:
    """Return a package's cells; `results` has an item for each column, `last` the native files."""
    known = [result for result in results if result is not None]
    versions = dict.fromkeys(result.version for result in known if result.version)
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
    system: str = arguments.system
    file = arguments.folder / "results.json"
    results = read_first_results(file)
    names = {canonicalize_name(name) for name in arguments.package or ()}
    for python in [] if arguments.only == "write" else arguments.pythons:
        lock = Path(arguments.folder, f"{python}.yaml").absolute()
        column = Column.of(python, system)
        builds = Builds(lock, system, arguments.nixpkgs, arguments.build_time)
        if names:
            results[column] = results.get(column, {}) | build_packages(builds, names)
            write_first_results(file, results)
            continue
        # The lock is one for all systems, so that they have the same versions.
        systems = sorted({system} | {one.system for one in results if one.python == column.python})
        errors = lock_packages(arguments.app, python, packages, lock, systems)
        unlocked = {canonicalize_name(name): Result(None, error) for name, error in errors.items()}
        results[column] = unlocked | build_packages(builds)
        write_first_results(file, results)
        passed = sum(result.error is None for result in results[column].values())
        print(f"{lock}: {passed} pass on {system}", file=sys.stderr)
    return table(packages, results, nix_version)


def second_part(arguments: argparse.Namespace) -> Iterator[str]:
    """Try the packages that need something of the system; yield the section about those tried."""
    python = arguments.pythons[-1]

    def lock(entries: Mapping[str, Mapping[str, Any]], file: Path) -> str | None:
        return lock_requirements(arguments.app, python, entries, file)

    def build(lock: Path, name: str, given: str) -> str | None:
        more = ["--arg", "arguments", given]
        builds = Builds(lock.absolute(), seconds=arguments.build_time)
        done = builds.build("--print-build-logs", *more, f"checks.{name}")
        if done.returncode == 0:
            return None
        # What a composed environment lacks stands in its own log, maybe of an earlier run.
        earlier = builds.run("log", *more, f"environments.{name}")
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
    # Of the first table: the column, and the package set that has its Python.
    parser.add_argument("--system", default=SYSTEM)
    parser.add_argument("--nixpkgs")
    parser.add_argument("--only", choices=("first", "system", "write"))
    # To be tried again alone, in the first table with the lock that is there; it may be repeated.
    parser.add_argument("--package", action="append")
    parser.add_argument("--build-time", type=int, default=BUILD_TIME)
    arguments = parser.parse_args()
    version = subprocess.run([NIX, "--version"], capture_output=True, text=True, check=True)
    written = arguments.output.read_text(encoding="utf-8") if arguments.output.exists() else ""
    first, heading, second = written.partition(HEADING)
    has_system = arguments.packages.with_name("system.yaml").exists()
    if arguments.only != "system":
        first = first_part(arguments, version.stdout.strip())
    write(arguments.output, first, heading + second)
    if arguments.only not in ("first", "write") and has_system:
        # A run that is cut off leaves what it has.
        for part in second_part(arguments):
            write(arguments.output, first, part)


def write(file: Path, *parts: str) -> None:
    """Write the parts of the document that aren't empty."""
    texts = [part.strip("\n") for part in parts if part]
    file.write_text("\n\n".join(texts) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

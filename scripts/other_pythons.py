"""Lock, build and run packages on free-threaded Pythons and on musl; write a table of results."""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import yaml
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
NIX = ROOT / "scripts" / "nix"
HEAD = """\
# Free-threaded Pythons, and musl

`python313FreeThreading` and its successors of the package set take locks for `3.13t` and so \
on, and `pkgsMusl` those for `x86_64-linux-musl`:

```nix
{
  free = (wheelhouse.lib.mkLib pkgs).makePythonPypiEnvironment {
    name = "free";
    sourcesYaml = ./sources-3.14t.yaml;
  };
  musl = (wheelhouse.lib.mkLib pkgs.pkgsMusl).makePythonPypiEnvironment {
    name = "musl";
    sourcesYaml = ./sources-musl.yaml;
  };
}
```

[`scripts/other-pythons`](../scripts/other-pythons) locks the packages of \
[other-pythons.yaml](native-packages/other-pythons.yaml), builds an environment of them, and in \
the Nix sandbox imports each in a process of its own and computes something with it. It wrote this \
table. `off` means that this worked, and that the GIL was off before and after; `on` means that \
the package turned it on. An empty cell is a package that wasn't asked for, mostly for want of a \
wheel.

"""


@dataclass(frozen=True)
class Package:
    """A package: statements that use it, and specifiers by column; None leaves it out."""

    name: str
    use: str
    versions: Mapping[str, str | None]


@dataclass(frozen=True)
class Result:
    """What came of a package in a column: its version, an error or None, whether the GIL is on."""

    version: str
    error: str | None
    gil: bool


# By column, then by normalized name; the package "" is the interpreter alone.
Results = dict[str, dict[str, Result]]


def read_packages(file: Path) -> tuple[list[str], list[Package]]:
    """Read the columns ("3.14t", "3.14 musl") and the packages."""
    data = yaml.safe_load(file.read_text(encoding="utf-8"))
    return data["columns"], [
        Package(canonicalize_name(name), entry["use"], entry.get("versions", {}))
        for name, entry in data["packages"].items()
    ]


def chosen_for(column: str, packages: Sequence[Package]) -> list[Package]:
    """Return the packages that a column has."""
    return [package for package in packages if package.versions.get(column, "*") is not None]


def try_column(app: str, column: str, packages: Sequence[Package], lock: Path) -> dict[str, Result]:
    """Lock, build and run the packages of a column; return their results.

    Raises SystemExit with what a step printed if it fails.
    """
    lock_column(app, column, packages, lock)
    return run_column(column, packages, lock)


def lock_column(app: str, column: str, packages: Sequence[Package], lock: Path) -> None:
    """Write the lock of a column. Raises SystemExit if that fails."""
    python, _, libc = column.partition(" ")
    wanted = {one.name: one.versions.get(column, "*") for one in chosen_for(column, packages)}
    requirements = lock.with_name(f"requirements-{lock.name}")
    requirements.write_text(yaml.safe_dump(wanted), encoding="utf-8")
    system = f"x86_64-linux{f'-{libc}' if libc else ''}"
    _run([app, "--system", system, python, requirements, lock])


def run_column(column: str, packages: Sequence[Package], lock: Path) -> dict[str, Result]:
    """Build the environment of a column's lock and run the packages; return their results.

    Raises SystemExit if the environment can't be built.
    """
    uses = json.dumps({package.name: package.use for package in chosen_for(column, packages)})
    given: list[str | Path] = ["--file", ROOT / "scripts/other-pythons.nix"]
    given += ["--argstr", "lock", lock, "--argstr", "uses", uses]
    given += ["--arg", "musl", "true" if column.endswith("musl") else "false"]
    versions = json.loads(_run([NIX, "eval", "--json", *given, "versions"]))
    built = _run([NIX, "build", "--no-link", "--print-build-logs", "--json", *given, "results"])
    results = json.loads(Path(json.loads(built)[0]["outputs"]["out"]).read_text(encoding="utf-8"))
    return {
        name: Result(versions.get(name, ""), one["error"], one["gil"])
        for name, one in results.items()
    }


def rebuild(lock: Path, musl: bool) -> None:
    """Build the environment of a lock again; raise SystemExit if it has other bits."""
    given: list[str | Path] = ["--file", ROOT / "scripts/other-pythons.nix"]
    given += ["--argstr", "lock", lock, "--argstr", "uses", "{}"]
    given += ["--arg", "musl", "true" if musl else "false"]
    _run([NIX, "build", "--no-link", *given, "environment"])
    _run([NIX, "build", "--no-link", "--rebuild", *given, "environment"])


def _run(command: Sequence[str | Path]) -> str:
    # Wheels for musllinux_1_2 have packed relocations (DT_RELR), which musl reads since 1.2.4; that
    # of Debian 12 is older.
    on_musl = {"WHEELHOUSE_NIXPKGS": "testing"} if "true" in command else {}
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, env={**os.environ, **on_musl}
    )
    if done.returncode:
        raise SystemExit(f"{' '.join(map(str, command))}\n{done.stderr}")
    return done.stdout


def cell(result: Result | None, free_threaded: bool) -> str:
    """Return the cell of a result."""
    if result is None:
        return ""
    if result.error is not None:
        return f"{result.version}: {result.error}".replace("|", r"\|")
    state = ("on" if result.gil else "off") if free_threaded else "passes"
    return f"{result.version} {state}"


def table(columns: Sequence[str], results: Results, packages: Sequence[Package]) -> str:
    """Return the document."""
    found = [column for column in columns if column in results]
    free = [column.endswith("t") for column in found]
    rows = [["package", *found], ["---"] * (len(found) + 1)]
    for package in packages:
        cells = [
            cell(results[column].get(package.name), is_free)
            for column, is_free in zip(found, free, strict=True)
        ]
        rows.append([package.name, *cells])
    lines = "\n".join(f"| {' | '.join(row)} |" for row in rows)
    return f"{HEAD}{lines}\n"


def read_results(file: Path) -> Results:
    """Read results of earlier runs; nothing where there is no file."""
    if not file.exists():
        return {}
    data: dict[str, dict[str, dict[str, Any]]] = json.loads(file.read_text(encoding="utf-8"))
    return {
        column: {name: Result(**one) for name, one in by_name.items()}
        for column, by_name in data.items()
    }


def updated(
    old: Mapping[str, Result],
    found: Mapping[str, Result],
    packages: Sequence[Package],
    chosen: Sequence[Package],
) -> dict[str, Result]:
    """Return the results of a column with new ones of chosen packages; those of others are kept."""
    others = {one.name for one in packages} - {one.name for one in chosen}
    return {name: one for name, one in old.items() if name in others} | dict(found)


def write_results(file: Path, results: Results) -> None:
    """Write results, so that a later run adds columns to those that are there."""
    data = {
        column: {name: asdict(one) for name, one in by_name.items()}
        for column, by_name in results.items()
    }
    file.write_text(json.dumps(data, indent=2, sort_keys=True) + "\n", encoding="utf-8")


def main() -> None:
    """Write the results and the table of the columns that the arguments name."""
    parser = argparse.ArgumentParser()
    parser.add_argument("app")
    parser.add_argument("packages", type=Path)
    parser.add_argument("results", type=Path)
    parser.add_argument("output", type=Path)
    parser.add_argument("--column", action="append")
    parser.add_argument("--package", action="append")
    parser.add_argument("--rebuild", action="store_true")
    arguments = parser.parse_args()
    columns, packages = read_packages(arguments.packages)
    for kind, given, known in (
        ("column", arguments.column, columns),
        ("package", arguments.package, [one.name for one in packages]),
    ):
        if unknown := set(given or []) - set(known):
            parser.error(f"no {kind} {', '.join(sorted(unknown))}; there are {', '.join(known)}")
    results = read_results(arguments.results)
    for column in arguments.column or columns:
        chosen = [one for one in packages if one.name in (arguments.package or [one.name])]
        with tempfile.TemporaryDirectory() as folder:
            lock = Path(folder, "sources.yaml")
            found = try_column(arguments.app, column, chosen, lock)
            results[column] = updated(results.get(column, {}), found, packages, chosen)
            if arguments.rebuild:
                rebuild(lock, column.endswith("musl"))
        write_results(arguments.results, results)
        failed = [name for name, one in results[column].items() if one.error]
        print(f"{column}: {len(results[column])} packages, failed: {failed}", file=sys.stderr)
    arguments.output.write_text(table(columns, results, packages), encoding="utf-8")


if __name__ == "__main__":
    main()

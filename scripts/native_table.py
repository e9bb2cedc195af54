"""Locks and builds native packages, and writes a table of those that import in the sandbox."""

import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from packaging.utils import canonicalize_name

from builder.elf import elf_files

ROOT = Path(__file__).parents[1]
NIX = ROOT / "scripts" / "nix"
SYSTEM = "x86_64-linux"
STORE = re.compile(r"/nix/store/[0-9a-z]{32}-")
HEAD = """\
# Native packages

Each package was locked, built and composed into an environment of its own with all that it needs; \
then every top-level module of every package in it was imported in the Nix sandbox, where nothing \
but the environment's closure exists. [`scripts/native-table`](../scripts/native-table) wrote this \
table and [the locks](native-packages) from [packages.yaml](native-packages/packages.yaml), on \
{system} with {nix}.

"""


@dataclass(frozen=True)
class Wanted:
    """A package of the table; `requirement` as requirements.yaml has it."""

    name: str
    requirement: Mapping[str, Any]
    why: str


@dataclass(frozen=True)
class Verdict:
    """What came of a package for one Python; `reason` is None where all imports passed."""

    version: str | None
    reason: str | None
    # How many ELF files the package has, and the attributes of the libraries wired to them.
    native: int | None = None
    wired: tuple[str, ...] = ()


def read(file: Path) -> list[Wanted]:
    """The packages of a file: name → why it is interesting, beside what requirements.yaml knows."""
    entries = yaml.safe_load(file.read_text(encoding="utf-8"))
    return [
        Wanted(
            name, {"version": "*"} | {k: v for k, v in entry.items() if k != "why"}, entry["why"]
        )
        for name, entry in entries.items()
    ]


def lock(locker: str, python: str, wanted: Sequence[Wanted], file: Path) -> dict[str, str]:
    """Writes a lock of all packages that can be locked; name → reason of those that can't."""
    refused: dict[str, str] = {}
    told = _lock(locker, python, wanted, file)
    if told is not None:
        with tempfile.TemporaryDirectory() as folder:
            for one in wanted:
                reason = _lock(locker, python, [one], Path(folder, "sources.yaml"))
                if reason is not None:
                    refused[one.name] = reason
        told = _lock(locker, python, [one for one in wanted if one.name not in refused], file)
    if told is not None:
        raise SystemExit(
            f"Python {python}: what can be locked alone can't be locked together:\n{told}"
        )
    return refused


def _lock(locker: str, python: str, wanted: Sequence[Wanted], file: Path) -> str | None:
    """Why a lock couldn't be written; None if it was."""
    with tempfile.TemporaryDirectory() as folder:
        requirements = Path(folder, "requirements.yaml")
        entries = {one.name: dict(one.requirement) for one in wanted}
        requirements.write_text(yaml.safe_dump({"requirements": entries}), encoding="utf-8")
        command: list[str | Path] = [locker, "--system", SYSTEM, python, requirements, file]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode == 0:
            return None
        told = [line.replace(f"{requirements}: ", "").strip() for line in done.stderr.splitlines()]
        return "; ".join(line.rstrip(":") for line in told if line)


def nix(*arguments: str | Path, file: Path) -> "subprocess.CompletedProcess[str]":
    """scripts/nix on what scripts/native-table.nix makes of a lock."""
    driver = ROOT / "scripts" / "native-table.nix"
    command = [NIX, arguments[0], "--file", driver, "--argstr", "lock", file, *arguments[1:]]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def judge(file: Path) -> dict[str, Verdict]:
    """Builds all packages of a lock; name → what came of it."""
    evaluated = nix("eval", "--json", "facts", file=file)
    if evaluated.returncode != 0:
        raise SystemExit(evaluated.stderr)
    facts = json.loads(evaluated.stdout)
    nix("build", "--no-link", "--keep-going", *(f"checks.{name}" for name in facts), file=file)
    return {name: _verdict(name, fact, file) for name, fact in facts.items()}


def _verdict(name: str, fact: Mapping[str, str], file: Path) -> Verdict:
    reason = None
    if not Path(fact["imports"]).exists():
        done = nix("build", "--no-link", "--print-build-logs", f"checks.{name}", file=file)
        reason = why(done.stderr) if done.returncode else None
    package = Path(fact["package"])
    if not package.exists():
        return Verdict(fact["version"], reason)
    record = json.loads((package / "wheelhouse" / "package.json").read_text(encoding="utf-8"))
    patched = record["native"]["patched"]
    wired = sorted({met["attribute"] for patch in patched for met in patch["met"]})
    return Verdict(fact["version"], reason, sum(1 for _ in elf_files(package)), tuple(wired))


def why(log: str) -> str:
    """The lines of a build's log that say why it failed."""
    lines = [line.partition("> ")[2] if "> " in line else line for line in log.splitlines()]
    told = [
        line.strip()
        for index, line in enumerate(lines)
        if "wheelhouse: error:" in line or (line.startswith("  ") and ": import " in line)
    ]
    imports = [line for line in told if ": import " in line]
    # Of a build, the first line that says so is the backend's own reason.
    backend = [
        line.strip()
        for line in lines
        if re.search(r"\berror:", line, re.IGNORECASE) and not line.startswith("error: ")
    ][:1]
    chosen = imports or (backend if told else lines[-1:])
    return "; ".join(dict.fromkeys(STORE.sub("", line) for line in chosen))


def table(
    wanted: Sequence[Wanted], verdicts: Mapping[str, Mapping[str, Verdict]], release: str
) -> str:
    """The table in Markdown; `verdicts` by Python, then by package."""
    pythons = list(verdicts)
    heads = ["package", "version", "what makes it interesting", *pythons, "native files", "wired"]
    rows = [heads, ["---"] * len(heads)]
    rows += [
        row(one, [verdicts[python].get(canonicalize_name(one.name)) for python in pythons])
        for one in wanted
    ]
    passed = sum(
        verdict.reason is None for found in verdicts.values() for verdict in found.values()
    )
    total = len(wanted) * len(pythons)
    lines = "\n".join(f"| {' | '.join(map(_cell, cells))} |" for cells in rows)
    return (
        HEAD.format(system=SYSTEM, nix=release)
        + f"{passed} of {total} pass. «native files» counts the package's ELF files, «wired» names "
        "the attributes of the package set whose libraries they were given; both are of Python "
        f"{pythons[-1]}.\n\n{lines}\n"
    )


def row(one: Wanted, found: Sequence[Verdict | None]) -> list[str]:
    """A package's cells."""
    known = [verdict for verdict in found if verdict is not None]
    versions = dict.fromkeys(verdict.version for verdict in known if verdict.version)
    last = known[-1] if known else None
    return [
        one.name,
        ", ".join(versions),
        one.why,
        *("" if verdict is None else verdict.reason or "pass" for verdict in found),
        "" if last is None or last.native is None else str(last.native),
        "" if last is None else ", ".join(last.wired),
    ]


def _cell(text: str) -> str:
    return text.replace("|", r"\|").replace("\n", " ")


def main() -> None:
    locker, packages, folder, output, *pythons = sys.argv[1:]
    wanted = read(Path(packages))
    verdicts: dict[str, dict[str, Verdict]] = {}
    for python in pythons:
        file = Path(folder, f"{python}.yaml").absolute()
        refused = lock(locker, python, wanted, file)
        found = {canonicalize_name(name): Verdict(None, reason) for name, reason in refused.items()}
        verdicts[python] = found | judge(file)
        print(
            f"{file}: {sum(v.reason is None for v in verdicts[python].values())} pass",
            file=sys.stderr,
        )
    release = subprocess.run([NIX, "--version"], capture_output=True, text=True, check=True)
    Path(output).write_text(table(wanted, verdicts, release.stdout.strip()), encoding="utf-8")


if __name__ == "__main__":
    main()

"""Lock, build and import packages that need something of the system; apply what errors say."""

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import yaml
from packaging.utils import canonicalize_name

HEADING = "## Packages that need more of the system"
KINDS = {
    "wheels": "Wheels that need libraries",
    "opened": "Packages that open libraries by name",
    "built": "Source distributions",
}
NEEDS = ("libraries", "opened", "headers", "pkg-config", "cmake", "linked", "programs")
# Of what a package needs, so many are named.
NAMED = 4
# Errors lead on, one to the next; a person would stop pasting, too.
MOST_LINES = 3
# Packages at a time: one is locked or evaluated while another is built.
WORKERS = 2
PASTED = re.compile(r"^\s*((?:overrides\.|searchPaths\.).*;)$")
# An error of the evaluation is one sentence after the other.
WRITTEN = re.compile(r"Write `(overrides\.[^`]*;)`")
REQUIREMENT = re.compile(r"^\s*([\w.-]+: \{build-requires: \[[^]]*\]\})$")


@dataclass(frozen=True)
class SystemPackage:
    """A package of a kind; `note` says why it fails all the same, empty if it doesn't."""

    name: str
    kind: str
    note: str = ""


@dataclass(frozen=True)
class Attempt:
    """What came of a package: the error, empty if its modules import, and what it says to paste."""

    error: str
    line: str = ""


@dataclass(frozen=True)
class SystemResult:
    """What a package needs by its lock, and the attempts: the first with its name alone.

    Each further one has what the errors of those before it said to paste.
    """

    version: str
    needs: Mapping[str, Sequence[str]]
    attempts: Sequence[Attempt]

    @property
    def passes(self) -> bool:
        """Return whether the package imports with nothing but its name."""
        return not self.attempts[0].error

    @property
    def lines(self) -> list[str]:
        """Return the lines that were pasted."""
        return [attempt.line for attempt in self.attempts[:-1]]

    @property
    def is_mended(self) -> bool:
        """Return whether the package imports with what errors said to paste."""
        return len(self.attempts) > 1 and not self.attempts[-1].error


@dataclass(frozen=True)
class Tools:
    """What locks and builds.

    `lock` takes requirements, by name, and the file to write; it returns the error, None if there
    is none. `build` takes a lock, a package, and arguments of makePythonPypiEnvironment, as a list
    of functions of the package set; it returns the log of a failure, None if all imports pass.
    """

    lock: Callable[[Mapping[str, Mapping[str, Any]], Path], str | None]
    build: Callable[[Path, str, str], str | None]
    failure: Callable[[str], str]


def read_system_packages(file: Path) -> list[SystemPackage]:
    """Read a file that maps kinds to packages, and each to a `note` or to nothing."""
    kinds = yaml.safe_load(file.read_text(encoding="utf-8"))
    return [
        SystemPackage(name, kind, **(entry or {}))
        for kind, packages in kinds.items()
        for name, entry in packages.items()
    ]


def read_results(file: Path) -> dict[str, SystemResult]:
    """Read what `write_results` wrote; nothing where there is no file."""
    if not file.exists():
        return {}
    data = json.loads(file.read_text(encoding="utf-8"))
    return {
        name: SystemResult(
            one["version"], one["needs"], [Attempt(**attempt) for attempt in one["attempts"]]
        )
        for name, one in data.items()
    }


def write_results(file: Path, results: Mapping[str, SystemResult]) -> None:
    """Write results, so that a later run tries only some packages again."""
    data = {name: asdict(result) for name, result in results.items()}
    file.write_text(json.dumps(data, indent=2, sort_keys=True) + "\n", encoding="utf-8")


def try_packages(
    tools: Tools, packages: Sequence[SystemPackage], folder: Path
) -> Iterator[tuple[str, SystemResult]]:
    """Try packages, each alone; their locks go into a folder. Yields results by name, as they come.

    Their order is not that of the packages.
    """
    folder.mkdir(exist_ok=True)
    with ThreadPoolExecutor(WORKERS) as pool:
        running = {
            pool.submit(_try_package, tools, package, folder): package for package in packages
        }
        for done in as_completed(running):
            yield running[done].name, done.result()


def _try_package(tools: Tools, package: SystemPackage, folder: Path) -> SystemResult:
    lock = folder / f"{canonicalize_name(package.name)}.yaml"
    attempts: list[Attempt] = []
    version = ""
    needs: dict[str, list[str]] = {}
    requirement: dict[str, Any] = {"version": "*"}
    arguments: list[str] = []
    while len(attempts) <= MOST_LINES:
        error = tools.lock({package.name: requirement}, lock)
        if error is None:
            version, needs = _locked(lock, package.name)
            given = " ".join(f"(pkgs: {{ {line} }})" for line in arguments)
            error = tools.build(lock, canonicalize_name(package.name), f"[ {given} ]")
        attempts.append(_attempt(error, tools.failure))
        print(f"{package.name}: {attempts[-1].error or 'pass'}", flush=True)
        line = attempts[-1].line
        if not line or line in [attempt.line for attempt in attempts[:-1]]:
            break
        if PASTED.match(line):
            arguments.append(line)
        else:
            requirement |= next(iter(yaml.safe_load(line).values()))
    return SystemResult(version, needs, attempts)


def _attempt(log: str | None, failure: Callable[[str], str]) -> Attempt:
    if log is None:
        return Attempt("")
    lines = [line.partition("> ")[2] if "> " in line else line for line in log.splitlines()]
    found = [
        match[1]
        for line in lines
        if (match := PASTED.match(line) or REQUIREMENT.match(line) or WRITTEN.search(line))
    ]
    return Attempt(failure(log), found[-1] if found else "")


def _locked(lock: Path, name: str) -> tuple[str, dict[str, list[str]]]:
    """Return the version of a package in its lock, and what all that it has need of the system."""
    sources = yaml.safe_load(lock.read_text(encoding="utf-8"))
    version = next(
        package["version"]
        for package in sources["packages"]
        if package["name"] == canonicalize_name(name)
    )
    items = sources.get("native", [])
    needs = {key: sorted({name for item in items for name in item.get(key, [])}) for key in NEEDS}
    return version, {key: names for key, names in needs.items() if names}


def section(packages: Sequence[SystemPackage], results: Mapping[str, SystemResult]) -> str:
    """Return the section of the document as Markdown; it has the packages that have a result."""
    packages = [package for package in packages if package.name in results]
    passed = [package for package in packages if results[package.name].passes]
    mended = [package for package in packages if results[package.name].is_mended]
    left = [package for package in packages if package not in passed and package not in mended]
    noted = [package for package in left if package.note]
    parts = [
        f"{HEADING}\n\nThese need libraries that not every Linux has, or headers and programs "
        "for their build. Each is locked [with nothing but its name](native-packages/system.yaml) "
        "for Python 3.12, built, and imported as above. *Needs* is what "
        "[its lock](native-packages/system) says in `native`. Where that isn't enough, the script "
        "takes the line that the error says to paste, and builds again.\n\n"
        f"{len(passed)} of {len(packages)} pass with nothing done by hand, and {len(mended)} more "
        f"with what the error says to paste. {len(left)} fail; of {len(noted)} of them the last "
        "column says why."
    ]
    for kind, title in KINDS.items():
        chosen = [package for package in packages if package.kind == kind]
        if chosen:
            parts.append(f"### {title}\n\n{_table(chosen, results)}")
    return "\n\n".join(parts) + "\n"


def _table(packages: Sequence[SystemPackage], results: Mapping[str, SystemResult]) -> str:
    header = ["package", "version", "needs", "result", "pasted", "then"]
    rows = [header, ["---"] * len(header)]
    rows += [_row(package, results[package.name]) for package in packages]
    return "\n".join(f"| {' | '.join(map(cell, cells))} |" for cells in rows)


def _row(package: SystemPackage, result: SystemResult) -> list[str]:
    pasted = " ".join(f"`{line}`" for line in result.lines)
    return [
        package.name,
        result.version,
        "; ".join(f"{key}: {_names(names)}" for key, names in result.needs.items()),
        result.attempts[0].error or "pass",
        pasted,
        (result.attempts[-1].error or "pass") if pasted else "" if result.passes else package.note,
    ]


def _names(names: Sequence[str]) -> str:
    more = len(names) - NAMED
    return ", ".join(names[:NAMED]) + (f" and {more} more" if more > 0 else "")


def cell(text: str) -> str:
    """Return text as it stands in a cell of a table."""
    return text.replace("|", r"\|").replace("\n", " ")

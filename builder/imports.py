"""Import the modules of every package of an environment, and report all that fail.

Each top-level name of a package has a process of its own, since what was imported before may hide
what a module lacks.
"""

import difflib
import json
import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from fnmatch import fnmatchcase
from itertools import groupby
from pathlib import Path
from typing import Any

from builder import import_modules
from builder.compile_tree import core_count
from builder.errors import BuildError
from builder.modules import Module, find_modules
from builder.unpack import normalize_name
from native.former_modules import FORMER_MODULES, former_sentence

# Modules of the standard library that some builds of Python lack, and other systems.
NOT_EVERYWHERE = """
    _curses _dbm _gdbm _tkinter _winapi curses idlelib msvcrt nt readline tkinter turtle winreg
    winsound
"""
# What needs a module that is gone was written for an older Python.
STANDARD = (sys.stdlib_module_names | FORMER_MODULES.keys()) - set(NOT_EVERYWHERE.split())
# The loader's words (glibc, musl).
MISSING_LIBRARY = re.compile(
    r"\b([\w.+-]+\.so[\w.]*): cannot open shared object file"
    r"|Error loading shared library ([\w.+-]+\.so[\w.]*):"
)
SUFFIXES = "import _imp; print(*_imp.extension_suffixes(), sep='\\n')"


@dataclass(frozen=True)
class LazyFailure:
    """A lazy import of a module that fails (PEP 810): `what` it imports, and as in `Outcome`."""

    what: str
    missing: tuple[str, ...]
    failure: str


@dataclass(frozen=True)
class Outcome:
    """What became of a module: `status` is "imported", "failed" or "untried".

    `missing` are the modules that alone explain a failure, the one that was asked for last first.
    `lazy` are the lazy imports that fail of a module that is imported.
    """

    module: Module
    status: str
    missing: tuple[str, ...] = ()
    failure: str = ""
    lazy: tuple[LazyFailure, ...] = ()


@dataclass(frozen=True)
class Runner:
    """Imports modules in processes; `timeout` is in seconds a module."""

    python: str
    variables: Mapping[str, str]
    timeout: float
    folder: Path

    def outcomes(self, number: int, modules: Sequence[Module]) -> list[Outcome]:
        """Import modules in one process, and go on in another one after each that ends it."""
        files = Path(self.folder, str(number))
        files.mkdir()
        known: list[Outcome] = []
        while modules:
            ended, status = self.run(files, modules)
            if len(ended) == len(modules):
                return [*known, *(ended if status == 0 else blamed(ended, end(files, status)))]
            culprit, rest = modules[len(ended)], modules[len(ended) + 1 :]
            known += [*ended, Outcome(culprit, "failed", failure=end(files, status))]
            untried = [other for other in rest if other.name.startswith(f"{culprit.name}.")]
            known += [Outcome(module, "untried") for module in untried]
            modules = [module for module in rest if module not in untried]
        return known

    def run(self, files: Path, modules: Sequence[Module]) -> tuple[list[Outcome], int]:
        """Import modules in one process; return what is known of the first ones, and its status."""
        names, results, trace, errors = (
            files / name for name in ("modules", "results", "trace", "errors")
        )
        asked = (f"{module.name}{' inner' if module.is_inner else ''}\n" for module in modules)
        names.write_text("".join(asked), encoding="utf-8")
        for file in (results, trace):
            file.write_text("")
        script = import_modules.__file__
        arguments = (names, results, trace, self.timeout)
        with errors.open("wb") as output:
            process = subprocess.Popen(
                [self.python, "-I", script, *map(str, arguments)],
                cwd=self.variables["HOME"],
                env=dict(self.variables),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
            )
            # Where a module turns off the limit that the process has itself.
            timer = threading.Timer(self.timeout * (len(modules) + 2), process.kill)
            timer.start()
            try:
                status = process.wait()
            finally:
                timer.cancel()
        lines = results.read_text("utf-8", errors="replace").split("\n")[:-1]
        return [read_outcome(*pair) for pair in zip(modules, lines, strict=False)], status


def main(spec: dict[str, Any], out: Path) -> None:
    """Import the modules that `spec` asks for, and list them in the file `out`.

    Raises BuildError naming every package and module that can't be imported, and why, or what of
    `skip` and `only` fits no module.
    """
    sites = [
        (package["name"], Path(package["path"], spec["sitePackages"]))
        for package in spec["packages"]
    ]
    folder = Path.cwd()
    runner = Runner(
        spec["python"],
        process_variables(spec, folder),
        spec.get("timeout", 300),
        folder / "processes",
    )
    runner.folder.mkdir()
    suffixes = extension_suffixes(runner) if sites else []
    found = [module for name, site in sites for module in find_modules(name, site, suffixes)]
    chosen = choose(found, spec.get("skip", []), spec.get("only"))
    # The longest first, so that none is waited for at the end.
    jobs = sorted(
        (list(group) for _, group in groupby(chosen, key=process_key)), key=len, reverse=True
    )
    with ThreadPoolExecutor(core_count()) as pool:
        outcomes = [
            outcome
            for outcomes in pool.map(runner.outcomes, range(len(jobs)), jobs)
            for outcome in outcomes
        ]
    report(outcomes, Installed.read(sites), out)


def process_variables(spec: Mapping[str, Any], folder: Path) -> dict[str, str]:
    """Return the variables of a usual session: programs, a folder to write to, a locale."""
    home, temporary = folder / "home", folder / "tmp"
    home.mkdir()
    temporary.mkdir()
    programs = os.path.dirname(spec["python"])
    return {
        "HOME": os.fspath(home),
        "TMPDIR": os.fspath(temporary),
        "PATH": os.pathsep.join([programs, *spec.get("programs", [])]),
        "VIRTUAL_ENV": os.path.dirname(programs),
        "LANG": "C.UTF-8",
        "LC_ALL": "C.UTF-8",
        # There is no display.
        "MPLBACKEND": "Agg",
    }


def extension_suffixes(runner: Runner) -> list[str]:
    """Return the suffixes of the extension modules that the interpreter imports."""
    done = subprocess.run(
        [runner.python, "-I", "-c", SUFFIXES],
        env=dict(runner.variables),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise BuildError(f"{runner.python} doesn't start: {done.stderr.strip()}")
    return done.stdout.split()


def process_key(module: Module) -> tuple[str, str]:
    """Return what the modules that one process imports have in common."""
    return module.package, module.name.partition(".")[0]


def choose(
    modules: Sequence[Module], skip: Sequence[str], only: Sequence[str] | None
) -> list[Module]:
    """Return the modules that fit a glob of `only`, if it is given, and none of `skip`.

    Raises BuildError naming all globs that fit no module.
    """
    names = sorted({module.name for module in modules})
    useless = [
        useless_glob(argument, glob, names)
        for argument, globs in (("skip", skip), ("only", only or []))
        for glob in globs
        if not any(fnmatchcase(name, glob) for name in names)
    ]
    if useless:
        raise BuildError("\n".join(useless))
    return [
        module
        for module in modules
        if (only is None or any(fnmatchcase(module.name, glob) for glob in only))
        and not any(fnmatchcase(module.name, glob) for glob in skip)
    ]


def useless_glob(argument: str, glob: str, names: Sequence[str]) -> str:
    """Return the message on a glob that fits no module."""
    near = difflib.get_close_matches(glob, names, 3, cutoff=0.7)
    near = near or [name for name in names if name.startswith(glob.rstrip("*."))][:3]
    hint = (
        f"near ones are {', '.join(near)}"
        if near
        else "only names that packages declare, else those at their top and in namespace packages, "
        "and extension modules are"
    )
    return f'tests.imports: "{glob}" of `{argument}` fits no module that is imported; {hint}'


def read_outcome(module: Module, line: str) -> Outcome:
    """Return what a line of the results says of its module."""
    _, status, missing, failure, *lazy = line.split("\t")
    failures = tuple(
        LazyFailure(what, tuple(modules.split()), why)
        for what, modules, why in zip(lazy[::3], lazy[1::3], lazy[2::3], strict=True)
    )
    return Outcome(module, status, tuple(missing.split()), failure, failures)


def blamed(outcomes: Sequence[Outcome], failure: str) -> list[Outcome]:
    """Return outcomes whose first module that was imported has failed."""
    first = next((one for one in outcomes if one.status == "imported"), outcomes[0])
    failed = Outcome(first.module, "failed", failure=f"after it was imported, {failure}")
    return [failed if one is first else one for one in outcomes]


def end(files: Path, status: int) -> str:
    """Return how a process ended that shouldn't have."""
    trace = (files / "trace").read_text("utf-8", errors="replace")
    if trace.startswith("Timeout"):
        # The main thread is the last one.
        frames = [line.strip() for line in trace.rpartition("Thread 0x")[2].splitlines()[1:]]
        place = next((frame for frame in frames if '"<frozen' not in frame), "")
        limit = trace.partition("(")[2].partition(")")[0]
        return f"the interpreter went on for {limit} and was stopped{place and f' ({place})'}"
    if status < 0:
        name = signal.Signals(-status).name
        printed = (files / "errors").read_text("utf-8", errors="replace").strip().splitlines()
        return f"the interpreter was ended by {name}{f' ({printed[-1]})' if printed else ''}"
    return f"the interpreter ended with {status}"


@dataclass(frozen=True)
class Installed:
    """What an environment has.

    Top-level names in site-packages, normalized distributions, and names of native libraries.
    """

    tops: frozenset[str]
    distributions: frozenset[str]
    libraries: frozenset[str] = frozenset()

    @staticmethod
    def read(sites: Sequence[tuple[str, Path]]) -> "Installed":
        """Return what the packages of an environment have, by name and site-packages."""
        entries = [entry for _, site in sites for entry in site.iterdir()]
        metadata = [entry for entry in entries if entry.suffix in (".dist-info", ".egg-info")]
        tops = {entry.name.partition(".")[0] for entry in entries}
        names = {name for name, _ in sites} | {entry.name.partition("-")[0] for entry in metadata}
        return Installed(
            frozenset(tops.union(*map(top_level_names, metadata))),
            frozenset(map(normalize_name, names)),
            frozenset(name for _, site in sites for name in exported_sonames(site)),
        )

    def has(self, name: str) -> bool:
        """Return whether a module is, or should be, of a package of the environment."""
        return name in self.tops or normalize_name(name) in self.distributions


def exported_sonames(site: Path) -> Iterator[str]:
    """Yield the libraries that others may need of the package whose site-packages this is."""
    notes = site.parents[2] / "wheelhouse" / "package.json"
    if notes.is_file():
        yield from json.loads(notes.read_text("utf-8"))["native"]["exportedSonames"]


def top_level_names(metadata: Path) -> Iterator[str]:
    """Yield the modules that a distribution's metadata says that it has (setuptools)."""
    file = metadata / "top_level.txt"
    if file.is_file():
        yield from file.read_text("utf-8", errors="replace").split()


def optional_need(outcome: Outcome, installed: Installed) -> str | None:
    """Return the module of another distribution that a failed module is an integration of.

    Or the library that it needs, if no package of the environment has it: the package's main module
    does without. None if it is a failure: of that one, or of anything else than such a need.
    """
    if outcome.module.is_main or is_undelivered(outcome):
        return None
    found = MISSING_LIBRARY.search(outcome.failure) if outcome.module.is_inner else None
    if found is not None:
        library = found[1] or found[2]
        return None if library in installed.libraries else library
    return other_distribution(outcome.missing, installed)


def other_distribution(missing: Sequence[str], installed: Installed) -> str | None:
    """Return the first of missing modules if all are of distributions that the environment lacks.

    None where none is missing, too.
    """
    if not missing:
        return None
    return None if missing[0] in STANDARD or any(map(installed.has, missing)) else missing[0]


def is_undelivered(outcome: Outcome) -> bool:
    """Return whether a module that a package declares, and has no file of, isn't there at all."""
    top = outcome.module.name.partition(".")[0]
    return bool(outcome.module.lacks) and outcome.missing == (top,)


def is_elsewhere(outcome: Outcome) -> bool:
    """Return whether it isn't there because wheels for other platforms have it (PEP 794)."""
    return is_undelivered(outcome) and outcome.module.lacks == "platform"


def gone_modules(missing: Sequence[str], package: str) -> list[str]:
    """Return what to do about missing modules that Python or setuptools once had."""
    sentences = (former_sentence(name, package) for name in missing)
    return [sentence for sentence in sentences if sentence is not None]


def report(outcomes: Sequence[Outcome], installed: Installed, out: Path) -> None:
    """List modules in the file `out`. Raises BuildError where one has failed."""
    lines, failures = [], []
    gone: dict[str, None] = {}
    for outcome in outcomes:
        module, needed = outcome.module, optional_need(outcome, installed)
        if outcome.status == "imported":
            lines.append(f"{module.package}: {module.name}")
            for lazy in outcome.lazy:
                lacked = other_distribution(lazy.missing, installed)
                if lacked is None:
                    gone |= dict.fromkeys(gone_modules(lazy.missing, module.package))
                    failures.append((module, f"its lazy import of {lazy.what}: {lazy.failure}"))
                else:
                    lines.append(f"optional: {module.name} (imports {lazy.what} lazily)")
        elif is_elsewhere(outcome):
            lines.append(f"elsewhere: {module.name} (declared by {module.package})")
        elif needed is not None:
            lines.append(f"optional: {module.name} (needs {needed})")
        elif outcome.status == "failed":
            gone |= dict.fromkeys(gone_modules(outcome.missing, module.package))
            declared = "; its metadata declares it" if is_undelivered(outcome) else ""
            failures.append((module, f"{outcome.failure}{declared}"))
    if failures:
        failures.sort(key=lambda pair: (pair[0].package, pair[0].name))
        failed = dict.fromkeys(module for module, _ in failures)
        names = " ".join(f'"{module.name}"' for module in failed)
        raise BuildError(
            f"{len(failed)} of {len(outcomes)} modules can't be imported:\n"
            + "".join(
                f"  {module.package}: import {module.name}: {failure}\n"
                for module, failure in failures
            )
            + "".join(f"{sentence}\n" for sentence in gone)
            + "Those that nobody imports are left out with "
            f"`tests.imports.override {{ skip = [ {names} ]; }}`"
        )
    out.write_text("".join(f"{line}\n" for line in sorted(lines)), encoding="utf-8")

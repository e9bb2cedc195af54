"""The command line: `lock [PYTHON] [REQUIREMENTS [SOURCES]]`."""

import argparse
import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from lock.errors import LockError

EPILOG = """\
examples:
  lock                                          requirements.yaml → sources.yaml
  lock 3.11                                     for Python 3.11
  lock 3.11 requirements.yaml sources.yaml      with both files named
  lock --system x86_64-linux                    for one system only

PYTHON may be left out where requirements.yaml has a `python:` key or SOURCES exists already.
exit codes: 0 done, 1 the requirements can't be met, 2 usage or network, 130 interrupted
"""
PYTHON = re.compile(r"\d+(\.\d+)*t?")


@dataclass(frozen=True)
class Arguments:
    """What the command line says; None where it is silent."""

    python: str | None
    requirements: Path
    sources: Path
    systems: tuple[str, ...] | None


def parse_arguments(given: Sequence[str] | None) -> Arguments:
    """Read the command line. Exits with code 2 and the usage where it is wrong."""
    from lock.target import SYSTEMS

    parser = argparse.ArgumentParser(
        prog="lock",
        usage="lock [PYTHON] [REQUIREMENTS [SOURCES]] [--system SYSTEM]…",
        description="Resolve a requirements.yaml and pin every file, for every system at once.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version="wheelhouse lock 0.1.0")
    parser.add_argument(
        "--system",
        action="append",
        choices=SYSTEMS,
        metavar="SYSTEM",
        help=f"lock for this system only; may be repeated ({', '.join(SYSTEMS)})",
    )
    parser.add_argument(
        "words",
        nargs="*",
        metavar="ARGUMENT",
        help="PYTHON (as 3.11), REQUIREMENTS (requirements.yaml), SOURCES (sources.yaml)",
    )
    parsed = parser.parse_intermixed_args(given)
    words = list(parsed.words)
    python = words.pop(0) if words and PYTHON.fullmatch(words[0]) else None
    if len(words) > 2:
        parser.error(f"{words[2]!r} is one argument too many")
    return Arguments(
        python=python,
        requirements=Path(words[0] if words else "requirements.yaml"),
        sources=Path(words[1] if len(words) > 1 else "sources.yaml"),
        systems=tuple(sorted(set(parsed.system))) if parsed.system else None,
    )


def choose_python(arguments: Arguments, wanted: str | None) -> str:
    """The Python to lock for: the command line's, the requirements', or the existing lock's.

    Raises LockError where none of them says it.
    """
    from lock.target import check_python

    try:
        if arguments.python is not None:
            return check_python(arguments.python)
        if wanted is not None:
            return wanted
        existing = existing_python(arguments.sources)
        if existing is not None:
            return check_python(existing)
    except ValueError as error:
        raise LockError(str(error)) from error
    raise LockError(
        "no Python version is given: write `lock 3.11 …`, or put `python: 3.11` into "
        f"{arguments.requirements}"
    )


def existing_python(sources: Path) -> str | None:
    """The Python of a lock that is there already; None where there is none."""
    try:
        text = sources.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return None
    found = re.search(r"""^python: *["']?([\d.]+t?)["']? *$""", text, flags=re.MULTILINE)
    return found.group(1) if found else None


def lock(arguments: Arguments) -> str:
    """Lock, and return a line that says what was done. Raises LockError."""
    from lock.canonical import dump
    from lock.output import check_writable, write_atomically
    from lock.requirements import read_requirements
    from lock.resolution import install, read_graph
    from lock.selection import select
    from lock.sources import make_sources
    from lock.target import SYSTEMS, default_target
    from lock.uv import ROOT, resolve

    requirements = read_requirements(arguments.requirements)
    python = choose_python(arguments, requirements.python)
    check_writable(arguments.sources)
    systems = arguments.systems or requirements.systems or SYSTEMS
    targets = [default_target(system, python) for system in systems]
    graph = read_graph(resolve(requirements, targets), ROOT)
    installed = [install(graph, target) for target in targets]
    data = make_sources(graph, installed, select(graph, installed))
    write_atomically(arguments.sources, dump(data))
    return (
        f"{arguments.sources}: {len(data['closure'])} packages in {len(data['links'])} files, "
        f"for Python {python} on {', '.join(systems)}"
    )


def main(given: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit code."""
    try:
        print(lock(parse_arguments(given)), file=sys.stderr)
    except LockError as error:
        print(f"lock: {error}", file=sys.stderr)
        return error.exit_code
    except KeyboardInterrupt:
        print("lock: interrupted; nothing was written", file=sys.stderr)
        return 130
    return 0

"""The command line: lock [PYTHON]... [REQUIREMENTS [SOURCES]]."""

import argparse
import itertools
import os
import re
import signal
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from types import FrameType
from typing import NoReturn

from lock import __version__
from lock.errors import LockError, UsageError

DESCRIPTION = "Resolve and pin Python packages for Nix, for every system at once."
EPILOG = """\
arguments:
  PYTHON        the version of Python, such as 3.11. Without it, that of `python:` in the
                requirements, or that of the sources file that is there already.
                Several make a lock each: {python} in SOURCES stands for the version.
  REQUIREMENTS  what you want (default: requirements.yaml)
  SOURCES       what it is: the file to write (default: sources.yaml, for several Pythons
                sources-{python}.yaml)

examples:
  lock 3.11
  lock 3.11 requirements.yaml sources.yaml
  lock 3.11 3.12 3.13t requirements.yaml locks/{python}.yaml
  lock --system x86_64-linux --system aarch64-linux
  lock --upgrade-package numpy

requirements.yaml:
  Django: ">3.2"                     PEP 440
  numpy: ^1.26                       or as Poetry writes it: ^1.26, ~1.26, 1.26.*, 1.26.4
  httpx[http2]:                      any version, with an extra
  pycocotools: {version: "==2.0", build-requires: [Cython, numpy]}
                                     built from source, with what it forgets to ask for
  numpy: {version: "*", prefer-sdist: true}
                                     built from source even where a wheel fits

or, with options:
  python: 3.11
  systems: [x86_64-linux, aarch64-darwin]
  requirements:
    Django: ">3.2"
    uvloop: {version: "*", markers: "sys_platform == 'linux'"}

exit status: 0 done, 1 the requirements can't be satisfied or, with --check, the lock is stale,
2 usage or network.
"""
PYTHON_SHAPE = re.compile(r"\d+(\.\d+)*t?")
REQUIREMENTS = "requirements.yaml"
SOURCES = "sources.yaml"
# Stands for the version of Python in the name of the sources file.
PLACE = "{python}"
SEVERAL_SOURCES = f"sources-{PLACE}.yaml"
WHICH_PYTHON = (
    "lock: which Python? Name its version, as in `lock 3.11`, or write `python: 3.11` into the "
    "requirements"
)


class Terminated(BaseException):
    """A signal to end, as an exception, so that every scratch file is removed on the way out."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the lock app; the exit code. Raises SystemExit for --help, --version and bad usage."""
    parsed = _parser().parse_intermixed_args(arguments)
    for number in (signal.SIGTERM, signal.SIGHUP):
        # What is ignored from the start, as below nohup, stays ignored.
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, _terminate)
    try:
        _run(parsed)
    except LockError as error:
        print(error, file=sys.stderr)
        return error.exit_code
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        print(f"{where}{error.strerror or error}", file=sys.stderr)
        return 2
    except (KeyboardInterrupt, Terminated) as ended:
        print("lock: interrupted; every lock is as it was", file=sys.stderr)
        return 128 + (ended.number if isinstance(ended, Terminated) else signal.SIGINT)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="lock",
        usage="%(prog)s [OPTION]... [PYTHON]... [REQUIREMENTS [SOURCES]]",
        description=DESCRIPTION,
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("positional", nargs="*", help=argparse.SUPPRESS)
    parser.add_argument(
        "--system",
        action="append",
        dest="systems",
        metavar="SYSTEM",
        help="lock for this Nix system only, such as x86_64-linux; may be repeated",
    )
    for kind, platform in (("glibc", "glibc"), ("macos", "macOS"), ("musl", "musl")):
        parser.add_argument(
            f"--{kind}",
            metavar="VERSION",
            help=f"the oldest version of {platform} that files must run on",
        )
    parser.add_argument(
        "--upgrade",
        "-U",
        action="store_true",
        help="take the newest versions; otherwise those of SOURCES stay where they can",
    )
    parser.add_argument(
        "--upgrade-package",
        "-P",
        action="append",
        default=[],
        dest="upgraded",
        metavar="NAME",
        help="take the newest version of this package; may be repeated",
    )
    parser.add_argument(
        "--exclude-newer",
        metavar="TIME",
        help="see no file uploaded later than a date or an RFC 3339 time",
    )
    parser.add_argument("--offline", action="store_true", help="use only what uv has in its cache")
    parser.add_argument(
        "--check",
        action="store_true",
        help="write nothing; exit with 1 when SOURCES isn't the lock of REQUIREMENTS",
    )
    parser.add_argument("--version", action="version", version=f"wheelhouse {__version__}")
    return parser


def _terminate(number: int, _frame: FrameType | None) -> NoReturn:
    raise Terminated(number)


def _run(parsed: argparse.Namespace) -> None:
    # Imported here so that --help and --version answer at once.
    from lock import inputs, locking, output, previous
    from lock.target import USUAL_SYSTEMS, Target, with_floors

    pythons, requirements_file, pattern = _positional(parsed.positional)
    wanted = inputs.read(requirements_file)
    if parsed.exclude_newer:
        wanted = replace(wanted, exclude_newer=_time(parsed.exclude_newer))
    floors = {**wanted.floors, **_floors(parsed)}
    names = _systems(parsed.systems) or wanted.systems or USUAL_SYSTEMS
    systems = with_floors(names, floors)
    upgraded = _names(parsed.upgraded)
    jobs = []
    for file, argument in _sources_files(pattern, pythons or [wanted.python]):
        output.check_apart(file, requirements_file)
        output.check_kind(file) if parsed.check else output.check(file)
        version = _python(argument, wanted.python, file)
        kept = previous.Previous() if parsed.upgrade else previous.read(file, upgraded)
        jobs.append(locking.Job(file, [Target(system, version) for system in systems], kept))
    if parsed.check:
        locking.check(jobs, wanted, str(requirements_file))
        return
    if sys.stderr.isatty():
        versions = ", ".join(job.targets[0].python for job in jobs)
        print(
            f"resolving for Python {versions} on {', '.join(system.name for system in systems)} …",
            file=sys.stderr,
        )
    environment = os.environ | ({"UV_OFFLINE": "1"} if parsed.offline else {})
    made = locking.lock(jobs, wanted, str(requirements_file), environment)
    told = [warning for _, warnings in made for warning in warnings]
    told += [f"{requirements_file}: {note}" for sources, _ in made for note in sources.notes]
    for line in dict.fromkeys(told):
        print(line, file=sys.stderr)
    for job, (sources, _) in zip(jobs, made, strict=True):
        print(f"{job.sources_file}: {sources.summary()}", file=sys.stderr)


def _positional(given: Sequence[str]) -> tuple[list[str], Path, str]:
    """The versions of Python, which their shape gives away, the requirements and the sources."""
    pythons = [*dict.fromkeys(itertools.takewhile(PYTHON_SHAPE.fullmatch, given))]
    rest = [*itertools.dropwhile(PYTHON_SHAPE.fullmatch, given)]
    if len(rest) > 2:
        raise UsageError(
            f"lock: too many arguments, from {rest[2]!r} on; at most versions of Python such as "
            "3.11, a requirements file and a sources file stand there"
        )
    default = SOURCES if len(pythons) < 2 else SEVERAL_SOURCES
    files = [*rest, *(REQUIREMENTS, default)[len(rest) :]]
    return pythons, Path(files[0]), files[1]


def _sources_files(pattern: str, pythons: Sequence[str | None]) -> list[tuple[Path, str | None]]:
    """The file to write for each Python, of which None is still to be found out."""
    if PLACE not in pattern:
        if len(pythons) > 1:
            raise UsageError(
                f"{pattern}: a lock is for one Python; write {PLACE} where its version is to "
                f"stand in the file's name, as in {SEVERAL_SOURCES}"
            )
        return [(Path(pattern), pythons[0])]
    if None in pythons:
        raise UsageError(WHICH_PYTHON)
    return [(Path(pattern.replace(PLACE, python)), python) for python in pythons if python]


def _python(argument: str | None, required: str | None, sources_file: Path) -> str:
    """The version of Python to lock for, checked."""
    from lock.output import read_python
    from lock.target import check_python

    if required is not None and argument is None:
        return required
    version = argument or read_python(sources_file)
    if version is None:
        raise UsageError(WHICH_PYTHON)
    try:
        return check_python(version)
    except UsageError as error:
        raise UsageError(f"{'lock' if argument else sources_file}: {error}") from None


def _systems(given: Sequence[str] | None) -> tuple[str, ...]:
    """The systems named on the command line, checked."""
    from lock.target import check_system

    try:
        return tuple(check_system(name) for name in given or ())
    except UsageError as error:
        raise UsageError(f"lock: --system: {error}") from None


def _floors(parsed: argparse.Namespace) -> dict[str, str]:
    """The oldest platforms named on the command line, checked."""
    from lock.target import FLOORS, check_floor

    found: dict[str, str] = {}
    for kind in FLOORS:
        given = getattr(parsed, kind)
        try:
            found |= {} if given is None else {kind: check_floor(kind, given)}
        except UsageError as error:
            raise UsageError(f"lock: --{kind}: {error}") from None
    return found


def _time(given: str) -> str:
    """The time named on the command line, checked."""
    from lock.requested import moment

    try:
        return moment(given)
    except UsageError as error:
        raise UsageError(f"lock: --exclude-newer: {error}") from None


def _names(given: Sequence[str]) -> frozenset[str]:
    """The packages named on the command line, normalised."""
    from packaging.utils import InvalidName, canonicalize_name

    try:
        return frozenset(canonicalize_name(name, validate=True) for name in given)
    except InvalidName as error:
        raise UsageError(f"lock: --upgrade-package: {error}; write a package's name") from None

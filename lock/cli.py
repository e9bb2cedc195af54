"""The command line: lock [PYTHON] [REQUIREMENTS [SOURCES]]."""

import argparse
import os
import re
import signal
import sys
import tempfile
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
  REQUIREMENTS  what you want (default: requirements.yaml)
  SOURCES       what it is: the file to write (default: sources.yaml)

examples:
  lock 3.11
  lock 3.11 requirements.yaml sources.yaml
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
    except KeyboardInterrupt:
        return 128 + signal.SIGINT
    except Terminated as ended:
        return 128 + ended.number
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="lock",
        usage="%(prog)s [OPTION]... [PYTHON] [REQUIREMENTS [SOURCES]]",
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
    from lock import canonical, inputs, output, previous, requested, uv
    from lock.pinning import pin
    from lock.target import SYSTEMS, Target

    python, requirements_file, sources_file = _positional(parsed.positional)
    wanted = inputs.read(requirements_file)
    if parsed.exclude_newer:
        wanted = replace(wanted, exclude_newer=_time(parsed.exclude_newer))
    systems = sorted({*(_systems(parsed.systems) or wanted.systems or SYSTEMS)})
    output.check_apart(sources_file, requirements_file)
    output.check_kind(sources_file) if parsed.check else output.check(sources_file)
    version = _python(python, wanted.python, sources_file)
    targets = [Target(SYSTEMS[system], version) for system in systems]
    if parsed.check:
        requested.check_fresh(sources_file, wanted, targets, str(requirements_file))
        return
    if sys.stderr.isatty():
        print(f"resolving for Python {version} on {', '.join(systems)} …", file=sys.stderr)
    with tempfile.TemporaryDirectory(prefix="wheelhouse-lock-") as scratch:
        environment = os.environ | ({"UV_OFFLINE": "1"} if parsed.offline else {})
        resolver = uv.Resolver(Path(scratch), environment, requested.options(wanted))
        kept = previous.Previous()
        if not parsed.upgrade:
            kept = previous.read(sources_file, _names(parsed.upgraded))
        sources, warnings = pin(resolver, wanted, targets, str(requirements_file), kept)
    for warning in warnings:
        print(warning, file=sys.stderr)
    output.write(sources_file, canonical.dump(sources.data()))
    for note in sources.notes:
        print(f"{requirements_file}: {note}", file=sys.stderr)
    print(f"{sources_file}: {sources.summary()}", file=sys.stderr)


def _positional(given: Sequence[str]) -> tuple[str | None, Path, Path]:
    """The version of Python, which its shape gives away, the requirements and the sources."""
    named = bool(given) and PYTHON_SHAPE.fullmatch(given[0]) is not None
    rest = given[1:] if named else given
    if len(rest) > 2:
        raise UsageError(
            f"lock: too many arguments, from {rest[2]!r} on; at most a version of Python such as "
            "3.11, a requirements file and a sources file stand there"
        )
    files = [*rest, *(REQUIREMENTS, SOURCES)[len(rest) :]]
    return given[0] if named else None, Path(files[0]), Path(files[1])


def _python(argument: str | None, required: str | None, sources_file: Path) -> str:
    """The version of Python to lock for, checked."""
    from lock.output import read_python
    from lock.target import check_python

    if required is not None and argument is None:
        return required
    version = argument or read_python(sources_file)
    if version is None:
        raise UsageError(
            "lock: which Python? Name its version, as in `lock 3.11`, or write `python: 3.11` "
            "into the requirements"
        )
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

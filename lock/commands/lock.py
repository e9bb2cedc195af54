"""`lock [PYTHON]... [REQUIREMENTS [SOURCES]]`: locks requirements."""

import argparse
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from lock import __version__
from lock.commands import COMMANDS, arguments
from lock.commands.near import unknown_command
from lock.errors import UsageError
from lock.pipeline import file_names
from lock.pipeline.file_names import sources_files

# The name of the format that Nix reads.
SOURCES = "sources"
# The formats that have licences.
WITH_LICENSES = (SOURCES, "cyclonedx")

DESCRIPTION = "Resolve and pin Python packages for Nix, for every system at once."
EPILOG = """\
arguments:
  PYTHON        the version of Python, such as 3.11. Without it, that of `python:` in the
                requirements, or that of the sources file that is there already.
                Several make a lock each: {python} in SOURCES stands for the version.
  REQUIREMENTS  what you want: requirements.yaml, requirements.txt, pyproject.toml, setup.py,
                Pipfile, environment.yml, pixi.toml, a script with a block `# /// script`, or
                the lock of another tool, which is kept as it is: uv.lock, poetry.lock,
                pylock.toml, pdm.lock, Pipfile.lock, conda-lock.yml, pixi.lock
                (default: the first that is there of requirements.yaml, pyproject.toml or the
                uv.lock, poetry.lock or pdm.lock beside it, requirements.in, requirements.txt,
                Pipfile.lock, Pipfile, setup.py)
  SOURCES       what it is: the file to write (default: sources.yaml, of a script
                SCRIPT.py.sources.yaml beside it, for several Pythons sources-{python}.yaml). A
                file that is there and is no lock stays as it is.

commands, each with a --help of its own:
%(commands)s
  A file with such a name is written ./tree.

examples:
  lock 3.11
  lock 3.11 requirements.yaml sources.yaml
  lock 3.11 3.12 3.13t requirements.yaml locks/{python}.yaml
  lock 3.11 -r requirements.txt -r requirements-dev.txt
  lock --system x86_64-linux --system aarch64-linux
  lock --upgrade-package numpy
  lock --diff --upgrade
  lock --format pylock 3.11 requirements.yaml pylock.toml
  lock --package api pyproject.toml
  lock add "httpx[http2]>=0.27"

requirements.yaml:
  Django: ">3.2"                     PEP 440
  numpy: ^1.26                       or as Poetry writes it: ^1.26, ~1.26, 1.26.*, 1.26.4
  httpx[http2]:                      any version, with an extra
  pycocotools: {version: "==2.0", build-requires: [Cython, numpy]}
                                     built from source, with what it forgets to ask for
  numpy: {version: "*", prefer-sdist: true}
                                     built from source even where a wheel fits
  tkinter: {from: nixpkgs}           nixpkgs' own, whoever requires it

or, with options:
  python: 3.11
  systems: [x86_64-linux, aarch64-darwin]
  requirements:
    Django: ">3.2"
    uvloop: {version: "*", markers: "sys_platform == 'linux'"}
  exclude: [opencv-python]           nothing installs it
  replace: {psycopg2: psycopg2-binary}
                                     whoever requires the first gets the second

exit status: 0 done, 1 the requirements can't be satisfied or, with --check, the lock is stale,
2 usage or network, 130 interrupted.
"""


def parser() -> argparse.ArgumentParser:
    """Return the parser of the command's arguments."""
    listed = "\n".join(f"  {name:<13} {what}" for name, what in COMMANDS.items())
    made = arguments.parser(
        "",
        "[OPTION]... [PYTHON]... [REQUIREMENTS [SOURCES]]\n       %(prog)s COMMAND ...",
        DESCRIPTION,
        EPILOG.replace("%(commands)s", listed),
    )
    made.add_argument("positional", nargs="*", help=argparse.SUPPRESS)
    arguments.add_named_files(made, "REQUIREMENTS; may be repeated, to lock several files together")
    arguments.add_resolution(made)
    arguments.add_choice(made)
    instead = made.add_mutually_exclusive_group()
    instead.add_argument(
        "--check",
        action="store_true",
        help="write nothing; exit with 1 when SOURCES isn't the lock of REQUIREMENTS",
    )
    instead.add_argument(
        "--diff", action="store_true", help="write nothing; print what locking would change"
    )
    instead.add_argument(
        "--verify",
        action="store_true",
        help="download every file of SOURCES again and check its size and its hash",
    )
    made.add_argument(
        "--format",
        default=SOURCES,
        metavar="FORMAT",
        help="the format to write: sources (default), or one of `lock export`",
    )
    made.add_argument("--version", action="version", version=f"wheelhouse {__version__}")
    return made


def run(parsed: argparse.Namespace) -> int:
    """Lock, or compare; return the exit code."""
    # Imported here so that --help and --version answer at once.
    from lock import inputs
    from lock.commands import report
    from lock.io import progress
    from lock.pipeline import jobs
    from lock.pipeline.plan import chosen_members, includes_project, plan, required_python

    named = arguments.positional(parsed.positional, parsed.requirements, parsed.sources)
    if parsed.verify:
        return _verify(parsed, named.pythons, named.sources)
    _check_inputs(named.requirements, parsed.positional)
    read = partial(inputs.read_together, named.requirements, with_python=not named.pythons)
    options = arguments.lock_options(parsed)
    requirements = read(members=options.packages)
    default = _default_file(parsed.format, named.requirements)
    if parsed.check and parsed.format != SOURCES:
        raise UsageError("lock: --check looks at sources.yaml only; leave --format out")
    if parsed.licenses and parsed.format not in WITH_LICENSES:
        raise UsageError(
            f"lock: --licenses: the format {parsed.format} has no place for them; leave it out, or "
            f"write {' or '.join(WITH_LICENSES)}"
        )
    files = sources_files(
        named.sources,
        named.pythons,
        required_python(requirements),
        default,
        requirements.requires_python,
    )
    writes = not (parsed.check or parsed.diff)
    members = chosen_members(options, files)
    if members != options.packages:
        requirements = read(members=members)
    if not includes_project(options, requirements, files):
        report.print_left_out(requirements, files[0][0], asked=options.project is not None)
        requirements = read(with_own=False, members=members)
    planned = plan(requirements, named.requirements, files, options, writes=writes)
    if parsed.check:
        jobs.check(planned.jobs, planned.requirements, planned.origin)
        return report.print_fresh(parsed, planned.jobs)
    report.print_notes(planned)
    environment = arguments.environment(parsed)
    with progress.status(planned.summary):
        locks = jobs.make(
            planned.jobs,
            planned.requirements,
            planned.origin,
            environment,
            _converter(parsed.format),
        )
    if writes:
        jobs.write(locks)
    return report.print_locks(parsed, planned.origin, locks, written=writes)


def _check_inputs(files: Sequence[Path], words: Sequence[str]) -> None:
    """Raise an error for a word that is no file but meant as a command, and for a stale lock."""
    from lock.inputs.stale_locks import check_not_stale

    unknown = unknown_command(str(files[0]), words[-1:])
    if unknown is not None:
        raise UsageError(unknown)
    for file in files:
        check_not_stale(file)


def _default_file(name: str, requirements: Sequence[Path]) -> str:
    """Return the default file of a format. Raises UsageError for an unknown one."""
    if name == SOURCES:
        return file_names.default_sources(requirements)
    from lock.outputs import FORMATS

    if name not in FORMATS:
        known = ", ".join([SOURCES, *FORMATS])
        raise UsageError(f"lock: --format: {name!r} is unknown; known are {known}")
    return FORMATS[name].file


def _converter(name: str) -> Callable[[str, Path], str] | None:
    """Return what turns the text of a lock, and its file, into a format; None for sources.yaml."""
    if name == SOURCES:
        return None
    from lock import outputs
    from lock.lockfile import reader

    return lambda text, file: outputs.render(reader.parse(text, file), name)


def _verify(parsed: argparse.Namespace, pythons: list[str], pattern: str | None) -> int:
    from lock.commands import verify

    files = sources_files(pattern, pythons, None)
    return verify.verify_files([file for file, _ in files], parsed.json)

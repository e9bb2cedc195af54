"""The command line of `script`, and what it makes."""

import argparse
import os
import shlex
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from lock import inputs
from lock.errors import UnsatisfiableError, UsageError
from lock.inputs.project import script as reader
from lock.inputs.project.projects import with_projects
from lock.inputs.stale_locks import check_not_stale
from lock.lockfile import existing
from lock.models.requirements import Requirements
from lock.pipeline import jobs
from lock.pipeline.file_names import SOURCES
from lock.pipeline.plan import LockOptions, plan
from run import environments, machine, warm
from run.commands import running
from run.environments import Cache, Wanted
from run.script import key

NAME = "script"
USAGE = "[OPTION]... SCRIPT [ARGUMENT]..."
DESCRIPTION = """\
Run a Python script with the packages that its block `# /// script` names (PEP 723). They are locked
and built at the first time; later runs take what is there, the same versions. A lock beside the
script, which `lock SCRIPT` writes, pins them for everyone."""
EPILOG = """\
examples, with `nix run .#script --` before them:
  ./thing.py --some argument
  --refresh ./thing.py
  --locked ./thing.py

A lock beside the script, thing.py.sources.yaml, is made again where the script asks for something
else by now. Without it, uv's thing.py.lock counts.

exit status: that of the script; 1 the requirements can't be satisfied or built, or with --locked
the lock is stale or missing, 2 usage or network, 130 interrupted.
"""


def parser() -> argparse.ArgumentParser:
    """Return the parser of what stands before the script's arguments."""
    made = running.parser(NAME, USAGE, DESCRIPTION, EPILOG)
    made.add_argument(
        "--locked", action="store_true", help="fail where the lock is stale or missing"
    )
    return made


def make(options: Sequence[str], script: str, call: str) -> tuple[str, str]:
    """Return the environment of a script, made if it isn't there, and no default program.

    Exits where it can't be made, and where only the help was asked for.
    """
    made = parser()
    parsed = made.parse_intermixed_args(options)
    if not script:
        made.error("name a script, as in `script ./thing.py`")

    def work() -> tuple[str, str]:
        cache = Cache(Path(warm.folder(os.environ)))
        file = Path(script)
        wanted = _wanted(parsed, file)
        beside = _beside(file)
        with cache.alone(wanted.key(os.environ)):
            if beside.exists():
                _renew(parsed, wanted, file, beside)
                text = beside.read_text("utf-8")
                again = wanted.is_local
                made = environments.build(wanted.name, beside, text, cache, os.environ, again=again)
            elif parsed.locked and wanted.origin == file:
                raise UnsatisfiableError(
                    f"{beside}: there is no lock, and --locked wants one; write it: "
                    f"`lock {wanted.python} {shlex.quote(str(file))}`"
                )
            else:
                made = environments.cached(wanted, cache, os.environ, refresh=parsed.refresh)
            _tell(f"{NAME}: {warning}" for warning in made.warnings)
            # What has changed meanwhile, or was locked again, isn't what the call was about.
            is_same = bool(call) and call == key(options, script)
            if is_same and not (wanted.is_local or parsed.refresh):
                cache.remember(call, made.link, "")
        cache.forget_unused()
        return str(made.prefix), ""

    return running.run(NAME, work, offline=parsed.offline)


def _beside(file: Path) -> Path:
    """Return where a script's lock stands, as `lock` names it."""
    return file.with_name(f"{file.name}.{SOURCES}")


def _wanted(parsed: argparse.Namespace, file: Path) -> Wanted:
    """Return what a script asks for, or what uv has locked for it."""
    if not file.exists():
        raise UsageError(f"{NAME}: {file}: there is no such script")
    if file.is_dir():
        raise UsageError(f"{NAME}: {file}: this is a folder; name the script in it")
    if not file.is_file():
        # It would be read twice: for its block, and by Python.
        raise UsageError(f"{NAME}: {file}: no regular file; write the script into one")
    requirements = with_projects(reader.requirements(inputs.read_text(file), str(file)), str(file))
    origin, of_uv = file, file.with_name(f"{file.name}.lock")
    if of_uv.is_file() and not _beside(file).exists():
        check_not_stale(of_uv)
        origin, requirements = of_uv, inputs.read(of_uv)
    here = machine.find(os.environ)
    return Wanted(
        requirements,
        origin,
        machine.choose_python(here, parsed.python, requirements.requires_python, str(origin), NAME),
        here,
        file.stem,
        running.exclude_newer(NAME, parsed.exclude_newer),
    )


def _renew(parsed: argparse.Namespace, wanted: Wanted, file: Path, beside: Path) -> None:
    """Make the lock beside a script again where it is stale, or newer versions are asked for.

    Raises UnsatisfiableError where it is stale and must not be.
    """
    python = existing.python(beside)
    if python is None:
        raise UsageError(
            f"{beside}: this is no lock; remove it, or write one in its place: `lock "
            f"{wanted.python} {shlex.quote(str(file))}`"
        )
    if parsed.python is not None and parsed.python != python:
        raise UsageError(
            f"{beside}: it is for Python {python}; leave --python out, or lock again: "
            f"`lock {parsed.python} {shlex.quote(str(file))}`"
        )
    options = LockOptions(upgrade=parsed.refresh, exclude_newer=wanted.exclude_newer)
    requirements: Requirements = replace(wanted.requirements, python=None)
    planned = plan(requirements, [file], [(beside, None)], options, writes=False)
    if not parsed.refresh:
        try:
            jobs.check(planned.jobs, planned.requirements, planned.origin)
        except UnsatisfiableError as error:
            if parsed.locked:
                told = str(error).replace(
                    "run lock without --check", f"run {NAME} without --locked"
                )
                raise UnsatisfiableError(told) from None
            _tell([f"{NAME}: {str(error).splitlines()[0].partition(';')[0]}; it is made again"])
        else:
            return
    # This time it is checked that the lock may be replaced.
    planned = plan(requirements, [file], [(beside, None)], options)
    [lock] = jobs.make(planned.jobs, planned.requirements, planned.origin, os.environ)
    jobs.write([lock])
    _tell(lock.warnings)
    _tell(f"  {change}" for change in lock.changes)


def _tell(lines: "Iterator[str] | Sequence[str]") -> None:
    for line in lines:
        print(line, file=sys.stderr)

"""The command line of `with`, and what it makes."""

import argparse
import os
import re
import shlex
import sys
from collections.abc import Sequence
from pathlib import Path

from lock.commands.near import Parser
from lock.edits.wanted import wanted
from lock.errors import UsageError
from lock.inputs.project.projects import with_projects
from lock.inputs.values.specifier import SpecifierError
from lock.io import signals
from lock.models.requirements import Requirement, Requirements
from run import environments, machine, warm
from run.commands import running
from run.environments import Cache, Wanted

NAME = "with"
USAGE = "[OPTION]... REQUIREMENT... [-- COMMAND [ARGUMENT]...]"
DESCRIPTION = """\
Run a command with packages of the index. They are locked and built at the first time; later runs
take what is there, the same versions."""
EPILOG = """\
examples, with `nix run .#with --` before them:
  numpy 'pandas>=2' -- python script.py
  cowsay -- cowsay -t hi
  --python 3.13 -- black -- black --version
  'httpx[cli]' -- httpx --help
  cowsay                 without a command: the package's program of its own name, or else Python

A requirement is one of PEP 508, or the address or the path of a repository, a project, a wheel or
an sdist.

exit status: that of the command; 1 the requirements can't be satisfied or built, 2 usage or
network, 126 or 127 the command can't be run or isn't there, 130 interrupted.
"""
# The end of a file's name that is no package's.
FILE = re.compile(r"\.(py|ya?ml|txt|in|toml|lock|json|cfg|sh)$")
# Of an environment's name in the store.
MOST_NAMES = 3


def parser() -> Parser:
    """Return the parser of what stands before the command."""
    made = running.parser(NAME, USAGE, DESCRIPTION, EPILOG)
    made.add_argument(
        "--print-lock",
        action="store_true",
        help="print the sources.yaml, of which the library makes the same, and run nothing",
    )
    made.add_argument("requirements", nargs="+", metavar="REQUIREMENT", help=argparse.SUPPRESS)
    return made


def make(words: Sequence[str], call: str) -> tuple[str, str]:
    """Return the environment of some words, and its default program; made if it isn't there.

    Exits where it can't be made, and where only the lock or the help was asked for.
    """
    parsed = _parse(words)

    def work() -> tuple[str, str] | None:
        cache = Cache(Path(warm.folder(os.environ)))
        wanted = _wanted(parsed)
        with cache.alone(wanted.key(os.environ)):
            made = environments.cached(wanted, cache, os.environ, refresh=parsed.refresh)
            for warning in made.warnings:
                # `lock` names the origin, which is this program.
                told = warning.removeprefix("warning: ").removeprefix(f"{NAME}: ")
                print(f"{NAME}: {told}", file=sys.stderr)
            if parsed.print_lock:
                print(environments.lock_file(wanted, cache, os.environ).read_text("utf-8"), end="")
                return None
            program = _default_program(made.prefix, wanted.requirements.packages)
            if not (wanted.is_local or parsed.refresh):
                cache.remember(call, made.link, program)
        cache.forget_unused()
        return str(made.prefix), program

    made = running.run(NAME, work, offline=parsed.offline)
    if made is None:
        signals.exit_now(0)
    return made


def _parse(words: Sequence[str]) -> argparse.Namespace:
    """Return the arguments. Exits, with the help or an error, for others."""
    made = parser()
    if all(word.startswith("-") for word in words):
        return made.parse_intermixed_args(words)
    parsed, unknown = made.parse_known_intermixed_args(words)
    option = next((word for word in unknown if word.startswith("-")), None)
    first = next(iter(parsed.requirements), "")
    is_meant = option is not None and made.meant(option.partition("=")[0])
    if option is not None and not is_meant and first in words[: words.index(option)]:
        command = shlex.join(words[words.index(first) :])
        made.error(
            f"there is no option {option}; what belongs to the command stands behind --, as in "
            f"`{NAME} {shlex.quote(first)} -- {command}`"
        )
    return made.parse_intermixed_args(words)


def _wanted(parsed: argparse.Namespace) -> Wanted:
    """Return what the arguments ask for. Raises UsageError where they ask for nothing that is."""
    found = []
    for text in parsed.requirements:
        # There are packages such as discord.py.
        if FILE.search(text) and Path(text).is_file():
            raise UsageError(
                f"{NAME}: {text}: this is a file, and no package; the command stands behind --, as "
                f"in `{NAME} PACKAGE -- python {text}`"
            )
        try:
            found.append(wanted(text, Path()))
        except (UsageError, SpecifierError) as error:
            raise UsageError(f"{NAME}: {error}") from None
    here = machine.find(os.environ)
    packages = tuple(sorted(dict.fromkeys(found), key=str))
    requirements = with_projects(Requirements(None, None, packages), NAME)
    return Wanted(
        requirements,
        Path(NAME),
        machine.choose_python(here, parsed.python, None, NAME, NAME),
        here,
        _store_name(packages),
        running.exclude_newer(NAME, parsed.exclude_newer),
    )


def _store_name(packages: Sequence[Requirement]) -> str:
    names = [*dict.fromkeys(one.name for one in packages)]
    return "-".join([*names[:MOST_NAMES], *(["more"] if len(names) > MOST_NAMES else [])])


def _default_program(prefix: Path, packages: Sequence[Requirement]) -> str:
    """Return the program that is named as the only package is; empty for none."""
    names = {one.name for one in packages}
    if len(names) != 1:
        return ""
    [name] = names
    wanted = {name, name.replace("-", "_"), name.replace("-", ".")}
    found = [one for one in warm.programs(str(prefix)) if one.lower() in wanted]
    return found[0] if found else ""

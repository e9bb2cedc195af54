"""Runs `lock add` and `lock remove`."""

import argparse
import re
import sys
from collections.abc import Sequence
from pathlib import Path

from lock.commands import arguments, report
from lock.edits.edit import Edit
from lock.errors import UsageError
from lock.inputs import pep508
from lock.inputs.checks import check_group
from lock.inputs.specifier import SpecifierError
from lock.io import progress
from lock.pipeline.edit import edit_and_lock
from lock.pipeline.file_names import requirements_file

# The end of a file's name that is no package's: of requirements, and of locks.
FILE = re.compile(r"\.(ya?ml|txt|in|toml|lock|json|cfg|py)$")


def run_edit(parsed: argparse.Namespace, added: Sequence[str], removed: Sequence[str]) -> int:
    """Edit the requirements and lock; return the exit code.

    `added` are requirements (PEP 508), `removed` project names.
    """
    file, *others = parsed.requirements or [requirements_file(edited=True)]
    _check_no_files([*added, *removed], "add" if added else "remove", file)
    try:
        requirements = tuple(pep508.requirement(text, file.absolute().parent) for text in added)
        group = None if parsed.group in (None, "default") else check_group(parsed.group)
    except (UsageError, SpecifierError) as error:
        raise UsageError(f"lock add: {error}") from None
    names = tuple(arguments.project_name(name, "lock remove") for name in removed)
    edited = edit_and_lock(
        file,
        others,
        Edit(requirements, names, group),
        parsed.sources,
        parsed.pythons,
        arguments.lock_options(parsed),
        arguments.environment(parsed),
        progress.status,
    )
    if edited.is_unchanged:
        print(f"{file}: it asks for that already", file=sys.stderr)
    return report.print_locks(parsed, edited.origin, edited.locks)


def _check_no_files(words: Sequence[str], command: str, file: Path) -> None:
    """Raise UsageError where a word behind the command is a file of requirements, or a lock."""
    for word in words:
        if FILE.search(word) and not re.search(r"[\s@=<>~!;]", word):
            others = [other for other in words if other != word] or ["NAME"]
            raise UsageError(
                f"lock {command}: {word}: a file stands behind -r where it has the requirements, "
                f"and behind -o where it is the lock, as in `lock {command} {' '.join(others)} "
                f"-r {word}`; without -r it is {file}"
            )

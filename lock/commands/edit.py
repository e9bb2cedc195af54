"""Runs `lock add` and `lock remove`."""

import argparse
import sys
from collections.abc import Sequence

from lock.commands import arguments, report
from lock.edits.edit import Edit
from lock.errors import UsageError
from lock.inputs import pep508
from lock.inputs.checks import check_group
from lock.inputs.specifier import SpecifierError
from lock.io import progress
from lock.pipeline.edit import edit_and_lock
from lock.pipeline.file_names import requirements_file


def run_edit(parsed: argparse.Namespace, added: Sequence[str], removed: Sequence[str]) -> int:
    """Edit the requirements and lock; return the exit code.

    `added` are requirements (PEP 508), `removed` project names.
    """
    file, *others = parsed.requirements or [requirements_file(edited=True)]
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

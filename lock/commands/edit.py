"""Runs `lock add` and `lock remove`."""

import argparse
import re
import sys
from collections.abc import Sequence
from pathlib import Path

from lock.commands import arguments, report
from lock.edits.edit import Edit
from lock.edits.wanted import is_place, wanted
from lock.errors import UsageError
from lock.inputs.values.checks import check_group
from lock.inputs.values.specifier import SpecifierError
from lock.io import progress
from lock.models.requirements import Local, Requirement
from lock.pipeline.edit import edit_and_lock
from lock.pipeline.file_names import requirements_file

# The end of a file's name that is no package's: of requirements, and of locks.
FILE = re.compile(r"\.(ya?ml|txt|in|toml|lock|json|cfg|py)$")


def run_edit(
    parsed: argparse.Namespace,
    added: Sequence[str] = (),
    removed: Sequence[str] = (),
    editable: Sequence[str] = (),
    *,
    from_nixpkgs: bool = False,
) -> int:
    """Edit the requirements and lock; return the exit code.

    `added` are requirements (PEP 508), addresses or paths, `removed` project names, and `editable`
    the folders of projects to add. `from_nixpkgs` is whether those that are added come from there.
    """
    file, *others = parsed.requirements or [requirements_file(edited=True)]
    _check_no_files([*added, *removed], "add" if added else "remove", file)
    try:
        folder = file.absolute().parent
        requirements = tuple(wanted(text, folder) for text in added)
        places = tuple(_editable(text, folder) for text in editable)
        group = None if parsed.group in (None, "default") else check_group(parsed.group)
    except (UsageError, SpecifierError) as error:
        raise UsageError(f"lock add: {error}") from None
    placed = [one.name for one in (*requirements, *places) if one.reference]
    if from_nixpkgs and placed:
        raise UsageError(
            f"lock add: --from nixpkgs: {placed[0]} has a place of its own; write its name alone, "
            "or with versions"
        )
    names = tuple(arguments.project_name(name, "lock remove") for name in removed)
    edited = edit_and_lock(
        file,
        others,
        Edit(
            (*requirements, *places),
            names,
            group,
            frozenset(one.name for one in places),
            from_nixpkgs,
        ),
        parsed.sources,
        parsed.pythons,
        arguments.lock_options(parsed),
        arguments.environment(parsed),
        progress.status,
    )
    if edited.is_unchanged:
        print(f"{file}: it asks for that already", file=sys.stderr)
    return report.print_locks(parsed, edited.origin, edited.locks)


def _editable(text: str, folder: Path) -> Requirement:
    """Return the requirement of a project's folder. Raises UsageError for anything else."""
    found = wanted(text if is_place(text) else f"./{text}", folder)
    if not (isinstance(found.reference, Local) and found.reference.is_project):
        raise UsageError(f"--editable: {text}: this is no folder of a project; leave -e out")
    return found


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

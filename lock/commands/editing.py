"""What `lock add` and `lock remove` share: an edit of the requirements, then a lock of them."""

import argparse
import sys
from pathlib import Path

from lock.commands import arguments


def add_files(to: argparse.ArgumentParser) -> None:
    """The files that are edited and written."""
    to.add_argument(
        "--requirements",
        "-r",
        type=Path,
        metavar="FILE",
        help=f"the requirements (default: the first of {', '.join(arguments.REQUIREMENTS)})",
    )
    to.add_argument(
        "--sources",
        "-o",
        metavar="FILE",
        help=f"the lock to write (default: {arguments.SOURCES}; {arguments.PLACE} in it stands for "
        "the version of Python)",
    )
    to.add_argument(
        "--python",
        action="append",
        default=[],
        metavar="VERSION",
        dest="pythons",
        help="the version of Python; may be repeated (default: as in `lock`)",
    )
    to.add_argument("--group", metavar="GROUP", help="the group (default: none)")
    arguments.add_resolution(to)


def run(parsed: argparse.Namespace, added: list[str], removed: list[str]) -> int:
    """Edits and locks: both files are written, or none; the exit code."""
    import os

    from lock import edits
    from lock.commands import report
    from lock.edits.edit import Edit
    from lock.errors import UsageError
    from lock.inputs import pep508
    from lock.inputs.checks import check_group
    from lock.inputs.specifier import SpecifierError
    from lock.io import progress
    from lock.pipeline import jobs, plan

    file = parsed.requirements or arguments.requirements_file()
    try:
        asked = tuple(pep508.requirement(text, file.absolute().parent) for text in added)
        group = None if parsed.group in (None, "default") else check_group(parsed.group)
    except (UsageError, SpecifierError) as error:
        raise UsageError(f"lock add: {error}") from None
    edit = Edit(asked, tuple(plan.name_of(name, "lock remove") for name in removed), group)
    text = edits.text_of(file)
    changed, wanted = edits.apply(text, file, edit, os.environ)
    files = plan.sources_files(parsed.sources, parsed.pythons, plan.required_python(wanted))
    done = plan.assemble(parsed, wanted, file, files)
    with progress.status(done.summary):
        made = jobs.make(done.jobs, done.wanted, str(file), done.environment)
    jobs.write(made, {} if changed == text else {file: changed})
    if changed == text:
        print(f"{file}: it asks for that already", file=sys.stderr)
    return report.locked(parsed, file, made)

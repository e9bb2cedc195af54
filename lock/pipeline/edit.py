"""Edits the requirements and locks them: both files are written, or none."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from lock import edits, inputs
from lock.edits.edit import Edit
from lock.inputs import together
from lock.inputs.stale_locks import check_not_stale
from lock.models.requirements import Requirements
from lock.pipeline import jobs
from lock.pipeline.environments import with_note
from lock.pipeline.file_names import PROJECT_LOCKS, default_sources, is_script, sources_files
from lock.pipeline.jobs import Lock
from lock.pipeline.plan import LockOptions, chosen_members, includes_project, plan, required_python


@dataclass(frozen=True)
class Edited:
    """The locks of edited requirements."""

    # The files of the requirements, as messages name them.
    origin: str
    locks: Sequence[Lock]
    # Whether the requirements were as the edit wants them already.
    is_unchanged: bool


def edit_and_lock(
    file: Path,
    others: Sequence[Path],
    edit: Edit,
    sources: str | None,
    pythons: Sequence[str],
    options: LockOptions,
    environment: Mapping[str, str],
    progress: Callable[[str], AbstractContextManager[None]],
) -> Edited:
    """Apply an edit to a file of requirements, and lock it together with the others.

    `sources` and `pythons` are those of `sources_files`; `progress` shows a line while locking.

    Raises LockError where the edit or a lock can't be made; nothing is written then.
    """
    for other in others:
        check_not_stale(other)
    text = edits.read_text(file)
    changed, requirements = edits.apply(text, file, edit, environment)

    def merged(edited: Requirements, *, with_own: bool = True) -> Requirements:
        further = [inputs.read(other, with_own=with_own) for other in others]
        return together.merge([file, *others], [edited, *further], with_python=not pythons)

    requirements = merged(requirements)
    files = sources_files(
        sources,
        pythons,
        required_python(requirements),
        default_sources([file, *others]),
        requirements.requires_python,
    )
    members = chosen_members(options, files)
    if members:
        requirements = merged(inputs.parse(changed, file, members=members))
    if not includes_project(options, requirements, files):
        edited = inputs.parse(changed, file, with_own=False, members=members)
        requirements = merged(edited, with_own=False)
    is_unchanged = changed == text
    for lock in () if is_unchanged else _locks_beside(file):
        if lock.exists():
            note = f"{lock}: it is stale now; renew it with its tool"
            requirements = with_note(requirements, note)
    planned = plan(requirements, [file, *others], files, options)
    with progress(planned.summary):
        locks = jobs.make(planned.jobs, planned.requirements, planned.origin, environment)
    jobs.write(locks, {} if is_unchanged else {file: changed})
    return Edited(planned.origin, locks, is_unchanged)


def _locks_beside(file: Path) -> list[Path]:
    """Return where other tools have their locks of a file of requirements."""
    if is_script(file):
        return [file.with_name(f"{file.name}.lock")]
    if file.name == "pyproject.toml":
        return [file.parent / lock for lock in PROJECT_LOCKS]
    return []

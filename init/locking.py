"""Locks what is started, as `lock` does."""

import os
from collections.abc import Sequence
from contextlib import chdir
from pathlib import Path

from lock.errors import LockError

SOURCES = "sources.yaml"


class LockingError(LockError):
    """A run of `lock` that has failed and said why."""

    def __init__(self, code: int) -> None:
        why = "interrupted" if code > 2 else "it can't be locked"
        super().__init__(f"init: {why}; nothing is written")
        self.exit_code = code  # type: ignore[misc]


def lock(folder: Path, arguments: Sequence[str] = ()) -> None:
    """Lock the requirements in a folder. Raises LockingError where `lock` fails; it says why."""
    from lock.commands.main import main

    with chdir(folder):
        code = main(list(arguments))
    if code != 0:
        raise LockingError(code)


def with_packages(text: str, file: Path, packages: Sequence[str], *, only: bool) -> str:
    """Return the text of a file of requirements that asks for further packages.

    `packages` are requirements (PEP 508). `only` is whether they replace those that it asks for.

    Raises UsageError for a wrong one.
    """
    from lock import inputs
    from lock.edits import apply
    from lock.edits.edit import Edit
    from lock.edits.wanted import wanted
    from lock.errors import UsageError
    from lock.inputs.values.specifier import SpecifierError
    from lock.models.requirements import Local

    try:
        added = tuple(wanted(package, file.parent) for package in packages)
    except (UsageError, SpecifierError) as error:
        raise UsageError(f"init: --with: {error}") from None
    for one in added:
        if isinstance(one.reference, Local):
            raise UsageError(
                f"init: --with: {one.name}: `lock add` adds what is in a folder, later"
            )
    changed, _ = apply(text, file, Edit(added), os.environ)
    if only:
        names = {one.name for one in added}
        others = sorted(one.name for one in inputs.parse(text, file).packages)
        for name in others:
            if name not in names:
                changed, _ = apply(changed, file, Edit(remove=(name,)), os.environ)
    return changed

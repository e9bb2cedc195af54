"""Writes the files of a starting point with their lock, all or none, and lets git know them."""

import os
import shlex
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from init import git, locking, templates
from init.order import Order
from lock.errors import UsageError
from lock.io import files

# Of a folder that was begun elsewhere; what is there is as good.
KEPT = (".envrc", ".gitignore", "README.md")


def without_kept(folder: Path, made: Mapping[str, str]) -> dict[str, str]:
    """Return the files to write, without those of which any content will do and that are there."""
    return {
        path: text
        for path, text in made.items()
        if path not in KEPT or not (folder / path).exists()
    }


def check_free(wanted: Order, paths: Sequence[str]) -> None:
    """Raise UsageError where files are there that may not be replaced, or no regular ones."""
    there = sorted(path for path in paths if os.path.lexists(wanted.folder / path))
    if there and not wanted.force:
        are = "is" if len(there) == 1 else "are"
        raise UsageError(
            f"init: {wanted.folder}: {', '.join(there)} {are} there already; name another folder, "
            "or replace them with --force"
        )
    for path in there:
        if not (wanted.folder / path).is_file():
            raise UsageError(f"init: {wanted.folder / path}: this is no file; move it elsewhere")


def locked(wanted: Order, texts: Mapping[str, str]) -> str:
    """Return the lock of a starting point that isn't written yet."""
    with tempfile.TemporaryDirectory(prefix="init-") as name:
        # Its own name would stand in messages of builds.
        folder = Path(name, wanted.folder.resolve().name or "folder")
        folder.mkdir()
        for path, text in texts.items():
            file = folder / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
        arguments = [templates.renamed_text(one, wanted.names) for one in wanted.what.locked]
        locking.lock(folder, arguments)
        return (folder / wanted.sources).read_text(encoding="utf-8")


def write(folder: Path, texts: Mapping[str, str]) -> None:
    """Write files into a folder, all or none; folders are made."""
    with made_folders({folder, *((folder / path).parent for path in texts)}):
        files.write({folder / path: text for path, text in texts.items()})


@contextmanager
def made_folders(folders: set[Path]) -> Iterator[None]:
    """Make folders; remove those that weren't there if an error leaves the context."""
    missing = {
        one
        for folder in folders
        for one in (folder.absolute(), *folder.absolute().parents)
        if not one.exists()
    }
    made: list[Path] = []
    try:
        for folder in sorted(missing):
            folder.mkdir()
            made.append(folder)
        yield
    except BaseException:
        for folder in reversed(made):
            folder.rmdir()
        raise


def tell_git(wanted: Order, paths: Sequence[str]) -> None:
    """Let git know the new files, in a repository that is there or asked for; say which it can't.

    Raises UsageError where no repository can be made.
    """
    if wanted.git:
        git.make_repository(wanted.folder)
    ignored = git.add(wanted.folder, paths)
    if ignored and not wanted.classic:
        print(
            f"init: git ignores {', '.join(ignored)}, and the flake has only what git knows; "
            f"change .gitignore, or write `git add --force {shlex.join(ignored)}`",
            file=sys.stderr,
        )

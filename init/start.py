"""Starts a folder: reads the order, makes the files, locks them, and writes all or nothing."""

import argparse
import os
import shlex
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from init import existing, git, locking, next_steps, order, templates
from init.classic import SHELL, default_nix
from init.kinds import EXISTING
from init.locking import SOURCES
from init.names import check_modules
from init.next_steps import Steps
from init.order import Order
from lock.errors import UsageError
from lock.io import files

# Of a folder that was begun elsewhere; what is there is as good.
KEPT = (".envrc", ".gitignore", "README.md")


def run(parsed: argparse.Namespace) -> int:
    """Write what the arguments ask for, and say what to do next; return the exit code."""
    if parsed.package is not None:
        # Imported here because it reads the index by code that others don't need.
        from init import package

        return package.run(parsed)
    wanted = order.read(parsed)
    paths, steps = start_existing(wanted) if wanted.kind == EXISTING else start(wanted)
    tell_git(wanted, paths)
    unknown = not wanted.classic and git.has_unknown_files(wanted.folder)
    print(next_steps.text(wanted, paths, [*[next_steps.GIT_ADD][: int(unknown)], *steps]))
    return 0


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


def start(wanted: Order) -> tuple[list[str], Steps]:
    """Write a starting point with its lock; return the paths of its files, and what to do next."""
    texts = without_kept(wanted.folder, contents(wanted))
    check_free(wanted, [*texts, wanted.sources])
    if wanted.lock:
        texts[wanted.sources] = locked(wanted, texts)
    write(wanted.folder, texts)
    return [*texts], wanted.what.next


def start_existing(wanted: Order) -> tuple[list[str], Steps]:
    """Lock what is there, and write a flake for it; return both paths, and what to do next."""
    if wanted.packages:
        raise UsageError("init: --with: `lock add` adds packages to what is there; leave it out")
    found = existing.requirements(wanted.folder)
    texts = of_style(wanted, {"flake.nix": existing.flake(wanted, found)})
    check_free(wanted, [*texts])
    lock = wanted.folder / SOURCES
    was_there = lock.exists()
    if wanted.lock:
        locking.lock(wanted.folder, existing.python_arguments(wanted, found))
    try:
        write(wanted.folder, texts)
    except OSError:
        if not was_there:
            lock.unlink(missing_ok=True)
        raise
    return [*texts, *[SOURCES] * wanted.lock], existing.steps(found)


def contents(wanted: Order) -> dict[str, str]:
    """Return the files of a starting point by their paths, without the lock."""
    kind = wanted.what
    assert wanted.python is not None
    names = wanted.names
    found = templates.read(kind.template)
    needed = templates.required(found) - set(names)
    for name in names.values():
        check_modules(name, needed, "init: --name")
    made = templates.for_python(templates.renamed(found, names), wanted.python)
    requirements = templates.renamed_text(kind.requirements, names)
    if wanted.packages:
        made[requirements] = locking.with_packages(
            made[requirements],
            Path(requirements),
            wanted.packages,
            only=wanted.kind == "environment",
        )
    return of_style(wanted, made)


def of_style(wanted: Order, made: Mapping[str, str]) -> dict[str, str]:
    """Return files with a flake.nix or, without flakes, with a default.nix and a shell.nix."""
    if not wanted.classic:
        return templates.with_url(made, wanted.url)
    others = {path: text for path, text in made.items() if path != "flake.nix"}
    if ".envrc" in others:
        others[".envrc"] = others[".envrc"].replace("use flake", "use nix")
    return {
        "default.nix": default_nix(made["flake.nix"], wanted.url),
        "shell.nix": SHELL,
        **others,
    }


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

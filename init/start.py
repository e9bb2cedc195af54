"""Starts a folder: reads the order, makes the files, locks them, and writes all or nothing."""

import argparse
from pathlib import Path

from init import existing, git, locking, next_steps, order, templates
from init.classic import of_style
from init.kinds import EXISTING
from init.locking import SOURCES
from init.names import check_modules
from init.next_steps import Steps
from init.order import Order
from init.writing import check_free, locked, tell_git, without_kept, write
from lock.errors import UsageError


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

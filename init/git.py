"""Lets git know new files, since a flake in a repository has only those that git knows."""

import os
import subprocess
from collections.abc import Sequence
from pathlib import Path

from lock.errors import UsageError


def make_repository(folder: Path) -> None:
    """Make a git repository of a folder, unless it is in one. Raises UsageError if git fails."""
    if not is_in_repository(folder):
        done = _git(folder, "init", "--quiet")
        if done is None or done.returncode != 0:
            why = done.stderr.strip() if done else "there is no program git"
            raise UsageError(f"init: the files are written, but git can't make a repository: {why}")


def is_in_repository(folder: Path) -> bool:
    """Return whether a folder is in the working tree of a git repository."""
    done = _git(folder, "rev-parse", "--is-inside-work-tree")
    return done is not None and done.stdout.strip() == "true"


def add(folder: Path, paths: Sequence[str]) -> list[str]:
    """Let git know files without adding their content, as `nix flake init` does.

    Return those that git still doesn't know, since it ignores them; none outside of a repository.
    """
    there = [path for path in paths if (folder / path).exists()]
    if not (there and is_in_repository(folder)):
        return []
    _git(folder, "add", "--intent-to-add", "--", *there)
    done = _git(folder, "ls-files", "-z", "--", *there)
    known = done.stdout.split("\0") if done else there
    return [path for path in there if path not in known]


def has_unknown_files(folder: Path) -> bool:
    """Return whether a folder in a repository has files that git neither knows nor ignores."""
    if not is_in_repository(folder):
        return False
    done = _git(folder, "ls-files", "--others", "--exclude-standard", "--directory", "--", ".")
    return done is not None and done.stdout.strip() != ""


def _git(folder: Path, *arguments: str) -> "subprocess.CompletedProcess[str] | None":
    """Run git in a folder; None where there is none."""
    try:
        return subprocess.run(
            ["git", *arguments],
            cwd=folder,
            env={**os.environ, "LC_ALL": "C"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
    except FileNotFoundError:
        return None

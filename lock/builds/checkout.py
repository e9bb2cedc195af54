"""Fetches the folders of projects: from a git repository, or from this machine."""

import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

from lock.errors import UsageError
from lock.models.packages import File

# No build needs them, and with `.git` a backend would read its version from git.
IGNORED = shutil.ignore_patterns(
    ".*_cache", ".direnv", ".git", ".nox", ".tox", ".venv", "__pycache__", "node_modules", "result*"
)


def copy(source: Path, folder: Path, name: str, version: str) -> Path:
    """Copy a project of this machine into a new folder, as its source distribution would be.

    Backends that read the version from git read it from PKG-INFO then, as they do there.
    """
    shutil.copytree(source, folder, symlinks=True, ignore=IGNORED)
    metadata = folder / "PKG-INFO"
    if not metadata.exists():
        metadata.write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")
    return folder


def fetch(file: File, folder: Path, environment: Mapping[str, str]) -> Path:
    """Fetch a repository at its commit into a new folder.

    Raises UsageError where it can't be fetched.
    """
    folder.mkdir(parents=True)
    _git(folder, environment, "init", "--quiet")
    try:
        # Not every server serves a commit by its hash.
        _git(folder, environment, "fetch", "--quiet", "--depth=1", file.url, file.commit or "")
    except UsageError:
        everything = ["+refs/heads/*:refs/heads/fetched/*", "+refs/tags/*:refs/tags/*"]
        _git(folder, environment, "fetch", "--quiet", file.url, *everything)
    _git(folder, environment, "checkout", "--quiet", "--detach", file.commit or "")
    _git(folder, environment, "submodule", "--quiet", "update", "--init", "--recursive")
    return folder


def _git(folder: Path, environment: Mapping[str, str], *arguments: str) -> None:
    """Run git. Raises UsageError, with its last line, where it fails or is missing."""
    try:
        done = subprocess.run(
            ["git", *arguments],
            cwd=folder,
            env={**environment, "GIT_TERMINAL_PROMPT": "0"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
    except FileNotFoundError:
        raise UsageError("git is not on PATH; install it, or name a file by its `url`") from None
    if done.returncode != 0:
        lines = done.stderr.strip().splitlines() or ["it gave no reason"]
        raise UsageError(f"git {arguments[0]} failed: {lines[-1]}")

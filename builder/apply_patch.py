"""Apply a patch file to the files of a package."""

import os
import re
import stat
import subprocess
import sys
import tempfile
from pathlib import Path

from builder.errors import BuildError

# What Nix writes before the name of a file that it copies to the store.
STORE_HASH = re.compile(r"[0-9a-z]{32}-")
# `patch` says so of a hunk whose surroundings are not where, or not what, the patch expects.
INEXACT = re.compile(r"Hunk #\d+ succeeded at .*(offset|fuzz)")


def apply_patch(patch: Path, folder: Path, package: str, seen_from: str) -> None:
    """Apply a patch file to `folder` with `patch -p1`, and leave no other file behind.

    `package` is the name and version for messages, `seen_from` says which folder the paths in the
    patch are relative to, after their first part. Raises BuildError for a patch that doesn't apply,
    was applied before, changes nothing, or names files outside of `folder`.
    """
    name = STORE_HASH.sub("", patch.name, count=1)
    before = describe_tree(folder)
    with tempfile.TemporaryDirectory() as backups:
        try:
            done = subprocess.run(
                # Without --forward, --batch reverts a patch that the files have already. The files
                # as they were go to another folder, and the rejected parts nowhere.
                [
                    *("patch", "-p1", "--batch", "--forward", "--reject-file=-"),
                    *("--backup", "--version-control=simple", f"--prefix={backups}/"),
                    *("--input", os.path.abspath(patch)),
                ],
                cwd=folder,
                env={**os.environ, "LC_ALL": "C"},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                errors="replace",
                check=False,
            )
        except FileNotFoundError:
            raise BuildError(
                f"{package}: the patch {name} needs the program `patch`, which is not on PATH"
            ) from None
        if done.returncode != 0:
            raise BuildError(
                f"{package}: the patch {name} does not apply:\n{indent(done.stdout)}\n"
                f"The paths in it are seen from {seen_from}."
            )
        changed = describe_tree(folder) != before or any(
            (folder / file).read_bytes() != (Path(backups) / file).read_bytes()
            for file in describe_tree(Path(backups))
        )
    if not changed:
        raise BuildError(
            f"{package}: the patch {name} changes nothing; take it out of `patches`, or give the "
            f"one that was meant. The paths in it are seen from {seen_from}."
        )
    inexact = [line for line in done.stdout.splitlines() if INEXACT.search(line)]
    if inexact:
        print(
            f"wheelhouse: {package}: the patch {name} applies inexactly:",
            indent("\n".join(inexact)),
            sep="\n",
            file=sys.stderr,
        )


def describe_tree(folder: Path) -> dict[str, tuple[int, str]]:
    """Return the mode, and the target of a link, of each file below a folder: path to both."""
    described = {}
    for parent, folders, names in os.walk(folder):
        links = [name for name in folders if os.path.islink(os.path.join(parent, name))]
        for name in (*names, *links):
            path = os.path.join(parent, name)
            mode = os.lstat(path).st_mode
            target = os.readlink(path) if stat.S_ISLNK(mode) else ""
            described[os.path.relpath(path, folder)] = (mode, target)
    return described


def indent(text: str) -> str:
    """Return lines of another program, set off from the message that quotes them."""
    return "\n".join(f"  {line}" for line in text.strip().splitlines())

"""What to do next, for the user."""

import re
import shlex
from collections.abc import Sequence
from pathlib import Path

from init.classic import command
from init.order import Order
from init.templates import PLACEHOLDER, renamed_text
from lock.io.messages import count

# Commands with flakes, and what they do.
Steps = Sequence[tuple[str, str]]
GIT_ADD = ("git add --all", "a flake has only the files that git knows")


def text(wanted: Order, paths: Sequence[str], following: Steps) -> str:
    """Return what was written where, and the next commands with what they do."""
    steps = [("cd " + shlex.quote(str(wanted.folder)), "")] if wanted.folder != Path() else []
    if not wanted.lock:
        arguments = [renamed_text(one, wanted.names) for one in wanted.what.locked]
        lock = " ".join(["nix run .#lock", *["--"] * bool(arguments and not wanted.classic)])
        steps.append((" ".join([_command(lock, wanted), *arguments]), f"write {wanted.sources}"))
    steps += [
        (renamed_text(_command(flake, wanted), wanted.names), what) for flake, what in following
    ]
    width = max(len(line) for line, what in steps if what)
    lines = [f"  {line:<{width}}   {what}".rstrip() for line, what in steps]
    head = f"{count(len(paths), 'file')} written. "
    if wanted.url == PLACEHOLDER:
        file = "default.nix" if wanted.classic else "flake.nix"
        head += f"Write the URL of wheelhouse into {file}, in place of {PLACEHOLDER}. "
    return "\n".join([f"{head}What to do next:", "", *lines])


def _command(flake: str, wanted: Order) -> str:
    if not wanted.classic or not re.search(r"\bnix ", flake):
        return flake
    name = wanted.name or ""
    return command(flake, wanted.what.program.format(name))

"""Answers words that are no command and options that aren't there with those that are meant."""

import argparse
import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from lock.commands import COMMANDS

WORD = re.compile(r"[A-Za-z]+(-[A-Za-z]+)*")
BUILD = "Nix builds the environment from the lock, with `nix build` or `nix develop`"
# A command of another tool → what does it here.
ELSEWHERE: Mapping[str, str] = {
    "audit": "`lock export --format cyclonedx` writes what audit tools read",
    "check": "`lock --check` compares the lock with its requirements",
    "compile": "`lock` alone locks",
    "deps": "`lock tree` shows dependencies",
    "diff": "`lock --diff` shows what locking would change",
    "freeze": "`lock export --format requirements` prints all versions",
    "graph": "`lock tree` shows dependencies",
    "help": "`lock --help` shows the help",
    "init": "`lock add --python 3.12 NAME` starts a file of requirements",
    "install": BUILD,
    "licences": "`lock licenses` shows licences",
    "license": "`lock licenses` shows licences",
    "list": "`lock tree` shows the packages",
    "lock": "`lock` alone locks",
    "relock": "`lock` alone locks",
    "run": BUILD,
    "search": "`lock explain NAME` shows the files of a package",
    "shell": BUILD,
    "show": "`lock tree` shows the packages, `lock why NAME` one of them",
    "status": "`lock --check` compares the lock with its requirements",
    "sync": BUILD,
    "uninstall": "`lock remove NAME` removes a package",
    "update": "`lock --upgrade` takes the newest versions",
    "upgrade": "`lock --upgrade` takes the newest versions",
    "version": "`lock --version` prints the version",
}
# Of those, the ones that other tools call with the names of packages.
OF_PACKAGES = ("update", "upgrade")
# An option of another tool → what does it here.
OPTIONS: Mapping[str, str] = {
    "--all-extras": "--all-groups",
    "--dry-run": "--diff",
    "--extra": "--only-group",
    "--frozen": "--check",
    "--group": "--only-group",
    "--locked": "--check",
    "--output": "--sources",
    "--output-file": "--sources",
    "--platform": "--system",
    "--python-platform": "--system",
    "--requirement": "--requirements",
}


def unknown_command(word: str, following: Sequence[str] = ()) -> str | None:
    """Return the error for a word in a command's place that is none; None for a command or a file.

    `following` are the words behind it.
    """
    if word in COMMANDS or not WORD.fullmatch(word) or Path(word).exists():
        return None
    commands = f"the commands are {', '.join(COMMANDS)}"
    packages = [name for name in following if WORD.match(name)]
    if word in OF_PACKAGES and packages:
        options = " ".join(f"--upgrade-package {name}" for name in packages)
        hint = f"`lock {options}` takes the newest versions of these"
    elif word in ELSEWHERE:
        hint = ELSEWHERE[word]
    else:
        near = _near(word.lower(), COMMANDS, 0.6)
        hint = f"did you mean `lock {near}`?" if near else ""
    parts = [part for part in (hint, commands) if part]
    return f"lock: {word} is neither a command nor a file; {'; '.join(parts)}"


class Parser(argparse.ArgumentParser):
    """A parser that answers an option that isn't there with the near one."""

    def parse_intermixed_args(  # type: ignore[override]
        self, args: Sequence[str] | None = None, namespace: Any = None
    ) -> argparse.Namespace:
        """Return the arguments. Raises SystemExit, with a message, for wrong ones."""
        words = [*(sys.argv[1:] if args is None else args)]
        options = [word for word in _before_separator(words) if word.startswith("--")]
        wrong = [one for one in options if one.partition("=")[0] not in self._option_string_actions]
        if wrong:
            # argparse would first complain of what is missing.
            self.error(self._unknown(wrong))
        parsed: argparse.Namespace
        parsed, unknown = self.parse_known_intermixed_args(args, namespace)
        if unknown:
            self.error(self._unknown(unknown))
        return parsed

    def _unknown(self, words: Sequence[str]) -> str:
        """Return the error for words that no argument takes: the first option among them."""
        option = next((word for word in words if word.startswith("-")), None)
        if option is None:
            return f"unrecognized arguments: {' '.join(words)}"
        name = option.partition("=")[0]
        near = self.meant(name)
        return f"there is no option {name}" + (f"; did you mean {near}?" if near else "")

    def meant(self, name: str) -> str | None:
        """Return the option that is most like one that isn't there; None without one."""
        known = [one for one in self._option_string_actions if one.startswith("--")]
        meant = OPTIONS.get(name)
        return meant if meant in known else _near(name, known, 0.7)


def _before_separator(words: Sequence[str]) -> Sequence[str]:
    return words[: words.index("--")] if "--" in words else words


def _near(word: str, known: Iterable[str], least: float) -> str | None:
    """Return the known word that is most alike, at `least` to that part; None without one."""
    # Imported here because most words are known.
    import difflib

    return next(iter(difflib.get_close_matches(word, [*known], 1, least)), None)

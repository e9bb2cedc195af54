"""Measure what Nix takes for a project of which nothing has changed."""

from collections.abc import Callable, Iterator
from pathlib import Path

from bench.running import Command, Usage, in_turns, run, wall
from bench.table import Row, timed

# What is asked for → its words, and those for a derivation that does nothing.
ASKED = {
    "`nix build`": (("build", "--no-link", ".#default"), ("build", "--no-link", ".#empty")),
    "`nix print-dev-env`": (("print-dev-env", ".#default"), ("print-dev-env", ".#empty")),
    "`nix develop -c true`": (
        ("develop", ".#default", "-c", "true"),
        ("develop", ".#empty", "-c", "true"),
    ),
}
# Seconds that an evaluation may take beside that of an empty derivation.
EVALUATION = 0.5
REMEMBERED = 0.1


def rows(project: Path, nix_command: Callable[..., Command], runs: int, name: str) -> Iterator[Row]:
    """Measure a project in git, whose evaluation Nix remembers once it is committed."""
    author = ["-c", "user.name=bench", "-c", "user.email=bench@localhost"]
    run(Command(["git", "add", "--all"], project))
    run(Command(["git", *author, "commit", "--quiet", "--message", "Measure"], project))
    for what, (ours, empty) in ASKED.items():
        for remembered in (True, False):
            cache = ("--option", "eval-cache", "true" if remembered else "false")
            commands = [nix_command(*cache, *words) for words in (ours, empty)]
            for command in commands:
                run(command)

            def again(command: Command) -> Callable[[int], Usage]:
                return lambda _number: run(command)

            measured, floor = in_turns(runs, *map(again, commands))
            told = "evaluation remembered" if remembered else "evaluated again"
            goal = wall(floor) + (REMEMBERED if remembered else EVALUATION)
            row = f"{what}, nothing changed, {told}, {name}"
            yield timed(row, measured, "an empty derivation", floor, goal)

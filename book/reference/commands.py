"""The page of all commands and options, from their parsers."""

from collections.abc import Mapping
from typing import Any

from book.reference import markdown, parsers

TITLE = "Commands and options"
INTRODUCTION = """\
Every program of the project, with its commands, as `--help` prints them. `nix run .#NAME -- …` runs
one; in a shell that has it, its name alone does. All of them know `--help`, and end with the
[same exit codes](environment.md#exit-codes). What `lock` does is explained in [lock](../lock.md).
"""


def render(programs: Mapping[str, Mapping[str, Any]]) -> str:
    """Return the page of the programs in the table (lib/programs/table.nix)."""
    parts = [INTRODUCTION.replace("\n", " ").rstrip() + "\n"]
    for name in sorted(programs, key=lambda name: (name != "lock", name)):
        found = parsers.commands(name, programs[name]["module"])
        for command in found:
            level = "##" if command.words == name else "###"
            parts += [f"{level} {command.words}\n", *_command(command)]
    return markdown.page(TITLE, *parts)


def _command(command: parsers.Command) -> list[str]:
    parser = command.parser
    rows = [
        (
            markdown.code(parsers.signature(action)),
            markdown.prose(" ".join(parsers.explanation(parser, action).split())),
        )
        for action in parsers.arguments(parser)
    ]
    described = (parser.description or "").strip()
    return [
        *([markdown.prose(" ".join(described.split())) + "\n"] if described else []),
        markdown.block(parsers.usage(parser)),
        markdown.table(("argument", "meaning"), rows),
        *([markdown.block(parser.epilog)] if parser.epilog else []),
    ]

"""Finds the parsers of the project's programs."""

import argparse
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType
from typing import Any


@dataclass(frozen=True)
class Command:
    """A program, or a command of one: the words that call it, and its parser."""

    words: str
    parser: argparse.ArgumentParser


def commands(program: str, module: str) -> list[Command]:
    """Return a program and its commands; `module` is the one that the table of programs names.

    A package of commands has `COMMANDS` and `DEFAULT`, the names of its modules, which have a
    function `parser` each. Any other program has that function in its module, in `arguments`
    beside it, or in the module of its name in `commands`. Raises LookupError for one without any.
    """
    package, _, last = module.rpartition(".")
    listed = getattr(import_module(package), "COMMANDS", None) if package else None
    if listed is not None:
        modules = {program: import_module(package).DEFAULT}
        modules |= {f"{program} {name}": name.replace("-", "_") for name in listed}
        return [
            command
            for words, name in modules.items()
            for command in _with_commands(
                Command(words, import_module(f"{package}.{name}").parser())
            )
        ]
    places = (module, f"{package}.arguments", f"{package}.commands.{last}")
    for place in places:
        made = getattr(_imported(place), "parser", None)
        if made is not None:
            return [*_with_commands(Command(program, made()))]
    raise LookupError(f"{program}: none of {', '.join(places)} has `parser`")


def _imported(name: str) -> ModuleType | None:
    """Return a module; None where there is none of that name."""
    try:
        found = find_spec(name)
    except ModuleNotFoundError:
        # There is no such folder either.
        return None
    return import_module(name) if found else None


def _with_commands(command: Command) -> Iterator[Command]:
    """Yield a command, and those that its parser has inside."""
    yield command
    for action in command.parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            choices: Mapping[str, Any] = action.choices
            for name, parser in choices.items():
                yield from _with_commands(Command(f"{command.words} {name}", parser))


def arguments(parser: argparse.ArgumentParser) -> Iterator[argparse.Action]:
    """Yield the arguments that a parser's help shows, but for --help itself."""
    for action in parser._actions:
        hidden = action.help == argparse.SUPPRESS
        if not hidden and not isinstance(action, argparse._HelpAction):
            yield action


def signature(action: argparse.Action) -> str:
    """Return how an argument is written: its names and its value, as in `--system SYSTEM`."""
    if action.nargs == 0:
        value = ""
    elif action.metavar is not None:
        value = action.metavar if isinstance(action.metavar, str) else " ".join(action.metavar)
    elif action.choices is not None:
        value = "{" + ",".join(map(str, action.choices)) + "}"
    else:
        value = action.dest if not action.option_strings else action.dest.upper()
    return " ".join(filter(None, [", ".join(action.option_strings), value]))


def explanation(parser: argparse.ArgumentParser, action: argparse.Action) -> str:
    """Return an argument's help with its values put in."""
    return parser._get_formatter()._expand_help(action) if action.help else ""


def usage(parser: argparse.ArgumentParser) -> str:
    """Return the lines that say how a command is called, without line breaks of a terminal."""
    text = parser.format_usage().removeprefix("usage: ")
    lines = text.splitlines() if parser.usage else [text]
    return "\n".join(" ".join(line.split()) for line in lines)

"""`lock completion SHELL`: prints the completion of the command line for a shell."""

import argparse
from collections.abc import Iterator
from importlib import import_module

from lock.commands import COMMANDS, DEFAULT, arguments

SHELLS = ("bash", "fish", "zsh")
DESCRIPTION = "Print what completes lock's commands, options and files in a shell."
EPILOG = """\
examples:
  source <(lock completion bash)
  lock completion zsh > "${fpath[1]}/_lock"
  lock completion fish > ~/.config/fish/completions/lock.fish
"""
BASH = """\
_lock() {{
  local word=${{COMP_WORDS[COMP_CWORD]}} command=
  ((COMP_CWORD > 1)) && command=${{COMP_WORDS[1]}}
  local options
  case $command in
{cases}
    *) options='{default}' ;;
  esac
  ((COMP_CWORD == 1)) && [[ $word != -* ]] && options+=' {commands}'
  mapfile -t COMPREPLY < <(compgen -W "$options" -- "$word"; compgen -f -- "$word")
}}
complete -o filenames -F _lock lock
"""


def parser() -> argparse.ArgumentParser:
    """Return the parser of the command's arguments."""
    made = arguments.parser("completion", "SHELL", DESCRIPTION, EPILOG)
    made.add_argument("shell", choices=SHELLS, metavar="SHELL", help=", ".join(SHELLS))
    return made


def run(parsed: argparse.Namespace) -> int:
    """Print the script; return the exit code."""
    print({"bash": _bash, "fish": _fish, "zsh": _zsh}[parsed.shell](), end="")
    return 0


def _options(command: str) -> Iterator[tuple[str, str]]:
    """Yield each long option of a command with its help, as its parser has them."""
    made = import_module(f"lock.commands.{command}").parser()
    for action in made._actions:
        for option in action.option_strings:
            if option.startswith("--"):
                yield option, action.help or ""


def _words(command: str) -> str:
    return " ".join(option for option, _ in _options(command))


def _bash() -> str:
    cases = "\n".join(f"    {name}) options='{_words(name)}' ;;" for name in COMMANDS)
    return BASH.format(cases=cases, default=_words(DEFAULT), commands=" ".join(COMMANDS))


def _zsh() -> str:
    # zsh runs bash's completion functions.
    head = "#compdef lock\nautoload -Uz bashcompinit && bashcompinit\n"
    return head + _bash().replace("mapfile -t COMPREPLY < <(", "COMPREPLY=($(").replace(
        '-- "$word")\n}', '-- "$word"))\n}'
    )


def _fish() -> str:
    lines = [
        f"complete -c lock -n __fish_use_subcommand -a {name} -d {_quoted(what)}"
        for name, what in COMMANDS.items()
    ]
    for command in (DEFAULT, *COMMANDS):
        condition = (
            "__fish_use_subcommand"
            if command == DEFAULT
            else f"'__fish_seen_subcommand_from {command}'"
        )
        lines += [
            f"complete -c lock -n {condition} -l {option.removeprefix('--')} -d {_quoted(what)}"
            for option, what in _options(command)
        ]
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"

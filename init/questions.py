"""Asks what to start, where a person is there to answer."""

import sys
from collections.abc import Callable, Mapping

from init.kinds import KINDS
from lock.errors import UsageError


def can_ask() -> bool:
    """Return whether somebody can read questions and answer them."""
    return sys.stdin.isatty() and sys.stderr.isatty()


def ask(question: str, default: str, check: Callable[[str], str]) -> str:
    """Return what a person answers, checked; an empty answer is the default.

    A wrong answer is asked for again. Raises UsageError at the end of the input.
    """
    while True:
        print(f"{question} [{default}]: ", end="", file=sys.stderr, flush=True)
        line = sys.stdin.readline()
        if not line:
            raise UsageError("init: the input ended before the last question was answered")
        try:
            return check(line.strip() or default)
        except UsageError as error:
            print(error, file=sys.stderr)


def ask_kind(default: str) -> str:
    """Return the name of the kind that a person chooses, by its name or its number."""
    print("What do you start?", file=sys.stderr)
    numbers: Mapping[str, str] = {str(at): name for at, name in enumerate(KINDS, 1)}
    for number, name in numbers.items():
        print(f"  {number}  {name:<12} {KINDS[name].what}", file=sys.stderr)

    def check(answer: str) -> str:
        name = numbers.get(answer, answer)
        if name not in KINDS:
            raise UsageError(f"{answer} is none of them; type a name or a number")
        return name

    return ask("Kind", default, check)

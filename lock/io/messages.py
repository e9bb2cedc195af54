"""Pieces of messages for the user."""


def count(number: int, noun: str) -> str:
    """Return a number with its noun: "1 file", "2 files"."""
    return f"{number} {noun}{'' if number == 1 else 's'}"


def indent(text: str) -> str:
    """Indent each line by two spaces."""
    return "\n".join(f"  {line}" for line in text.splitlines())


def one_line(text: str) -> str:
    """Return a text of anybody on one line, without what controls a terminal."""
    return " ".join("".join(one if one.isprintable() else " " for one in text).split())

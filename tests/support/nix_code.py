"""Split Nix code into its strings and the rest, for rules about its text."""

from dataclasses import dataclass, field


@dataclass
class NixCode:
    """Nix code without comments, in which each string is `""`, or `"$"` if it has interpolations.

    `quoted` and `indented` are the texts of the strings; an interpolation in one is `${}`, and its
    code follows in `code`'s place of the string, in parentheses.
    """

    code: str = ""
    quoted: list[str] = field(default_factory=list)
    indented: list[str] = field(default_factory=list)


def split(text: str) -> NixCode:
    """Return the parts of a file of Nix."""
    found = NixCode()
    found.code, _ = _expression(text, 0, found, end="")
    return found


def _expression(text: str, at: int, found: NixCode, end: str) -> tuple[str, int]:
    """Return code up to the closing brace of an interpolation, or to the end of the file."""
    code: list[str] = []
    depth = 0
    while at < len(text):
        if text[at] == "#":
            at = (text.find("\n", at) + 1 or len(text)) - 1
        elif text.startswith("/*", at):
            at = text.index("*/", at) + 2
            continue
        elif text[at] == '"' or text.startswith("''", at):
            string, at = _string(text, at, found)
            code.append(string)
            continue
        elif end and text[at] == end and depth == 0:
            return "".join(code), at + 1
        depth += {"{": 1, "}": -1}.get(text[at], 0)
        code.append(text[at])
        at += 1
    return "".join(code), at


def _string(text: str, at: int, found: NixCode) -> tuple[str, int]:
    """Return what stands for the string that begins at a place, and where it ends."""
    indented = text[at] == "'"
    quote = "''" if indented else '"'
    at += len(quote)
    parts: list[str] = []
    inner = ""
    while True:
        # An escape, which may be of a quote or of a dollar.
        escape = next(
            (
                one
                for one in (("'''", "''$", "''\\") if indented else ("\\",))
                if text.startswith(one, at)
            ),
            "",
        )
        if escape:
            length = len(escape) + (1 if escape.endswith("\\") else 0)
            parts.append(text[at : at + length])
            at += length
        elif text.startswith("$${", at):
            parts.append("$${")
            at += 3
        elif text.startswith(quote, at):
            break
        elif text.startswith("${", at):
            code, at = _expression(text, at + 2, found, end="}")
            inner += f" ({code})"
            parts.append("${}")
        else:
            parts.append(text[at])
            at += 1
    (found.indented if indented else found.quoted).append("".join(parts))
    return ('"$"' if inner else '""') + inner, at + len(quote)

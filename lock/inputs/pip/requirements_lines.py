"""Decodes requirements.txt and splits it into logical lines (pip's "Requirements File Format")."""

import codecs
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from lock.errors import UsageError

# The one of UTF-16 begins that of UTF-32.
BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# A comment in one of the first two lines (PEP 263).
CODING = re.compile(rb"\A(?:.*\n)?#.*?coding[:=]\s*([-\w.]+)")
COMMENT = re.compile(r"(^|\s)#.*")
VARIABLE = re.compile(r"\$\{([A-Z0-9_]+)\}")
# Shorter values are no secrets, and may stand in any text.
SHORTEST_SECRET = 4


def decode(data: bytes, file: str) -> str:
    """Return the text of a file, by its byte order mark, its coding line, or as UTF-8.

    Raises UsageError, which names the file, where it has another encoding.
    """
    mark, encoding = next((one for one in BYTE_ORDER_MARKS if data.startswith(one[0])), (b"", ""))
    coding = CODING.match(data)
    encoding = encoding or (coding[1].decode("ascii") if coding else "utf-8")
    try:
        return data[len(mark) :].decode(encoding)
    except (LookupError, UnicodeError):
        raise UsageError(
            f"{file}: the file is not {encoding.upper()}; save it as UTF-8, or name its encoding "
            "in the first line, as in `# -*- coding: latin-1 -*-`"
        ) from None


def logical_lines(text: str) -> Iterator[tuple[int, str]]:
    """Yield lines without comments, continued ones joined, each with its number."""
    start, parts = 1, list[str]()
    for number, line in enumerate(text.splitlines(), 1):
        start = start if parts else number
        # A comment ends a continued line.
        bare = COMMENT.sub("", line)
        if bare == line and line.endswith("\\"):
            parts.append(line.strip("\\"))
            continue
        joined = "".join([*parts, bare]).strip()
        if joined:
            yield start, joined
        parts.clear()
    joined = "".join(parts).strip()
    if joined:
        yield start, joined


@dataclass(frozen=True)
class Expanded:
    """A line with the values of its variables, which may be secrets."""

    text: str
    # Name → value.
    values: Mapping[str, str] = field(default_factory=dict)

    def hide(self, message: str) -> str:
        """Return a message with the names of the variables in place of their values."""
        for name, value in self.values.items():
            if len(value) >= SHORTEST_SECRET:
                message = message.replace(value, f"${{{name}}}")
        return message


def expand(line: str, environment: Mapping[str, str]) -> Expanded:
    """Return a line with its variables replaced; only `${UPPER_CASE}` is one.

    Raises UsageError for one that isn't set, or is empty: pip leaves its name in the line.
    """
    names = [*dict.fromkeys(VARIABLE.findall(line))]
    values = {name: environment.get(name, "") for name in names}
    for name, value in values.items():
        if not value:
            raise UsageError(f"the variable `${{{name}}}` isn't set; set it")
    return Expanded(VARIABLE.sub(lambda match: values[match[1]], line), values)

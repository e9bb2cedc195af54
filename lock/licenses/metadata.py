"""What a distribution's METADATA or PKG-INFO tells about its licence.

Specification: the core metadata, and PEP 639 for `License-Expression` and `License-File`.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from email.message import Message
from email.parser import HeaderParser
from pathlib import PurePosixPath

from lock.licenses import classifiers, spellings, texts

# A text with more characters has more than one licence, as do more texts.
LONGEST_TEXT = 1 << 17
MOST_TEXTS = 8
# The longest text that is quoted of a licence that isn't told, in characters.
QUOTED = 80
# How the text of a licence begins in a lock where it isn't an SPDX expression.
UNKNOWN = "unknown"
# Files that hold a licence's text by their names, where `License-File` doesn't name them.
LICENSE_FILE = re.compile(r"(licen[cs]es?|copying|unlicense)(?![a-z0-9]).*", re.IGNORECASE)
# Files that may stand among licence files without being one.
NO_LICENSES = re.compile(r"(authors?|notices?|contributors?|acknowledge?ments?)\b.*", re.IGNORECASE)


@dataclass(frozen=True)
class License:
    """A distribution's licence."""

    # An SPDX expression in its canonical form; None where none can be told.
    expression: str | None
    # Where it was told from: `License-Expression`, `License`, `Classifier`, a licence file's name,
    # or who else told it; empty where nothing was told.
    origin: str
    # What is said where that is no expression, on one line; empty where nothing is.
    text: str = ""
    # The names of the licence files (`License-File`).
    files: tuple[str, ...] = ()

    def __str__(self) -> str:
        """Return the expression, or `unknown: TEXT`, as a lock has it."""
        if self.expression is not None:
            return self.expression
        return f"{UNKNOWN}: {self.text}" if self.text else UNKNOWN


def from_text(text: str, origin: str) -> License:
    """Return the licence that `str` of one gives, which a lock has.

    A text that is no SPDX expression, since somebody edited the lock, tells none.
    """
    if text in ("", UNKNOWN):
        return License(None, "")
    if text.startswith(f"{UNKNOWN}: "):
        return License(None, origin, text.removeprefix(f"{UNKNOWN}: "))
    return _expression(text, origin, ())


def license_of(metadata: str, license_texts: Mapping[str, str] | None = None) -> License:
    """Return the licence that the text of a METADATA or PKG-INFO tells.

    `license_texts` are the texts of files by their names, where they are at hand. The licence files
    among them count where the metadata names several licences or none.
    """
    message = HeaderParser().parsestr(_headers(metadata))
    files = tuple(value.strip() for value in _all(message, "License-File"))
    declared = _first(message, "License-Expression")
    if declared:
        return _expression(declared, "License-Expression", files)
    field = _first(message, "License")
    named = classifiers.names(_all(message, "Classifier"))
    counting = {
        name: text for name, text in (license_texts or {}).items() if is_license_file(name, files)
    }
    return license_told(field, named, files, counting)


def is_license_file(name: str, listed: Collection[str] = ()) -> bool:
    """Return whether a file is a licence's text: by its name, or one that `License-File` lists."""
    return name in listed or LICENSE_FILE.fullmatch(name) is not None


def license_told(
    field: str, named: list[str], files: tuple[str, ...], license_texts: Mapping[str, str]
) -> License:
    """Return the licence that a License field, classifiers and the texts of licence files tell.

    An expression counts most, then one classifier that names one licence, then what people write.
    Where several are named, nobody says whether all of them hold or one may be chosen, so that
    isn't told.
    """
    exact = spellings.expression(field) if field else None
    if exact is not None:
        return License(exact, "License", files=files)
    known = [classifiers.EXACT[name] for name in named if name in classifiers.EXACT]
    if len(known) == len(named) == 1:
        return License(known[0], "Classifier", files=files)
    told = (spellings.spelled(field) or texts.recognize(field)) if field else None
    if told is not None and _fits(told, named):
        return License(told, "License", files=files)
    if len(named) <= 1:
        by_file = _of_files(license_texts)
        if by_file is not None and _fits(by_file[1], named):
            return License(by_file[1], by_file[0], files=files)
    text = _printable("; ".join(named)) or _quoted(field)
    return License(None, ("Classifier" if named else "License") if text else "", text, files)


def _expression(text: str, origin: str, files: tuple[str, ...]) -> License:
    told = spellings.expression(text)
    return License(told, origin, "" if told else _quoted(text), files)


def _fits(expression: str, named: list[str]) -> bool:
    """Tell whether classifiers don't contradict an expression that isn't theirs."""
    for name in named:
        begins = classifiers.FAMILIES.get(name) or classifiers.EXACT.get(name)
        ids = re.findall(r"[\w.+-]+", expression)
        if begins is None or not any(one.startswith(begins) for one in ids):
            return False
    return True


def _of_files(license_texts: Mapping[str, str]) -> tuple[str, str] | None:
    """Return the file with the text of a licence and that licence; None without a single one."""
    if len(license_texts) > MOST_TEXTS:
        return None
    found = {
        name: texts.recognize(text[:LONGEST_TEXT])
        for name, text in license_texts.items()
        if not NO_LICENSES.fullmatch(PurePosixPath(name).name)
    }
    licenses = {*found.values()}
    only = licenses.pop() if len(licenses) == 1 else None
    return (next(iter(found)), only) if only is not None else None


def _headers(metadata: str) -> str:
    """Return the part of the metadata before its description, which may be long."""
    text = metadata.replace("\r\n", "\n")
    return text.partition("\n\n")[0]


def _first(message: Message, key: str) -> str:
    """Return a field's value; empty where it is absent, or says that it is unknown."""
    value = str(message.get(key) or "").strip()
    return "" if value.upper() in ("UNKNOWN", "NONE", "N/A") else value


def _all(message: Message, key: str) -> list[str]:
    return [str(value) for value in message.get_all(key, [])]


def _quoted(text: str) -> str:
    """Return a text's first line that says something, shortened."""
    lines = (" ".join(_printable(line).split()) for line in text.splitlines())
    line = next((line for line in lines if re.search(r"\w", line)), "")
    return line if len(line) <= QUOTED else f"{line[: QUOTED - 3].rstrip()}..."


def _printable(text: str) -> str:
    """Return a text without what a terminal takes for commands: metadata is anybody's."""
    return "".join(character if character.isprintable() else " " for character in text)

"""Translates version specifiers of Poetry's form to PEP 440."""

import re

from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.version import InvalidVersion, Version

from lock.inputs.values.version_unions import union

VERSION = r"(?:\d+!)?[^\s,<>=!~^]+"
CLAUSE = re.compile(rf"\s*(===|~=|==|!=|<=|>=|<|>|=|\^|~)?\s*({VERSION})\s*,?\s*")
ALTERNATIVE = re.compile(r"\|\|?")
# uv stores each number of a version in 64 bits; a range needs one more than is written.
LARGEST_NUMBER = 2**63 - 1


class SpecifierError(ValueError):
    """An invalid specifier; the text says what is wrong and what to do."""


def translate(text: str) -> str:
    """Return the form of PEP 440 of a specifier; empty for any version.

    A comma or a space means "and", `||` means "or". `^1.2`, `~1.2`, `1.2` and `1.2.*` mean what
    Poetry documents for caret, tilde, exact and wildcard requirements; all else is PEP 440.

    >>> translate("^1.2")
    '>=1.2,<2'
    >>> translate("^1.2 || ^3.4")
    '>=1.2,<4,!=2.*,!=3.0.*,!=3.1.*,!=3.2.*,!=3.3.*'

    Raises SpecifierError.
    """
    if "|" not in text:
        return _all_of(text)
    found = union(alternatives(text))
    if found is None:
        raise SpecifierError(
            f'the gaps between the alternatives of "{text.strip()}" can\'t be said in one '
            "specifier (PEP 440); write one range, with `!=` for its gaps"
        )
    return found


def alternatives(text: str) -> tuple[str, ...]:
    """Return the specifiers (PEP 440) that `||` separates, one of which has to hold.

    >>> alternatives("^1.2 || >=3")
    ('>=1.2,<2', '>=3')

    Raises SpecifierError.
    """
    return tuple(map(_all_of, ALTERNATIVE.split(text)))


def _all_of(text: str) -> str:
    """Return the form of PEP 440 of clauses that all have to hold."""
    stripped = text.strip()
    clauses = []
    position = 0
    while position < len(stripped):
        match = CLAUSE.match(stripped, position)
        if match is None:
            raise SpecifierError(_not_a_specifier(stripped))
        clauses.append(_clause(match[1] or "", match[2]))
        position = match.end()
    return ",".join(dict.fromkeys(clause for clause in clauses if clause))


def _clause(operator: str, version: str) -> str:
    """Return one clause in the form of PEP 440; empty for any version."""
    written = operator + version
    if version == "*" and operator in ("", "=", "=="):
        return ""
    pep440 = written if operator not in ("", "=", "^", "~") else f"=={version}"
    try:
        SpecifierSet(pep440)
        parsed = Version(version.removesuffix(".*"))
    except (InvalidSpecifier, InvalidVersion):
        raise SpecifierError(_not_a_specifier(written)) from None
    if max(_numbers(parsed)) > LARGEST_NUMBER:
        raise SpecifierError(f'"{written}" has a number that is too large; write a real version')
    if operator in ("^", "~", "===") and version.endswith(".*"):
        raise SpecifierError(_not_a_specifier(written))
    if operator not in ("^", "~"):
        return pep440
    if parsed.local is not None:
        raise SpecifierError(_not_a_specifier(written))
    place = _caret_place(parsed.release) if operator == "^" else min(1, len(parsed.release) - 1)
    return f">={version},<{_bump(parsed, place)}"


def _numbers(version: Version) -> list[int]:
    """Return every number in a version."""
    pre = version.pre[1] if version.pre else 0
    local = [int(part) for part in (version.local or "").split(".") if part.isdecimal()]
    return [version.epoch, *version.release, pre, version.post or 0, version.dev or 0, *local]


def _caret_place(release: tuple[int, ...]) -> int:
    """Return the position of the first leading number that isn't zero; the last one if all are."""
    leading = release[:3]
    return next((place for place, number in enumerate(leading) if number), len(leading) - 1)


def _bump(version: Version, place: int) -> str:
    """Return the release up to a position, with the number there increased by one."""
    release = (*version.release[:place], version.release[place] + 1)
    epoch = f"{version.epoch}!" if version.epoch else ""
    return epoch + ".".join(map(str, release))


def _not_a_specifier(text: str) -> str:
    return (
        f'"{text}" is no version specifier; write one such as ">=1.2,<2", "^1.2", "~1.2", "1.2.*", '
        '"1.2" or "*"'
    )

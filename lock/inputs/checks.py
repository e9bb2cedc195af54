"""Checks of single texts, the same for every format; each says what is wrong and what to do."""

import re

from packaging.markers import InvalidMarker, Marker
from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import InvalidName, canonicalize_name

from lock.errors import UsageError
from lock.specifier import translate

EXTRA_NAME = re.compile(r"[a-z0-9]([a-z0-9._-]*[a-z0-9])?", re.ASCII | re.IGNORECASE)
# A name, extras, a specifier and a marker (PEP 508); an address can't be locked.
REQUIREMENT = re.compile(
    r"\s*([a-z0-9](?:[a-z0-9._-]*[a-z0-9])?)\s*(\[[^\]]*\])?\s*\(?([^@;()]*?)\)?\s*(?:;(.*))?",
    re.ASCII | re.IGNORECASE,
)
# Variables that markers know only inside a package's own metadata or a lock (PEP 508, PEP 751).
INNER_VARIABLES = re.compile(r"\b(extras?|dependency_groups)\b")
# Keeps what packaging parses within Python's limits of recursion and of digits in a number.
LONGEST_TEXT = 1000
DEEPEST_MARKER = 50


def check_marker(text: str) -> str:
    if text.count("(") > DEEPEST_MARKER:
        raise UsageError(f"the marker has too many parentheses; write at most {DEEPEST_MARKER}")
    try:
        marker = str(Marker(text))
    except InvalidMarker:
        raise UsageError(
            f'"{text}" is no marker; write one such as "sys_platform == \'linux\'"'
        ) from None
    outside_quotes = re.sub(r"'[^']*'|\"[^\"]*\"", '""', marker)
    inner = INNER_VARIABLES.search(outside_quotes)
    if inner:
        raise UsageError(
            f"`{inner[0]}` means nothing in a requirement's marker; "
            "name a system or a version of Python there"
        )
    if "===" in outside_quotes:
        raise UsageError("a marker can't compare with `===` here; write `==`")
    return marker


def check_requirement(text: str) -> str:
    """PEP 508's form of a requirement, whose specifier may be written as Poetry does."""
    match = REQUIREMENT.fullmatch(text)
    if match is None:
        raise UsageError(f'"{text}" is no requirement; write one such as "numpy>=1.20" or "Cython"')
    name, extras, specifier, marker = match.groups()
    marker = f" ; {check_marker(marker.strip())}" if marker else ""
    found = f"{canonicalize_name(name)}{extras or ''}{translate(specifier)}{marker}"
    try:
        return str(Requirement(found))
    except InvalidRequirement:
        raise UsageError(
            f'"{text}" is no requirement; write one such as "numpy>=1.20" or "Cython"'
        ) from None


def check_extra(text: str) -> str:
    if not EXTRA_NAME.fullmatch(text):
        raise UsageError(
            f'"{text}" is no name of an extra; write letters, digits, ".", "_" and "-"'
        )
    return canonicalize_name(text)


def parse_name(key: str) -> Requirement | None:
    """A package's name with its extras; None for what is neither (PEP 508)."""
    try:
        named = Requirement(key)
        canonicalize_name(named.name, validate=True)
    except (InvalidName, InvalidRequirement):
        return None
    return named

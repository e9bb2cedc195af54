"""The License field as people fill it: expressions, and well-known spellings of one licence."""

import re
from collections.abc import Mapping

from packaging.licenses import InvalidLicenseExpression, canonicalize_license_expression

# Spelling, as `_plain` leaves it → licence. A spelling that leaves the version open isn't here.
SPELLINGS: Mapping[str, str] = {
    "0bsd": "0BSD",
    "2 clause bsd": "BSD-2-Clause",
    "3 clause bsd": "BSD-3-Clause",
    "apache 2": "Apache-2.0",
    "asl 2": "Apache-2.0",
    "boost 1": "BSL-1.0",
    "bsd 2 clause": "BSD-2-Clause",
    "bsd 3 clause": "BSD-3-Clause",
    "bsd 3": "BSD-3-Clause",
    "bsd 2": "BSD-2-Clause",
    "cc0": "CC0-1.0",
    "cc0 1": "CC0-1.0",
    "expat": "MIT",
    "isc": "ISC",
    "iscl": "ISC",
    "mit": "MIT",
    "mit 0": "MIT-0",
    "mit expat": "MIT",
    "modified bsd": "BSD-3-Clause",
    "mozilla public 2": "MPL-2.0",
    "mpl 2": "MPL-2.0",
    "mpl 1.1": "MPL-1.1",
    "new bsd": "BSD-3-Clause",
    "revised bsd": "BSD-3-Clause",
    "simplified bsd": "BSD-2-Clause",
    "unlicense": "Unlicense",
    "wtfpl": "WTFPL",
    "zlib": "Zlib",
    "zpl 2": "ZPL-2.0",
    "zpl 2.1": "ZPL-2.1",
}
# The GNU licences of which a version "or later" is meant.
GNU = re.compile(
    r"(?:gnu )?(?P<kind>agpl|lgpl|gpl)(?:| general public) ?"
    r"(?P<version>[23](?:\.[01])?)(?: ?\+| or later| or newer| or above| or greater)"
)
GNU_NAMES: Mapping[str, str] = {
    "gnu affero general public": "agpl",
    "gnu lesser general public": "lgpl",
    "gnu library general public": "lgpl",
    "gnu general public": "gpl",
    "affero general public": "agpl",
    "lesser general public": "lgpl",
    "general public": "gpl",
}
GNU_VERSIONS = ("AGPL-3.0", "GPL-2.0", "GPL-3.0", "LGPL-2.0", "LGPL-2.1", "LGPL-3.0")


def expression(text: str) -> str | None:
    """Return an SPDX licence expression in its canonical form; None for what is none (PEP 639)."""
    try:
        return canonicalize_license_expression(" ".join(text.split()))
    except InvalidLicenseExpression:
        return None


def spelled(text: str) -> str | None:
    """Return the expression that a well-known spelling stands for, None for any other.

    Sides of an `or` or `and` are spelled each by themselves: `GPLv2+ or MIT License`.
    """
    one = _one(text)
    if one is not None:
        return one
    for word, operator in ((" or ", " OR "), (" and ", " AND ")):
        sides = re.split(word, text, flags=re.IGNORECASE)
        found = [_one(side) for side in sides]
        if len(sides) > 1 and None not in found:
            return expression(operator.join(side for side in found if side is not None))
    return None


def _one(text: str) -> str | None:
    plain = _plain(text)
    gnu = GNU.fullmatch(plain)
    if gnu:
        version = gnu["version"] if "." in gnu["version"] else f"{gnu['version']}.0"
        name = f"{gnu['kind'].upper()}-{version}"
        return f"{name}-or-later" if name in GNU_VERSIONS else None
    known = SPELLINGS.get(plain)
    # A single id, such as a side of an `or` that isn't an expression as a whole.
    return known or (expression(text) if " " not in text.strip() else None)


def _plain(text: str) -> str:
    """Return a spelling without what doesn't distinguish: case, articles, punctuation, `.0`."""
    plain = text.lower().replace("licence", "license")
    # A name that is repeated in brackets: `MIT License (MIT)`.
    plain = re.sub(r"^(\w+) license \(\1\)$", r"\1", plain.strip().removeprefix("the "))
    plain = re.sub(r"[\s,;:()_/\"'-]+", " ", plain)
    plain = re.sub(r"\b(the|license[ds]?|software|version|under)\b", " ", plain)
    plain = re.sub(r"\bv(?:er)?\.? ?(?=[0-9])", " ", plain)
    plain = re.sub(r"(?<=[a-z])v(?=[0-9])", " ", plain)
    plain = re.sub(r"\b(apache|mpl|asl|zpl|agpl|lgpl|gpl)(?=[0-9])", r"\1 ", plain)
    plain = " ".join(plain.split()).rstrip(".")
    for name, short in GNU_NAMES.items():
        plain = plain.replace(name, short)
    return (
        plain
        if plain[:3] in ("gpl", "lgp", "agp", "gnu")
        else re.sub(r"(?<=[0-9])\.0\b", "", plain)
    )

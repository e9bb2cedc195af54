"""The attribute of `lib.licenses` for a licence (SPDX)."""

import json
from functools import cache
from pathlib import Path

from packaging.licenses import InvalidLicenseExpression, canonicalize_license_expression

from init.nixpkgs import nix_text

# What nixpkgs gives another identifier, or leaves to its packages to say more exactly.
OTHERS = {
    "AGPL-3.0": "agpl3Only",
    "AGPL-3.0+": "agpl3Plus",
    "GPL-2.0": "gpl2Only",
    "GPL-2.0+": "gpl2Plus",
    "GPL-3.0": "gpl3Only",
    "GPL-3.0+": "gpl3Plus",
    "LGPL-2.0": "lgpl2Only",
    "LGPL-2.0+": "lgpl2Plus",
    "LGPL-2.1": "lgpl21Only",
    "LGPL-2.1+": "lgpl21Plus",
    "LGPL-3.0": "lgpl3Only",
    "LGPL-3.0+": "lgpl3Plus",
    "PSF-2.0": "psfl",
}
# Last part of a classifier that doesn't say whether later versions may be taken, or which text it
# means → what its authors mostly mean.
LIKELY = {
    "Apache Software License": "Apache-2.0",
    "GNU Affero General Public License v3": "AGPL-3.0-only",
    "GNU General Public License v2 (GPLv2)": "GPL-2.0-only",
    "GNU General Public License v3 (GPLv3)": "GPL-3.0-only",
    "GNU Lesser General Public License v2 (LGPLv2)": "LGPL-2.0-only",
    "GNU Lesser General Public License v3 (LGPLv3)": "LGPL-3.0-only",
    "Python Software Foundation License": "PSF-2.0",
}


@cache
def table() -> dict[str, str]:
    """Return, by SPDX identifier, the attribute of `lib.licenses`."""
    file = Path(__file__).with_name("licenses.json")
    return dict(json.loads(file.read_text(encoding="utf-8"))) | OTHERS


def attribute(identifier: str) -> str | None:
    """Return the attribute of an SPDX identifier; None where nixpkgs has none.

    >>> attribute("BSD-3-Clause")
    'bsd3'
    """
    return table().get(identifier)


def expression(spdx: str) -> list[str] | None:
    """Return the lines of `meta.license` for an SPDX expression; None where it is none.

    Source: SPDX specification, annex "SPDX license expressions"; nixpkgs' lib/licenses.
    """
    try:
        text = canonicalize_license_expression(spdx)
    except InvalidLicenseExpression:
        return None
    words = text.replace("(", " ( ").replace(")", " ) ").split()
    found = _or(words)
    return None if words else found


def lines(spdx: str, text: str) -> list[str]:
    """Return the lines that bind `license`, or say in a comment why they can't.

    `spdx` is empty where the metadata name no expression, but maybe a `text`.
    """
    found = expression(spdx) if spdx else None
    if found:
        return nix_text.binding("license", found)
    told = " ".join((spdx or text).split())
    likely = expression(LIKELY.get(told, ""))
    if likely:
        return [f"# The metadata say {told}: check that.", *nix_text.binding("license", likely)]
    reason = f"say {told}, which is no SPDX expression" if told else "name none"
    return [f"# license: the metadata {reason}."]


def _or(words: list[str]) -> list[str]:
    return _several(words, "OR")


def _and(words: list[str]) -> list[str]:
    return _several(words, "AND")


def _several(words: list[str], operator: str) -> list[str]:
    """Read what an operator joins off the front of some words."""
    one = _and if operator == "OR" else _with
    items = [one(words)]
    while words[:1] == [operator]:
        words.pop(0)
        items.append(one(words))
    if len(items) == 1:
        return items[0]
    lines = [line for item in items for line in _as_item(item)]
    return [f"lib.licenses.{operator} [", *nix_text.indent(lines), "]"]


def _as_item(lines: list[str]) -> list[str]:
    """Return an expression as it stands in a list."""
    is_plain = lines[0].startswith("{") or " " not in lines[0]
    return lines if is_plain else [f"({lines[0]}", *lines[1:-1], f"{lines[-1]})"]


def _with(words: list[str]) -> list[str]:
    license_ = _simple(words)
    if words[:1] != ["WITH"]:
        return license_
    words.pop(0)
    return [f"lib.licenses.WITH {' '.join(license_)} {' '.join(_simple(words))}"]


def _simple(words: list[str]) -> list[str]:
    word = words.pop(0) if words else ""
    if word == "(":
        found = _or(words)
        words[:1] = []
        return found
    name = attribute(word)
    if name:
        return [f"lib.licenses.{nix_text.key(name)}"]
    later = attribute(word.removesuffix("+")) if word.endswith("+") else None
    if later:
        return [f"(lib.licenses.PLUS lib.licenses.{nix_text.key(later)})"]
    return [f"{{ fullName = {nix_text.string(word)}; }}"]

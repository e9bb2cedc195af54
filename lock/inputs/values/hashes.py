"""Reads hashes: of options, and behind the `#` of URLs."""

import re
from collections.abc import Mapping

from lock.errors import UsageError

# Kind of hash → the number of its hexadecimal digits; pip takes these in its option.
STRONG_HASHES: Mapping[str, int] = {"sha256": 64, "sha384": 96, "sha512": 128}
HASHES: Mapping[str, int] = {"md5": 32, "sha1": 40, "sha224": 56, **STRONG_HASHES}


def is_hash(kind: str, digits: str) -> bool:
    """Return whether digits are those of a hash of a kind."""
    return re.fullmatch(rf"[0-9a-fA-F]{{{HASHES[kind]}}}", digits, re.ASCII) is not None


def normalize_hash(kind: str, digits: str) -> str:
    """Return a hash as Requirements.hashes has it."""
    return digits.lower() if kind == "sha256" else f"{kind}:{digits.lower()}"


def fragments(address: str) -> Mapping[str, str]:
    """Return the keys and values behind the `#` of a direct reference, as pip reads them."""
    pairs = (part.partition("=") for part in address.partition("#")[2].split("&"))
    return {key: value for key, equals, value in pairs if equals}


def hashes_behind(address: str) -> tuple[str, ...]:
    """Return the hashes behind the `#` of a URL, sorted. Raises UsageError for one that is none."""
    found = set()
    for kind, digits in fragments(address).items():
        if kind in HASHES:
            if not is_hash(kind, digits):
                raise UsageError(
                    f'"{digits[:80]}" is no {kind}; write its {HASHES[kind]} hexadecimal digits'
                )
            found.add(normalize_hash(kind, digits))
    return tuple(sorted(found))

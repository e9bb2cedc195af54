"""Name a store path in texts that name a machine's folders: pkg-config's files, scripts."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_MULTIARCH = r"/[a-z0-9_]+-linux-gnu[a-z0-9]*"
# what stands for the multiarch name in a script: Debian's tool, or a variable set by the compiler
_ASKED = r"/(?:\$\(dpkg-architecture [^)]*\)|`dpkg-architecture [^`]*`|\$\{?trip(?:ple|let)\}?)"
_CONDITION = re.compile(r"\btest |\[ ")


def relocated(text: str, out: Path) -> str:
    """Return the text of a pkg-config file or a script with the store path for the prefix.

    A line with a condition stays: it leaves out folders that every compiler looks into.
    """
    return "".join(
        line if _CONDITION.search(line) else _relocated(line, out)
        for line in text.splitlines(keepends=True)
    )


def _relocated(line: str, out: Path) -> str:
    line = re.sub(r"^(\w*prefix) *= *([\"']?)/usr\b", rf"\1=\2{out}", line)
    line = re.sub(rf"(/lib|/include)(?:{_MULTIARCH}|{_ASKED})(?![\w-])", r"\1", line)
    return re.sub(
        r"(?:(?<=-[IL])|(?<![\w}./]))/usr(?=/(?:lib|include|share|bin)\b)", str(out), line
    )

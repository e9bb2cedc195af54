"""Unpack the C library of a Debian package, with an isolated loader.

Environment: deb, loader, out.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

import deb
import glibc

_LIBRARY = re.compile(r"(?:usr/)?lib/[^/]*-linux-[^/]*/([^/]+\.so[^/]*)")


def main() -> None:
    """Make the store path that the environment variables describe."""
    out = Path(os.environ["out"])
    deb.unpack(Path(os.environ["deb"]), out, target_path)
    for library in (out / "lib").iterdir():
        if not library.is_symlink():
            library.chmod(0o755)
    loader = out / "lib" / os.environ["loader"]
    loader.write_bytes(glibc.isolated(loader.read_bytes()))


def target_path(name: str) -> str | None:
    """Return where a library of libc goes; None for what isn't one (gconv's modules, texts)."""
    match = _LIBRARY.fullmatch(name)
    return f"lib/{match[1]}" if match else None


if __name__ == "__main__":
    main()

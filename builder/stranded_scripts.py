"""Scripts of a build's packages whose interpreter isn't there: the sandbox has no /usr/bin/env."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from builder.build_prefix import link_entries

# Bytes of a first line that Linux reads (execve(2)).
LONGEST = 255


def stranded_scripts(site: Path, search: str) -> Iterator[tuple[str, bytes]]:
    """Yield each script below a folder that can't be run, and the content with which it can.

    Paths are relative to the folder. `search` is a PATH that has the programs; a script whose
    program it lacks is left out.
    """
    for folder, _, names in os.walk(site, followlinks=True):
        for name in names:
            path = os.path.join(folder, name)
            if os.access(path, os.X_OK):
                with open(path, "rb") as file:
                    line = file.readline(LONGEST)
                    mended = mended_line(line, search)
                    if mended is not None:
                        yield os.path.relpath(path, site), mended + file.read()


def mended_line(line: bytes, search: str) -> bytes | None:
    """Return the first line of a script with a program that is there; None if it needs no other."""
    words = line[2:].decode("utf-8", "replace").split() if line.startswith(b"#!") else []
    if not words or not words[0].startswith("/") or os.path.exists(words[0]):
        return None
    if os.path.basename(words[0]) == "env":
        del words[0]
    program = shutil.which(os.path.basename(words[0]), path=search) if words else None
    return " ".join([f"#!{program}", *words[1:]]).encode() + b"\n" if program else None


def replace_scripts(prefix: Path, site: str, scripts: dict[str, bytes]) -> None:
    """Put scripts into the place of those below `site` of a prefix that is made of links."""
    for relative, content in scripts.items():
        path = prefix / site / relative
        _unfold(prefix, path.parent)
        path.unlink()
        path.write_bytes(content)
        path.chmod(0o755)


def _unfold(prefix: Path, folder: Path) -> None:
    """Turn the links on the way to a folder into folders of links."""
    for parent in [*reversed(folder.relative_to(prefix).parents), folder.relative_to(prefix)]:
        path = prefix / parent
        if path.is_symlink():
            source = path.resolve()
            path.unlink()
            path.mkdir()
            link_entries(source, path)

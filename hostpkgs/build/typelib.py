"""Name libraries by their path in a typelib, as nixpkgs does.

GObject Introspection opens them by what stands there, and no loader would find a bare name.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_MAGIC = b"GOBJ\nMETADATA\r\n\x1a"
# of the header of GObject Introspection's typelib format, version 4
_SIZE, _SHARED_LIBRARY = 40, 52


def with_paths(content: bytes, libraries: Mapping[str, Path]) -> bytes:
    """Return a typelib whose libraries are named by the paths of `libraries` (soname → path).

    Libraries that are not among them keep their names. The new text stands behind everything
    else, so that no offset changes.

    Raises ValueError for another kind of file.
    """
    if content[:17] != _MAGIC + b"\4":
        raise ValueError("not a typelib of GObject Introspection's format 4")
    start = struct.unpack_from("<I", content, _SHARED_LIBRARY)[0]
    if not start:
        return content
    names = content[start : content.index(b"\0", start)].decode().split(",")
    text = ",".join(str(libraries.get(name, name)) for name in names).encode() + b"\0"
    changed = bytearray(content + text + b"\0" * (-len(content + text) % 4))
    struct.pack_into("<I", changed, _SIZE, len(changed))
    struct.pack_into("<I", changed, _SHARED_LIBRARY, len(content))
    return bytes(changed)

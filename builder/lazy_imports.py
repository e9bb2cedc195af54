"""Import some modules of the standard library only when they are used.

The libraries of the builder import them for functions that most steps never call, and importing
them takes longer than unpacking a small wheel.
"""

import gc
import sys
from collections.abc import Sequence
from importlib.machinery import ModuleSpec, PathFinder
from importlib.util import LazyLoader
from types import ModuleType

from builder.library_imports import LibraryFinder

# Each is executed at the first access to one of its attributes.
LAZY_MODULES = frozenset(
    {
        "bz2",
        "calendar",
        "compression.zstd",
        "copy",
        "datetime",
        "email.base64mime",
        "email.header",
        "email.quoprimime",
        "inspect",
        "ipaddress",
        "linecache",
        "lzma",
        "random",
        "shutil",
        "socket",
        "tempfile",
        "tokenize",
    }
)


class LazyFinder:
    """A meta path finder that makes the import of LAZY_MODULES lazy."""

    @staticmethod
    def find_spec(
        name: str,
        path: Sequence[str] | None = None,
        target: ModuleType | None = None,
    ) -> ModuleSpec | None:
        """Return the specification of a lazy module; None for any other module."""
        if name not in LAZY_MODULES:
            return None
        spec = PathFinder.find_spec(name, path, target)
        if spec is not None and spec.loader is not None:
            spec.loader = LazyLoader(spec.loader)
        return spec


def install() -> None:
    """Install the finders, and turn off garbage collection, since a step is a short process."""
    gc.disable()
    sys.meta_path[:0] = [LazyFinder, LibraryFinder]

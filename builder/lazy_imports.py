"""A quick start: a small wheel takes less time to unpack than all that is imported on the way.

The libraries import modules of the standard library for functions that no step calls.
"""

import gc
import sys
from collections.abc import Sequence
from importlib.machinery import ModuleSpec, PathFinder
from importlib.util import LazyLoader
from types import ModuleType

# They are loaded when something of them is used: some never, by some versions of Python.
LATE = frozenset(
    {
        "calendar",
        "copy",
        "datetime",
        "email.base64mime",
        "email.header",
        "email.quoprimime",
        "inspect",
        "ipaddress",
        "linecache",
        "random",
        "shutil",
        "socket",
        "tempfile",
        "tokenize",
    }
)


class LateFinder:
    """Finds those modules as the standard finder does, and leaves them unloaded."""

    @staticmethod
    def find_spec(
        name: str,
        path: Sequence[str] | None = None,
        target: ModuleType | None = None,
    ) -> ModuleSpec | None:
        """The specification of a module that may wait; None for any other."""
        if name not in LATE:
            return None
        spec = PathFinder.find_spec(name, path, target)
        if spec is not None and spec.loader is not None:
            spec.loader = LazyLoader(spec.loader)
        return spec


def prepare() -> None:
    """Prepare the process for one step: nothing of it lives long enough to be collected."""
    gc.disable()
    sys.meta_path.insert(0, LateFinder)

"""Start-up file of an environment whose programs load libraries by plain name.

Run by the environment's interpreter, 3.8 or newer, at every start: it imports nothing that isn't
loaded already. `bin/python` (interpreter.c) has set the library path that the loader read.
"""

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, MutableMapping, Sequence
    from importlib.machinery import ModuleSpec
    from types import ModuleType

    Find = Callable[[str], str | None]

PATH_VARIABLE = "LD_LIBRARY_PATH"
SAVED_VARIABLE = "WHEELHOUSE_SAVED_LD_LIBRARY_PATH"


def restore(variables: "MutableMapping[str, str]") -> None:
    """Give `variables` the library path back that the interpreter's caller had."""
    saved = variables.pop(SAVED_VARIABLE, None)
    if saved:
        variables[PATH_VARIABLE] = saved
    elif saved is not None:
        variables.pop(PATH_VARIABLE, None)


def extended(find_library: "Find") -> "Find":
    """`ctypes.util.find_library`, which asks ldconfig and compilers, asked second."""

    def find(name: str) -> "str | None":
        # Written for each environment (builder/libraries.py).
        from _wheelhouse_sonames import SONAMES  # type: ignore[import-not-found]

        return SONAMES.get(name) or find_library(name)

    find.__name__ = find.__qualname__ = "find_library"
    return find


class Finder:
    """Finds `ctypes.util` as the other finders do, and extends it once it has run."""

    @classmethod
    def find_spec(
        cls, name: str, path: "Sequence[str] | None" = None, target: "ModuleType | None" = None
    ) -> "ModuleSpec | None":
        """The specification of `ctypes.util`; None for any other module."""
        if name != "ctypes.util":
            return None
        others = (finder for finder in sys.meta_path if finder is not cls)
        found = (finder.find_spec(name, path, target) for finder in others)
        spec = next(filter(None, found), None)
        if spec is not None and spec.loader is not None:
            execute = spec.loader.exec_module

            def exec_module(module: "ModuleType") -> None:
                execute(module)
                namespace = vars(module)
                namespace["find_library"] = extended(namespace["find_library"])

            vars(spec.loader)["exec_module"] = exec_module
        return spec


restore(os.environ)
sys.meta_path.insert(0, Finder)

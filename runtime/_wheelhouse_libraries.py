"""The start-up module of an environment whose programs open libraries by plain name.

`bin/python` of the environment (interpreter.c) extends the library path, which the loader reads,
and starts the interpreter. This module then restores the variable, and extends
`ctypes.util.find_library`. Where the libraries of the host's GPU driver are in the path, it makes
the links to them, once for each driver (wheelhouse_driver.py).

A file of site-packages imports it at every start of any Python since 3.8 (builder/startup.py). To
cost no time it imports only modules that are loaded already.
"""

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, MutableMapping, Sequence
    from importlib.machinery import ModuleSpec
    from types import ModuleType

    FindLibrary = Callable[[str], str | None]

PATH_VARIABLE = "LD_LIBRARY_PATH"
SAVED_VARIABLE = "WHEELHOUSE_SAVED_LD_LIBRARY_PATH"
# Of driver.c: a state, the path of libcuda.so.1, and the folder of links or a reason; a line each.
DRIVER_VARIABLE = "WHEELHOUSE_DRIVER"
# The libraries of glibc: every process has them, and without ldconfig nothing finds them.
GLIBC = {
    "c": "libc.so.6",
    "dl": "libdl.so.2",
    "m": "libm.so.6",
    "pthread": "libpthread.so.0",
    "rt": "librt.so.1",
    "util": "libutil.so.1",
}


def restore_library_path(variables: "MutableMapping[str, str]") -> None:
    """Set the library path in `variables` to what it was before `bin/python` extended it."""
    saved = variables.pop(SAVED_VARIABLE, None)
    if saved:
        variables[PATH_VARIABLE] = saved
    elif saved is not None:
        variables.pop(PATH_VARIABLE, None)


def driver_folder(told: "str | None", wanted: "tuple[str, ...]") -> "tuple[str, str] | None":
    """Return libcuda.so.1 and the folder of links, if the driver is in one of the wanted states."""
    state, _, rest = (told or "").partition("\n")
    library, _, folder = rest.partition("\n")
    return (library, folder) if state in wanted else None


def make_driver_links(told: "str | None") -> None:
    """Make the links to the libraries of a driver that isn't known yet."""
    found = driver_folder(told, ("new",))
    if found is not None:
        import wheelhouse_driver

        wheelhouse_driver.prepare_at_start(*found)


def find_in_driver(name: str) -> "str | None":
    """Return the soname of a library of the driver; None if there is none."""
    found = driver_folder(driver, ("known", "new"))
    if found is None:
        return None
    import wheelhouse_driver

    return wheelhouse_driver.find_soname(found[1], name)


def find_in_libc(name: str) -> "str | None":
    """Return by what name the libc has a library; None for those that are no part of it.

    musl is one file, which every process has as its loader, and which answers to this name.
    """
    if "musl" in getattr(sys.implementation, "_multiarch", ""):
        return "libc.so" if name in GLIBC else None
    try:
        os.confstr("CS_GNU_LIBC_VERSION")
    except ValueError:
        return None
    return GLIBC.get(name)


def extend_find_library(find_library: "FindLibrary") -> "FindLibrary":
    """Return a function that looks into the environment's libraries before it calls another.

    `find_library` of the standard library runs ldconfig and a compiler, which don't know them.
    """

    def find(name: str) -> "str | None":
        # The builder writes this module for each environment (builder/libraries.py).
        from _wheelhouse_sonames import SONAMES  # type: ignore[import-not-found]

        found = SONAMES.get(name) or find_in_driver(name) or find_library(name)
        return found or find_in_libc(name)

    find.__name__ = find.__qualname__ = "find_library"
    return find


class CtypesUtilFinder:
    """A meta path finder that replaces `find_library` in `ctypes.util` when that is imported."""

    @classmethod
    def find_spec(
        cls, name: str, path: "Sequence[str] | None" = None, target: "ModuleType | None" = None
    ) -> "ModuleSpec | None":
        """Return the specification of `ctypes.util`; None for any other module."""
        if name != "ctypes.util":
            return None
        others = (finder for finder in sys.meta_path if finder is not cls)
        specs = (finder.find_spec(name, path, target) for finder in others)
        spec = next(filter(None, specs), None)
        if spec is not None and spec.loader is not None:
            original_exec_module = spec.loader.exec_module

            def exec_module(module: "ModuleType") -> None:
                original_exec_module(module)
                namespace = vars(module)
                namespace["find_library"] = extend_find_library(namespace["find_library"])

            vars(spec.loader)["exec_module"] = exec_module
        return spec


restore_library_path(os.environ)
driver = os.environ.pop(DRIVER_VARIABLE, None)
make_driver_links(driver)
sys.meta_path.insert(0, CtypesUtilFinder)

"""Import `installer` with stand-ins for what it imports, but hardly uses.

Importing all of that takes longer than unpacking a small wheel. Making it lazy doesn't help where a
name is taken from a module (`from x import y`).
"""

import builtins
import sys
from collections.abc import Mapping, Sequence
from importlib.machinery import ModuleSpec, PathFinder
from types import ModuleType

from builder.stand_ins import STAND_INS

LIBRARY = "installer"

TYPE_CHECKING = False
if TYPE_CHECKING:
    from importlib.abc import Loader


def import_stand_in(
    name: str,
    global_scope: Mapping[str, object] | None = None,
    local_scope: Mapping[str, object] | None = None,
    fromlist: Sequence[str] | None = (),
    level: int = 0,
) -> object:
    """Import as `__import__` does, but return the stand-in that has all of the names, if any has.

    Where the module itself is there already, nothing is gained by a stand-in.
    """
    stand_in = None if level or name in sys.modules else STAND_INS.get(name)
    if stand_in is not None and fromlist and all(hasattr(stand_in, item) for item in fromlist):
        return stand_in
    return __import__(name, global_scope, local_scope, fromlist or (), level)


class LibraryLoader:
    """A loader of a module whose own `import` statements may be given stand-ins.

    Python executes code with the built-in functions that its globals name, and `import` calls one
    of them, `__import__` (`exec` and `__import__` in the library reference). So no other module
    sees a stand-in.
    """

    def __init__(self, loader: "Loader") -> None:
        self.loader = loader

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        """Return what the module's own loader returns."""
        return self.loader.create_module(spec)

    def exec_module(self, module: ModuleType) -> None:
        """Execute the module."""
        module.__loader__ = self.loader
        if module.__spec__ is not None:
            module.__spec__.loader = self.loader
        module.__dict__["__builtins__"] = {**vars(builtins), "__import__": import_stand_in}
        self.loader.exec_module(module)


class LibraryFinder:
    """A meta path finder of the library."""

    @staticmethod
    def find_spec(
        name: str,
        path: Sequence[str] | None = None,
        target: ModuleType | None = None,
    ) -> ModuleSpec | None:
        """Return the specification of a module of the library; None for any other module."""
        if name.partition(".")[0] != LIBRARY:
            return None
        spec = PathFinder.find_spec(name, path, target)
        if spec is not None and spec.loader is not None:
            spec.loader = LibraryLoader(spec.loader)  # type: ignore[assignment]
        return spec

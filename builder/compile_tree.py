"""Byte-compile a tree. Run by the target interpreter, 3.8 or newer, and nothing else than it.

usage: compile_tree.py TREE

The bytecode is of the kind `unchecked-hash` (PEP 552): the store sets every time to 1, so that
time-stamped bytecode would be stale, and a read-only store can never mend it. One process compiles
all files in the order of their names: what marshal writes depends on what the process holds.
"""

import marshal
import os
import sys
import warnings
from importlib.util import MAGIC_NUMBER, cache_from_source, source_hash

# Hash-based, and not to be checked.
FLAGS = (0b01).to_bytes(4, "little")


def main(tree: str) -> None:
    """Compile what is Python below `tree`, and say how many files are not."""
    failed = 0
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for folder, folders, names in os.walk(tree):
            folders[:] = sorted(name for name in folders if name != "__pycache__")
            for name in sorted(names):
                if name.endswith(".py"):
                    failed += not compile_file(os.path.join(folder, name))
    if failed:
        version = ".".join(map(str, sys.version_info[:2]))
        sys.stderr.write(
            f"wheelhouse: files that are not Python {version}, left without bytecode: {failed}\n"
        )


def compile_file(path: str) -> bool:
    """Write a module's bytecode where the import system looks for it (PEP 3147), if it has any."""
    try:
        with open(path, "rb") as file:
            source = file.read()
        content = marshal.dumps(compile(source, path, "exec", dont_inherit=True))
    # Templates and code for other Pythons are data to this one, and fail in every way there is.
    except Exception:
        return False
    target = cache_from_source(path, optimization="")
    os.makedirs(os.path.dirname(target), exist_ok=True)
    with open(target, "wb") as file:
        file.write(MAGIC_NUMBER + FLAGS + source_hash(source) + content)
    return True


if __name__ == "__main__":
    main(sys.argv[1])

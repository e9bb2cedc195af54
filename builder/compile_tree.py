"""Byte-compile a tree. Run by the target interpreter, 3.8 or newer, and nothing else than it.

usage: compile_tree.py TREE

The bytecode is of the kind `unchecked-hash` (PEP 552): the store sets every time to 1, so that
time-stamped bytecode would be stale, and a read-only store can never mend it. One process compiles
all files in the order of their names: what marshal writes depends on what the process holds.
"""

import os
import py_compile
import sys
import warnings


def main(tree: str) -> None:
    """Compile what is Python below `tree`, and say how many files are not."""
    warnings.simplefilter("ignore")
    failed = 0
    for folder, folders, names in os.walk(tree):
        folders[:] = sorted(name for name in folders if name != "__pycache__")
        for name in sorted(names):
            if not name.endswith(".py"):
                continue
            try:
                py_compile.compile(
                    os.path.join(folder, name),
                    doraise=True,
                    invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH,
                )
            # Templates and code for other Pythons are data to this one.
            except (py_compile.PyCompileError, ValueError, RecursionError, OSError):
                failed += 1
    if failed:
        version = ".".join(map(str, sys.version_info[:2]))
        sys.stderr.write(
            f"wheelhouse: files that are not Python {version}, left without bytecode: {failed}\n"
        )


if __name__ == "__main__":
    main(sys.argv[1])

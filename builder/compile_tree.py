"""Byte-compile a tree: `compile_tree.py TREE`.

The interpreter that the tree is for runs this file as a script. That may be any Python since 3.8,
and it imports only the standard library.

The bytecode is of the kind `unchecked-hash` (PEP 552). The store sets all modification times to 1,
so time-stamped bytecode would always be stale, and a read-only store can't replace it.

What `marshal` writes for a module depends on the objects of the process, so on the modules that it
compiled before. For reproducible output each process compiles a fixed number of modules in the
order of their names. NIX_BUILD_CORES only changes how many processes run at a time.
"""

import marshal
import os
import sys
import warnings
from importlib.util import MAGIC_NUMBER, cache_from_source, source_hash

# The flags of a `.pyc` file (PEP 552): hash-based, and the source is not checked.
UNCHECKED_HASH = (0b01).to_bytes(4, "little")
# Few enough that the exit status of a process can be the number of its failures.
MODULES_PER_PROCESS = 64
# The exit status of a process that didn't get to the end of its modules.
CRASHED = 255


def main(tree: str) -> None:
    """Compile every module below `tree`, and print how many are not valid Python."""
    paths = find_modules(tree)
    batches = [
        paths[start : start + MODULES_PER_PROCESS]
        for start in range(0, len(paths), MODULES_PER_PROCESS)
    ]
    failures = compile_files(paths) if len(batches) < 2 else compile_batches(batches)
    if failures:
        version = ".".join(map(str, sys.version_info[:2]))
        sys.stderr.write(
            f"wheelhouse: files that are not Python {version}, left without bytecode: {failures}\n"
        )


def find_modules(tree: str) -> "list[str]":
    """Return the paths of the `.py` files below a folder, in the order of their names."""
    paths = []
    for folder, folders, names in os.walk(tree):
        folders[:] = sorted(name for name in folders if name != "__pycache__")
        paths += [os.path.join(folder, name) for name in sorted(names) if name.endswith(".py")]
    return paths


def compile_batches(batches: "list[list[str]]") -> int:
    """Compile each batch in a process forked from this one; return the number of failures."""
    failures = running = 0
    limit = core_count()
    for batch in batches:
        if running == limit:
            failures += wait_for_process()
            running -= 1
        if os.fork() == 0:
            status = CRASHED
            try:
                status = compile_files(batch)
            finally:
                os._exit(status)
        running += 1
    return failures + sum(wait_for_process() for _ in range(running))


def core_count() -> int:
    """Return how many processes a build may run at a time (NIX_BUILD_CORES; 0 is all cores)."""
    return int(os.environ.get("NIX_BUILD_CORES") or 1) or os.cpu_count() or 1


def wait_for_process() -> int:
    """Wait until a process ends; return its number of failures. Raises OSError if it crashed."""
    _, status = os.wait()
    if not os.WIFEXITED(status) or os.WEXITSTATUS(status) == CRASHED:
        raise OSError(f"a process that compiles ended with status {status}")
    return os.WEXITSTATUS(status)


def compile_files(paths: "list[str]") -> int:
    """Compile modules; return how many could not be compiled."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return sum(not compile_file(path) for path in paths)


def compile_file(path: str) -> bool:
    """Write a module's bytecode where the import system looks for it (PEP 3147).

    Returns whether it could be compiled.
    """
    try:
        with open(path, "rb") as file:
            source = file.read()
        content = marshal.dumps(compile(source, path, "exec", dont_inherit=True))
    # Templates and code for other versions of Python raise many kinds of errors.
    except Exception:
        return False
    target = cache_from_source(path, optimization="")
    os.makedirs(os.path.dirname(target), exist_ok=True)
    with open(target, "wb") as file:
        file.write(MAGIC_NUMBER + UNCHECKED_HASH + source_hash(source) + content)
    return True


if __name__ == "__main__":
    main(sys.argv[1])
    sys.stderr.flush()
    # All files are closed. Freeing every object would take longer than compiling a small tree.
    os._exit(0)

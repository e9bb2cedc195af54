"""Byte-compile a tree. Run by the target interpreter, 3.8 or newer, and nothing else than it.

usage: compile_tree.py TREE

The bytecode is of the kind `unchecked-hash` (PEP 552): the store sets every time to 1, so that
time-stamped bytecode would be stale, and a read-only store can never mend it. What marshal writes
depends on what the process holds: the files are compiled in the order of their names, so many of
them in a process, and how many processes run at a time (NIX_BUILD_CORES) changes nothing.
"""

import marshal
import os
import sys
import warnings
from importlib.util import MAGIC_NUMBER, cache_from_source, source_hash

# Hash-based, and not to be checked.
FLAGS = (0b01).to_bytes(4, "little")
# The files of one process, few enough for its exit status to count them.
SHARE = 64
# The exit status of a process that failed by itself.
BROKEN = 255


def main(tree: str) -> None:
    """Compile what is Python below `tree`, and say how many files are not."""
    paths = modules(tree)
    shares = [paths[start : start + SHARE] for start in range(0, len(paths), SHARE)]
    failed = compile_all(paths) if len(shares) < 2 else compile_shares(shares)
    if failed:
        version = ".".join(map(str, sys.version_info[:2]))
        sys.stderr.write(
            f"wheelhouse: files that are not Python {version}, left without bytecode: {failed}\n"
        )


def modules(tree: str) -> "list[str]":
    """The paths of the `.py` files below a folder, in the order of their names."""
    found = []
    for folder, folders, names in os.walk(tree):
        folders[:] = sorted(name for name in folders if name != "__pycache__")
        found += [os.path.join(folder, name) for name in sorted(names) if name.endswith(".py")]
    return found


def compile_shares(shares: "list[list[str]]") -> int:
    """Compile each share in a process that begins as this one is; how many files failed."""
    failed = running = 0
    most = cores()
    for share in shares:
        if running == most:
            failed += wait()
            running -= 1
        if os.fork() == 0:
            code = BROKEN
            try:
                code = compile_all(share)
            finally:
                os._exit(code)
        running += 1
    return failed + sum(wait() for _ in range(running))


def cores() -> int:
    """How many processes a build may run at a time; 0 in the variable stands for all that are."""
    return int(os.environ.get("NIX_BUILD_CORES") or 1) or os.cpu_count() or 1


def wait() -> int:
    """How many files a process failed at that has ended. Raises OSError where it broke."""
    _, status = os.wait()
    if not os.WIFEXITED(status) or os.WEXITSTATUS(status) == BROKEN:
        raise OSError(f"a process that compiles ended with status {status}")
    return os.WEXITSTATUS(status)


def compile_all(paths: "list[str]") -> int:
    """Compile some modules; how many could not be."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return sum(not compile_file(path) for path in paths)


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

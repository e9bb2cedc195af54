"""Make an interpreter of a Debian suite's packages, without a machine that has them installed.

Environment: debs (the interpreter's packages), libraries (packages with the libraries that it is
linked with), minor ("3.14"), glibc, loader, patchelf, compiler (another interpreter of the same
version, which compiles the bytecode; may be empty), out.
"""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from pathlib import Path

import deb
import elf
import interpreter

_EXCLUDED = re.compile(
    r"(^|/)(__pycache__|site-packages|dist-packages|test|tests|idle_test)/"
    r"|\.(pyc|pyo|a|orig)$|(^|/)(_tkinter|_testcapi|_test\w+|_ctypes_test|xxlimited\w*)\."
    r"|(^|/)(sitecustomize|usercustomize)\.py$"
)


def main() -> None:
    """Make the store path that the environment variables describe."""
    out, libc, minor = Path(os.environ["out"]), Path(os.environ["glibc"]), os.environ["minor"]
    name = f"python{minor}"
    for package in os.environ["debs"].split():
        deb.unpack(Path(package), out, lambda path: target_path(path, minor))
    for alias, target in aliases(out, minor).items():
        (out / alias).symlink_to(target)
    private = out / "lib" / name / "private"
    with tempfile.TemporaryDirectory() as folder:
        for package in os.environ["libraries"].split():
            deb.unpack(Path(package), Path(folder), deb.target_path)
        add_libraries(out, Path(folder) / "lib", private)
    interpreter.wire(out, out / "bin" / name, private, libc)
    interpreter.relocate(out, "/usr")
    interpreter.compile_library(
        Path(os.environ["compiler"] or out / "bin" / name), out / "lib" / name
    )


def target_path(path: str, minor: str) -> str | None:
    """Return where a file of Debian's packages goes; None for one that is left out."""
    name = f"python{minor}"
    if path == f"usr/bin/{name}":
        return f"bin/{name}"
    # a module for several versions of Python says which one by its name
    digits = minor.replace(".", "")
    if module := re.fullmatch(rf"usr/lib/python3/dist-packages/(_\w+\.cpython-{digits}-.*)", path):
        path = f"usr/lib/{name}/lib-dynload/{module[1]}"
    if path.startswith(f"usr/lib/{name}/"):
        inside = path.removeprefix("usr/")
        return None if _EXCLUDED.search(inside.removeprefix(f"lib/{name}/")) else inside
    return interpreter.development_file(path)


def aliases(out: Path, minor: str) -> dict[str, str]:
    """Return further names of files, as an installed Python has them: link → target."""
    name = f"python{minor}"
    found = {"bin/python3": name, "bin/python": name, "bin/python3-config": f"{name}-config"}
    for end in ("", "-embed"):
        found[f"lib/pkgconfig/python3{end}.pc"] = f"python-{minor}{end}.pc"
    return {
        alias: target for alias, target in found.items() if (out / alias).with_name(target).exists()
    }


def add_libraries(out: Path, folder: Path, private: Path) -> None:
    """Copy what the interpreter's files and those libraries need of `folder`, by their sonames."""
    private.mkdir()
    queue = [name for _, file in elf.files(out) for name in file.needed]
    while queue:
        name = queue.pop()
        target = private / name
        if not target.exists() and (folder / name).exists():
            shutil.copyfile(folder / name, target)
            target.chmod(0o755)
            file = elf.read(target)
            queue += file.needed if file else []


if __name__ == "__main__":
    main()

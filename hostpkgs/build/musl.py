"""Lay out Debian's packages of musl as nixpkgs has them, and wrap the compiler for it.

The store path has the C library, its headers, and `bin/` with the compiler of the package set as a
compiler for musl (C only, as musl-gcc is). Its loader searches the folders that a file names and
nothing else: musl reads `../etc/ld-musl-ARCH.path` beside its loader, and without that searches
/lib and /usr/lib.

Environment: debs, gcc (the package set's toolchain), shell, readlink, out.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

import deb
from toolchain import LINKER, write_program

_ARCHITECTURE = r"[a-z0-9_]+-linux-musl[a-z0-9]*"
# The options of musl-gcc stand last, as the variables' do in the wrapper of the other compiler.
_DRIVER = """#!{shell}
# as musl-gcc does; the linker's wrapper is found through -B
case ${{1-}} in -print-multiarch | --print-multiarch) exit ;; esac
exec {gcc}/sysroot/usr/bin/gcc --sysroot={gcc}/sysroot -B{out}/libexec/ \\
  "$@" ${{NIX_CFLAGS_COMPILE-}} -specs {out}/lib/musl-gcc.specs
"""
_MISSING = """#!{shell}
echo "$0: pkgsMusl of the host package set compiles C only: Debian has no libstdc++ for musl." >&2
exit 1
"""


def main() -> None:
    """Make the store path that the environment variables describe."""
    out = Path(os.environ["out"])
    for package in os.environ["debs"].split():
        deb.unpack(Path(package), out, _target)
    library = next((out / "lib").glob("libc.so"))
    loader = next(path for path in (out / "lib").glob("ld-musl-*.so.1"))
    # the file has the loader's name, which a running process shows
    loader.unlink()
    library.rename(loader)
    library.symlink_to(loader.name)
    machine = loader.name.removeprefix("ld-musl-").removesuffix(".so.1")
    # what wheels name: the soname that Alpine gives it
    (out / f"lib/libc.musl-{machine}.so.1").symlink_to(loader.name)
    _add_kernel_headers(out / "include")
    (out / "etc").mkdir()
    (out / f"etc/ld-musl-{machine}.path").write_text(f"{out}/lib\n")
    specs = out / "lib/musl-gcc.specs"
    specs.write_text(_relocated(specs.read_text(), out, loader))
    # gcc links it from 16 on, and has it for the other C library only: an archive of nothing
    (out / "lib/libatomic_asneeded.a").write_bytes(b"!<arch>\n")
    _wrap(out, loader.name)


def _target(name: str) -> str | None:
    """Return where a file of the packages goes: `usr/lib/x86_64-linux-musl/crt1.o` → `lib/crt1.o`.

    None for a file that is left out.
    """
    match = re.fullmatch(rf"(?:usr/)?(lib|include)/(?:{_ARCHITECTURE}/)?(.+)", name)
    if match is None or name.startswith("usr/lib/debug"):
        return None
    return f"{match[1]}/{match[2]}"


def _add_kernel_headers(include: Path) -> None:
    """Link the kernel's headers, which are the same for every C library."""
    headers = Path(os.environ["gcc"]) / "sysroot/usr/include"
    machine = next(headers.glob("*-linux-gnu*"))
    for folder in (headers / "linux", headers / "asm-generic", machine / "asm"):
        (include / folder.name).symlink_to(folder)


def _relocated(specs: str, out: Path, loader: Path) -> str:
    specs = re.sub(r"/lib/ld-musl-\w+\.so\.1", str(loader), specs)
    return re.sub(rf"/usr/(lib|include)/{_ARCHITECTURE}", rf"{out}/\1", specs)


def _wrap(out: Path, loader: str) -> None:
    gcc = Path(os.environ["gcc"])
    facts: dict[str, object] = {
        "out": out,
        "gcc": gcc,
        "shell": os.environ["shell"],
        "readlink": os.environ["readlink"],
        "sysroot": gcc / "sysroot",
        "glibc": out,
        "loader": loader,
        "gccLib": out,
        "fortranLib": "",
    }
    tools = out / "bin"
    tools.mkdir()
    for program in sorted((gcc / "bin").iterdir()):
        # with the name of a machine, a program is the other compiler's
        if "-linux-gnu" not in program.name:
            (tools / program.name).symlink_to(program)
    for name in ("gcc", "cc"):
        write_program(tools / name, _DRIVER.format(**facts))
    for name in ("g++", "c++"):
        write_program(tools / name, _MISSING.format(**facts))
    for name in ("ld", "ld.bfd"):
        script = LINKER.format(program=name, **facts)
        write_program(tools / name, script)
        write_program(out / "libexec" / name, script)


if __name__ == "__main__":
    main()

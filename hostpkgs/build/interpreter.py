"""Make an interpreter of the files of a machine's interpreter."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import deb
import elf
import relocation

# Objects with a RUNPATH of their own can't see the executable's RPATH; these are then loaded
# already. In nixpkgs the loader's default folder serves them.
STUBS = ("libpthread.so.0", "libdl.so.2", "librt.so.1", "libutil.so.1", "libm.so.6",
          "libresolv.so.2", "libmvec.so.1")  # fmt: skip


def main() -> None:
    """Copy the interpreter of `seed` to `out`, relocated and byte-compiled."""
    out, libc = Path(os.environ["out"]), Path(os.environ["glibc"])
    name = f"python{os.environ['minor']}"
    shutil.copytree(os.environ["seed"], out, symlinks=True)
    _make_writable(out)
    for package in os.environ["headers"].split():
        deb.unpack(Path(package), out, development_file)
    private = out / "private"
    if private.exists():
        private.rename(out / "lib" / name / "private")
        private = out / "lib" / name / "private"
    wire(out, out / "bin" / name, private, libc)
    relocate(out, os.environ["prefix"])
    compile_library(out / "bin" / name, out / "lib" / name)


def development_file(name: str) -> str | None:
    """Return where Debian's headers go, its library, and what tells of both.

    The real pyconfig.h is the architecture's.
    """
    if re.fullmatch(r"usr/include/python[\d.]+/pyconfig\.h", name):
        return None
    for pattern, target in (
        (r"usr/(?:include/[^/]*-linux-[^/]*/|include/)(python[\d.]+/.*\.h)", r"include/\1"),
        (r"usr/lib/[^/]*-linux-[^/]*/(libpython[\d.]+\.so[\d.]*)", r"lib/\1"),
        (r"usr/lib/[^/]*-linux-[^/]*/(pkgconfig/python.*\.pc)", r"lib/\1"),
        (r"usr/bin/[^/]*-(python[\d.]+-config)", r"bin/\1"),
    ):
        if match := re.fullmatch(pattern, name):
            return match.expand(target)
    return None


def _make_writable(root: Path) -> None:
    for folder, _, files in os.walk(root):
        Path(folder).chmod(0o755)
        for file in files:
            path = Path(folder, file)
            if not path.is_symlink():
                path.chmod(path.stat().st_mode | 0o200)


def wire(out: Path, executable: Path, private: Path, libc: Path) -> None:
    """Give the executable its loader, and each file the folders of what it needs."""
    own = {path.name: path for folder in (private, out / "lib") if folder.exists()
           for path in sorted(folder.iterdir()) if ".so" in path.name}  # fmt: skip
    of_libc = {path.name for path in (libc / "lib").iterdir()}
    for path, file in elf.files(out):
        if Path(path) == executable:
            continue
        folders = {f"{libc}/lib"} if of_libc & set(file.needed) else set()
        folders |= {str(own[name].parent) for name in file.needed if name in own}
        elf.patchelf("--force-rpath", "--set-rpath", ":".join(sorted(folders)), paths=[path])
    # The executable's RPATH serves every object of the process: it names libc and libpython only,
    # so that a library that no package brought along is missing, as it would be with nixpkgs.
    parsed = elf.read(executable)
    needed = parsed.needed if parsed else []
    absolute = [
        argument
        for name in needed
        if name in own and own[name].parent == private
        for argument in ("--replace-needed", name, str(own[name]))
    ]
    stubs = [argument for stub in STUBS if stub in of_libc and stub not in needed
             for argument in ("--add-needed", stub)]  # fmt: skip
    elf.patchelf(
        "--set-interpreter", f"{libc}/lib/{os.environ['loader']}",
        "--force-rpath", "--set-rpath", f"{libc}/lib:{out}/lib",
        *absolute, *stubs, paths=[str(executable)],
    )  # fmt: skip


def relocate(out: Path, prefix: str) -> None:
    """Name the new prefix in what tells builds of extensions and of programs that embed Python."""
    library = out / "lib" / f"python{os.environ['minor']}"
    for path in library.glob("build-details*.json"):
        # Debian puts the architecture into the name that PEP 739 gives it.
        path.rename(library / "build-details.json")
    for path in (
        *library.glob("_sysconfigdata*.py"),
        *library.glob("_sysconfig_vars*.json"),
        *library.glob("build-details.json"),
        *library.glob("config-*/Makefile"),
        *out.glob("lib/pkgconfig/*.pc"),
        *out.glob("bin/*-config"),
    ):
        if not path.is_symlink():
            path.write_text(relocated(path.read_text(), out, prefix))


def relocated(text: str, out: Path, prefix: str) -> str:
    """Return the text with `out` for the prefix; of "/usr" only Python's folders are meant."""
    if prefix != "/usr":
        return text.replace(prefix, str(out))
    for folder in ("lib", "include"):
        text = text.replace(f"/usr/{folder}/python", f"{out}/{folder}/python")
    text = re.sub(r"/usr/lib/[a-z0-9_]+-linux-gnu[a-z0-9]*", f"{out}/lib", text)
    # sysconfig's dictionary and build-details.json name the prefix itself
    text = re.sub(r"""(["'])/usr(|/include|/bin/python[\d.]+)\1""", rf"\1{out}\2\1", text)
    # pkg-config's files and python-config set it, sysconfig's dictionary doesn't
    return relocation.relocated(text, out) if re.search(r"^prefix=", text, re.M) else text


def compile_library(executable: Path, library: Path) -> None:
    """Compile to bytecode that never goes stale: in the store every file has the same time.

    compileall would take as done what its own imports have written, hence -B.
    """
    subprocess.run(
        [executable, "-I", "-S", "-B", "-m", "compileall", "-q",
         "--invalidation-mode", "unchecked-hash", "-x", r"lib2to3/tests|bad_coding", library],
        check=True, env={"PYTHONHASHSEED": "0"}, stdout=sys.stderr,
    )  # fmt: skip


if __name__ == "__main__":
    main()

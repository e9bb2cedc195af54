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

# Objects with a RUNPATH of their own can't see the executable's RPATH; these are then loaded
# already. In nixpkgs the loader's default folder serves them.
_STUBS = ("libpthread.so.0", "libdl.so.2", "librt.so.1", "libutil.so.1", "libm.so.6",
          "libresolv.so.2", "libmvec.so.1")  # fmt: skip


def main() -> None:
    """Copy the interpreter of `seed` to `out`, relocated and byte-compiled."""
    out, libc = Path(os.environ["out"]), Path(os.environ["glibc"])
    name = f"python{os.environ['minor']}"
    shutil.copytree(os.environ["seed"], out, symlinks=True)
    _make_writable(out)
    for package in os.environ["headers"].split():
        deb.unpack(Path(package), out, _header)
    private = out / "private"
    if private.exists():
        private.rename(out / "lib" / name / "private")
        private = out / "lib" / name / "private"
    _patch(out, out / "bin" / name, private, libc)
    _relocate(out, os.environ["prefix"])
    _compile(out / "bin" / name, out / "lib" / name)


def _header(name: str) -> str | None:
    """Return the path of a Debian package's header; the real pyconfig.h is the architecture's."""
    if re.fullmatch(r"usr/include/python[\d.]+/pyconfig\.h", name):
        return None
    match = re.fullmatch(r"usr/(?:include/[^/]*-linux-[^/]*/|include/)(python[\d.]+/.*\.h)", name)
    return f"include/{match[1]}" if match else None


def _make_writable(root: Path) -> None:
    for folder, _, files in os.walk(root):
        Path(folder).chmod(0o755)
        for file in files:
            path = Path(folder, file)
            if not path.is_symlink():
                path.chmod(path.stat().st_mode | 0o200)


def _patch(out: Path, executable: Path, private: Path, libc: Path) -> None:
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
    stubs = [argument for stub in _STUBS if stub in of_libc and stub not in needed
             for argument in ("--add-needed", stub)]  # fmt: skip
    elf.patchelf(
        "--set-interpreter", f"{libc}/lib/{os.environ['loader']}",
        "--force-rpath", "--set-rpath", f"{libc}/lib:{out}/lib",
        *absolute, *stubs, paths=[str(executable)],
    )  # fmt: skip


def _relocate(out: Path, prefix: str) -> None:
    """Name the new prefix in what sysconfig reads, so that extensions find their headers."""
    old = [f"{prefix}/lib/python", f"{prefix}/include/python"] if prefix == "/usr" else [prefix]
    library = out / "lib" / f"python{os.environ['minor']}"
    for path in (*library.glob("_sysconfigdata*.py"), *library.glob("config-*/Makefile")):
        text = path.read_text()
        for folder in old:
            text = text.replace(folder, folder.replace(prefix, str(out), 1))
        path.write_text(text)


def _compile(executable: Path, library: Path) -> None:
    """Compile to bytecode that never goes stale: in the store every file has the same time."""
    subprocess.run(
        [executable, "-I", "-S", "-m", "compileall", "-q", "--invalidation-mode", "unchecked-hash",
         "-x", r"lib2to3/tests|bad_coding", library],
        check=True, env={"PYTHONHASHSEED": "0"}, stdout=sys.stderr,
    )  # fmt: skip


if __name__ == "__main__":
    main()

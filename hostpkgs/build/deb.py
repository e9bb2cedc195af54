"""Unpack Debian packages into one store path, in nixpkgs' layout, and wire its libraries.

Environment: debs, dependencies (store paths with lib/), glibc, loader, patchelf, shell (may be
empty), links ("alias=name …", names below bin/), out.
"""

from __future__ import annotations

import io
import os
import posixpath
import re
import sys
import tarfile
from pathlib import Path
from typing import TYPE_CHECKING

import elf

if TYPE_CHECKING:
    from collections.abc import Callable

_EXCLUDED = re.compile(
    r"(etc|var|run|usr/share/(doc|man|info|locale|lintian|bug|menu|gdb|bash-completion))(/|$)"
)
_MULTIARCH = re.compile(r"(lib|include)/[a-z0-9_]+-linux-gnu[a-z0-9]*/")


def main() -> None:
    """Make the store path that the environment variables describe."""
    out = Path(os.environ["out"])
    for deb in os.environ["debs"].split():
        unpack(Path(deb), out, target_path)
    for alias, name in (link.split("=") for link in os.environ["links"].split()):
        if (out / "bin" / name).exists() and not (out / "bin" / alias).exists():
            (out / "bin" / alias).symlink_to(name)
    if os.environ["shell"]:
        rewrite_shebangs(out / "bin", os.environ["shell"])
    (out / "lib").mkdir(parents=True, exist_ok=True)
    dependencies = [Path(path) for path in os.environ["dependencies"].split()]
    wire(out, dependencies)


def target_path(name: str) -> str | None:
    """Return where a file goes: `usr/lib/x86_64-linux-gnu/libz.so.1` → `lib/libz.so.1`.

    None for a file that is left out.
    """
    if _EXCLUDED.match(name):
        return None
    name = name[len("usr/") :] if name.startswith("usr/") else name
    name = _MULTIARCH.sub(r"\1/", name, count=1)
    return re.sub(
        r"^(sbin|lib64)/", lambda found: {"sbin": "bin/", "lib64": "lib/"}[found[1]], name
    )


def unpack(deb: Path, out: Path, target_of: Callable[[str], str | None]) -> None:
    """Unpack a .deb's data below `out`, each at the path that `target_of` returns.

    Times and owners are dropped; None leaves a file out.
    """
    with tarfile.open(fileobj=io.BytesIO(_data(deb))) as tar:
        for member in tar:
            name = member.name.removeprefix("./").removeprefix("/")
            target = target_of(name)
            if target is None or member.isdir():
                continue
            path = out / target
            path.parent.mkdir(parents=True, exist_ok=True)
            if member.issym():
                _symlink(name, member.linkname, path, out, target_of)
            elif member.islnk():
                linked = target_of(member.linkname.removeprefix("./"))
                if linked:
                    os.link(out / linked, path)
            elif content := tar.extractfile(member):
                path.write_bytes(content.read())
                path.chmod(0o755 if member.mode & 0o100 else 0o644)


def _symlink(
    name: str, target: str, path: Path, out: Path, target_of: Callable[[str], str | None]
) -> None:
    absolute = posixpath.normpath(posixpath.join("/", posixpath.dirname(name), target))
    moved = target_of(absolute[1:])
    if moved is not None and not path.is_symlink() and not path.exists() and out / moved != path:
        path.symlink_to(os.path.relpath(out / moved, path.parent))


def _data(deb: Path) -> bytes:
    """Return the data archive of a .deb, an `ar` archive (deb(5)); exit with a message for zstd."""
    content = deb.read_bytes()
    position = len(b"!<arch>\n")
    while position < len(content):
        header = content[position : position + 60]
        name, size = header[:16].decode().strip().rstrip("/"), int(header[48:58])
        if name.startswith("data.tar"):
            if name.endswith(".zst") and sys.version_info < (3, 14):
                sys.exit(
                    f"{deb} is compressed with zstd, as Ubuntu's packages are, and this Python"
                    f" {sys.version_info[0]}.{sys.version_info[1]} cannot read that. Have Python"
                    " 3.14 on this machine, or use a Debian machine or one that reaches nixpkgs."
                )
            return content[position + 60 : position + 60 + size]
        position += 60 + size + size % 2
    sys.exit(f"{deb} has no data archive: it is no Debian package.")


def rewrite_shebangs(folder: Path, shell: str) -> None:
    """Let scripts for /bin/sh and bash run with the store's shell."""
    for path in sorted(folder.glob("*")):
        if path.is_file() and not path.is_symlink():
            content = path.read_bytes()
            changed = re.sub(rb"\A#! ?(/usr)?/bin/(ba|da)?sh\b", b"#!" + shell.encode(), content)
            if changed != content:
                path.write_bytes(changed)


def wire(out: Path, dependencies: list[Path]) -> None:
    """Give every ELF file the loader and exactly those folders that hold what it needs."""
    libc = Path(os.environ["glibc"]) / "lib"
    where: dict[str, Path] = {}
    # a library in a folder of its own is private, but other packages of its source need it, too
    private = [folder for path in dependencies for folder in _library_folders(path)[1:]]
    folders = (libc, *(path / "lib" for path in dependencies), *_library_folders(out))
    for folder in (*private, *folders):
        for path in sorted(folder.glob("*.so*")):
            where[path.name] = folder
    for elf_path, file in elf.files(out):
        needed = {str(where[name]) for name in file.needed if name in where}
        for name in sorted(set(file.needed) - set(where)):
            print(f"{elf_path} needs {name}, which none of its package's dependencies has")
        interpreter = ["--set-interpreter", f"{libc}/{os.environ['loader']}"]
        elf.patchelf(
            *(interpreter if file.interpreter else []),
            "--force-rpath", "--set-rpath", ":".join(sorted(needed)), paths=[elf_path],
        )  # fmt: skip


def _library_folders(out: Path) -> list[Path]:
    return [out / "lib", *sorted(path for path in (out / "lib").rglob("*") if path.is_dir())]


if __name__ == "__main__":
    main()

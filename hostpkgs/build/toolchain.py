"""Unpack a C and C++ toolchain of Debian packages and wrap its programs.

`sysroot/` is the merged tree of all packages, as on an installed machine; `bin/` the wrappers. What
they link uses the shared C library of the store, and its loader.

Environment: debs, glibc, loader, gccLib, fortranLib (may be empty), shell, readlink, patchelf, out.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

import deb
import elf

_SKIPPED = re.compile(
    r"(etc|var)(/|$)|usr/share/(doc|man|info|locale|lintian|bug|gdb)(/|$)|.*\.(gox|la)$"
    r"|usr/lib/gcc/[^/]+/[^/]+/plugin/.*"
)
# Programs that link or compile; all others are used as they are.
_DRIVERS = {"gcc": "gcc", "cc": "gcc", "g++": "g++", "c++": "g++", "cpp": "cpp",
            "gfortran": "gfortran"}  # fmt: skip

_DRIVER = """#!{shell}
# Linking only: the linker's wrapper is found through -B.
# The variable stands last, as in nixpkgs: it wins over the flags of a build.
exec {sysroot}/usr/bin/{program} --sysroot={sysroot} -B{out}/libexec/ \\
  "$@" ${{NIX_CFLAGS_COMPILE-}}
"""

LINKER = """#!{shell}
# Adds the shared C library's loader, and a run path for every library of the store that is linked.
folders=() names=() paths= static= relocatable= expect=
for argument; do
  case $expect in
    L) folders+=("$argument") ;;
    l) names+=("$argument") ;;
  esac
  if [[ $expect == other ]]; then
    expect=
    continue
  fi
  expect=
  case $argument in
    -L) expect=L ;;
    -l) expect=l ;;
    -o | -plugin | -soname | -h | -T | -Map | -rpath | -rpath-link | -dynamic-linker)
      expect=other
      ;;
    -L*) folders+=("${{argument#-L}}") ;;
    -l*) names+=("${{argument#-l}}") ;;
    -static) static=1 ;;
    -r | --relocatable) relocatable=1 ;;
    /nix/store/*.so | /nix/store/*.so.*) paths+=" ${{argument%/*}}" ;;
  esac
done
extra=(${{NIX_LDFLAGS-}})
for argument in "${{extra[@]}}"; do
  case $argument in
    -L*) folders+=("${{argument#-L}}") ;;
    -l*) names+=("${{argument#-l}}") ;;
  esac
done
if [[ -z $static$relocatable ]]; then
  paths+=" {glibc}/lib"
  for name in "${{names[@]}}"; do
    case $name in
      stdc++ | gomp | atomic) paths+=" {gccLib}/lib" ;;
      gfortran | quadmath) paths+=" {fortranLib}/lib" ;;
    esac
    for folder in "${{folders[@]}}"; do
      if [[ -e $folder/lib$name.so ]]; then
        if [[ $folder == /nix/store/* && $folder != {sysroot}/* ]]; then
          # a development package's link leads to the library's own package, a linker's script
          # names it
          if [[ -L $folder/lib$name.so ]]; then
            library=$({readlink} -f -- "$folder/lib$name.so")
            paths+=" ${{library%/*}}"
          elif read -r line <"$folder/lib$name.so" 2>/dev/null && [[ $line == INPUT* ]]; then
            for library in ${{line//[()]/ }}; do
              if [[ $library == /nix/store/* ]]; then paths+=" ${{library%/*}}"; fi
            done
          else
            paths+=" $folder"
          fi
        fi
        break
      fi
    done
  done
  seen=" "
  for path in $paths; do
    [[ $seen == *" $path "* ]] || extra+=(-rpath "$path")
    seen+="$path "
  done
  # with a sysroot, the linker doesn't look where a library's own run path leads
  extra+=(-dynamic-linker {glibc}/lib/{loader} --allow-shlib-undefined)
fi
exec {sysroot}/usr/bin/{program} "$@" "${{extra[@]}}"
"""


def main() -> None:
    """Make the toolchain that the environment variables describe."""
    out = Path(os.environ["out"])
    sysroot = out / "sysroot"
    for package in os.environ["debs"].split():
        deb.unpack(Path(package), sysroot, _target_path)
    multiarch = next(path.name for path in (sysroot / "usr/lib").glob("*-linux-gnu*"))
    _add_libc(sysroot / "usr/lib" / multiarch)
    for name in ("lib", "bin"):
        (sysroot / name).symlink_to(f"usr/{name}")
    (sysroot / "lib64").symlink_to("usr/lib64")
    _wire(sysroot, multiarch)
    _wrap(out, sysroot, multiarch)


def _target_path(name: str) -> str | None:
    if _SKIPPED.match(name):
        return None
    return f"usr/{name}" if name.split("/")[0] in ("lib", "lib64", "bin", "sbin") else name


def _add_libc(folder: Path) -> None:
    """Link the C library's files where its development package's links and scripts expect them."""
    libc = Path(os.environ["glibc"]) / "lib"
    for library in sorted(libc.iterdir()):
        target = folder / library.name
        if not target.is_symlink():
            target.symlink_to(library)
    # the linker's script of libc names the loader, which is not in the multiarch folder
    for place in ("lib64", "lib"):
        loader = folder.parent.parent / place / os.environ["loader"]
        loader.parent.mkdir(exist_ok=True)
        if not loader.is_symlink():
            loader.symlink_to(libc / loader.name)


def _wire(sysroot: Path, multiarch: str) -> None:
    libc = f"{os.environ['glibc']}/lib"
    path = f"{libc}:{sysroot}/usr/lib/{multiarch}"
    for file, parsed in elf.files(sysroot):
        if parsed.interpreter:
            elf.patchelf(
                "--set-interpreter", f"{libc}/{os.environ['loader']}",
                "--force-rpath", "--set-rpath", path, paths=[file],
            )  # fmt: skip


def _wrap(out: Path, sysroot: Path, multiarch: str) -> None:
    tools = out / "bin"
    tools.mkdir()
    prefixes = ("", f"{multiarch}-")
    facts: dict[str, object] = {
        "out": out,
        "sysroot": sysroot,
        **{
            name: os.environ[name]
            for name in ("shell", "glibc", "loader", "gccLib", "fortranLib", "readlink")
        },
    }
    for program in sorted((sysroot / "usr/bin").iterdir()):
        (tools / program.name).symlink_to(program)
    for name, driver in _DRIVERS.items():
        if not (sysroot / "usr/bin" / driver).exists():
            continue
        for prefix in prefixes:
            write_program(tools / f"{prefix}{name}", _DRIVER.format(program=driver, **facts))
    for name in ("ld", "ld.bfd", "ld.gold"):
        if (sysroot / "usr/bin" / name).exists():
            script = LINKER.format(program=name, **facts)
            for prefix in prefixes:
                write_program(tools / f"{prefix}{name}", script)
            write_program(out / "libexec" / name, script)


def write_program(path: Path, text: str) -> None:
    """Write a program, in the place of what is there."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    path.write_text(text)
    path.chmod(0o755)


if __name__ == "__main__":
    main()

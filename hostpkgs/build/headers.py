"""Unpack a library's Debian packages for development, as nixpkgs' output `dev`.

What they tell, by pkg-config, CMake and programs such as krb5-config, names the store path.

Environment: that of deb.py, propagated (other such store paths that a build finds with this one),
multiarch (the folder that Debian has for the system, if it isn't this machine's), and that of
join.py.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

import deb
import join
import relocation

_CONFIG = re.compile(r".+[-_]config")
_SHELL = rb"#! ?(/nix/store/|/(usr/)?bin/(ba|da)?sh\b)"

_WRAPPER = """#!{shell}
# Tells the store path instead of the machine's folders.
told=$({program} "$@") || exit
told=${{told//"{program_prefix}"/"{out}"}}
told=${{told//"/usr"/"{out}"}}
told=${{told//"/{multiarch}"/}}
printf '%s\\n' "$told"
"""


def main() -> None:
    """Make the store path that the environment variables describe."""
    out = Path(os.environ["out"])
    for package in os.environ["debs"].split():
        deb.unpack(Path(package), out, deb.target_path)
    (out / "lib").mkdir(parents=True, exist_ok=True)
    dependencies = [Path(path) for path in os.environ["dependencies"].split()]
    remove_static(out / "lib")
    resolve_links(out / "lib", dependencies)
    deb.wire(out, dependencies)
    for path in sorted(out.glob("**/pkgconfig/**/*.pc")):
        if not path.is_symlink():
            path.write_text(relocation.relocated(path.read_text(), out))
    for path in sorted(out.glob("lib/cmake/**/*.cmake")):
        path.write_text(relocated_cmake(path.read_text(), out))
    join.flatten(out, os.environ["flat"].split())
    adapt_programs(out)
    support = out / "nix-support"
    support.mkdir()
    propagated = [*os.environ["propagated"].split(), *map(str, telling(dependencies))]
    (support / "propagated-build-inputs").write_text(" ".join(propagated) + "\n")


def telling(dependencies: list[Path]) -> list[Path]:
    """Return those with files for pkg-config: a `Requires` may name a package of programs."""
    return [path for path in dependencies if (path / "share/pkgconfig").is_dir()]


def remove_static(folder: Path) -> None:
    """Remove static libraries that there is a shared one for: nixpkgs has none of them."""
    for path in sorted(folder.rglob("*.a")):
        if path.with_suffix(".so").is_symlink() or path.with_suffix(".so").exists():
            path.unlink()


def resolve_links(folder: Path, dependencies: list[Path]) -> None:
    """Point `libz.so` to the library of its run-time package, and linker scripts likewise."""
    libraries = sorted(folder.rglob("*.so*"))
    broken = {path: _end(path) for path in libraries if path.is_symlink() and not path.exists()}
    for path, end in broken.items():
        path.unlink()
        if found := _find(end.name, dependencies):
            path.symlink_to(found)
    for path in set(libraries) - set(broken):
        content = path.read_bytes()
        if not path.is_symlink() and not content.startswith(b"\x7fELF"):
            path.write_text(resolved_script(content.decode(), dependencies))


def resolved_script(text: str, dependencies: list[Path]) -> str:
    """Return a linker script with the paths of the libraries that it names by their sonames."""
    return re.sub(
        r"(?<![\w./-])lib[\w+.-]+\.so\.[\w.]+",
        lambda match: str(_find(match[0], dependencies) or match[0]),
        text,
    )


def _end(path: Path) -> Path:
    while path.is_symlink():
        path = path.parent / path.readlink()
    return path


def _find(name: str, dependencies: list[Path]) -> Path | None:
    folders = (path / "lib" for path in dependencies)
    return next((folder / name for folder in folders if (folder / name).exists()), None)


def relocated_cmake(text: str, out: Path) -> str:
    """Return a CMake file's text with the store path for what it finds by its own place."""
    text = re.sub(
        r"^get_filename_component\((_IMPORT_PREFIX|PACKAGE_PREFIX_DIR) \"\$\{CMAKE_CURRENT_LIST_"
        r"(?:FILE|DIR)\}.*\)$",
        rf'set(\1 "{out}")',
        text,
        flags=re.MULTILINE,
    )
    text = re.sub(
        r"^get_filename_component\(_IMPORT_PREFIX \"\$\{_IMPORT_PREFIX\}\" PATH\)\n",
        "",
        text,
        flags=re.MULTILINE,
    )
    return relocation.relocated(text, out)


def adapt_programs(out: Path) -> None:
    """Let programs tell the store path; remove those of interpreters that nixpkgs keeps apart."""
    folder = out / "bin"
    if not folder.is_dir():
        return
    for alias, name in (link.split("=") for link in os.environ["links"].split()):
        if (folder / name).exists() and not (folder / alias).exists():
            (folder / alias).symlink_to(name)
    deb.rewrite_shebangs(folder, os.environ["shell"])
    for path in sorted(folder.iterdir()):
        if path.is_symlink():
            continue
        content = path.read_bytes()
        if content.startswith(b"\x7fELF"):
            if _CONFIG.fullmatch(path.name):
                _wrap(path, out)
        elif re.match(_SHELL, content):
            path.write_text(relocation.relocated(content.decode(), out))
        else:
            path.unlink()
    for path in sorted(folder.iterdir()):
        if not path.exists():
            path.unlink()
    if not any(folder.iterdir()):
        folder.rmdir()


def _wrap(path: Path, out: Path) -> None:
    program = out / "libexec" / path.name
    program.parent.mkdir(exist_ok=True)
    path.rename(program)
    # another system's files are named after that one
    multiarch = os.environ.get("multiarch") or f"{os.uname().machine}-linux-gnu"
    path.write_text(
        _WRAPPER.format(
            shell=os.environ["shell"],
            program=program,
            program_prefix=program.parent,
            out=out,
            multiarch=multiarch,
        )
    )
    path.chmod(0o755)


if __name__ == "__main__":
    main()

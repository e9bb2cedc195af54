"""The libraries that a build linked are known to Nix, though a wheel is compressed."""

import os
import zipfile
from pathlib import Path

from builder.linked_libraries import linked_folders, read_linked_folders, write_linked_folders
from tests.support.c_compiler import Compiler

NAME = f"{'a' * 32}-pcre-1.0"


def wheel_with(compiler: Compiler, folder: Path, library: Path) -> Path:
    """Return a wheel whose module needs a library, and looks for it in three folders."""
    places = [library.parent, folder / "store" / "another", folder / "elsewhere"]
    for place in places:
        place.mkdir(parents=True, exist_ok=True)
    (folder / "elsewhere" / library.name).write_bytes(library.read_bytes())
    module = compiler.library(
        "libmodule.so.1", needed=library, search_path=":".join(map(os.fspath, places))
    )
    wheel = folder / "demo-1-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("demo/_module.so", module.read_bytes())
        archive.writestr("demo/__init__.py", "")
    return wheel


def stored_library(compiler: Compiler, folder: Path) -> Path:
    """Return a library in a store."""
    library = folder / "store" / NAME / "lib" / "libpcre.so.1"
    library.parent.mkdir(parents=True)
    library.write_bytes(compiler.library("libpcre.so.1").read_bytes())
    return library


def test_only_folders_of_the_store_that_have_a_library_are_kept(
    tmp_path: Path, compiler: Compiler
) -> None:
    library = stored_library(compiler, tmp_path)
    wheel = wheel_with(compiler, tmp_path, library)
    store = os.fspath(tmp_path / "store")
    assert linked_folders(wheel, store) == [os.fspath(library.parent)]
    built = tmp_path / "store" / "built"
    built.mkdir()
    write_linked_folders(wheel, built)
    assert read_linked_folders(built, store) == [("pcre-1.0", os.fspath(library.parent))]


def test_a_wheel_that_finds_nothing_in_the_store_has_no_file(tmp_path: Path) -> None:
    wheel = tmp_path / "demo-1-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr("demo/__init__.py", "")
    built = tmp_path / "built"
    built.mkdir()
    write_linked_folders(wheel, built)
    assert [*built.iterdir()] == []
    assert read_linked_folders(built, os.fspath(tmp_path)) == []

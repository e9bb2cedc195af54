"""ELF files are found, and their dynamic sections are read."""

import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from native.elf import elf_files, read_elf
from tests.support.builder_steps import RUNNING_PYTHON
from tests.support.c_compiler import Compiler

MAIN = "int main(void) { return 0; }"


def test_soname_and_needed_libraries_are_read(compiler: Compiler) -> None:
    needed = compiler.library("libtwo.so.1")
    library = compiler.library("libone.so.1", needed=needed, search_path="$ORIGIN/../x:/opt/lib")
    elf = read_elf(library, "x/libone.so.1")
    assert elf is not None
    assert elf.path == "x/libone.so.1"
    assert elf.needed[:1] == ("libtwo.so.1",)
    assert elf.soname == "libone.so.1"
    assert elf.runpath == ("$ORIGIN/../x", "/opt/lib")
    assert elf.rpath is None
    assert elf.interpreter is None


def test_rpath_and_runpath_are_distinguished(compiler: Compiler) -> None:
    elf = read_elf(compiler.library("libone.so.1", search_path="$ORIGIN", tag="rpath"), "x")
    assert elf is not None
    assert (elf.rpath, elf.runpath) == (("$ORIGIN",), None)


def test_program_interpreter_and_machine_are_read(compiler: Compiler) -> None:
    program = read_elf(compiler.compile("program", MAIN), "program")
    python = read_elf(Path(RUNNING_PYTHON.executable), "python")
    assert program is not None
    assert python is not None
    assert program.interpreter is not None
    assert program.interpreter.endswith("/ld-linux-x86-64.so.2")
    assert program.machine == python.machine == "x64"


def test_files_without_a_dynamic_section_are_ignored(compiler: Compiler) -> None:
    assert read_elf(compiler.compile("static", MAIN, "-static"), "static") is None
    assert read_elf(compiler.compile("object.o", MAIN, "-c"), "object.o") is None


def test_only_elf_files_are_found(compiler: Compiler, tmp_path: Path) -> None:
    tree = tmp_path / "tree"
    (tree / "b").mkdir(parents=True)
    library = compiler.library("libone.so.1").read_bytes()
    (tree / "b/one.so").write_bytes(library)
    (tree / "a").write_bytes(library)
    (tree / "link.so").symlink_to("a")
    (tree / "text.so").write_text("INPUT(-lc)")
    (tree / "empty.so").write_bytes(b"")
    (tree / "module.py").write_text("")
    assert list(elf_files(tree)) == ["a", "b/one.so"]


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Return a small library with a soname and a needed library."""
    compiler = Compiler("cc", tmp_path_factory.mktemp("elf"))
    needed = compiler.library("libtwo.so.1")
    options = ("-Wl,-z,noseparate-code", "-s", "-nostdlib", "-shared", "-fPIC", "-Wl,-soname,x")
    out = compiler.compile("x.so", "int x;", *options, "-Wl,--no-as-needed", str(needed))
    return out.read_bytes()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(data=st.data())
def test_a_damaged_file_raises_no_error(library: bytes, data: st.DataObject) -> None:
    content = bytearray(library)
    for _ in range(data.draw(st.integers(1, 6))):
        # Most damage to the headers, at the begin of the file, changes what is read.
        position = data.draw(st.one_of(st.integers(4, 0x240), st.integers(0, len(content) - 1)))
        content[position] = data.draw(st.integers(0, 255))
    size = data.draw(st.one_of(st.just(len(content)), st.integers(4, len(content))))
    with tempfile.NamedTemporaryFile() as file:
        file.write(content[:size])
        file.flush()
        elf = read_elf(Path(file.name), "x.so")
        assert elf is None or elf.path == "x.so"

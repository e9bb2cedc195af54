"""Programs open libraries by plain name, and child processes don't inherit the library path."""

import os
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from builder.libraries import read_sonames
from tests.support.builder_steps import RUNNING_PYTHON, Builder, Environment
from tests.support.c_compiler import Compiler
from tests.support.interpreter_wrapper import with_libraries
from tests.support.project import ROOT

PATH = "LD_LIBRARY_PATH"
SHOW = f"import os; print(os.environ.get('{PATH}'), *[n for n in os.environ if 'SAVED' in n])"
OPENER = """
#include <dlfcn.h>
int opener(const char *name) { return dlopen(name, RTLD_NOW) != 0; }
"""


@pytest.fixture
def folder(compiler: Compiler) -> Path:
    """Return a folder with the library `libone.so.1`, outside of the default library path."""
    return library_folder(compiler, "lib", 1, "libone.so.1")


@pytest.fixture
def environment(builder: Builder, compiler: Compiler, folder: Path) -> Environment:
    """Return an environment without packages whose interpreter finds libraries in the folder."""
    return with_libraries(builder, compiler, [folder])


def library_folder(compiler: Compiler, folder: str, value: int, *names: str) -> Path:
    """Compile libraries whose functions return `value` into a folder of their own."""
    target = replace(compiler, folder=compiler.folder / folder)
    for name in names:
        target.library(name, value)
    return target.folder


def test_ctypes_opens_a_library_by_its_plain_name(environment: Environment) -> None:
    assert environment.evaluate("import ctypes; print(ctypes.CDLL('libone.so.1').one())") == "1"


def test_an_object_with_a_runpath_opens_it(environment: Environment, compiler: Compiler) -> None:
    """The loader ignores the interpreter's rpath for such an object."""
    opener = compiler.compile(
        "opener.so", OPENER, "-shared", "-fPIC", "-Wl,--enable-new-dtags,-rpath,/nowhere"
    )
    code = f"import ctypes; print(ctypes.CDLL({str(opener)!r}).opener(b'libone.so.1'))"
    assert environment.evaluate(code) == "1"


def test_find_library_takes_the_name_for_the_linker(environment: Environment) -> None:
    code = "from ctypes.util import find_library as f; print(f('one'), f('no-such'), f.__name__)"
    assert environment.evaluate(code) == "libone.so.1 None find_library"


def test_find_library_knows_the_c_library_without_ldconfig(environment: Environment) -> None:
    code = (
        "import ctypes.util; ctypes.util.os.environ['PATH'] = '';"
        "ctypes.util._findSoname_ldconfig = lambda name: None;"
        "name = ctypes.util.find_library('c'); print(name, bool(ctypes.CDLL(name).getpid()))"
    )
    assert environment.evaluate(code) == "libc.so.6 True"


@pytest.mark.parametrize("option", ["-u", "-I", "-E", "-S", "-ISu", "-Wdefault", "-Xdev"])
@pytest.mark.parametrize("caller_path", [None, "/of/the/caller"])
def test_child_processes_inherit_the_caller_s_library_path(
    environment: Environment, option: str, caller_path: str | None
) -> None:
    variables = {} if caller_path is None else {PATH: caller_path}
    assert environment.evaluate(SHOW, option, env=variables) == str(caller_path)


def test_the_argument_of_an_option_is_not_an_option(environment: Environment) -> None:
    code = "import ctypes; print(ctypes.CDLL('libone.so.1').one())"
    for options in (["-W", "-S"], ["-X", "-S"], ["-WS"], ["-XS"]):
        assert environment.evaluate(code, *options) == "1"


def test_the_caller_s_libraries_come_after_the_environment_s(
    environment: Environment, compiler: Compiler
) -> None:
    caller_folder = library_folder(compiler, "caller", 2, "libone.so.1", "libtwo.so.1")
    code = (
        "import ctypes; print(ctypes.CDLL('libone.so.1').one(), ctypes.CDLL('libtwo.so.1').two())"
    )
    assert environment.evaluate(code, env={PATH: str(caller_folder)}) == "1 2"


def test_the_environment_is_a_virtual_environment(environment: Environment) -> None:
    code = "import sys; print(sys.prefix, sys.executable, sys.prefix != sys.base_prefix)"
    python = environment.path / "bin" / "python"
    assert environment.evaluate(code) == f"{environment.path} {python} True"


def test_ctypes_is_not_loaded_at_the_start(environment: Environment) -> None:
    code = "import sys; print([m for m in sys.modules if m.startswith(('ctypes', '_wheelhouse'))])"
    assert environment.evaluate(code) == "['_wheelhouse_libraries']"


def test_a_missing_interpreter_is_named(compiler: Compiler) -> None:
    program = compiler.folder / "python"
    subprocess.run(
        [
            *(compiler.program, ROOT / "runtime" / "interpreter.c", "-o", program),
            *('-DPYTHON="/no/such/python"', '-DDIRECTORIES="/lib"'),
        ],
        check=True,
    )
    done = subprocess.run([program], capture_output=True, text=True, check=False)
    assert done.returncode == 127
    assert done.stderr == f"{program}: can't start /no/such/python: No such file or directory\n"


def test_the_newest_of_several_versions_is_found(compiler: Compiler) -> None:
    for version in ("9", "10"):
        compiler.compile(
            f"lib/libmany.so.{version}", "", "-shared", f"-Wl,-soname,libmany.so.{version}"
        )
    assert read_sonames(str(compiler.folder / "lib")) == {"many": "libmany.so.10"}


def test_linker_scripts_are_ignored(folder: Path) -> None:
    (folder / "libscript.so").write_text("INPUT(libone.so.1)")
    (folder / "libone.so").symlink_to("libone.so.1")
    assert read_sonames(str(folder)) == {"one": "libone.so.1"}


def test_a_soname_without_a_file_is_not_listed(compiler: Compiler) -> None:
    compiler.compile("lib/libreal.so.1", "", "-shared", "-Wl,-soname,libother.so.1")
    assert read_sonames(str(compiler.folder / "lib")) == {"real": "libreal.so.1"}


def test_folders_without_libraries_are_warned_about(builder: Builder, tmp_path: Path) -> None:
    spec = {
        "directories": [str(tmp_path / "lib"), str(tmp_path)],
        "python": RUNNING_PYTHON.executable,
        "module": os.fspath(ROOT / "runtime" / "_wheelhouse_libraries.py"),
    }
    done = builder.run_step("libraries", spec, builder.scratch / "wrapper")
    assert done.returncode == 0
    assert done.stderr == (
        f"wheelhouse: there is no library in {tmp_path / 'lib'} nor in {tmp_path}\n"
    )

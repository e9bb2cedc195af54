"""An interpreter with a library path of its own: what it opens by plain name, and what leaks."""

import os
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from builder.libraries import sonames
from tests.support.builder_steps import OWN, Builder, Environment
from tests.support.c_compiler import Compiler
from tests.support.project import ROOT

PATH = "LD_LIBRARY_PATH"
SHOW = f"import os; print(os.environ.get('{PATH}'), *[n for n in os.environ if 'SAVED' in n])"
OPENER = """
#include <dlfcn.h>
int opener(const char *name) { return dlopen(name, RTLD_NOW) != 0; }
"""


@pytest.fixture
def folder(compiler: Compiler) -> Path:
    """A folder with one library, `libone.so.1`, that no loader knows."""
    return library_folder(compiler, "lib", 1, "libone.so.1")


@pytest.fixture
def environment(builder: Builder, compiler: Compiler, folder: Path) -> Environment:
    """An environment without a package whose interpreter is given the folder."""
    return with_libraries(builder, compiler, [folder])


def library_folder(compiler: Compiler, folder: str, value: int, *names: str) -> Path:
    """A folder with libraries whose function returns `value`."""
    own = replace(compiler, folder=compiler.folder / folder)
    for name in names:
        own.library(name, value)
    return own.folder


def with_libraries(builder: Builder, compiler: Compiler, folders: list[Path]) -> Environment:
    """What lib/interpreter.nix makes, in an environment."""
    start = builder.scratch / "start"
    spec = {
        "directories": [os.fspath(path) for path in folders],
        "python": OWN.executable,
        "module": os.fspath(ROOT / "runtime" / "_wheelhouse_libraries.py"),
    }
    done = builder.step("libraries", spec, start)
    assert done.returncode == 0, done.stderr
    (start / "bin").mkdir()
    definitions = {"PYTHON": OWN.executable, "DIRECTORIES": (start / "path").read_text()}
    subprocess.run(
        [compiler.program, "-Wall", "-Werror", ROOT / "runtime" / "interpreter.c"]
        + [f'-D{name}="{value}"' for name, value in definitions.items()]
        + ["-o", start / "bin" / "python"],
        check=True,
    )
    return builder.compose([], start=start)


def test_ctypes_opens_a_library_by_its_plain_name(environment: Environment) -> None:
    assert environment.evaluate("import ctypes; print(ctypes.CDLL('libone.so.1').one())") == "1"


def test_an_object_with_a_runpath_opens_it_too(
    environment: Environment, compiler: Compiler
) -> None:
    """An rpath of the interpreter would not serve it."""
    opener = compiler.run(
        "opener.so", OPENER, "-shared", "-fPIC", "-Wl,--enable-new-dtags,-rpath,/nowhere"
    )
    code = f"import ctypes; print(ctypes.CDLL({str(opener)!r}).opener(b'libone.so.1'))"
    assert environment.evaluate(code) == "1"


def test_find_library_knows_it_by_the_name_for_the_linker(environment: Environment) -> None:
    code = "from ctypes.util import find_library as f; print(f('one'), f('no-such'), f.__name__)"
    assert environment.evaluate(code) == "libone.so.1 None find_library"


@pytest.mark.parametrize("option", ["-u", "-I", "-E", "-S", "-ISu", "-Wdefault", "-Xdev"])
@pytest.mark.parametrize("callers", [None, "/of/the/caller"])
def test_children_inherit_what_the_caller_had(
    environment: Environment, option: str, callers: str | None
) -> None:
    variables = {} if callers is None else {PATH: callers}
    assert environment.evaluate(SHOW, option, env=variables) == str(callers)


def test_an_option_s_argument_is_no_option(environment: Environment) -> None:
    code = "import ctypes; print(ctypes.CDLL('libone.so.1').one())"
    for options in (["-W", "-S"], ["-X", "-S"], ["-WS"], ["-XS"]):
        assert environment.evaluate(code, *options) == "1"


def test_the_caller_s_libraries_are_found_behind_its_own(
    environment: Environment, compiler: Compiler
) -> None:
    callers = library_folder(compiler, "callers", 2, "libone.so.1", "libtwo.so.1")
    code = (
        "import ctypes; print(ctypes.CDLL('libone.so.1').one(), ctypes.CDLL('libtwo.so.1').two())"
    )
    assert environment.evaluate(code, env={PATH: str(callers)}) == "1 2"


def test_it_is_a_virtual_environment_as_any_other(environment: Environment) -> None:
    code = "import sys; print(sys.prefix, sys.executable, sys.prefix != sys.base_prefix)"
    python = environment.path / "bin" / "python"
    assert environment.evaluate(code) == f"{environment.path} {python} True"


def test_ctypes_is_not_loaded_at_the_start(environment: Environment) -> None:
    code = "import sys; print([m for m in sys.modules if m.startswith(('ctypes', '_wheelhouse'))])"
    assert environment.evaluate(code) == "['_wheelhouse_libraries']"


def test_an_interpreter_that_is_gone_is_named(compiler: Compiler) -> None:
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
        compiler.run(
            f"lib/libmany.so.{version}", "", "-shared", f"-Wl,-soname,libmany.so.{version}"
        )
    assert sonames(str(compiler.folder / "lib")) == {"many": "libmany.so.10"}


def test_a_script_for_the_linker_is_no_library(folder: Path) -> None:
    (folder / "libscript.so").write_text("INPUT(libone.so.1)")
    (folder / "libone.so").symlink_to("libone.so.1")
    assert sonames(str(folder)) == {"one": "libone.so.1"}


def test_a_soname_that_no_file_bears_is_not_offered(compiler: Compiler) -> None:
    compiler.run("lib/libreal.so.1", "", "-shared", "-Wl,-soname,libother.so.1")
    assert sonames(str(compiler.folder / "lib")) == {"real": "libreal.so.1"}


def test_folders_without_libraries_are_told(builder: Builder, tmp_path: Path) -> None:
    spec = {
        "directories": [str(tmp_path / "lib"), str(tmp_path)],
        "python": OWN.executable,
        "module": os.fspath(ROOT / "runtime" / "_wheelhouse_libraries.py"),
    }
    done = builder.step("libraries", spec, builder.scratch / "start")
    assert done.returncode == 0
    assert done.stderr == (
        f"wheelhouse: there is no library in {tmp_path / 'lib'} nor in {tmp_path}\n"
    )

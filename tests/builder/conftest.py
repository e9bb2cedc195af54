"""What the tests of the builder share: the builder as the store holds it, and its tools."""

import os
import shutil
from pathlib import Path

import pytest

from tests.support.builder_bootstrap import LIBRARIES, bootstrap, installed_wheel
from tests.support.builder_steps import Builder
from tests.support.c_compiler import Compiler
from tests.support.project import ROOT


@pytest.fixture(scope="session")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The builder, put together by its own bootstrap."""
    folder = tmp_path_factory.mktemp("builder")
    # In the store its folder is no package's name.
    source = folder / "0123-builder"
    shutil.copytree(ROOT / "builder", source, ignore=shutil.ignore_patterns("__pycache__"))
    wheels = [installed_wheel(name, folder / "wheels") for name in LIBRARIES]
    done = bootstrap(source, wheels, folder / "program")
    assert done.returncode == 0, done.stderr
    return folder / "program"


@pytest.fixture
def builder(program: Path, tmp_path: Path) -> Builder:
    """The builder, with a folder of the test's own."""
    return Builder(program, tmp_path)


@pytest.fixture
def compiler(tmp_path: Path) -> Compiler:
    """A C compiler."""
    found = shutil.which("cc") or shutil.which("gcc")
    assert found, "no C compiler: put cc or gcc on PATH"
    folder = tmp_path / "compiled"
    folder.mkdir()
    return Compiler(found, folder)


@pytest.fixture(scope="session")
def patchelf() -> str:
    """The path of patchelf."""
    found = os.environ.get("WHEELHOUSE_PATCHELF") or shutil.which("patchelf")
    assert found, "no patchelf: put it on PATH, or set WHEELHOUSE_PATCHELF to its path"
    return found

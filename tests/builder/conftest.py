"""Fixtures of the builder's tests: the builder as the store has it, and its tools."""

import os
import shutil
from pathlib import Path

import pytest

from tests.support.builder_bootstrap import LIBRARIES, repack_installed_wheel, run_bootstrap
from tests.support.builder_steps import Builder
from tests.support.edited_packages import Editor
from tests.support.project import ROOT


@pytest.fixture(scope="session")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the builder, written by its own bootstrap."""
    folder = tmp_path_factory.mktemp("builder")
    # In the store, the name of its folder can't be imported.
    source = folder / "0123-builder"
    for name in ("builder", "native"):
        shutil.copytree(ROOT / name, source / name, ignore=shutil.ignore_patterns("__pycache__"))
    wheels = [repack_installed_wheel(name, folder / "wheels") for name in LIBRARIES]
    done = run_bootstrap(source, wheels, folder / "program")
    assert done.returncode == 0, done.stderr
    return folder / "program"


@pytest.fixture
def builder(program: Path, tmp_path: Path) -> Builder:
    """Return the builder with a temporary folder for its results."""
    return Builder(program, tmp_path)


@pytest.fixture(scope="session")
def patchelf() -> str:
    """Return the path of patchelf."""
    path = os.environ.get("WHEELHOUSE_PATCHELF") or shutil.which("patchelf")
    assert path, "no patchelf: put it on PATH, or set WHEELHOUSE_PATCHELF to its path"
    return path


@pytest.fixture
def editor(builder: Builder) -> Editor:
    """Return the builder as it edits what it unpacks."""
    return Editor(builder)

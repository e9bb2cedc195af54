"""Wheels are read by several processes."""

import os
import signal
import zipfile
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import pytest

from lock.io import process
from lock.wheels.readers import WORTHWHILE, Reader, Readers
from tests.support.c_compiler import Compiler

OPENING = b"from ctypes import CDLL\nlib = CDLL('libmagic.so.1')\n"


def written(path: Path, files: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w") as wheel:
        for name, content in files.items():
            wheel.writestr(name, content)
    return path


def test_processes_answer_as_this_process_does(tmp_path: Path, compiler: Compiler) -> None:
    module = compiler.library("libmodule.so.1", needed=compiler.library("libpam.so.0"))
    wheels = [
        written(tmp_path / "native.whl", {"demo/_module.so": module.read_bytes()}),
        written(tmp_path / "opening.whl", {"magic/__init__.py": OPENING}),
        written(tmp_path / "importing.whl", {"user.py": b"import magic\n"}),
    ] * 4
    here = Reader()
    with ExitStack() as stack, ThreadPoolExecutor(4) as threads:
        readers = Readers(stack, 2)
        needs = [*threads.map(lambda path: readers.needs(path, "x86_64"), wheels)]
        imports = [*threads.map(lambda path: readers.imports(path, {"magic"}), wheels)]
    assert needs == [here.needs(path, "x86_64") for path in wheels]
    assert needs[0].files[0].needed == ("libpam.so.0",)
    assert needs[1].openings[0].soname == "libmagic.so.1"
    assert imports == [here.imports(path, {"magic"}) for path in wheels]
    assert imports[2] == ["magic"]


def test_a_damaged_wheel_is_told_and_the_next_is_read(tmp_path: Path) -> None:
    damaged = tmp_path / "damaged.whl"
    damaged.write_bytes(b"no archive")
    whole = written(tmp_path / "whole.whl", {"magic/__init__.py": OPENING})
    with ExitStack() as stack:
        readers = Readers(stack, 1)
        with pytest.raises(OSError, match="not a zip file"):
            readers.needs(damaged, "x86_64")
        assert readers.needs(whole, "x86_64").openings


def test_a_process_that_has_ended_is_replaced(tmp_path: Path) -> None:
    wheel = written(tmp_path / "wheel.whl", {"magic/__init__.py": OPENING})
    before = children()
    with ExitStack() as stack:
        readers = Readers(stack, 1)
        readers.needs(wheel, "x86_64")
        [number] = children() - before
        os.kill(number, signal.SIGKILL)
        with pytest.raises(OSError, match=r"has ended|Broken pipe"):
            readers.needs(wheel, "x86_64")
        assert readers.needs(wheel, "x86_64").openings
    assert children() == before


def test_a_question_ends_where_all_processes_are_ended(tmp_path: Path) -> None:
    wheel = written(tmp_path / "wheel.whl", {"magic/__init__.py": OPENING})
    before = children()
    with ExitStack() as stack, ThreadPoolExecutor(1) as threads:
        readers = Readers(stack, 1)
        readers.needs(wheel, "x86_64")
        [number] = children() - before
        # A stopped process answers nothing.
        os.kill(number, signal.SIGSTOP)
        asked = threads.submit(readers.needs, wheel, "x86_64")
        process.terminate_all()
        with pytest.raises(OSError, match=r"has ended|Broken pipe"):
            asked.result(timeout=60)
    process.allow_new()


def test_few_bytes_are_read_in_this_process() -> None:
    before = children()
    with ExitStack() as stack:
        readers = Readers(stack, 2)
        assert type(readers.of(WORTHWHILE - 1)) is Reader
        assert readers.of(WORTHWHILE) is readers
        assert type(Readers(stack, 1).of(WORTHWHILE)) is Reader
        assert children() == before


def children() -> set[int]:
    """Return this process' children."""
    own = Path(f"/proc/{os.getpid()}/task/{os.getpid()}/children")
    return {int(number) for number in own.read_text().split()}

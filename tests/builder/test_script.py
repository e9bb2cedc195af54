"""The step `script` makes a program of a script and the environment that it runs in."""

import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from builder.script import with_interpreter
from tests.support.builder_steps import Builder, error_message
from tests.support.wheels import Wheel

LIB = Wheel("lib", files={"lib.py": "name = 'lib'\n"})
SCRIPT = "#!/usr/bin/env python\nimport lib, sys\n\nprint(lib.name, sys.argv, __file__)\n"


def run(builder: Builder, text: bytes | str, **options: Any) -> "subprocess.CompletedProcess[str]":
    environment = builder.compose([builder.unpack(LIB)], builder.scratch / "environment")
    script = builder.scratch / "thing.py"
    script.write_bytes(text.encode() if isinstance(text, str) else text)
    spec = {
        "name": "thing",
        "script": os.fspath(script),
        "environment": os.fspath(environment.path),
        "shell": None,
        **options,
    }
    return builder.run_step("script", spec, builder.scratch / "out")


def call(program: Path, *arguments: str) -> str:
    done = subprocess.run([program, *arguments], env={}, capture_output=True, text=True, check=True)
    return done.stdout.strip()


def test_the_program_is_the_script_with_the_environment_s_packages(builder: Builder) -> None:
    done = run(builder, SCRIPT)
    assert done.returncode == 0, done.stderr
    program = builder.scratch / "out" / "bin" / "thing"
    assert call(program, "--flag") == f"lib {[str(program), '--flag']} {program}"
    assert program.read_text("utf-8").splitlines()[1:] == SCRIPT.splitlines()[1:]


def test_search_paths_are_set_before_the_script_runs(builder: Builder) -> None:
    done = run(builder, SCRIPT, shell="/bin/sh")
    assert done.returncode == 0, done.stderr
    (builder.scratch / "environment" / "template").write_text("export lib=x\n", "utf-8")
    out = builder.scratch / "out"
    script = out / "libexec" / "thing"
    assert call(out / "bin" / "thing", "a b") == f"lib {[str(script), 'a b']} {script}"


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        (b"import a\n", b"import a\n"),
        (b"#!/usr/bin/env python\r\nimport a\r\n", b"import a\r\n"),
        (b"\xef\xbb\xbfimport a\n", b"import a\n"),
        (b"#!x", b""),
        (b"# x\n# coding: latin-1\n", b"# coding: iso-8859-1\n# x\n# coding: latin-1\n"),
    ],
)
def test_the_first_line_names_the_interpreter(text: bytes, rest: bytes) -> None:
    assert with_interpreter(text, "/env/bin/python", "x") == b"#!/env/bin/python\n" + rest


def test_a_script_that_python_can_t_read_is_refused(builder: Builder) -> None:
    assert "thing: Python can't read this script" in error_message(run(builder, b"# coding: x\n"))


def test_a_program_that_is_no_script_is_refused(builder: Builder) -> None:
    done = run(builder, b"\x7fELF\0\0")
    assert "thing: this is no Python script" in error_message(done)

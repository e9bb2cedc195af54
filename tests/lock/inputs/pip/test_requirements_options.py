"""docs/requirements-txt.md has every option that the newest pip knows in such a file."""

import json
import os
import re
import subprocess
import sys

import pytest

from lock.inputs.pip.requirements_options import (
    ALIASES,
    HONOURED,
    OF_REQUIREMENTS,
    REFUSED,
    WITHOUT_EFFECT,
)
from lock.inputs.pip.requirements_txt import parse
from tests.lock.inputs.pip.test_requirements_txt import wanted
from tests.support.lock_app import LockApp
from tests.support.other_tools import Tools
from tests.support.project import ROOT

DOCUMENT = (ROOT / "docs" / "requirements-txt.md").read_text(encoding="utf-8")
# Prints, of each option, its names and whether it has a value.
LIST_OPTIONS = """
import json
from pip._internal.req import req_file
made = [make() for make in (*req_file.SUPPORTED_OPTIONS, *req_file.SUPPORTED_OPTIONS_REQ)]
print(json.dumps({name: one.takes_value() for one in made
                  for name in (*one._short_opts, *one._long_opts)}))
"""
# Prints the lines that pip reads in a file, with their numbers.
LIST_LINES = """
import json, sys
from pip._internal.req.req_file import preprocess
print(json.dumps([*preprocess(sys.stdin.read())]))
"""


def table() -> dict[str, str]:
    """Return the kind of each option in the document's table."""
    rows = re.findall(r"^\| (`-.*?`) \| ([\w ]+) \|", DOCUMENT, re.MULTILINE)
    return {name: kind for names, kind in rows for name in re.findall(r"`(-[\w-]+)`", names)}


def test_the_document_says_of_every_option_what_becomes_of_it() -> None:
    kinds = {
        "honoured": HONOURED | OF_REQUIREMENTS,
        "without effect": frozenset(WITHOUT_EFFECT),
        "refused": frozenset(REFUSED),
    }
    expected = {name: kind for kind, names in kinds.items() for name in names}
    expected |= {alias: expected[name] for alias, name in ALIASES.items()}
    assert table() == expected


def run_pip(tools: Tools, program: str, text: str = "") -> str:
    """Return the output of a program that imports the newest pip."""
    folder = tools.lock.folder / "pip"
    tools.run(
        "pip", "install", "--quiet", "--python", sys.executable, "--target", f"{folder}", "pip"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        env=os.environ | {"PYTHONPATH": os.fspath(folder)},
        input=text,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


@pytest.mark.index
def test_every_option_of_the_newest_pip_is_known(tools: Tools) -> None:
    options: dict[str, bool] = json.loads(run_pip(tools, LIST_OPTIONS))
    assert {*options} - {*table()} == set()
    # Each is read as an option with a value, or without one, as pip reads it.
    hashed = f"a @ https://a.example/a-1.0.tar.gz#sha256={'0' * 64}"
    for name, takes_value in options.items():
        full = ALIASES.get(name, name)
        if full in HONOURED - {"--constraint", "--editable", "--requirement"}:
            value = " https://i.example/" if full.endswith(("-url", "-links")) else " b"
            assert parse(f"{name}{value if takes_value else ''}\n{hashed}", "r").packages


LINES = """\
# first
a==1 # why
b \\
  >=1 \\
# a comment ends it
c \\
    --hash=sha256:0
 # indented \\
d\\
e
https://a.example/a.whl#sha256=1 # fragment
f\x0cg
\\
h
i \\"""


@pytest.mark.index
def test_lines_are_joined_as_pip_joins_them(tools: Tools) -> None:
    from lock.inputs.pip.requirements_lines import logical_lines

    pip_lines = [tuple(one) for one in json.loads(run_pip(tools, LIST_LINES, LINES))]
    assert [*logical_lines(LINES)] == pip_lines


@pytest.mark.index
def test_what_other_tools_write_is_read(lock: LockApp, tools: Tools) -> None:
    lock.write("idna<3.5\n", "a.in")
    options = ["--emit-index-url", "--emit-find-links", "--emit-build-options"]
    options += ["--generate-hashes", "--no-binary", "idna", "--only-binary", "iniconfig"]
    tools.run(
        "pip", "compile", "--quiet", "--python", sys.executable, *options, "a.in", "-o", "u.txt"
    )
    of_uv = (lock.folder / "u.txt").read_text()
    assert "--no-binary idna" in of_uv
    assert wanted(of_uv) == ["idna==3.4"]
    options = ["--generate-hashes", "--pre", "--trusted-host", "x.example", "--no-emit-find-links"]
    tools.run_tool("--from", "pip-tools", "pip-compile", "--quiet", *options, "a.in", "-o", "p.txt")
    of_pip_compile = (lock.folder / "p.txt").read_text()
    assert "--trusted-host x.example" in of_pip_compile
    assert wanted(of_pip_compile) == ["idna==3.4"]

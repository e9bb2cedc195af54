"""Launchers and scripts start the interpreter of the environment."""

from pathlib import Path

import pytest

from builder.errors import BuildError
from builder.scripts import build_launcher, build_shebang, replace_shebang

PYTHON = "/environment/bin/python"
LONG = f"/{'x' * 130}/bin/python"


def replace(folder: Path, content: bytes, python: str = PYTHON) -> bytes | None:
    """Write a script, and return its content with the first line replaced."""
    (folder / "script").write_bytes(content)
    return replace_shebang(str(folder / "script"), python)


@pytest.mark.parametrize(
    ("first_line", "expected"),
    [
        (b"#!python", b"#!/environment/bin/python"),
        (b"#!pythonw", b"#!/environment/bin/python"),
        (b"#!python3", b"#!/environment/bin/python"),
        (b"#!python3.11", b"#!/environment/bin/python"),
        (b"#! python", b"#!/environment/bin/python"),
        (b"#!python\r", b"#!/environment/bin/python"),
        (b"#!pythonw -E", b"#!/environment/bin/python -E"),
        (b"#!python -E -s", b"#!/environment/bin/python -E -s"),
    ],
)
def test_the_interpreter_of_the_environment_replaces_python(
    tmp_path: Path, first_line: bytes, expected: bytes
) -> None:
    rest = b"# \xe4\nprint('\x00')\n"
    assert replace(tmp_path, first_line + b"\n" + rest) == expected + b"\n" + rest


@pytest.mark.parametrize(
    "content",
    [
        b"#!/usr/bin/env python\n",
        b"#!/bin/sh\n",
        b"#!pythonic\n",
        b"\x7fELF#!python\n",
        b"import python\n",
        b"",
    ],
)
def test_any_other_program_is_not_changed(tmp_path: Path, content: bytes) -> None:
    assert replace(tmp_path, content) is None


def test_a_path_too_long_for_the_kernel_is_run_by_a_shell() -> None:
    assert build_shebang(LONG, "-E") == (f"#!/bin/sh\n'''exec' \"{LONG}\" -E \"$0\" \"$@\"\n' '''")
    assert len(build_shebang(LONG).splitlines()) == 3


def test_the_longest_line_that_the_kernel_reads_needs_no_shell() -> None:
    python = f"/{'x' * 123}"
    assert build_shebang(python + "y") == f"#!{python}y"
    assert build_shebang(python + "yz").startswith("#!/bin/sh\n")


def test_a_launcher_calls_the_object() -> None:
    entry_point = {"name": "run", "module": "demo.cli", "attr": "App.main", "section": "console"}
    name, content = build_launcher(entry_point, PYTHON, "demo")
    assert name == "run"
    assert content.decode().splitlines() == [
        "#!/environment/bin/python",
        "import sys",
        "",
        "from demo.cli import App",
        "",
        'if __name__ == "__main__":',
        "    sys.exit(App.main())",
    ]


@pytest.mark.parametrize("name", ["a/b", "../x", "..", "."])
def test_a_name_that_can_not_be_a_file_name_is_refused(name: str) -> None:
    entry_point = {"name": name, "module": "demo", "attr": "main", "section": "console"}
    with pytest.raises(BuildError, match="demo: its entry point"):
        build_launcher(entry_point, PYTHON, "demo")

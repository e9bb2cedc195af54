"""The first lines of programs, and what they run."""

from pathlib import Path

import pytest

from builder.errors import BuildError
from builder.scripts import launcher, shebang, with_interpreter

PYTHON = "/environment/bin/python"
LONG = f"/{'x' * 130}/bin/python"


def rewritten(folder: Path, content: bytes, python: str = PYTHON) -> bytes | None:
    """A script after its first line was looked at."""
    (folder / "script").write_bytes(content)
    return with_interpreter(str(folder / "script"), python)


@pytest.mark.parametrize(
    ("first", "expected"),
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
    tmp_path: Path, first: bytes, expected: bytes
) -> None:
    rest = b"# \xe4\nprint('\x00')\n"
    assert rewritten(tmp_path, first + b"\n" + rest) == expected + b"\n" + rest


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
def test_any_other_program_stays_as_it_is(tmp_path: Path, content: bytes) -> None:
    assert rewritten(tmp_path, content) is None


def test_a_path_that_the_kernel_cannot_take_is_run_by_a_shell() -> None:
    assert shebang(LONG, "-E") == (f"#!/bin/sh\n'''exec' \"{LONG}\" -E \"$0\" \"$@\"\n' '''")
    assert len(shebang(LONG).splitlines()) == 3


def test_the_longest_line_that_the_kernel_takes_is_kept() -> None:
    python = f"/{'x' * 123}"
    assert shebang(python + "y") == f"#!{python}y"
    assert shebang(python + "yz").startswith("#!/bin/sh\n")


def test_a_launcher_calls_the_object() -> None:
    point = {"name": "run", "module": "demo.cli", "attr": "App.main", "section": "console"}
    name, content = launcher(point, PYTHON, "demo")
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
def test_a_name_that_is_no_file_s_is_refused(name: str) -> None:
    point = {"name": name, "module": "demo", "attr": "main", "section": "console"}
    with pytest.raises(BuildError, match="demo: its entry point"):
        launcher(point, PYTHON, "demo")

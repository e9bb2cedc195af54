"""What an environment does when its interpreter starts, where import lines of `.pth` are ignored.

Python 3.15 is the first that knows the files that take their place (PEP 829); 3.18 wants them.
"""

import os
import sys
from pathlib import Path

import pytest

from builder.startup import startup_files
from tests.support.builder_steps import Builder, Environment, Interpreter
from tests.support.c_compiler import Compiler
from tests.support.interpreter_wrapper import with_libraries
from tests.support.interpreters import interpreters, or_skipped
from tests.support.project import ROOT
from tests.support.wheels import Wheel

sys.path.append(os.fspath(ROOT / "runtime"))
import overlay

LATER = "3.18"
KNOW_BOTH = [python for python in interpreters() if int(python.version[2:]) >= 15]
DEMO = Wheel(files={"demo.py": "import os\n\nwhere = 'built'\n"})


class Later(Interpreter):
    """An interpreter that environments are made for as for one of a later version."""

    def spec(self) -> dict[str, str]:
        """Return the interpreter as the spec of a derivation has it."""
        return super().spec() | {"version": LATER}


@pytest.fixture(params=or_skipped(KNOW_BOTH), ids=lambda python: python.version)
def later(request: pytest.FixtureRequest, builder: Builder) -> Builder:
    """Return a builder for each interpreter, as one that ignores import lines."""
    python: Interpreter = request.param
    return Builder(builder.program, builder.scratch, Later(python.executable, python.version))


@pytest.fixture(params=["normal", "all"])
def lazy(request: pytest.FixtureRequest) -> dict[str, str]:
    """Return the variable that makes no import lazy, or all (PEP 810)."""
    return {"PYTHON_LAZY_IMPORTS": request.param}


def test_import_lines_stand_where_they_run() -> None:
    assert startup_files("one", "import one\n", "3.17") == {"one.pth": "import one\n"}
    assert startup_files("one", "import one\n", "3.14t") == {"one.pth": "import one\n"}
    assert startup_files("one", "import one\nimport two\n", LATER) == {
        "one.start": "one_start:start\n",
        "one_start.py": "def start():\n    import one\n    import two\n",
    }


def test_variables_and_other_environments(later: Builder, lazy: dict[str, str]) -> None:
    made = later.compose([later.unpack(DEMO)], variables={"FOLDER": "/tcl"})
    assert not list(made.site.glob("*.pth"))
    code = "import os, sys; print(os.environ['FOLDER'], sys.path[-1])"
    variables = {f"WHEELHOUSE_SITE_{LATER.replace('.', '_')}": "/other"}
    assert made.evaluate(code, env=variables | lazy) == "/tcl /other"


def test_libraries(later: Builder, compiler: Compiler, lazy: dict[str, str]) -> None:
    compiler.library("libone.so.1", 1)
    made = with_libraries(later, compiler, [compiler.folder])
    code = (
        "import os, ctypes.util as u; print(u.find_library('one'), 'LD_LIBRARY_PATH' in os.environ)"
    )
    assert made.evaluate(code, env=lazy) == "libone.so.1 False"


def test_an_editable_project(later: Builder, tmp_path: Path) -> None:
    (tmp_path / "demo.py").write_text("where = 'tree'\n")
    package = later.unpack(DEMO)
    spec = {
        "name": "example",
        "python": later.python.spec(),
        "start": None,
        "packages": [
            {
                "name": "demo",
                "version": "1.0",
                "path": os.fspath(package.path),
                "editable": os.fspath(tmp_path),
            }
        ],
        "template": "",
        "strict": False,
        "ignoreCollisions": [],
        "editableModule": os.fspath(ROOT / "runtime" / "_wheelhouse_editable.py"),
    }
    out = later.scratch / "environment"
    assert later.run_step("compose", spec, out).returncode == 0
    made = Environment(out, later.python)
    assert made.evaluate("import demo; print(demo.where)") == "built"
    variables = {"WHEELHOUSE_EDITABLE": f"demo={tmp_path}"}
    assert made.evaluate("import demo; print(demo.where)", env=variables) == "tree"


def test_an_overlay(later: Builder) -> None:
    behind = later.compose([later.unpack(DEMO)], variables={"FOLDER": "/tcl"})
    before = later.compose([], later.scratch / "before")
    line = f"import site; site.addsitedir({os.fspath(behind.site)!r})\n"
    files = overlay.startup_files(line, (3, 18))
    assert not [name for name in files if name.endswith(".pth")]
    for name, content in files.items():
        (before.site / name).write_text(content)
    code = "import demo, os; print(demo.where, os.environ['FOLDER'])"
    assert before.evaluate(code) == "built /tcl"

"""An environment sets the variables that its packages want, for every program that it starts."""

import pytest

from tests.support.builder_steps import Builder, Environment
from tests.support.wheels import Wheel

VARIABLES = {"LIBRARY_FOLDER": "/tcl", "SEARCHED": ["/own", "/other"]}
SHOW = "import os; print(os.environ.get('LIBRARY_FOLDER'), os.environ.get('SEARCHED'))"
PROGRAM = Wheel(
    files={"demo.py": f"def main():\n    {SHOW}\n"},
    entry_points="[console_scripts]\nshow = demo:main\n",
)


@pytest.fixture
def environment(builder: Builder) -> Environment:
    """Return an environment with variables."""
    return builder.compose([builder.unpack(PROGRAM)], variables=VARIABLES)


def test_the_interpreter_has_them(environment: Environment) -> None:
    assert environment.evaluate(SHOW) == "/tcl /own:/other"


def test_programs_have_them(environment: Environment) -> None:
    assert environment.run("show").stdout == "/tcl /own:/other\n"


def test_a_list_stands_before_what_is_there_and_once(environment: Environment) -> None:
    shell = {"SEARCHED": "/users:/own", "LIBRARY_FOLDER": "/users"}
    assert environment.evaluate(SHOW, env=shell) == "/tcl /own:/other:/users"


def test_an_interpreter_that_ignores_the_shell_has_them(environment: Environment) -> None:
    assert environment.evaluate(SHOW, "-I") == "/tcl /own:/other"


def test_without_any_there_is_no_start_up_module(builder: Builder) -> None:
    plain = builder.compose([builder.unpack(PROGRAM)])
    assert not list(plain.site.glob("*variables*"))

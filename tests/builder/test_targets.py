"""Environments work for every Python of this machine, whatever Python the builder runs on."""

import pytest

from tests.support.builder_steps import Builder, Environment, Interpreter
from tests.support.interpreters import interpreters
from tests.support.record_check import record_mismatches
from tests.support.wheels import Wheel

WHEEL = Wheel(
    files={
        "demo/__init__.py": "import sys\ndef main(): print(*sys.version_info[:2], sep='.')\n",
        "demo-1.0.data/scripts/script": "#!python\nimport demo\ndemo.main()\n",
        "demo-1.0.data/headers/demo.h": "",
    },
    entry_points="[console_scripts]\nrun = demo:main\n",
)


@pytest.fixture(params=interpreters(), ids=lambda python: python.version)
def environment(request: pytest.FixtureRequest, builder: Builder) -> Environment:
    """Return an environment for each interpreter of this machine."""
    python: Interpreter = request.param
    target = Builder(builder.program, builder.scratch, python)
    return target.compose([target.unpack(WHEEL)])


def test_an_environment_works_for_its_python(environment: Environment) -> None:
    version = environment.python.version
    for program in ("run", "script"):
        assert environment.run(program).stdout == f"{version}\n"
    assert record_mismatches(environment, "demo") == []
    code = "import sys; print(sys.prefix != sys.base_prefix, sys.path[-1])"
    assert environment.evaluate(code) == f"True {environment.site}"
    variable = f"WHEELHOUSE_SITE_{version.replace('.', '_')}"
    assert environment.evaluate(code, env={variable: "/other"}) == "True /other"


def test_nothing_is_compiled_when_modules_are_imported(environment: Environment) -> None:
    done = environment.run("python", "-v", "-c", "import demo")
    lines = [line for line in done.stderr.splitlines() if line.startswith("# code object from")]
    loaded = [line for line in lines if str(environment.path) in line]
    assert loaded
    assert all(".pyc" in line for line in loaded)

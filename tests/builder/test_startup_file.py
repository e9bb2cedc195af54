"""Environments that one shell sourced see each other's packages."""

from pathlib import Path

import pytest

from tests.support.builder_steps import OWN, Builder, Environment
from tests.support.wheels import Wheel

VARIABLE = f"WHEELHOUSE_SITE_{OWN.version.replace('.', '_')}"


@pytest.fixture
def environments(builder: Builder) -> tuple[Environment, Environment]:
    """Two environments that have a module in common, and one each."""
    made = []
    for name in ("one", "two"):
        own = Builder(builder.program, builder.scratch / name)
        package = own.unpack(Wheel(name, files={f"{name}.py": "", "both.py": f"name = {name!r}\n"}))
        made.append(own.compose([package]))
    return made[0], made[1]


def test_folders_of_the_variable_come_after_the_own(
    environments: tuple[Environment, Environment],
) -> None:
    one, two = environments
    variables = {VARIABLE: f"{two.site}:{one.site}"}
    code = "import both, one, two, sys; print(both.name, two.__file__, *sys.path[-2:])"
    assert one.evaluate(code, env=variables).split() == [
        "one",
        str(two.site / "two.py"),
        str(one.site),
        str(two.site),
    ]


@pytest.mark.parametrize("option", ["-E", "-I"])
def test_an_interpreter_that_ignores_variables_ignores_it(
    environments: tuple[Environment, Environment], option: str
) -> None:
    one, two = environments
    code = "import sys; print(sys.path[-1])"
    assert one.evaluate(code, option, env={VARIABLE: str(two.site)}) == str(one.site)


def test_another_python_s_variable_is_ignored(
    environments: tuple[Environment, Environment],
) -> None:
    one, two = environments
    code = "import sys; print(sys.path[-1])"
    assert one.evaluate(code, env={"WHEELHOUSE_SITE_3_1": str(two.site)}) == str(one.site)


def test_children_see_the_same(environments: tuple[Environment, Environment]) -> None:
    one, two = environments
    code = (
        "import subprocess, sys; "
        "subprocess.run([sys.executable, '-c', 'import two; print(two.__file__)'], check=True)"
    )
    assert one.evaluate(code, env={VARIABLE: str(two.site)}) == str(two.site / "two.py")


def test_empty_parts_add_no_folder(environments: tuple[Environment, Environment]) -> None:
    one, _ = environments
    plain = one.evaluate("import sys; print(sys.path)")
    assert one.evaluate("import sys; print(sys.path)", env={VARIABLE: "::"}) == plain


def test_the_file_loads_no_module(environments: tuple[Environment, Environment]) -> None:
    one, _ = environments
    code = "import sys; print(*sorted(sys.modules))"
    with_file = one.evaluate(code)
    start_up = one.site / "_wheelhouse.pth"
    kept = start_up.read_bytes()
    # The interpreter decodes any such file; what its line does is the question.
    start_up.write_bytes(b"\n")
    assert one.evaluate(code) == with_file
    Path(start_up).write_bytes(kept)

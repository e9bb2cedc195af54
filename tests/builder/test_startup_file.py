"""Environments that one shell sourced can import each other's packages."""

import pytest

from tests.support.builder_steps import RUNNING_PYTHON, Builder, Environment
from tests.support.wheels import Wheel

VARIABLE = f"WHEELHOUSE_SITE_{RUNNING_PYTHON.version.replace('.', '_')}"


@pytest.fixture
def environments(builder: Builder) -> tuple[Environment, Environment]:
    """Return two environments with a module of the same name, and one of their own each."""
    environments = []
    for name in ("one", "two"):
        builder_of_one = Builder(builder.program, builder.scratch / name)
        package = builder_of_one.unpack(
            Wheel(name, files={f"{name}.py": "", "both.py": f"name = {name!r}\n"})
        )
        environments.append(builder_of_one.compose([package]))
    return environments[0], environments[1]


def test_folders_of_the_variable_come_after_the_environment_s_own(
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


def test_child_processes_have_the_same_path(environments: tuple[Environment, Environment]) -> None:
    one, two = environments
    code = (
        "import subprocess, sys; "
        "subprocess.run([sys.executable, '-c', 'import two; print(two.__file__)'], check=True)"
    )
    assert one.evaluate(code, env={VARIABLE: str(two.site)}) == str(two.site / "two.py")


def test_empty_entries_add_no_folder(environments: tuple[Environment, Environment]) -> None:
    one, _ = environments
    plain = one.evaluate("import sys; print(sys.path)")
    assert one.evaluate("import sys; print(sys.path)", env={VARIABLE: "::"}) == plain


def test_the_pth_file_imports_no_module(environments: tuple[Environment, Environment]) -> None:
    one, _ = environments
    code = "import sys; print(*sorted(sys.modules))"
    with_file = one.evaluate(code)
    file = one.site / "_wheelhouse.pth"
    content = file.read_bytes()
    # Without its line, but not without the file: reading any `.pth` file imports modules.
    file.write_bytes(b"\n")
    assert one.evaluate(code) == with_file
    file.write_bytes(content)

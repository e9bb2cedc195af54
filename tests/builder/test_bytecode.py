"""Bytecode is complete, never stale, and the same in every build."""

import subprocess
from pathlib import Path

import pytest

from tests.support.builder_steps import Builder, Interpreter, error_message
from tests.support.interpreters import interpreters
from tests.support.wheels import Wheel

UNCHECKED_HASH = 0b01
MODULES: dict[str, str | bytes] = {
    "demo/__init__.py": "from demo.constants import contains\n",
    "demo/constants.py": (
        "names = frozenset({'" + "', '".join(f"name{i}" for i in range(40)) + "'})\n"
        "def contains(name):\n"
        "    return name in {'" + "', '".join(f"key{i}" for i in range(40)) + "'}\n"
    ),
    "demo/deep/er/module.py": "'''A text.'''\nx = (1, 'a', b'b', 1.5, None, ...)\n",
    "single.py": "import demo\n",
}


@pytest.fixture(params=interpreters(), ids=lambda python: python.version)
def python(request: pytest.FixtureRequest) -> Interpreter:
    """Return each interpreter of this machine."""
    interpreter: Interpreter = request.param
    return interpreter


def bytecode(tree: Path) -> dict[str, bytes]:
    """Return the bytecode files of a tree: path to content."""
    return {str(path.relative_to(tree)): path.read_bytes() for path in tree.rglob("*.pyc")}


def test_every_module_has_bytecode_that_is_never_checked(
    builder: Builder, python: Interpreter
) -> None:
    package = Builder(builder.program, builder.scratch, python).unpack(Wheel(files=MODULES))
    tag = f"cpython-{python.version.replace('.', '')}.pyc"
    files = bytecode(package.path / python.site)
    assert set(files) == {
        f"demo/__pycache__/__init__.{tag}",
        f"demo/__pycache__/constants.{tag}",
        f"demo/deep/er/__pycache__/module.{tag}",
        f"__pycache__/single.{tag}",
    }
    assert {int.from_bytes(content[4:8], "little") for content in files.values()} == {
        UNCHECKED_HASH
    }


def test_the_target_compiles_nothing_at_start(builder: Builder, python: Interpreter) -> None:
    package = Builder(builder.program, builder.scratch, python).unpack(Wheel(files=MODULES))
    site = package.path / python.site
    code = f"import sys; sys.path[:0] = [{str(site)!r}]; import single"
    done = subprocess.run(
        [python.executable, "-v", "-ISB", "-c", code], capture_output=True, text=True, check=True
    )
    lines = [line for line in done.stderr.splitlines() if str(site) in line]
    assert len([line for line in lines if " matches " in line]) == 3
    loaded = [line for line in lines if line.startswith("# code object from")]
    assert len(loaded) == 3
    assert all(".pyc" in line for line in loaded)


def test_an_edited_module_is_not_compiled_again(builder: Builder) -> None:
    package = builder.unpack(Wheel(files={"demo.py": "print('compiled')\n"}))
    module = package.path / builder.python.site / "demo.py"
    module.write_text("print('edited, and longer')\n")
    environment = builder.compose([package])
    assert environment.evaluate("import demo") == "compiled"


def test_the_hash_seed_does_not_change_the_bytecode(builder: Builder, python: Interpreter) -> None:
    wheel = Wheel(files=MODULES)
    spec = Builder(builder.program, builder.scratch, python).unpack_spec(
        wheel, wheel.write(builder.scratch)
    )
    results = []
    for seed in ("1", "2"):
        # The same path, since bytecode contains the path of its module.
        out = builder.scratch / "out"
        done = builder.run_step("unpack", spec, out, env={"PYTHONHASHSEED": seed})
        assert done.returncode == 0, done.stderr
        results.append(bytecode(out))
        out.rename(builder.scratch / f"seed{seed}")
    assert results[0] == results[1]


def test_the_number_of_cores_does_not_change_the_bytecode(
    builder: Builder, python: Interpreter
) -> None:
    files: dict[str, str | bytes] = {
        f"demo/module{number}.py": f"names = {{'a{number}', 'shared', 'b'}}\nshared = 'shared'\n"
        for number in range(150)
    }
    wheel = Wheel(files={**files, "demo/bad.py": "(", "demo/worse.py": ")"})
    spec = Builder(builder.program, builder.scratch, python).unpack_spec(
        wheel, wheel.write(builder.scratch)
    )
    results = []
    for cores in ("1", "3"):
        out = builder.scratch / "out"
        done = builder.run_step("unpack", spec, out, env={"NIX_BUILD_CORES": cores})
        assert done.returncode == 0, done.stderr
        assert done.stderr.endswith("left without bytecode: 2\n")
        results.append(bytecode(out))
        out.rename(builder.scratch / f"cores{cores}")
    assert len(results[0]) == 150
    assert results[0] == results[1]


def test_files_that_are_not_python_are_counted_and_not_compiled(builder: Builder) -> None:
    package = builder.unpack(
        Wheel(
            files={
                "demo/__init__.py": "",
                "demo/template.py": "{{ name }} = (\n",
                "demo/old.py": "print 'two'\n",
                "demo/bytes.py": b"\xff\xfe\0",
                "demo/deep.py": "(" * 5000 + ")" * 5000,
            }
        )
    )
    assert len(bytecode(package.path)) == 1
    assert package.log == (
        f"wheelhouse: files that are not Python {builder.python.version}, "
        "left without bytecode: 4\n"
    )


def test_syntax_warnings_are_not_shown(builder: Builder) -> None:
    code = 'x = "\\d"\nassert (x, "always")\nif x is "a": pass\n'
    package = builder.unpack(Wheel(files={"demo.py": code}))
    assert package.log == ""
    assert len(bytecode(package.path)) == 1


def test_an_interpreter_that_fails_is_named(builder: Builder) -> None:
    python = {**builder.python.spec(), "executable": "/bin/false"}
    message = error_message(builder.try_unpack(Wheel(files=MODULES), python=python))
    assert message.startswith("/bin/false could not compile")


def test_an_interpreter_that_is_missing_is_named(builder: Builder) -> None:
    python = {**builder.python.spec(), "executable": "/nowhere/python"}
    assert "/nowhere/python" in error_message(
        builder.try_unpack(Wheel(files=MODULES), python=python)
    )

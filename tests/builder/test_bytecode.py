"""Bytecode is complete, never stale, and the same in every build."""

import subprocess
from pathlib import Path

import pytest

from tests.support.builder_steps import Builder, Interpreter, refusal
from tests.support.interpreters import interpreters
from tests.support.wheels import Wheel

UNCHECKED_HASH = 0b01
MODULES: dict[str, str | bytes] = {
    "demo/__init__.py": "from demo.constants import found\n",
    "demo/constants.py": (
        "names = frozenset({'" + "', '".join(f"name{i}" for i in range(40)) + "'})\n"
        "def found(name):\n"
        "    return name in {'" + "', '".join(f"key{i}" for i in range(40)) + "'}\n"
    ),
    "demo/deep/er/module.py": "'''A text.'''\nx = (1, 'a', b'b', 1.5, None, ...)\n",
    "single.py": "import demo\n",
}


@pytest.fixture(params=interpreters(), ids=lambda python: python.version)
def python(request: pytest.FixtureRequest) -> Interpreter:
    """Each interpreter of this machine."""
    found: Interpreter = request.param
    return found


def bytecode(tree: Path) -> dict[str, bytes]:
    """The bytecode of a tree, by path."""
    return {str(path.relative_to(tree)): path.read_bytes() for path in tree.rglob("*.pyc")}


def test_every_module_has_bytecode_that_is_never_checked(
    builder: Builder, python: Interpreter
) -> None:
    package = Builder(builder.program, builder.scratch, python).unpack(Wheel(files=MODULES))
    tag = f"cpython-{python.version.replace('.', '')}.pyc"
    found = bytecode(package.path / python.site)
    assert set(found) == {
        f"demo/__pycache__/__init__.{tag}",
        f"demo/__pycache__/constants.{tag}",
        f"demo/deep/er/__pycache__/module.{tag}",
        f"__pycache__/single.{tag}",
    }
    assert {int.from_bytes(content[4:8], "little") for content in found.values()} == {
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


def test_an_edited_module_is_not_looked_at(builder: Builder) -> None:
    package = builder.unpack(Wheel(files={"demo.py": "print('compiled')\n"}))
    module = package.path / builder.python.site / "demo.py"
    module.write_text("print('edited, and longer')\n")
    environment = builder.compose([package])
    assert environment.evaluate("import demo") == "compiled"


def test_the_hash_seed_does_not_reach_the_bytecode(builder: Builder, python: Interpreter) -> None:
    wheel = Wheel(files=MODULES)
    spec = Builder(builder.program, builder.scratch, python).unpack_spec(
        wheel, wheel.write(builder.scratch)
    )
    found = []
    for seed in ("1", "2"):
        # The same path, since a module's bytecode holds it.
        out = builder.scratch / "out"
        done = builder.step("unpack", spec, out, env={"PYTHONHASHSEED": seed})
        assert done.returncode == 0, done.stderr
        found.append(bytecode(out))
        out.rename(builder.scratch / f"kept{seed}")
    assert found[0] == found[1]


def test_the_number_of_cores_does_not_reach_the_bytecode(
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
    found = []
    for cores in ("1", "3"):
        out = builder.scratch / "out"
        done = builder.step("unpack", spec, out, env={"NIX_BUILD_CORES": cores})
        assert done.returncode == 0, done.stderr
        assert done.stderr.endswith("left without bytecode: 2\n")
        found.append(bytecode(out))
        out.rename(builder.scratch / f"kept{cores}")
    assert len(found[0]) == 150
    assert found[0] == found[1]


def test_what_is_no_python_is_counted_and_left(builder: Builder) -> None:
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


def test_doubtful_code_gives_no_warning(builder: Builder) -> None:
    code = 'x = "\\d"\nassert (x, "always")\nif x is "a": pass\n'
    package = builder.unpack(Wheel(files={"demo.py": code}))
    assert package.log == ""
    assert len(bytecode(package.path)) == 1


def test_an_interpreter_that_fails_is_named(builder: Builder) -> None:
    python = {**builder.python.spec(), "executable": "/bin/false"}
    message = refusal(builder.try_unpack(Wheel(files=MODULES), python=python))
    assert message.startswith("/bin/false could not compile")


def test_an_interpreter_that_is_missing_is_named(builder: Builder) -> None:
    python = {**builder.python.spec(), "executable": "/nowhere/python"}
    assert "/nowhere/python" in refusal(builder.try_unpack(Wheel(files=MODULES), python=python))

"""The step `compose` writes an environment that a real interpreter runs in."""

import os
import subprocess
from pathlib import Path

import pytest

from tests.support.builder_steps import Builder, Environment
from tests.support.record_check import record_mismatches
from tests.support.wheels import Wheel

CODE = """
import sys


def main():
    print("ran", sys.argv[1:], sys.prefix)


class App:
    main = staticmethod(main)
"""
DEMO = Wheel(
    files={
        "demo/__init__.py": CODE,
        "demo-1.0.data/scripts/script": "#!python\nimport demo\ndemo.main()\n",
        "demo-1.0.data/scripts/apart": "#!pythonw -E\nimport sys; print(sys.flags)\n",
        "demo-1.0.data/scripts/shell": "#!/bin/sh\necho from a shell\n",
        "demo-1.0.data/scripts/binary": b"\x7fELF no real program",
        "demo-1.0.data/data/share/demo/text": "text",
        "demo-1.0.data/data/etc/demo.conf": "x = 1",
        "demo-1.0.data/data/bin/data-tool": "#!/bin/sh\necho from data\n",
        "demo-1.0.data/headers/demo.h": "#define DEMO\n",
    },
    executable=frozenset({"demo-1.0.data/data/bin/data-tool"}),
    entry_points=(
        "[console_scripts]\nrun = demo:main\nextra = demo:App.main [extra]\n"
        "[gui_scripts]\nshow = demo:main\n"
    ),
)


@pytest.fixture(scope="module")
def environment(program: Path, tmp_path_factory: pytest.TempPathFactory) -> Environment:
    """Return an environment of a wheel with files of every kind."""
    builder = Builder(program, tmp_path_factory.mktemp("demo"))
    return builder.compose([builder.unpack(DEMO)])


def test_the_prefix_is_the_environment_and_the_base_the_interpreter_s(
    environment: Environment,
) -> None:
    code = "import sys; print(sys.prefix, sys.base_prefix, sys.executable)"
    base = Path(environment.python.executable).parents[1]
    assert environment.evaluate(code).split() == [
        str(environment.path),
        str(base),
        str(environment.path / "bin/python"),
    ]


def test_every_name_of_the_interpreter_starts_the_environment(environment: Environment) -> None:
    for name in ("python", "python3", f"python{environment.python.version}"):
        done = environment.run(name, "-c", "import demo, sys; print(sys.prefix)")
        assert done.stdout.strip() == str(environment.path)


def test_pyvenv_cfg_has_the_folder_and_version_of_the_interpreter(environment: Environment) -> None:
    lines = (environment.path / "pyvenv.cfg").read_text().splitlines()
    version = environment.evaluate("import platform; print(platform.python_version())")
    assert lines == [
        f"home = {Path(environment.python.executable).parent}",
        "include-system-site-packages = false",
        f"version = {version}",
    ]


@pytest.mark.parametrize("name", ["run", "extra", "show", "script"])
def test_programs_run_without_any_variable(environment: Environment, name: str) -> None:
    done = environment.run(name, "one", "two words")
    assert done.stderr == ""
    assert done.stdout == f"ran ['one', 'two words'] {environment.path}\n"


def test_an_interpreter_argument_in_a_script_s_first_line_stays(environment: Environment) -> None:
    assert environment.run("apart").stdout.count("ignore_environment=1") == 1


def test_programs_that_are_not_python_are_linked_and_executable(environment: Environment) -> None:
    assert environment.run("shell").stdout == "from a shell\n"
    assert environment.run("data-tool").stdout == "from data\n"
    binary = environment.path / "bin/binary"
    assert binary.is_symlink()
    assert binary.read_bytes() == b"\x7fELF no real program"
    assert os.access(binary, os.X_OK)


def test_data_and_headers_are_installed_below_the_prefix(environment: Environment) -> None:
    assert (environment.path / "share/demo/text").read_text() == "text"
    assert (environment.path / "etc/demo.conf").read_text() == "x = 1"
    version = environment.python.version
    assert (environment.path / f"include/site/python{version}/demo/demo.h").is_file()


def test_record_lists_every_file_of_the_package_as_it_is(environment: Environment) -> None:
    assert record_mismatches(environment, "demo") == []
    code = (
        "from importlib.metadata import files; print(*sorted(map(str, files('demo'))), sep='\\n')"
    )
    listed = environment.evaluate(code).splitlines()
    for path in (
        "../../../bin/run",
        "../../../bin/extra",
        "../../../bin/show",
        "../../../bin/script",
        "../../../bin/binary",
        "../../../bin/data-tool",
        "../../../share/demo/text",
        f"../../../include/site/python{environment.python.version}/demo/demo.h",
        "demo/__init__.py",
        "demo-1.0.dist-info/INSTALLER",
    ):
        assert path in listed
    assert len(listed) == len(set(listed))


def test_importlib_metadata_reads_the_package(environment: Environment) -> None:
    code = (
        "from importlib.metadata import distribution as d; x = d('demo'); "
        "print(x.version, x.read_text('INSTALLER').strip(), len(x.entry_points))"
    )
    assert environment.evaluate(code) == "1.0 wheelhouse 3"


def test_activate_activates_the_environment_in_bash(environment: Environment) -> None:
    script = (
        'set -euo pipefail; source "$0/bin/activate"; command -v python; '
        'python -c "import demo"; run x; echo "$VIRTUAL_ENV"; deactivate; '
        'echo "${VIRTUAL_ENV-none}"'
    )
    done = subprocess.run(
        ["bash", "--norc", "-c", script, environment.path],
        env={"PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    prefix = environment.path
    assert done.stdout.splitlines() == [
        f"{prefix}/bin/python",
        f"ran ['x'] {prefix}",
        str(prefix),
        "none",
    ]


def test_an_environment_has_the_template_and_lib64(environment: Environment) -> None:
    assert (environment.path / "template").read_text() == "echo template\n"
    assert (environment.path / "lib64").readlink() == Path("lib")


def test_a_wheel_s_data_may_contain_lib64(builder: Builder) -> None:
    package = builder.unpack(Wheel(files={"demo-1.0.data/data/lib64/x": "x"}))
    environment = builder.compose([package])
    assert (environment.path / "lib64/x").read_text() == "x"
    assert environment.evaluate("print(1)") == "1"


def test_programs_run_below_a_long_prefix(builder: Builder) -> None:
    package = builder.unpack(DEMO)
    out = builder.scratch / ("long" * 20) / ("prefix" * 20)
    environment = builder.compose([package], out)
    assert len(str(out)) > 127
    for program in ("run", "script"):
        done = environment.run(program, "a b", env={"PATH": "/nowhere"})
        assert done.stdout == f"ran ['a b'] {out}\n", done.stderr
    assert environment.run("apart").stdout.count("ignore_environment=1") == 1
    assert record_mismatches(environment, "demo") == []


def test_the_launcher_of_an_entry_point_wins_over_a_script_of_its_name(builder: Builder) -> None:
    wheel = Wheel(
        files={"demo.py": CODE, "demo-1.0.data/scripts/run": "#!python\nimport gone\n"},
        entry_points="[console_scripts]\nrun = demo:main\n",
    )
    environment = builder.compose([builder.unpack(wheel)])
    assert environment.run("run").stdout.startswith("ran []")
    assert record_mismatches(environment, "demo") == []


def test_a_script_may_be_in_a_folder(builder: Builder) -> None:
    wheel = Wheel(files={"demo-1.0.data/scripts/folder/script": "#!python\nprint('nested')\n"})
    environment = builder.compose([builder.unpack(wheel)])
    assert environment.run("folder/script").stdout == "nested\n"
    assert record_mismatches(environment, "demo") == []


def test_pth_files_are_read(builder: Builder) -> None:
    wheel = Wheel(
        files={
            "demo.pth": "demo_folder\nimport sys; sys.seen = 1\n",
            "demo_folder/inner.py": "x = 1",
        }
    )
    environment = builder.compose([builder.unpack(wheel)])
    assert environment.evaluate("import sys, inner; print(sys.seen, inner.x)") == "1 1"


NAMESPACES = {
    "PEP 420": "",
    "pkgutil": "__path__ = __import__('pkgutil').extend_path(__path__, __name__)\n",
}


@pytest.mark.parametrize("init", NAMESPACES.values(), ids=NAMESPACES)
def test_packages_of_one_namespace_are_importable_together(builder: Builder, init: str) -> None:
    packages = [
        builder.unpack(
            Wheel(
                name,
                files={
                    f"space/{name}/__init__.py": f"name = {name!r}\n",
                    **({"space/__init__.py": init} if init else {}),
                },
            )
        )
        for name in ("one", "two")
    ]
    environment = builder.compose(packages)
    code = "import space.one, space.two; print(space.one.name, space.two.name)"
    assert environment.evaluate(code) == "one two"


def test_packages_of_a_setuptools_namespace_are_importable_together(builder: Builder) -> None:
    line = (
        "import sys, types, os; p = os.path.join(sys._getframe(1).f_locals['sitedir'], 'space'); "
        "m = sys.modules.setdefault('space', types.ModuleType('space')); "
        "m.__dict__.setdefault('__path__', []).append(p)\n"
    )
    packages = [
        builder.unpack(
            Wheel(
                name,
                files={f"space/{name}.py": "", f"{name}-1.0-nspkg.pth": line},
                metadata={"namespace_packages.txt": "space\n"},
            )
        )
        for name in ("one", "two")
    ]
    environment = builder.compose(packages)
    assert environment.evaluate("import space.one, space.two; print('both')") == "both"


def test_bills_of_materials_of_wheels_are_kept(builder: Builder) -> None:
    bill = '{"bomFormat": "CycloneDX"}'
    name = "sboms/auditwheel.cdx.json"
    wheel = Wheel(files={"demo.py": ""}, metadata={name: bill})
    environment = builder.compose([builder.unpack(wheel)])
    assert (environment.site / "demo-1.0.dist-info" / name).read_text() == bill
    code = "from importlib.metadata import files; print(*(f for f in files('demo')))"
    assert f"demo-1.0.dist-info/{name}" in environment.evaluate(code).split()

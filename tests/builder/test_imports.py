"""The step `imports` imports the modules of packages, and reports those that fail."""

import sysconfig
from dataclasses import replace
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import pytest

from builder.imports import Installed, Outcome, optional_need
from builder.modules import Module, has_init_function
from native.former_modules import former_sentence
from tests.support.builder_steps import Builder, error_message
from tests.support.c_compiler import Compiler
from tests.support.interpreters import interpreters, or_skipped
from tests.support.wheels import Wheel

EXTENSION = """
#include <signal.h>
#include <Python.h>
static struct PyModuleDef definition = {{ PyModuleDef_HEAD_INIT, "{name}", 0, -1, 0 }};
PyMODINIT_FUNC PyInit_{name}(void) {{ {statement} return PyModule_Create(&definition); }}
"""
IN_A_CYCLE = """
#include <Python.h>
static int execute(PyObject *module) {
  if (PyImport_ImportModule("demo.user") == NULL) return -1;
  return PyModule_AddStringConstant(module, "name", "x");
}
static PyModuleDef_Slot slots[] = { { Py_mod_exec, execute }, { 0, NULL } };
static struct PyModuleDef definition = { PyModuleDef_HEAD_INIT, "_fast", 0, 0, 0, slots };
PyMODINIT_FUNC PyInit__fast(void) { return PyModuleDef_Init(&definition); }
"""
# The first with lazy imports (PEP 810).
LAZY_PYTHONS = [python for python in interpreters() if int(python.version[2:]) >= 15]
TAGGED = sysconfig.get_config_var("EXT_SUFFIX")


@pytest.fixture
def extension(compiler: Compiler) -> Any:
    """Return a function that compiles an extension module, by its name and a statement in C."""
    include = f"-I{sysconfig.get_path('include')}"

    def compile_extension(name: str, statement: str = "") -> bytes:
        code = EXTENSION.format(name=name, statement=statement)
        return compiler.compile(f"{name}.so", code, "-shared", "-fPIC", include).read_bytes()

    return compile_extension


def run_imports(builder: Builder, *wheels: Wheel, **options: Any) -> CompletedProcess[str]:
    """Run the step on an environment of wheels; it may fail."""
    packages = [builder.unpack(wheel) for wheel in wheels]
    environment = builder.compose(packages)
    spec = {
        "python": f"{environment.path}/bin/python",
        "sitePackages": environment.python.site,
        "packages": [{"name": package.name, "path": str(package.path)} for package in packages],
        **options,
    }
    folder = builder.scratch / "build"
    folder.mkdir()
    return builder.run_step("imports", spec, builder.scratch / "out", cwd=folder)


def imported(builder: Builder, *wheels: Wheel, **options: Any) -> list[str]:
    """Run the step, which must succeed; return the lines of its result."""
    done = run_imports(builder, *wheels, **options)
    assert done.returncode == 0, done.stderr
    return (builder.scratch / "out").read_text().splitlines()


def failures(builder: Builder, *wheels: Wheel, **options: Any) -> list[str]:
    """Run the step, which must fail; return the lines on the modules that failed."""
    lines = error_message(run_imports(builder, *wheels, **options)).splitlines()
    assert lines[0].endswith("modules can't be imported:")
    assert lines[-1].startswith("Those that nobody imports are left out with")
    return [line.removeprefix("  ") for line in lines[1:-1]]


@pytest.mark.parametrize(
    ("symbol", "is_module"),
    [("PyInit__fast", True), ("PyModExport__fast", True), ("PyInit__faster", False)],
)
def test_a_library_with_a_module_s_function_is_a_module(
    tmp_path: Path, symbol: str, is_module: bool
) -> None:
    file = tmp_path / "_fast.so"
    file.write_bytes(b"\x7fELF\0" + symbol.encode() + b"\0")
    assert has_init_function(file, "_fast") is is_module


def test_every_importable_name_is_imported(builder: Builder) -> None:
    files = {
        "single.py": "",
        "package/__init__.py": "",
        "package/inner.py": "raise SystemExit('never imported')",
        "data/table.csv": "1,2",
        "not-a-name.py": "raise SystemExit('never imported')",
        "hook.pth": "",
    }
    assert imported(builder, Wheel(files=files)) == ["demo: package", "demo: single"]


def test_all_failures_are_reported_with_their_reason(builder: Builder) -> None:
    files = {
        "fine.py": "",
        "one.py": "import demo_lacks",
        "two.py": "1 / 0",
        "three.py": "import os; os._exit(0)",
        "four.py": "import sys; sys.exit()",
        "five.py": "x = (",
        "six.py": "raise ValueError('a message\\nof\\ttwo \\udc80 lines')",
    }
    done = run_imports(builder, Wheel(files=files))
    assert error_message(done).splitlines() == [
        "6 of 7 modules can't be imported:",
        "  demo: import five: SyntaxError: '(' was never closed (five.py, line 1)",
        "  demo: import four: SystemExit",
        "  demo: import one: ModuleNotFoundError: No module named 'demo_lacks'",
        "  demo: import six: ValueError: of two \\udc80 lines",
        "  demo: import three: the interpreter ended with 0",
        "  demo: import two: ZeroDivisionError: division by zero",
        "Those that nobody imports are left out with "
        '`tests.imports.override { skip = [ "five" "four" "one" "six" "three" "two" ]; }`',
    ]


def test_namespace_packages_are_looked_into(builder: Builder) -> None:
    declared = "# the old way\n__import__('pkgutil')\n"
    declared += "__path__ = __import__('pkgutil').extend_path(__path__, __name__)\n"
    files = {
        "space/inner/__init__.py": "",
        "space/inner/below.py": "raise SystemExit('never imported')",
        "space/deep/er/module.py": "",
        "space/data/table.csv": "",
        "old/__init__.py": declared,
        "old/part/__init__.py": "",
    }
    assert imported(builder, Wheel(files=files)) == [
        "demo: old",
        "demo: old.part",
        "demo: space.deep.er.module",
        "demo: space.inner",
    ]


def test_a_broken_module_of_a_namespace_fails(builder: Builder) -> None:
    files = {"space/demo/__init__.py": "1 / 0", "space/other.py": ""}
    assert failures(builder, Wheel(files=files)) == [
        "demo: import space.demo: ZeroDivisionError: division by zero"
    ]


def test_extension_modules_are_imported(builder: Builder, extension: Any) -> None:
    files = {
        "demo/__init__.py": "",
        f"demo/core/_fast{TAGGED}": extension("_fast"),
        "demo/_stable.abi3.so": extension("_stable"),
        "demo/_plain.so": extension("_plain"),
        "demo/_other.cpython-38-x86_64-linux-gnu.so": extension("_other"),
        "demo/library.so": extension("not_library"),
    }
    assert imported(builder, Wheel(files=files)) == [
        "demo: demo",
        "demo: demo._plain",
        "demo: demo._stable",
        "demo: demo.core._fast",
    ]


def test_an_extension_module_that_lacks_a_symbol_fails(builder: Builder, extension: Any) -> None:
    missing = extension("_fast", "extern void demo_lacks(void); demo_lacks();")
    files = {"demo/__init__.py": "", f"demo/_fast{TAGGED}": missing}
    [failure] = failures(builder, Wheel(files=files))
    assert failure.startswith("demo: import demo._fast: ImportError: ")
    assert "undefined symbol: demo_lacks" in failure


def test_a_crash_is_one_failure(builder: Builder, extension: Any) -> None:
    files = {
        "demo/__init__.py": "",
        f"demo/_a{TAGGED}": extension("_a"),
        f"demo/_crash{TAGGED}": extension("_crash", "raise(SIGSEGV);"),
        f"demo/_z{TAGGED}": extension("_z", 'PyErr_SetString(PyExc_OSError, "z"); return NULL;'),
    }
    assert failures(builder, Wheel(files=files)) == [
        "demo: import demo._crash: the interpreter was ended by SIGSEGV",
        "demo: import demo._z: OSError: z",
    ]


def test_a_crash_at_the_end_of_the_interpreter_is_a_failure(builder: Builder) -> None:
    crash = "import atexit, os, signal; atexit.register(os.kill, os.getpid(), signal.SIGABRT)"
    assert failures(builder, Wheel(files={"demo.py": crash, "other.py": ""})) == [
        "demo: import demo: after it was imported, the interpreter was ended by SIGABRT"
    ]


def test_a_module_that_hangs_is_one_failure_with_the_place(builder: Builder) -> None:
    files = {"demo.py": "import time\ntime.sleep(600)\n", "other.py": ""}
    [failure] = failures(builder, Wheel(files=files), timeout=2)
    assert failure.startswith(
        "demo: import demo: the interpreter went on for 0:00:02 and was stopped (File "
    )
    assert 'demo.py", line 2 in <module>)' in failure


def test_what_is_below_a_module_that_failed_is_not_reported(
    builder: Builder, extension: Any
) -> None:
    files = {"demo/__init__.py": "1 / 0", f"demo/_fast{TAGGED}": extension("_fast")}
    assert failures(builder, Wheel(files=files)) == [
        "demo: import demo: ZeroDivisionError: division by zero"
    ]


def test_tests_and_vendored_copies_are_left_out(builder: Builder, extension: Any) -> None:
    broken = "raise SystemExit('never imported')"
    files = {
        "demo/__init__.py": "",
        f"demo/tests/_case{TAGGED}": extension("_case", "abort();"),
        f"demo/_vendor/other/_copy{TAGGED}": extension("_copy", "abort();"),
        "space/setup.py": broken,
        "space/__main__.py": broken,
        "space/part.py": "",
        "tests/__init__.py": broken,
        "docs/conf.py": broken,
    }
    assert imported(builder, Wheel(files=files)) == ["demo: demo", "demo: space.part"]


def test_a_package_that_is_called_tests_is_imported(builder: Builder) -> None:
    assert failures(builder, Wheel(files={"tests/__init__.py": "1 / 0"})) == [
        "demo: import tests: ZeroDivisionError: division by zero"
    ]


WRAPPED = """
try:
    import absent
except ImportError{as_}:
    raise ImportError('install demo[more]'){from_}
"""


@pytest.mark.parametrize(
    "code",
    [
        "import absent",
        "from absent.inner import name",
        WRAPPED.format(as_="", from_=""),
        WRAPPED.format(as_=" as error", from_=" from error"),
        WRAPPED.format(as_="", from_=" from None"),
    ],
)
def test_what_needs_another_distribution_is_optional(builder: Builder, code: str) -> None:
    files = {"demo/__init__.py": "", "demo_more/__init__.py": code}
    assert imported(builder, Wheel(files=files)) == [
        "demo: demo",
        "optional: demo_more (needs absent)",
    ]


HIDDEN = """
try:
    import demo._broken
except ImportError:
    {code}
"""


@pytest.mark.parametrize(
    "code",
    [
        "import demo.absent",
        "from demo import absent",
        "import other.absent",
        "import listed",
        "import other_name",
        "import imp",
        "import statistics.absent",
        "raise ImportError('absent')",
        "raise ImportError('absent', name='absent')",
        HIDDEN.format(code="import absent"),
        HIDDEN.format(code="raise ImportError('absent')"),
        "try:\n    import absent\nexcept ImportError:\n    import demo._broken",
        "try:\n    import absent\nexcept ImportError:\n    absent.name",
    ],
)
def test_what_an_installed_distribution_lacks_is_a_failure(
    builder: Builder, extension: Any, code: str
) -> None:
    lacking = extension("_broken", "extern void demo_lacks(void); demo_lacks();")
    demo = Wheel(
        files={
            "demo/__init__.py": "",
            f"demo/_broken{TAGGED}": lacking,
            "demo_more/__init__.py": code,
        }
    )
    other = Wheel(
        "other-name",
        files={"other/__init__.py": ""},
        metadata={"top_level.txt": "other\nlisted\n"},
    )
    failure, *advice = failures(builder, demo, other, skip=["demo._broken"])
    assert failure.startswith("demo: import demo_more: ")
    gone = former_sentence("imp", "demo")
    assert advice == ([gone] if code == "import imp" else [])


def test_the_main_module_is_never_optional(builder: Builder) -> None:
    named = Wheel("demo-a", files={"demo_a.py": "import absent", "demo_b.py": "import absent"})
    only = Wheel("demo-c", files={"other_c.py": "import absent", "_private.py": "import absent"})
    spaced = Wheel("demo-d", files={"demo/d.py": "import absent", "demo/e.py": "import absent"})
    reason = "ModuleNotFoundError: No module named 'absent'"
    assert failures(builder, named, only, spaced) == [
        f"demo-a: import demo_a: {reason}",
        f"demo-c: import other_c: {reason}",
        f"demo-d: import demo.d: {reason}",
    ]


def test_a_module_in_c_that_wraps_what_is_missing_is_optional(
    builder: Builder, extension: Any
) -> None:
    code = """
      PyImport_ImportModule("absent");
      PyObject *type, *cause, *trace;
      PyErr_Fetch(&type, &cause, &trace);
      PyErr_NormalizeException(&type, &cause, &trace);
      PyErr_SetString(PyExc_ImportError, "initialization failed");
      PyObject *new_type, *error, *new_trace;
      PyErr_Fetch(&new_type, &error, &new_trace);
      PyErr_NormalizeException(&new_type, &error, &new_trace);
      PyException_SetCause(error, cause);
      PyErr_Restore(new_type, error, new_trace);
      return NULL;
    """
    files = {"demo/__init__.py": "", f"demo/_more{TAGGED}": extension("_more", code)}
    assert imported(builder, Wheel(files=files)) == [
        "demo: demo",
        "optional: demo._more (needs absent)",
    ]


def test_a_module_in_c_that_fails_beside_what_is_missing_is_a_failure(
    builder: Builder, extension: Any
) -> None:
    code = 'PyErr_SetString(PyExc_ImportError, "broken"); return NULL;'
    files = {
        "demo/__init__.py": "",
        f"demo/_broken{TAGGED}": extension("_broken", code),
        "more.py": "try:\n    import absent\nexcept ImportError:\n    import demo._broken",
    }
    assert failures(builder, Wheel(files=files), skip=["demo._broken"]) == [
        "demo: import more: ImportError: broken"
    ]


def test_an_extension_module_of_a_cycle_is_imported_as_its_package_does(
    builder: Builder, compiler: Compiler
) -> None:
    include = f"-I{sysconfig.get_path('include')}"
    fast = compiler.compile("_fast.so", IN_A_CYCLE, "-shared", "-fPIC", include)
    files = {
        "demo/__init__.py": "",
        "demo/user.py": "from demo._fast import name",
        f"demo/_fast{TAGGED}": fast.read_bytes(),
    }
    assert imported(builder, Wheel(files=files)) == ["demo: demo", "demo: demo._fast"]


AS_TOP = """
import importlib.machinery, importlib.util, os, sys
this = sys.modules["demo"]
path = os.path.join(os.path.dirname(__file__), {file!r})
loader = importlib.machinery.ExtensionFileLoader("demo", path)
try:
    native = importlib.util.module_from_spec(importlib.util.spec_from_loader("demo", loader))
except OSError:
    pass
sys.modules["demo"] = this
"""


def test_an_extension_module_that_its_package_imports_as_itself_is_imported(
    builder: Builder, extension: Any
) -> None:
    refuse = """
      if (PyDict_GetItemString(PyImport_GetModuleDict(), "demo") && entered++)
      { PyErr_SetString(PyExc_OSError, "only once"); return NULL; }
    """
    native = extension("demo", f"static int entered; {refuse}")
    files = {"demo/__init__.py": AS_TOP.format(file="demo.so"), "demo/demo.so": native}
    assert imported(builder, Wheel(files=files)) == ["demo: demo", "demo: demo.demo"]


def test_an_extension_module_that_its_package_fails_to_import_as_itself_is_a_failure(
    builder: Builder, extension: Any
) -> None:
    native = extension("demo", 'PyErr_SetString(PyExc_OSError, "never"); return NULL;')
    files = {"demo/__init__.py": AS_TOP.format(file="demo.so"), "demo/demo.so": native}
    assert failures(builder, Wheel(files=files)) == ["demo: import demo.demo: OSError: never"]


def test_a_module_of_a_cycle_that_anybody_may_import_first_is_a_failure(builder: Builder) -> None:
    files = {
        "space/a.py": "import space.b\nname = 1\n",
        "space/b.py": "from space.a import name",
    }
    [failure] = failures(builder, Wheel(files=files))
    assert failure.startswith("demo: import space.a: ImportError: cannot import name 'name'")


def test_modules_find_programs_a_home_and_a_locale(builder: Builder) -> None:
    code = """
import locale, os, shutil, sys, tempfile
assert shutil.which("python") == os.path.join(sys.prefix, "bin", "python")
assert shutil.which("sh")
assert locale.getpreferredencoding(False).upper() == "UTF-8"
for folder in (os.path.expanduser("~"), tempfile.gettempdir(), os.getcwd()):
    open(os.path.join(folder, "written"), "w").close()
"""
    assert imported(builder, Wheel(files={"demo.py": code}), programs=["/bin"]) == ["demo: demo"]


def test_skip_and_only_choose_by_globs(builder: Builder, extension: Any) -> None:
    files = {
        "demo/__init__.py": "",
        f"demo/_fast{TAGGED}": extension("_fast", "abort();"),
        "other.py": "1 / 0",
        "space/part.py": "",
    }
    chosen = imported(
        builder,
        Wheel(files=files),
        only=["demo*", "space.*", "other"],
        skip=["demo.*", "other"],
    )
    assert chosen == ["demo: demo", "demo: space.part"]


def test_globs_that_fit_nothing_are_told_with_near_names(builder: Builder) -> None:
    done = run_imports(
        builder,
        Wheel(files={"demo.py": "", "sample.py": ""}),
        skip=["smple", "x.*"],
        only=["demo"],
    )
    assert error_message(done).splitlines() == [
        'tests.imports: "smple" of `skip` fits no module that is imported; near ones are sample',
        'tests.imports: "x.*" of `skip` fits no module that is imported; only names that '
        "packages declare, else those at their top and in namespace packages, and extension "
        "modules are",
    ]


def test_an_inner_extension_module_without_its_library_is_optional(
    builder: Builder, compiler: Compiler
) -> None:
    library = compiler.library("libabsent.so.1")
    include = f"-I{sysconfig.get_path('include')}"
    code = EXTENSION.format(name="_more", statement="")
    options = ("-shared", "-fPIC", include, "-Wl,--no-as-needed", str(library))
    lacking = compiler.compile("_more.so", code, *options).read_bytes()
    inner = {"demo/__init__.py": "", f"demo/_more{TAGGED}": lacking}
    assert imported(builder, Wheel(files=inner)) == [
        "demo: demo",
        "optional: demo._more (needs libabsent.so.1)",
    ]


def test_a_library_that_another_package_has_is_no_option() -> None:
    module = Module("demo", "demo._more", is_main=False, is_inner=True)
    failure = "ImportError: libx.so.1: cannot open shared object file: No such file or directory"
    outcome = Outcome(module, "failed", failure=failure)
    nothing = Installed(frozenset(), frozenset())
    assert optional_need(outcome, nothing) == "libx.so.1"
    assert optional_need(outcome, replace(nothing, libraries=frozenset(["libx.so.1"]))) is None
    assert optional_need(replace(outcome, module=replace(module, is_main=True)), nothing) is None
    assert optional_need(replace(outcome, module=replace(module, is_inner=False)), nothing) is None


def declaring(*fields: str, **options: Any) -> Wheel:
    """Return a wheel whose metadata has further fields."""
    metadata = "Metadata-Version: 2.5\nName: demo\nVersion: 1.0\n"
    metadata += "".join(f"{field}\n" for field in fields)
    return Wheel(metadata={"METADATA": f"{metadata}\nImport-Name: no_field\n"}, **options)


def test_declared_names_are_what_is_imported(builder: Builder, extension: Any) -> None:
    broken = "raise SystemExit('never imported')"
    files = {
        "demo/__init__.py": "",
        "demo/_fast.abi3.so": extension("_fast"),
        "demo/_hidden/__init__.py": broken,
        "demo/_hidden/_slow.abi3.so": b"\x7fELF PyInit__slow\0",
        "tests/__init__.py": "",
        "_private.py": broken,
        "left_behind.py": broken,
    }
    names = [
        "Import-Name: demo",
        "import-name: tests",
        "Import-Name: _private ; private",
        "Import-Name: demo._hidden; private",
    ]
    assert imported(builder, declaring(*names, files=files)) == [
        "demo: demo",
        "demo: demo._fast",
        "demo: tests",
    ]


def test_declared_names_that_are_missing_fail(builder: Builder) -> None:
    files = {"demo/__init__.py": "", "other.py": ""}
    names = ["Import-Name: demo", "Import-Name: demo_gone", "Import-Name: demo.gone"]
    assert failures(builder, declaring(*names, files=files)) == [
        "demo: import demo.gone: ModuleNotFoundError: No module named 'demo.gone'; "
        "its metadata declares it",
        "demo: import demo_gone: ModuleNotFoundError: No module named 'demo_gone'; "
        "its metadata declares it",
    ]


def test_declared_names_may_be_of_wheels_for_other_platforms(builder: Builder) -> None:
    tag = f"py3-none-{sysconfig.get_platform().replace('-', '_')}"
    wheel = declaring(
        "Import-Name: demo", "Import-Name: demo_windows", files={"demo.py": ""}, tag=tag
    )
    assert imported(builder, wheel) == [
        "demo: demo",
        "elsewhere: demo_windows (declared by demo)",
    ]


def test_declared_names_may_come_from_no_file(builder: Builder) -> None:
    code = "import sys, types; sys.modules['demo.moves'] = types.ModuleType('demo.moves')"
    wheel = declaring(
        "Import-Name: demo", "Import-Name: demo.moves", files={"demo/__init__.py": code}
    )
    assert imported(builder, wheel) == ["demo: demo", "demo: demo.moves"]


def test_an_empty_name_says_that_there_is_nothing_to_import(builder: Builder) -> None:
    files = {"demo.py": "raise SystemExit('never imported')"}
    assert imported(builder, declaring("Import-Name:", files=files)) == []


def test_declared_namespaces_are_shared(builder: Builder) -> None:
    broken = "raise SystemExit('never imported')"
    files = {
        "space/demo/__init__.py": "",
        "space/demo/inner.py": broken,
        "space/left_behind.py": broken,
        "other/part.py": "",
        "old/__init__.py": "__path__ = __import__('pkgutil').extend_path(__path__, __name__)\n",
        "old/demo.py": "",
    }
    names = [
        "Import-Name: space.demo",
        "Import-Namespace: space",
        "Import-Namespace: other",
        "Import-Namespace: old",
        "Import-Name: old.demo",
    ]
    assert imported(builder, declaring(*names, files=files)) == [
        "demo: old",
        "demo: old.demo",
        "demo: other.part",
        "demo: space.demo",
    ]


@pytest.mark.parametrize("version", ["2.6", "3.0"])
def test_metadata_of_any_version_is_read(builder: Builder, version: str) -> None:
    metadata = f"Metadata-Version: {version}\nName: demo\nVersion: 1.0\n"
    metadata += "Import-Name: demo\nImport-Colour: blue\n"
    wheel = Wheel(files={"demo.py": "", "left.py": "1 / 0"}, metadata={"METADATA": metadata})
    assert imported(builder, wheel) == ["demo: demo"]


def test_a_module_that_is_gone_is_a_failure_with_what_brings_it_back(builder: Builder) -> None:
    files = {"demo.py": "", "one.py": "import pkg_resources\n"}
    files["two.py"] = "raise ModuleNotFoundError(\"No module named 'sre_parse'\", name='sre_parse')"
    lines = failures(builder, Wheel(files=files))
    assert lines[2:] == [
        "setuptools 82 and later have no pkg_resources: take a newer version of demo, or require "
        "setuptools<82 beside it.",
        "Python 3.15 and later have no sre_parse: take a newer version of demo, or an older "
        "Python.",
    ]


@pytest.fixture(params=or_skipped(LAZY_PYTHONS), ids=lambda python: python.version)
def lazy_builder(request: pytest.FixtureRequest, builder: Builder) -> Builder:
    """Return a builder for each interpreter that knows lazy imports."""
    return Builder(builder.program, builder.scratch, request.param)


def test_lazy_imports_are_carried_out(lazy_builder: Builder) -> None:
    files = {
        "demo/__init__.py": "lazy import demo.inner\nlazy import json.decoder\n",
        "demo/inner.py": (
            "__lazy_modules__ = ['wsgiref']\n"
            "import wsgiref\n"
            "lazy from demo import lacks\n"
            "lazy import sre_parse\n"
            "lazy import pandas.plotting\n"
            "lazy from demo import wraps\n"
        ),
        "demo/wraps.py": (
            "try:\n    import pandas\nexcept ImportError as error:\n"
            "    raise ImportError('install pandas') from error\n"
        ),
    }
    *lines, advice = failures(lazy_builder, Wheel(files=files))
    assert advice.startswith("Python 3.15 and later have no sre_parse: ")
    name = "cannot import name 'lacks' from 'demo'"
    assert [line.partition(" (/")[0] for line in lines] == [
        f"demo: import demo: its lazy import of demo.lacks: ImportError: {name}",
        "demo: import demo: its lazy import of sre_parse: "
        "ModuleNotFoundError: No module named 'sre_parse'",
    ]


def test_a_lazy_import_of_another_distribution_is_optional(lazy_builder: Builder) -> None:
    code = "lazy import pandas.plotting\nlazy from demo_lacks import name\nlazy import json\n"
    assert imported(lazy_builder, Wheel(files={"demo.py": code})) == [
        "demo: demo",
        "optional: demo (imports demo_lacks.name lazily)",
        "optional: demo (imports pandas.plotting lazily)",
    ]


def test_a_lazy_import_that_an_import_needs_fails_with_it(lazy_builder: Builder) -> None:
    code = "lazy import demo_lacks\nlazy import pandas\nname = pandas.name\n"
    files = {"demo.py": "", "demo_pandas.py": code, "demo_own.py": code.replace("pandas", "zipp")}
    wheels = [Wheel(files=files), Wheel("zipp", files={"other.py": ""})]
    assert failures(lazy_builder, *wheels) == [
        "demo: import demo_own: ModuleNotFoundError: No module named 'zipp'"
    ]

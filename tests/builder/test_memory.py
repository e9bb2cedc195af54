"""No file is read whole, and no file is written twice."""

from pathlib import Path
from typing import Any

import pytest

from tests.support.builder_steps import RUNNING_PYTHON, Builder
from tests.support.c_compiler import Compiler
from tests.support.edited_packages import Editor
from tests.support.wheels import Wheel

MIB = 1 << 20
LARGE = 96 * MIB
# Python with all modules of the builder takes 25 MiB.
LIMIT = 60 * MIB
# In kB, of this process alone (proc(5)).
PEAK = "print(*[line.split()[1] for line in open('/proc/self/status') if 'VmHWM' in line])"


@pytest.fixture
def two(compiler: Compiler) -> Path:
    """Return the library `libtwo.so.1`."""
    return compiler.library("libtwo.so.1", 2)


@pytest.fixture
def libraries(two: Path, patchelf: str) -> dict[str, Any]:
    """Return options of `unpack`: patchelf, and the folder of `libtwo.so.1`."""
    library = {"attribute": "two", "directory": str(two.parent)}
    return {"patchelf": patchelf, "libraries": [library]}


@pytest.fixture
def large_wheel(compiler: Compiler, two: Path) -> Wheel:
    """Return a wheel with a large library, which needs `libtwo.so.1`."""
    code = (
        f'__asm__(".section .rodata\\n.zero {LARGE}\\n.text");'
        "int two(void); int large(void) { return two(); }"
    )
    large = compiler.compile("large.so", code, "-shared", "-fPIC", "-Wl,--no-as-needed", str(two))
    assert large.stat().st_size > LARGE
    files = {"demo/large.so": large.read_bytes(), "demo/__init__.py": ""}
    return Wheel(files=files, tag="py3-none-linux_x86_64")


def peak(builder: Builder, step: str, spec: dict[str, Any], out: Path) -> int:
    """Run a step; return how much memory Python took."""
    done = builder.run_lines(spec, out, f"builder.step.run_step([{step!r}])", PEAK)
    assert done.returncode == 0, done.stderr
    return int(done.stdout) * 1024


def test_a_large_library_is_changed_with_little_memory(
    builder: Builder, libraries: dict[str, Any], large_wheel: Wheel
) -> None:
    path = large_wheel.write(builder.scratch / "wheels")
    spec = builder.unpack_spec(large_wheel, path, **libraries)
    out = builder.scratch / "out"
    assert peak(builder, "unpack", spec, out) < LIMIT
    assert '"patched": []' not in (out / "wheelhouse/package.json").read_text()


def test_a_large_package_is_edited_with_little_memory(
    editor: Editor, libraries: dict[str, Any], large_wheel: Wheel
) -> None:
    builder = editor.builder
    path = large_wheel.write(builder.scratch / "wheels")
    edits = editor.edits([], [f"{RUNNING_PYTHON.site}/demo/__init__.py"], post_install=False)
    spec = builder.unpack_spec(large_wheel, path, **libraries, edits=edits)
    assert peak(builder, "unpack", spec, builder.scratch / "out") < LIMIT


def test_large_files_are_compared_with_little_memory(builder: Builder) -> None:
    packages = []
    for name in ("one", "two"):
        files: dict[str, str | bytes] = {"shared/large": bytes(LARGE), f"{name}.py": ""}
        packages.append(builder.unpack(Wheel(name, files=files)))
    spec = builder.compose_spec(packages)
    assert peak(builder, "compose", spec, builder.scratch / "environment") < LIMIT


WRITTEN = """written = []
def note(event, arguments):
    if event == "open" and isinstance(arguments[0], str) and set(str(arguments[1])) & set("wax"):
        written.append(arguments[0])
sys.addaudithook(note)
builder.step.run_step(["unpack"])
print(*sorted({name for name in written if written.count(name) > 1}), "end")
print(*[name for name in written if name.endswith("/RECORD")])"""


def test_no_file_is_written_twice(
    builder: Builder, libraries: dict[str, Any], compiler: Compiler, two: Path
) -> None:
    one = compiler.library("libone.so.1", 1, needed=two)
    files: dict[str, str | bytes] = {"demo/libone.so.1": one.read_bytes(), "demo/a.py": ""}
    wheel = Wheel(files=files, tag="py3-none-linux_x86_64")
    spec = builder.unpack_spec(wheel, wheel.write(builder.scratch / "wheels"), **libraries)
    done = builder.run_lines(spec, builder.scratch / "out", WRITTEN)
    assert done.returncode == 0, done.stderr
    twice, record = done.stdout.splitlines()
    assert twice == "end"
    assert record == str(builder.scratch / "out" / RUNNING_PYTHON.site / wheel.dist_info / "RECORD")

"""A step ends its process at once, and has written everything by then."""

import os
import subprocess
from pathlib import Path

from tests.support.builder_steps import Builder, error_message
from tests.support.wheels import Wheel

FILES: dict[str, str | bytes] = {
    # More modules than one process compiles.
    **{f"demo/module{number}.py": f"x = {number}\n" for number in range(150)},
    "demo/data.bin": bytes(range(256)) * 5000,
    "demo-1.0.data/scripts/tool": "#!python\n",
    "demo-1.0.data/data/share/text": "text\n",
}
# Modules whose import takes a millisecond or more; a pure wheel needs none of them.
HEAVY = {
    "_bz2",
    "_lzma",
    "_zstd",
    "annotationlib",
    "ast",
    "configparser",
    "dataclasses",
    "dis",
    "email.message",
    "email.parser",
    "email.policy",
    "importlib.metadata",
    "importlib.resources",
    "packaging",
    "random",
    "socket",
    "string",
    "subprocess",
    "tempfile",
    "typing",
    "urllib.request",
}


def run_lines(
    builder: Builder, wheel: Wheel, *lines: str, out: Path | None = None
) -> subprocess.CompletedProcess[str]:
    """Run lines of code where a derivation would run the step that unpacks a wheel."""
    spec = builder.unpack_spec(wheel, wheel.write(builder.scratch / "wheels"))
    return builder.run_lines(spec, out or builder.scratch / "out", *lines)


def files_of(tree: Path) -> dict[str, tuple[int, bytes]]:
    """Return the files of a tree: path to mode and content."""
    return {
        os.path.relpath(path, tree): (path.stat().st_mode, path.read_bytes())
        for path in tree.rglob("*")
        if path.is_file()
    }


def test_a_pure_wheel_is_unpacked_without_heavy_modules(builder: Builder) -> None:
    done = run_lines(
        builder,
        Wheel(files={"demo/__init__.py": "x = 1\n"}),
        "builder.step.run_step(['unpack'])",
        "names = {n for n, m in sys.modules.items() if type(m).__name__ != '_LazyModule'}",
        f"print(*sorted({HEAVY!r} & names), 'end')",
    )
    assert done.stdout.split() == ["end"], done.stderr


def test_everything_is_written_when_a_step_ends(builder: Builder) -> None:
    wheel = Wheel(files=FILES, entry_points="[console_scripts]\nrun = demo:main\n")
    done = run_lines(builder, wheel, "builder.step.run_step(['unpack'])")
    assert done.returncode == 0, done.stderr
    out = builder.scratch / "out"
    # Bytecode has the path of its source in it.
    expected = files_of(out.rename(builder.scratch / "complete"))
    done = run_lines(builder, wheel, "builder.step.run(['unpack'])")
    assert done.returncode == 0, done.stderr
    assert files_of(out) == expected


def test_what_a_step_printed_arrives(builder: Builder) -> None:
    done = run_lines(
        builder,
        Wheel(),
        "sys.stdout.write('to stdout')",
        "sys.stderr.write('to stderr')",
        "builder.step.run(['unpack'])",
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "to stdout", "to stderr")


def test_a_step_s_process_is_not_taken_down_object_by_object(builder: Builder) -> None:
    done = run_lines(
        builder,
        Wheel(),
        "import atexit",
        "atexit.register(print, 'taken down')",
        "builder.step.run(['unpack'])",
    )
    assert (done.returncode, done.stdout) == (0, "")


def test_a_step_that_fails_exits_with_its_message(builder: Builder) -> None:
    wheel = Wheel(metadata={"METADATA": None})
    assert "has no demo-1.0.dist-info/METADATA" in error_message(builder.try_unpack(wheel))


def test_a_step_that_cannot_write_exits_with_its_message(builder: Builder) -> None:
    (builder.scratch / "demo-1.0").write_text("in the way")
    message = error_message(builder.try_unpack(Wheel()))
    assert "nothing of the result can be used" in message


def test_output_that_cannot_be_written_is_an_error(builder: Builder) -> None:
    done = run_lines(
        builder,
        Wheel(),
        "sys.stdout = open('/dev/full', 'w')",
        "print('lost')",
        "builder.step.run(['unpack'])",
    )
    assert done.returncode != 0
    assert "wheelhouse: error: [Errno 28]" in done.stderr


def test_an_error_of_the_program_itself_is_not_hidden(builder: Builder) -> None:
    done = run_lines(
        builder,
        Wheel(),
        "def fail(arguments): raise RuntimeError('a mistake')",
        "builder.step.run_step = fail",
        "builder.step.run(['unpack'])",
    )
    assert done.returncode == 1
    assert done.stderr.endswith("RuntimeError: a mistake\n")

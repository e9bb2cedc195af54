"""The bootstrap unpacks the builder's libraries with the builder's own code."""

import subprocess
from pathlib import Path

from tests.support.builder_bootstrap import LIBRARIES, repack_installed_wheel, run_bootstrap
from tests.support.builder_steps import RUNNING_PYTHON, Builder, error_message
from tests.support.project import ROOT
from tests.support.wheels import Wheel


def test_the_builder_holds_its_libraries_and_their_bytecode(program: Path) -> None:
    for module in ("builder/unpack", "installer/sources", "elftools/elf/elffile"):
        assert (program / f"{module}.py").is_file()
        folder, _, name = module.rpartition("/")
        assert list((program / folder / "__pycache__").glob(f"{name}.*.pyc"))


def test_a_damaged_library_is_refused(builder: Builder) -> None:
    valid = [repack_installed_wheel(name, builder.scratch) for name in LIBRARIES]
    damaged = Wheel(files={"demo.py": ""}, members=(("extra.py", b""),))
    wheels = [*valid, {"path": str(damaged.write(builder.scratch)), "name": damaged.archive_name}]
    done = run_bootstrap(ROOT, wheels, builder.scratch / "out")
    assert "does not list extra.py" in error_message(done)


def test_a_python_without_zlib_is_refused() -> None:
    """As nixpkgs' python3Minimal is."""
    script = ROOT / "builder" / "bootstrap.py"
    code = f"""import runpy, sys
sys.modules["zlib"] = None
main = runpy.run_path({str(script)!r}, run_name="bootstrap")["main"]
main([], None)"""
    command = [RUNNING_PYTHON.executable, "-sSB", "-c", code]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "has no module zlib" in error_message(done)
    assert "python3Minimal" in done.stderr


def test_an_unknown_step_is_refused(builder: Builder) -> None:
    assert "nosuch" in error_message(builder.run_step("nosuch", {}, builder.scratch / "out"))


def test_a_wheel_becomes_a_package(builder: Builder) -> None:
    package = builder.unpack(Wheel(files={"demo/__init__.py": "x = 1\n"}))
    assert package.notes["distInfo"] == "demo-1.0.dist-info"
    environment = builder.compose([package])
    assert environment.evaluate("import demo; print(demo.x)") == "1"

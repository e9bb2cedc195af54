"""The builder puts itself together."""

from pathlib import Path

from driving import Builder, refusal
from making import Wheel


def test_the_builder_holds_its_libraries_and_their_bytecode(program: Path) -> None:
    for module in ("builder/unpack", "installer/sources", "elftools/elf/elffile"):
        assert (program / f"{module}.py").is_file()
        folder, _, name = module.rpartition("/")
        assert list((program / folder / "__pycache__").glob(f"{name}.*.pyc"))


def test_an_unknown_step_is_refused(builder: Builder) -> None:
    assert "nosuch" in refusal(builder.step("nosuch", {}, builder.scratch / "out"))


def test_a_wheel_becomes_a_package(builder: Builder) -> None:
    package = builder.unpack(Wheel(files={"demo/__init__.py": "x = 1\n"}))
    assert package.notes["distInfo"] == "demo-1.0.dist-info"
    environment = builder.compose([package])
    assert environment.evaluate("import demo; print(demo.x)") == "1"

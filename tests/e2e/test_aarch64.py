"""aarch64-linux under emulation: environments are built there, and run in the sandbox."""

import dataclasses

import pytest

from tests.support.emulation import runs_aarch64
from tests.support.nix import Nix, environment, sandbox_run

pytestmark = [pytest.mark.nix, pytest.mark.index]

SYSTEM = "aarch64-linux"
# 0xb7 is EM_AARCH64 of elf.h.
NUMPY = """
import os, platform, sys
import numpy
assert platform.machine() == "aarch64", platform.machine()
with open(os.path.realpath(sys.executable), "rb") as file:
    assert file.read(20)[18:] == b"\\xb7\\0"
solution = numpy.linalg.solve([[3.0, 1.0], [1.0, 2.0]], [9.0, 8.0])
assert numpy.allclose(solution, [2.0, 3.0]), solution
assert list(numpy.random.default_rng(1).permutation(3)) != [] and numpy.fft.fft([1, 0, 0])[2] == 1
open(os.environ["out"], "w").write(numpy.__version__)
"""


@dataclasses.dataclass(frozen=True)
class Sdist:
    """A package that is built from source, an expression that uses it, and its value."""

    name: str
    expression: str
    expected: str
    more: str = ""

    @property
    def requirement(self) -> str:
        """Return its line of requirements.yaml."""
        return f'  {self.name}: {{version: "*", {self.more}prefer-sdist: true}}'


# C; C that Cython makes; C++ by CMake; Cython by setuptools, and by meson.
SDISTS = [
    Sdist("crcmod", "crcmod.predefined.mkCrcFun('crc-32')(b'123456789')", "0xCBF43926"),
    Sdist("msgpack", "msgpack.unpackb(msgpack.packb([1, 'a']))", "[1, 'a']"),
    Sdist("Levenshtein", "Levenshtein.distance('wheel', 'house')", "5"),
    Sdist(
        "pycocotools",
        "int(pycocotools.mask.area(pycocotools.mask.encode(numpy.ones((3, 2), 'u1', 'F'))))",
        "6",
        "build-requires: [Cython, numpy], ",
    ),
    Sdist("PyWavelets", "[x.round(3).item() for x in pywt.dwt([1, 1], 'haar')]", "[1.414, 0.0]"),
]


@pytest.fixture
def emulated(nix: Nix) -> Nix:
    """Nix with the package set of a suite of Debian, which has aarch64-linux, too."""
    assert runs_aarch64(), "this machine runs no programs of aarch64-linux: run scripts/emulation"
    return dataclasses.replace(nix, suite="bookworm")


def lock(nix: Nix, folder, requirements: str) -> None:
    (folder / "requirements.yaml").write_text(requirements, encoding="utf-8")
    nix.lock(folder, "--system", SYSTEM, "3.11", "requirements.yaml", "sources.yaml")


def test_django_stores_and_renders(emulated):
    printed = emulated.build(f".#checks.{SYSTEM}.django").read_text()
    assert "8367 kB in 3 wheels" in printed
    assert "DJANGO 8300" in printed


def test_numpy_solves(nix, emulated, user_flake):
    check = sandbox_run(environment("numpy"), system=SYSTEM)
    folder = user_flake(f"check = {check};", system=SYSTEM)
    (folder / "program.py").write_text(NUMPY, encoding="utf-8")
    lock(nix, folder, 'numpy: "*"\n')
    check = f"path:.#packages.{SYSTEM}.check"
    assert emulated.build(check, cwd=folder).read_text()[0] in "23456789"


@pytest.mark.large
def test_science_solves_fits_draws_and_parses(emulated):
    printed = emulated.build(f".#checks.{SYSTEM}.science").read_text()
    for step in ["solved [1.0, -2.0, -2.0]", "fitted 3.0 7.0", "drew PNG", "parsed numpy lxml"]:
        assert step in printed


@pytest.mark.large
def test_an_environment_is_built_twice_to_the_same_bits(emulated):
    for attribute in ["packages.django", "packages.sqlparse", "outPath"]:
        output = f".#packages.{SYSTEM}.env"
        output += "" if attribute == "outPath" else f".{attribute}"
        assert emulated.build(output).exists()
        assert emulated.build(output, "--rebuild").exists()


@pytest.mark.large
def test_source_distributions_are_built_twice_to_the_same_bits(nix, emulated, user_flake):
    program = "import crcmod.predefined, msgpack, Levenshtein, numpy, pycocotools.mask, pywt\n"
    for package in SDISTS:
        program += f"result = {package.expression}\nassert result == {package.expected}, result\n"
    program += 'import os; open(os.environ["out"], "w").write("passed")\n'
    requirements = ["requirements:", '  numpy: "*"', *(package.requirement for package in SDISTS)]
    folder = user_flake(
        f"""
        check = {sandbox_run(environment("sources"), system=SYSTEM)};
        sources = {environment("sources")};
        """,
        system=SYSTEM,
    )
    (folder / "program.py").write_text(program, encoding="utf-8")
    lock(nix, folder, "\n".join(requirements))
    output = f"path:.#packages.{SYSTEM}"
    assert emulated.build(f"{output}.check", cwd=folder).read_text() == "passed"
    for package in SDISTS:
        wheel = f"{output}.sources.packages.{package.name.lower()}.wheel"
        assert list(emulated.build(wheel, "--rebuild", cwd=folder).glob("*-linux_aarch64.whl"))

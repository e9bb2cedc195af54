"""Real wheels with native code of every kind, in the sandbox."""

import json
import re
import subprocess
import zipfile
from pathlib import Path

import pytest

from tests.support.nix import environment, sandbox_run

pytestmark = [pytest.mark.nix, pytest.mark.index, pytest.mark.one_nix]


def locked(nix, user_flake, requirements: str, arguments: str = "", program: str = "") -> Path:
    """Write and lock a user's flake; its output `check` runs a program by the output `env`."""
    env = environment("native", arguments)
    packages = f"env = {env}; check = {sandbox_run(env, name='check-native')};"
    folder = user_flake(packages, requirements=requirements)
    (folder / "program.py").write_text(program, encoding="utf-8")
    nix.lock(folder, "--system", "x86_64-linux", "3.11")
    return folder


def test_cuda_libraries_find_each_other(nix, user_flake):
    program = """
import ctypes, os, sysconfig
site = sysconfig.get_path("purelib")
ctypes.CDLL(site + "/nvidia/cusparse/lib/libcusparse.so.12")
maps = {line.split()[-1] for line in open("/proc/self/maps") if ".so" in line}
with open(os.environ["out"], "w") as out:
    print(*sorted(os.path.basename(path) for path in maps if "nvidia" in path), file=out)
"""
    requirements = 'nvidia-cusparse-cu12: "==12.0.0.76"\nnvidia-nvjitlink-cu12: "==12.0.140"\n'
    folder = locked(nix, user_flake, requirements, "strict = true;", program)
    loaded = nix.build("path:.#check", cwd=folder).read_text().split()
    assert loaded == ["libcusparse.so.12", "libnvJitLink.so.12"]


def test_a_gui_toolkit_of_two_packages_draws(nix, user_flake):
    program = """
import os
os.environ["QT_QPA_PLATFORM"] = "offscreen"
os.environ["HOME"] = os.environ["XDG_RUNTIME_DIR"] = os.getcwd()
from PySide6.QtGui import QColor, QGuiApplication, QImage, QPainter
application = QGuiApplication([])
image = QImage(8, 8, QImage.Format.Format_RGB32)
image.fill(QColor("white"))
painter = QPainter(image)
painter.fillRect(2, 2, 4, 4, QColor("red"))
painter.end()
colours = [image.pixelColor(at, at).name() for at in (0, 3)]
with open(os.environ["out"], "w") as out:
    print(application.platformName(), *colours, file=out)
"""
    folder = locked(nix, user_flake, 'PySide6-Essentials: "==6.8.3"\n', "", program)
    assert nix.build("path:.#check", cwd=folder).read_text() == "offscreen #ffffff #ff0000\n"
    report = nix.build("path:.#env.report", cwd=folder).read_text()
    missing, _, matched = report.partition("Found in the package set:")
    assert missing.startswith("Native libraries that only plugins want, which no import loads:\n")
    assert " → pkgs.libpq\n" in missing
    # The library of one of the two packages that the other one needs is in neither list.
    assert "libshiboken6" not in missing
    assert re.search(
        r"pyside6-essentials 6\.8\.3 .*/libQt6DBus\.so\.6 +libdbus-1\.so\.3 +dbus", matched
    )


def test_programs_in_wheels_run(nix, user_flake):
    program = """
import os, subprocess, sys
out = open(os.environ["out"], "w")
for program in ("cmake", "ninja", "ruff"):
    command = [os.path.join(os.environ["environment"], "bin", program), "--version"]
    printed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    print(program, printed.split()[-1 if program != "cmake" else 2], file=out)
for module in ("cmake", "ninja", "ruff", "nodejs"):
    command = [sys.executable, "-m", module, "--version"]
    printed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    print("module", module, printed.split()[-1 if module != "cmake" else 2], file=out)
"""
    requirements = "".join(
        f'{name}: "{version}"\n'
        for name, version in {
            "cmake": "*",
            "ninja": "*",
            "nodejs-bin": "==18.4.0a4",
            "ruff": "*",
        }.items()
    )
    folder = locked(nix, user_flake, requirements, "strict = true;", program)
    printed = nix.build("path:.#check", cwd=folder).read_text()
    sources = nix.evaluate("path:.#env.sources", cwd=folder)["closure"]
    assert f"cmake {sources['cmake']}\n" in printed
    assert f"ruff {sources['ruff']}\n" in printed
    assert "ninja 1." in printed
    assert "module nodejs v18.4.0\n" in printed


def test_a_driver_s_library_is_looked_for_in_the_running_system(nix, user_flake):
    program = """
import ctypes, os, sysconfig
site = sysconfig.get_path("purelib")
folder = site + "/nvidia/libcal/cu12/lib/"
# The libraries beside it are loaded, so that only the driver's is missing.
ctypes.CDLL(folder + "libucc.so.1")
try:
    ctypes.CDLL(folder + "libcal.so.0")
except OSError as error:
    with open(os.environ["out"], "w") as out:
        print(error, file=out)
"""
    requirements = 'nvidia-libcal-cu12: "*"\nlibucx-cu12: "*"\n'
    folder = locked(nix, user_flake, requirements, program=program)
    assert nix.build("path:.#check", cwd=folder).read_text() == (
        "libcuda.so.1: cannot open shared object file: No such file or directory\n"
    )
    package = nix.build("path:.#env.packages.nvidia-libcal-cu12", cwd=folder)
    library = next(package.glob("lib/python*/site-packages/nvidia/libcal/cu12/lib/libcal.so.0"))
    printed = subprocess.run(
        ["patchelf", "--print-rpath", library], capture_output=True, text=True, check=True
    )
    assert "/run/opengl-driver/lib" in printed.stdout.strip().split(":")
    report = nix.build("path:.#env.report", cwd=folder).read_text()
    left = report.partition("Left to the GPU driver:")[2]
    assert re.search(r"nvidia-libcal-cu12 .* libcuda\.so\.1\n", left)


# Files that installers write (recording installed projects). Bytecode (PEP 3147) is written, too.
WRITTEN_BY_INSTALLER = {"INSTALLER", "RECORD"}


def differences(package: Path, wheel: Path) -> set[str]:
    """Return the files of a package that differ from its wheel's, by path from the package."""
    site = next(package.glob("lib/python*/site-packages"))
    changed = set()
    with zipfile.ZipFile(wheel) as archive:
        names = [name for name in archive.namelist() if not name.endswith("/")]
        for name in names:
            in_dist_info = Path(name).parent.name.endswith(".dist-info")
            if in_dist_info and Path(name).name in WRITTEN_BY_INSTALLER:
                continue
            if (site / name).read_bytes() != archive.read(name):
                changed.add(str((site / name).relative_to(package)))
    present = {
        str(path.relative_to(site))
        for path in site.rglob("*")
        if path.is_file() and path.suffix != ".pyc"
    }
    written = {path for path in present if Path(path).name in WRITTEN_BY_INSTALLER}
    assert present - set(names) - written == set()
    return changed


@pytest.mark.parametrize(
    ("package", "native"), [("pyparsing", False), ("numpy", True), ("pillow", True)]
)
def test_a_package_has_its_wheel_s_files_but_for_those_that_it_names(nix, package, native):
    built = nix.build(f".#science.packages.{package}")
    sources = nix.evaluate(".#science.sources")["links"]
    links = [
        link
        for link in sources
        if link["package"] == package and "x86_64-linux" in link.get("systems", ["x86_64-linux"])
    ]
    (link,) = links
    expression = (
        "import <nix/fetchurl.nix> "
        f'{{ url = "{link["url"]}"; sha256 = "{link["sha256"]}"; name = "{link["name"]}"; }}'
    )
    wheel = Path(
        json.loads(nix.output("build", "--no-link", "--json", "--impure", "--expr", expression))[0][
            "outputs"
        ]["out"]
    )
    notes = json.loads((built / "wheelhouse" / "package.json").read_text())
    patched = {patch["file"] for patch in notes["native"]["patched"]}
    assert differences(built, wheel) == patched
    assert bool(patched) == native

"""What the tests of the builder share: the builder as the store holds it, and its tools."""

import json
import os
import shutil
import subprocess
from importlib.metadata import distribution
from pathlib import Path

import pytest
from driving import OWN, Builder
from making import Wheel

ROOT = Path(__file__).parents[2]


def installed_wheel(name: str, folder: Path) -> dict[str, str]:
    """A wheel of a library that the tests themselves run with."""
    installed = distribution(name)
    files = {
        str(file): Path(installed.locate_file(file)).read_bytes()
        for file in installed.files or ()
        if ".." not in file.parts and file.suffix != ".pyc" and ".dist-info/" not in str(file)
    }
    wheel = Wheel(name, installed.version, files)
    return {"path": os.fspath(wheel.write(folder)), "name": wheel.archive_name}


@pytest.fixture(scope="session")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The builder, put together by its own bootstrap."""
    folder = tmp_path_factory.mktemp("builder")
    # A store path is no package's name.
    source = folder / "0123-builder"
    shutil.copytree(ROOT / "builder", source, ignore=lambda _, names: {"__pycache__"} & {*names})
    wheels = [installed_wheel(name, folder / "wheels") for name in ("installer", "pyelftools")]
    spec = folder / "spec.json"
    spec.write_text(json.dumps({"wheels": wheels}))
    out = folder / "program"
    subprocess.run(
        [OWN.executable, "-EsSB", source / "bootstrap.py"],
        env={"PATH": os.path.dirname(OWN.executable), "out": str(out), "specPath": str(spec)},
        check=True,
    )
    return out


@pytest.fixture
def builder(program: Path, tmp_path: Path) -> Builder:
    """The builder, with a folder of the test's own."""
    return Builder(program, tmp_path)


@pytest.fixture(scope="session")
def patchelf() -> str:
    """The path of patchelf."""
    found = os.environ.get("WHEELHOUSE_PATCHELF") or shutil.which("patchelf")
    assert found, "no patchelf: put it on PATH, or set WHEELHOUSE_PATCHELF to its path"
    return found

"""The overlay: a writable virtual environment on top of one in the store (runtime/overlay.py)."""

import subprocess
from pathlib import Path

import pytest

from tests.support.builder_steps import Builder, Environment
from tests.support.project import ROOT
from tests.support.wheels import Wheel

DEMO = Wheel(
    files={"demo.py": "import sys\n\n\ndef main():\n    print(sys.prefix)\n"},
    entry_points="[console_scripts]\ndemo = demo:main\n",
)


@pytest.fixture
def environment(builder: Builder) -> Environment:
    """An environment with a program."""
    return builder.compose([builder.unpack(DEMO)])


def renew(environment: Environment, folder: Path) -> "subprocess.CompletedProcess[str]":
    """Make or renew the overlay at a folder; it may fail."""
    script = ROOT / "runtime" / "overlay.py"
    python = environment.path / "bin" / "python"
    return subprocess.run(
        [python, "-IS", script, environment.path, folder],
        env={},
        capture_output=True,
        text=True,
        check=False,
    )


def test_it_sees_the_environment_s_packages_and_has_its_programs(
    environment: Environment, tmp_path: Path
) -> None:
    folder = tmp_path / ".venv"
    assert renew(environment, folder).returncode == 0
    overlay = Environment(folder, environment.python)
    assert overlay.run("demo").stdout == f"{folder}\n"
    assert overlay.evaluate("import demo; print(demo.__file__)") == str(
        environment.site / "demo.py"
    )
    assert f"VIRTUAL_ENV={folder}" in (folder / "bin" / "activate").read_text().replace('"', "")


def test_what_is_installed_comes_first_and_stays(environment: Environment, tmp_path: Path) -> None:
    folder = tmp_path / ".venv"
    renew(environment, folder)
    overlay = Environment(folder, environment.python)
    (overlay.site / "demo.py").write_text("name = 'mine'\n")
    (folder / "bin" / "own").write_text("#!/bin/sh\n")
    stamp = (folder / "bin" / "demo").stat().st_mtime_ns
    assert renew(environment, folder).returncode == 0
    assert (folder / "bin" / "demo").stat().st_mtime_ns == stamp
    assert overlay.evaluate("import demo; print(demo.name)") == "mine"
    assert (folder / "bin" / "own").exists()


def test_another_environment_takes_the_place_of_the_first(
    builder: Builder, environment: Environment, tmp_path: Path
) -> None:
    folder = tmp_path / ".venv"
    renew(environment, folder)
    (folder / "bin" / "own").write_text("#!/bin/sh\n")
    other = Builder(builder.program, builder.scratch / "other")
    second = other.compose([other.unpack(Wheel("new", files={"new.py": ""}))])
    assert renew(second, folder).returncode == 0
    overlay = Environment(folder, environment.python)
    assert overlay.evaluate("import new; print(1)") == "1"
    assert not (folder / "bin" / "demo").exists()
    assert (folder / "bin" / "own").exists()


def test_a_folder_that_is_none_is_left_alone(environment: Environment, tmp_path: Path) -> None:
    folder = tmp_path / ".venv"
    folder.mkdir()
    (folder / "pyvenv.cfg").write_text("home = /usr/bin\n")
    done = renew(environment, folder)
    assert done.returncode == 1
    assert f"{folder} is no overlay of a shell; move it away, or name another folder" in done.stderr
    assert [path.name for path in folder.iterdir()] == ["pyvenv.cfg"]

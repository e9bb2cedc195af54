"""Every Python that may run the builder writes the files of a virtual environment."""

import os
import subprocess
from pathlib import Path

import pytest

from builder.venv_files import python_names, pyvenv_cfg
from tests.support.builder_steps import Interpreter
from tests.support.interpreters import interpreters
from tests.support.project import ROOT

BUILDER_PYTHONS = [python for python in interpreters() if int(python.version[2:]) >= 11]
WRITE_SCRIPTS = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from builder.venv_files import activation_scripts
folder = Path(sys.argv[2], "bin")
folder.mkdir(parents=True)
for name, content in activation_scripts(sys.argv[2], "example").items():
    (folder / name).write_bytes(content)
"""


@pytest.fixture(params=BUILDER_PYTHONS, ids=lambda python: python.version)
def prefix(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """Return a prefix with the activation scripts, for each Python that may run the builder."""
    python: Interpreter = request.param
    prefix = tmp_path / "prefix"
    subprocess.run([python.executable, "-EsSB", "-c", WRITE_SCRIPTS, ROOT, prefix], check=True)
    return prefix


def test_every_shell_has_its_script(prefix: Path) -> None:
    scripts = {path.name: path.read_text() for path in (prefix / "bin").iterdir()}
    assert {"activate", "activate.csh", "activate.fish", "Activate.ps1"} <= scripts.keys()
    for content in scripts.values():
        assert "__VENV_" not in content
    for name in ("activate", "activate.csh", "activate.fish"):
        assert str(prefix) in scripts[name]


def test_bash_shows_the_name_until_deactivate(prefix: Path) -> None:
    script = 'PS1="$ "; source "$0/bin/activate"; echo "$PS1|${PATH%%:*}"; deactivate; echo "$PS1"'
    done = subprocess.run(
        ["bash", "--norc", "-c", script, prefix],
        env={"PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.splitlines() == [f"(example) $ |{prefix}/bin", "$ "]


def test_pyvenv_cfg_has_the_keys_of_pep_405() -> None:
    assert pyvenv_cfg("/python/bin", "3.11.7") == (
        b"home = /python/bin\ninclude-system-site-packages = false\nversion = 3.11.7\n"
    )


def test_a_free_threaded_python_is_found_by_its_version_alone_too() -> None:
    assert python_names("3.14t") == ["python", "python3", "python3.14t", "python3.14"]
    assert python_names("3.11") == ["python", "python3", "python3.11"]

"""uv and pip install exactly the versions of a real lock from the files that it is exported to."""

import os
import sys
from collections.abc import Callable

import pytest
import yaml

from lock.lockfile import reader
from lock.lockfile.groups import group_closure
from lock.outputs import FORMATS, render
from tests.support.lock_app import LockApp
from tests.support.other_tools import Tools
from tests.support.project import ROOT

PYTHON = f"{sys.version_info.major}.{sys.version_info.minor}"
SYSTEM = "x86_64-linux"
# Wheels for any platform and for one, and a package that has a source distribution only.
REQUIREMENTS = """\
requirements:
  docopt: "*"
  httpx[http2]: "*"
  markupsafe: "*"
  colorama: {version: "*", markers: "sys_platform == 'darwin'"}
groups:
  dev: {rich: "*"}
"""

pytestmark = pytest.mark.index

Expected = Callable[..., dict[str, str]]


@pytest.fixture
def expected(tools: Tools) -> Expected:
    """A function that returns the versions that groups of a real lock install on this machine.

    The lock is exported to files of all formats beside it.
    """
    lock = tools.lock
    lock.write(REQUIREMENTS)
    lock.succeed(PYTHON, PYTHONPATH=os.fspath(ROOT))
    data = reader.read(lock.folder / "sources.yaml")
    for name, output_format in FORMATS.items():
        lock.write(render(data, name), output_format.file)
    lock.write(render(data, "requirements", ["default", "dev"]), "requirements-dev.txt")

    def versions(*groups: str) -> dict[str, str]:
        return {
            name: package.version
            for name in group_closure(data, SYSTEM, groups)
            if (package := data.on(name, SYSTEM)) is not None
        }

    assert {"docopt", "h2", "markupsafe"} <= versions("default").keys()
    assert not {"colorama", "rich"} & versions("default").keys()
    assert "rich" in versions("default", "dev")
    return versions


def test_the_document_has_the_arguments_that_are_tried_here() -> None:
    document = (ROOT / "docs" / "lock.md").read_text(encoding="utf-8")
    assert "`pip install -r pylock.toml --group pylock.toml:dev`" in document
    assert "`uv pip install -r pylock.toml --group dev`" in document


def test_uv_installs_pylock(tools: Tools, expected: Expected) -> None:
    assert tools.install("pip", "sync", "pylock.toml") == expected("default")
    tools.run("pip", "install", "-r", "pylock.toml", "--group", "dev")
    assert tools.list_installed() == expected("default", "dev")


def test_pip_installs_pylock(tools: Tools, expected: Expected) -> None:
    assert tools.install(*tools.pip_install("-r", "pylock.toml")) == expected("default")
    tools.run(*tools.pip_install("-r", "pylock.toml", "--group", "pylock.toml:dev"))
    assert tools.list_installed() == expected("default", "dev")


def test_uv_installs_the_requirements_by_their_hashes(tools: Tools, expected: Expected) -> None:
    sync = ["pip", "sync", "--require-hashes"]
    assert tools.install(*sync, "requirements.txt") == expected("default")
    tools.run(*sync, "requirements-dev.txt")
    assert tools.list_installed() == expected("default", "dev")


def test_pip_installs_the_requirements_by_their_hashes(tools: Tools, expected: Expected) -> None:
    install = tools.pip_install("--require-hashes", "-r", "requirements-dev.txt")
    assert tools.install(*install) == expected("default", "dev")


def test_pylock_is_locked_again_with_the_same_versions_and_files(
    lock: LockApp, expected: Expected
) -> None:
    assert "rich" in expected("default", "dev")
    before = yaml.safe_load((lock.folder / "sources.yaml").read_text("utf-8"))
    text = lock.succeed(PYTHON, "pylock.toml", PYTHONPATH=os.fspath(ROOT))
    after = yaml.safe_load(text)
    for key in ("closure", "links", "builds", "build-links"):
        assert after[key] == before[key], key
    assert "rich" not in after["groups"]["default"]
    assert "rich" in after["groups"]["dev"]

"""Locks that other tools make of a real project are kept: the same versions in an environment."""

import os
import sys
import tomllib

import pytest
import yaml

from lock.inputs.uv.uv_lock import NEWEST_REVISION
from tests.support.lock_app import LockApp
from tests.support.other_tools import Tools
from tests.support.project import ROOT

PYTHON = f"{sys.version_info.major}.{sys.version_info.minor}"
PROJECT = """\
[project]
name = "thing"
version = "1"
requires-python = ">=3.11,<4"
dependencies = [
  "httpx[http2]>=0.27",
  "idna<3.5 ; python_version < '3.12'",
  "idna>=3.6,<3.8 ; python_version >= '3.12'",
]

[project.optional-dependencies]
cli = ["rich<14"]

[dependency-groups]
dev = ["pytest<9"]
"""

pytestmark = pytest.mark.index


@pytest.fixture(autouse=True)
def project(lock: LockApp) -> None:
    """The project that is locked."""
    lock.write(PROJECT, "pyproject.toml")


def kept(lock: LockApp, file: str) -> dict[str, object]:
    """The lock that the app makes of another tool's, for the machine at hand."""
    root = os.fspath(ROOT)
    text = lock.succeed(PYTHON, file, "--system", "x86_64-linux", PYTHONPATH=root)
    data: dict[str, object] = yaml.safe_load(text)
    return data


def test_uv_lock_is_kept(lock: LockApp, tools: Tools) -> None:
    tools.run("lock")
    data = kept(lock, "uv.lock")
    assert data["closure"] == tools.install("sync", "--frozen", "--all-extras", "--all-groups")
    assert data["groups"] == {
        "cli": ["rich"],
        "default": ["httpx[http2]", "idna"],
        "dev": ["pytest"],
    }
    locked = tomllib.loads((lock.folder / "uv.lock").read_text("utf-8"))
    assert locked["revision"] <= NEWEST_REVISION
    hashes = {
        wheel["url"]: wheel["hash"]
        for entry in locked["package"]
        for wheel in entry.get("wheels", [])
    }
    links = data["links"]
    assert isinstance(links, list)
    assert {link["url"] for link in links} <= hashes.keys()


def test_poetry_lock_is_kept(lock: LockApp, tools: Tools) -> None:
    tools.run("lock")
    source = f'[[tool.poetry.source]]\nname = "main"\nurl = "{tools.index_url}"\n'
    group = '[tool.poetry.group.docs.dependencies]\nmarkdown = "^3.6"\n'
    lock.write(f"{PROJECT}\n[tool.poetry]\npackage-mode = false\n{group}{source}", "pyproject.toml")
    tools.run_tool("poetry", "lock")
    data = kept(lock, "poetry.lock")
    lock.environment["VIRTUAL_ENV"] = f"{lock.folder}/.venv"
    sync = ["tool", "run", "--python", sys.executable, "poetry", "sync", "--all-groups"]
    installed = tools.install(*sync, "--all-extras", "--no-root")
    assert data["closure"] == installed
    groups = data["groups"]
    assert isinstance(groups, dict)
    assert groups["docs"] == ["markdown"]
    assert "rich" in groups["cli"]
    assert "rich" not in groups["default"]


# With the groups in the pyproject.toml only (format 2.0): with and without categories.
@pytest.mark.parametrize("version", ["1.4.2", "1.8.5"])
def test_the_lock_of_an_older_poetry_is_kept(lock: LockApp, tools: Tools, version: str) -> None:
    tools.run("lock")
    primary = "default = true" if version == "1.4.2" else 'priority = "primary"'
    lock.write(
        '[tool.poetry]\nname = "thing"\nversion = "1"\ndescription = ""\nauthors = []\n'
        '[tool.poetry.dependencies]\npython = ">=3.9,<3.12 || >=3.13,<4.0"\n'
        'httpx = {version = ">=0.27,<0.28 || >0.28", extras = ["http2"]}\n'
        'rich = {version = "<14", optional = true}\n'
        '[tool.poetry.group.dev.dependencies]\npytest = "<9"\n'
        '[tool.poetry.extras]\ncli = ["rich"]\n'
        f'[[tool.poetry.source]]\nname = "main"\nurl = "{tools.index_url}"\n{primary}\n',
        "pyproject.toml",
    )
    poetry = f"poetry@{version}"
    lock.environment["PYTHON_KEYRING_BACKEND"] = "keyring.backends.null.Keyring"
    tools.run_tool(poetry, "lock")
    data = kept(lock, "poetry.lock")
    lock.environment["VIRTUAL_ENV"] = f"{lock.folder}/.venv"
    install = ["tool", "run", "--python", sys.executable, poetry, "install"]
    installed = tools.install(*install, "--all-extras", "--no-root")
    assert data["closure"] == installed
    assert data["groups"] == {"default": ["httpx[http2]"], "cli": ["rich"], "dev": ["pytest"]}


def test_pip_lock_is_kept(lock: LockApp, tools: Tools) -> None:
    tools.run_tool("pip", "lock", "--quiet", "httpx[http2]", "idna<3.8")
    assert kept(lock, "pylock.toml")["closure"] == tools.install("pip", "sync", "pylock.toml")


def test_the_pylock_that_uv_exports_is_kept(lock: LockApp, tools: Tools) -> None:
    tools.run("export", "--format", "pylock.toml", "--all-extras", "-o", "pylock.all.toml")
    data = kept(lock, "pylock.all.toml")
    assert data["closure"] == tools.install("pip", "sync", "pylock.all.toml")
    # The older one only for 3.11.
    expected = "3.4" if PYTHON == "3.11" else "3.7"
    assert data["closure"]["idna"] == expected  # type: ignore[index]

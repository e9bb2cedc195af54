"""Init in a folder of its own, with a package index on this machine for it to ask."""

import os
from dataclasses import replace
from pathlib import Path

import pytest

from tests.lock.conftest import index, indexes, lock, new_index, uv, uv_cache
from tests.support.lock_app import LockApp
from tests.support.project import ROOT

__all__ = ["index", "indexes", "lock", "new_index", "uv", "uv_cache"]


@pytest.fixture
def init(lock: LockApp) -> LockApp:
    """Init in an empty folder; it locks from the test's index."""
    variables = {
        "WHEELHOUSE_TEMPLATES": os.fspath(ROOT / "templates"),
        "GIT_CONFIG_GLOBAL": "/dev/null",
    }
    return replace(lock, module="init", environment=lock.environment | variables)


@pytest.fixture(autouse=True)
def _templates(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let functions find the templates."""
    monkeypatch.setenv("WHEELHOUSE_TEMPLATES", os.fspath(Path(ROOT, "templates")))

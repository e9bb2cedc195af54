"""A lock of hundreds of packages is the same bytes whoever makes it, whenever."""

import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

from tests.support.lock_app import LockApp
from tests.support.project import ROOT

REQUIREMENTS = ROOT / "bench" / "sets" / "large" / "requirements.yaml"
LEAST = 350
pytestmark = pytest.mark.index


def others() -> list[str]:
    """Further interpreters of the machine that the app runs on."""
    named = [f"python3.{minor}" for minor in range(11, 16) if minor != sys.version_info.minor]
    found = [path for name in named if (path := shutil.which(name))]
    # Some are stand-ins that know of no such version.
    return [path for path in found if subprocess.run([path, "-V"], check=False).returncode == 0]


def locked(lock: LockApp, cache: Path, python: str = sys.executable) -> str:
    """The lock that an interpreter makes with a cache."""
    (lock.folder / "sources.yaml").unlink(missing_ok=True)
    done = subprocess.run(
        [python, "-m", "lock", "3.12"],
        cwd=lock.folder,
        env=os.environ
        | {
            "PYTHONPATH": f"{ROOT}:{sysconfig.get_path('purelib')}",
            "PYTHONDONTWRITEBYTECODE": "1",
            "UV_CACHE_DIR": str(cache / "uv"),
            "XDG_CACHE_HOME": str(cache),
        },
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return (lock.folder / "sources.yaml").read_text("utf-8")


def test_a_large_lock_is_the_same_again_elsewhere_and_from_nothing(
    lock: LockApp, tmp_path: Path
) -> None:
    shutil.copy(REQUIREMENTS, lock.folder)
    first = locked(lock, tmp_path / "warm")
    assert first.count('\n  {"name": ') > LEAST
    assert locked(lock, tmp_path / "warm") == first
    for python in others():
        assert locked(lock, tmp_path / "warm", python) == first
    assert locked(lock, tmp_path / "cold") == first

"""The tests themselves: they are collected on a machine that has next to nothing."""

import subprocess
import sys
from pathlib import Path

from tests.support.project import ROOT


def test_they_are_collected_with_one_python_and_without_the_newest(tmp_path: Path) -> None:
    options = ["--collect-only", "-q", "-n", "0", "-p", "no:cacheprovider"]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *options, "tests/builder", "tests/native"],
        cwd=ROOT,
        env={"PATH": "/nonexistent", "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-2000:]

"""The interpreters of this machine: targets for which the builder works."""

import shutil
import subprocess
from functools import cache
from pathlib import Path

from tests.support.builder_steps import OWN, Interpreter

MINORS = range(8, 16)


@cache
def interpreters() -> list[Interpreter]:
    """One interpreter a minor version, the tests' own among them."""
    found = {OWN.version: OWN}
    for version in (f"3.{minor}" for minor in MINORS):
        candidates = sorted(Path.home().glob(f".pyenv/versions/{version}.*/bin/python{version}"))
        on_path = shutil.which(f"python{version}")
        for candidate in [*candidates, *([Path(on_path)] if on_path else [])]:
            if version not in found and (real := started(candidate, version)):
                found[version] = Interpreter(real, version)
    return [found[version] for version in sorted(found, key=lambda text: int(text[2:]))]


def started(program: Path, version: str) -> str | None:
    """Where the interpreter that a program starts lies; None where it is of another version."""
    code = "import sys; print(*sys.version_info[:2], sep='.'); print(sys.executable)"
    done = subprocess.run(
        [program, "-I", "-c", code], capture_output=True, text=True, check=False, cwd="/"
    )
    found = done.stdout.splitlines()
    return found[1] if done.returncode == 0 and found[0] == version else None

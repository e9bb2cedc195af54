"""Run the builder's bootstrap as a derivation does."""

import json
import os
import subprocess
from importlib.metadata import distribution
from pathlib import Path

from tests.support.builder_steps import RUNNING_PYTHON
from tests.support.wheels import Wheel

# The requirements of builder/requirements.yaml that the builder imports.
LIBRARIES = ("installer", "packaging", "pyelftools", "pyproject_hooks")


def repack_installed_wheel(name: str, folder: Path) -> dict[str, str]:
    """Write a wheel of a distribution that is installed beside the tests; return its spec."""
    installed = distribution(name)
    files = {
        str(file): file.read_binary()
        for file in installed.files or ()
        if ".." not in file.parts and file.suffix != ".pyc" and ".dist-info/" not in str(file)
    }
    wheel = Wheel(name, installed.version, files)
    return {"path": os.fspath(wheel.write(folder)), "name": wheel.archive_name}


def run_bootstrap(
    source: Path, wheels: list[dict[str, str]], out: Path
) -> subprocess.CompletedProcess[str]:
    """Run the bootstrap of the builder in the folder `source`; it may fail."""
    spec = out.with_name("bootstrap.json")
    spec.write_text(json.dumps({"wheels": wheels}))
    return subprocess.run(
        [RUNNING_PYTHON.executable, "-sSB", source / "builder/bootstrap.py"],
        env={
            "PATH": str(Path(RUNNING_PYTHON.executable).parent),
            "PYTHONHASHSEED": "0",
            "out": str(out),
            "specPath": str(spec),
        },
        capture_output=True,
        text=True,
        check=False,
    )

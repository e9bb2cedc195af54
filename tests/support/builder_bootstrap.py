"""The builder's bootstrap, run as a derivation runs it."""

import json
import os
import subprocess
from importlib.metadata import distribution
from pathlib import Path

from tests.support.builder_steps import OWN
from tests.support.wheels import Wheel

# What builder/requirements.yaml names, and the builder itself imports.
LIBRARIES = ("installer", "packaging", "pyelftools", "pyproject_hooks")


def installed_wheel(name: str, folder: Path) -> dict[str, str]:
    """A wheel of a library that the tests themselves run with."""
    installed = distribution(name)
    files = {
        str(file): file.read_binary()
        for file in installed.files or ()
        if ".." not in file.parts and file.suffix != ".pyc" and ".dist-info/" not in str(file)
    }
    wheel = Wheel(name, installed.version, files)
    return {"path": os.fspath(wheel.write(folder)), "name": wheel.archive_name}


def bootstrap(
    source: Path, wheels: list[dict[str, str]], out: Path
) -> subprocess.CompletedProcess[str]:
    """Run the builder's bootstrap at `source` as a derivation does; it may fail."""
    spec = out.with_name("bootstrap.json")
    spec.write_text(json.dumps({"wheels": wheels}))
    return subprocess.run(
        [OWN.executable, "-sSB", source / "bootstrap.py"],
        env={
            "PATH": str(Path(OWN.executable).parent),
            "PYTHONHASHSEED": "0",
            "out": str(out),
            "specPath": str(spec),
        },
        capture_output=True,
        text=True,
        check=False,
    )

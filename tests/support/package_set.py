"""Write Python packages such as nixpkgs has, and adopt them."""

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

from tests.support.builder_steps import Builder, Package
from tests.support.wheels import to_bytes

SHELL = "#!/bin/sh\n"


def write_package(folder: Path, files: Mapping[str, str | bytes]) -> Path:
    """Write a package as its derivation does; a program begins with `#!`."""
    for name, content in files.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(to_bytes(content))
        file.chmod(0o555 if to_bytes(content).startswith(b"#!") else 0o444)
    return folder


def try_adopt(
    builder: Builder, path: Path, name: str = "demo", version: str = "1.0"
) -> "subprocess.CompletedProcess[str]":
    """Adopt the package at a path; it may be refused."""
    spec = {
        "package": name,
        "version": version,
        "path": os.fspath(path),
        "python": builder.python.spec(),
    }
    return builder.run_step("adopt", spec, builder.scratch / f"adopted-{name}")


def adopt(builder: Builder, path: Path, name: str = "demo", version: str = "1.0") -> Package:
    """Adopt the package at a path, which must succeed."""
    done = try_adopt(builder, path, name, version)
    assert done.returncode == 0, done.stderr
    return Package(name, version, builder.scratch / f"adopted-{name}", done.stderr)

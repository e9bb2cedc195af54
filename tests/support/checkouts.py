"""Take source distributions of the index as checkouts of their projects."""

import hashlib
import io
import os
import shutil
import subprocess
import tarfile
import urllib.request
from functools import cache
from pathlib import Path

import yaml

from lock.models.nix_base32 import to_hex
from tests.support.project import ROOT

# A lock of their source distributions, made of the requirements.yaml beside it.
LOCK = ROOT / "tests" / "e2e" / "data" / "projects" / "sources.yaml"


@cache
def links() -> dict[str, dict[str, str]]:
    """Return the source distribution of each project by its name, as the lock has it."""
    data = yaml.safe_load(LOCK.read_text(encoding="utf-8"))
    return {link["package"]: link for link in data["links"] if link["name"].endswith(".tar.gz")}


@cache
def archive(name: str) -> bytes:
    """Return the source distribution of a project, downloaded and checked."""
    link = links()[name]
    with urllib.request.urlopen(link["url"]) as answer:
        data: bytes = answer.read()
    assert hashlib.sha256(data).hexdigest() == to_hex(link["sha256"])
    return data


def checkout(name: str, folder: Path) -> Path:
    """Unpack a project into a new folder, without what only source distributions have."""
    with tarfile.open(fileobj=io.BytesIO(archive(name))) as tar:
        tar.extractall(folder, filter="data")
    [project] = folder.iterdir()
    (project / "PKG-INFO").unlink(missing_ok=True)
    for metadata in project.glob("**/*.egg-info"):
        shutil.rmtree(metadata)
    return project


def commit(project: Path, *, tag: str | None = None) -> None:
    """Make a git repository of a folder, or commit what has changed in it."""
    identity = {
        f"GIT_{who}_{what}": "x" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")
    }
    commands = [["init", "--quiet"], ["add", "--all"], ["commit", "--quiet", "--message", "x"]]
    for command in [*commands, *([["tag", tag]] if tag else [])]:
        subprocess.run(["git", *command], cwd=project, env=os.environ | identity, check=True)

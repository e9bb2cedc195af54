"""Files of real projects, from their source distributions, for `lock` and the tools that know them.

The table of them, tests/lock/data/real-files.yaml, names each source distribution and its sha256.
"""

import hashlib
import io
import os
import tarfile
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from lock.inspection import simple_index
from tests.support.project import ROOT

TABLE = ROOT / "tests" / "lock" / "data" / "real-files.yaml"
CACHE = (
    Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "wheelhouse" / "real-files"
)
STUB = """\
[build-system]
requires = ["flit-core"]
build-backend = "flit_core.buildapi"

[project]
name = "{name}"
version = "1"
description = "x"
"""
SYSTEMS = ("aarch64-darwin", "aarch64-linux", "x86_64-darwin", "x86_64-linux")


@dataclass(frozen=True)
class Difference:
    """How `lock` differs from the other tool, in each of these groups on each of these systems.

    `ours` and `theirs` are versions, extras or origins, by `what`; "none" where there is none.
    """

    package: str
    what: str
    ours: str
    theirs: str
    groups: frozenset[str]
    systems: frozenset[str]


@dataclass(frozen=True)
class Case:
    """A file of a project, and how it is compared."""

    project: str
    version: str
    sha256: str
    file: str
    python: str
    # What makes the file interesting.
    why: str
    # Whether the project itself is locked, too.
    with_project: bool = False
    # Files uploaded later are ignored, where something is resolved: RFC 3339.
    exclude_newer: str = ""
    # The only groups that are locked beside the default one; all if it is empty.
    only_groups: tuple[str, ...] = ()
    # The systems that are locked for.
    systems: tuple[str, ...] = SYSTEMS
    # Folders that the source distribution lacks → the project that stands in each.
    stubs: Mapping[str, str] = field(default_factory=dict)
    # Each expected difference, with the reason for it.
    differences: Mapping[Difference, str] = field(default_factory=dict)
    large: bool = False

    def __str__(self) -> str:
        return f"{self.project}-{self.version}-{self.file}"

    @property
    def tool(self) -> str:
        """Return the command of the tool that `lock` is compared with."""
        return {
            "uv.lock": "uv export",
            "poetry.lock": "poetry export",
            "pdm.lock": "pdm export",
            "pyproject.toml": "uv lock",
        }.get(Path(self.file).name, "uv pip compile")


def cases() -> list[Case]:
    """Return the cases of the table."""
    return [_case(entry) for entry in yaml.safe_load(TABLE.read_text(encoding="utf-8"))]


def _case(entry: Mapping[str, Any]) -> Case:
    values = {name.replace("-", "_"): value for name, value in entry.items()}
    systems = tuple(values.pop("systems", SYSTEMS))
    differences = {
        Difference(
            listed["package"],
            listed.get("what", "version"),
            str(listed.get("ours", "none")),
            str(listed.get("theirs", "none")),
            frozenset(listed["groups"]),
            frozenset(listed.get("systems", systems)),
        ): listed["why"]
        for listed in values.pop("differences", ())
    }
    only_groups = tuple(values.pop("only_groups", ()))
    return Case(**values, systems=systems, only_groups=only_groups, differences=differences)


def lay_out(case: Case, folder: Path, index_url: Callable[[], str]) -> Path:
    """Unpack the project of a case into a new folder, and return the project's folder."""
    with tarfile.open(fileobj=io.BytesIO(_archive(case, index_url))) as tar:
        tar.extractall(folder, filter="data")
    [project] = folder.iterdir()
    for path, name in case.stubs.items():
        (project / path).mkdir(parents=True)
        text = STUB.format(name=name)
        (project / path / "pyproject.toml").write_text(text, encoding="utf-8")
    return project


def _archive(case: Case, index_url: Callable[[], str]) -> bytes:
    """Return a source distribution, of the cache or of the index; its sha256 is the case's."""
    kept = CACHE / case.sha256
    data = kept.read_bytes() if kept.is_file() else b""
    if hashlib.sha256(data).hexdigest() != case.sha256:
        [url] = [
            file.url
            for file in simple_index.read(index_url(), case.project, os.environ, ()).files
            if file.name.endswith(f"-{case.version}.tar.gz")
        ]
        with urllib.request.urlopen(url) as answer:
            data = answer.read()
        assert hashlib.sha256(data).hexdigest() == case.sha256
        CACHE.mkdir(parents=True, exist_ok=True)
        partial = kept.with_name(f"{case.sha256}.{os.getpid()}")
        partial.write_bytes(data)
        partial.replace(kept)
    return data

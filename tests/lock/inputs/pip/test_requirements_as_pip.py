"""requirements.txt: what the newest pip itself makes of lines, compared with what is locked."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from lock.inputs import read
from lock.models.requirements import Git, Local, Requirement
from tests.support.index_server import IN_TREE
from tests.support.lock_app import LockApp
from tests.support.other_tools import Tools

pytestmark = pytest.mark.index

# Prints, of each requirement in each file, where it comes from and its constraint.
PROGRAM = """
import json, sys
from pip._internal.network.session import PipSession
from pip._internal.req.constructors import install_req_from_parsed_requirement
from pip._internal.req.req_file import parse_requirements
def read(file):
    for parsed in parse_requirements(file, PipSession()):
        one = install_req_from_parsed_requirement(parsed)
        yield {
            "name": one.name, "link": one.link and one.link.url_without_fragment,
            "extras": sorted(one.extras), "marker": one.markers and str(one.markers),
            "constraint": one.constraint,
        }
print(json.dumps([[*read(file)] for file in sys.argv[1:]]))
"""
LINES = [
    "-e .",
    "-e p",
    "-e ./p[x]",
    "-e file:.",
    "-e file:p#egg=lib",
    "./p",
    "p/",
    "./p[x,y]",
    './p ; python_version > "3"',
    "file:///{}/p",
    "a-1.0-py3-none-any.whl",
    "vend/a-1.0-py3-none-any.whl",
    'vend/a-1.0-py3-none-any.whl ; os_name == "posix"',
    "https://a.example/a-1.0-py3-none-any.whl",
    'https://a.example/a-1.0-py3-none-any.whl; os_name == "posix"',
    "git+https://a.example/a.git@v1#egg=a",
    "-e git+https://a.example/a.git@v1#egg=a",
    'a[x] @ https://a.example/a-1.0-py3-none-any.whl ; os_name == "posix"',
    "a[x]>=1,<2",
    'a==1 ; python_version > "3"',
]


def place(one: Requirement) -> str | None:
    """Return where a requirement comes from, as pip writes it."""
    if isinstance(one.reference, Local):
        return Path(one.reference.path).as_uri()
    if isinstance(one.reference, Git):
        return str(one.reference)
    return str(one.reference) if one.reference else None


@pytest.fixture
def folder(lock: LockApp, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working directory with projects and wheels."""
    for name, at in (("top", "."), ("lib", "p")):
        project = lock.folder / at
        project.mkdir(exist_ok=True)
        declared = f'{IN_TREE}[project]\nname = "{name}"\nversion = "1"\n'
        (project / "pyproject.toml").write_text(declared)
        (project / "backend.py").touch()
    for at in ("vend", "requirements"):
        (lock.folder / at).mkdir()
    for at in (".", "vend"):
        (lock.folder / at / "a-1.0-py3-none-any.whl").touch()
    monkeypatch.chdir(lock.folder)
    return lock.folder


@pytest.fixture
def pip(tools: Tools) -> Any:
    """Run the newest pip's own reader on files."""
    at = tools.lock.folder / "pip"
    tools.run("pip", "install", "--quiet", "--python", sys.executable, "--target", f"{at}", "pip")

    def run(*files: str) -> list[list[dict[str, Any]]]:
        done = subprocess.run(
            [sys.executable, "-c", PROGRAM, *files],
            env=os.environ | {"PYTHONPATH": os.fspath(at)},
            capture_output=True,
            text=True,
            check=True,
        )
        found: list[list[dict[str, Any]]] = json.loads(done.stdout)
        return found

    return run


def test_lines_mean_what_they_mean_to_pip(folder: Path, pip: Any) -> None:
    files = [Path(f"requirements/{number}.in") for number in range(len(LINES))]
    for file, line in zip(files, LINES, strict=True):
        file.write_text(line.format(folder) + "\n")
    for file, line, [theirs] in zip(files, LINES, pip(*map(str, files)), strict=True):
        [ours] = read(file).packages
        link = theirs["link"] and theirs["link"].replace("file:////", "file:///")
        if link and re.match("file:[^/]", link):
            # pip sees it from the working directory.
            link = Path(link.removeprefix("file:")).resolve().as_uri()
        assert (line, place(ours)) == (line, link)
        assert (line, [*ours.extras], ours.marker) == (line, theirs["extras"], theirs["marker"])
        # pip learns the name of a project only when it builds its metadata.
        assert theirs["name"] in (None, ours.name)


def test_files_include_others_as_for_pip(folder: Path, pip: Any) -> None:
    (folder / "requirements" / "base.in").write_text("-r more/a.txt\n-c limits.txt\n-e ./p\n")
    (folder / "requirements" / "more").mkdir()
    (folder / "requirements" / "more" / "a.txt").write_text("a\n-c ../limits.txt\n")
    (folder / "requirements" / "limits.txt").write_text("b<2\n-r c.txt\n-c d.txt\n")
    (folder / "requirements" / "c.txt").write_text("c\n")
    (folder / "requirements" / "d.txt").write_text("d<2\n")
    [theirs] = pip("requirements/base.in")
    ours = read(Path("requirements/base.in"))
    asked = {one["name"] for one in theirs if not one["constraint"] and not one["link"]}
    assert {one.name for one in ours.packages if not one.reference} == asked == {"a", "c"}
    limits = {one["name"] for one in theirs if one["constraint"]}
    assert {text.partition("<")[0] for text in ours.constraints} == limits == {"b", "d"}


def test_a_project_is_locked_from_a_file_in_a_subfolder(folder: Path, lock: LockApp) -> None:
    lock.write("-e .\n", "requirements/base.in")
    done = lock.run("3.11", "requirements/base.in", "sources.yaml")
    assert done.returncode == 0, done.stderr
    data = yaml.safe_load((folder / "sources.yaml").read_text())
    assert data["projects"] == [{"name": "top", "version": "1", "path": "."}]
    assert data["requested"]["requirements"]["default"] == ["top @ ."]

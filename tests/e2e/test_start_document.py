"""Every command of docs/start.md: `init` of each kind, what it writes, and what that does."""

import json
import re
import socket
from pathlib import Path

import pytest

from init.kinds import KINDS
from tests.e2e.conftest import NIXES
from tests.support.documents import code_blocks, console_commands, run_commands
from tests.support.nix import Nix
from tests.support.project import ROOT

pytestmark = [pytest.mark.nix, pytest.mark.index]

DOCUMENT = (ROOT / "docs" / "start.md").read_text(encoding="utf-8")
HEAD, *REST = re.split(r"^## ", DOCUMENT, flags=re.MULTILINE)
SECTIONS = {text.partition("\n")[0]: text for text in REST}
# The templates are tried with the other one.
NIX = Nix(list(NIXES.values())[-1])
# What stands for a program that goes on until it is ended, or for a shell.
SHELL = "nix develop -c python -c 'import {}; print({}.__name__)'"


def commands(text: str) -> list[str]:
    """Return the commands of a section, as they can be run without a terminal."""
    lines = [line for block in code_blocks(text, "console") for line in console_commands(block)]
    port = str(free_port())
    return [
        re.sub(r"\b801\d\b", port, line)
        .replace("PATH_OR_URL_OF_THIS_FLAKE", str(ROOT))
        # A job may not be the one that %1 names where there is no terminal.
        .replace("kill %1", "kill $!")
        for line in lines
    ]


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    return port


def run(lines: list[str], folder: Path) -> str:
    """Run commands in a new folder, and return what they print."""
    place = folder / "place"
    place.mkdir(exist_ok=True)
    return run_commands(NIX, lines, place, folder / "bin")


def test_a_kind_each_is_started():
    started = set(re.findall(r"#init -- (\w+) ", DOCUMENT)) | {"existing"}
    assert started == set(KINDS)


def test_it_asks_a_person(tmp_path):
    [asking, *_] = commands(HEAD)
    # Its name and its URL have defaults.
    typed = "project\\n\\n3.12\\n\\n"
    line = f'printf "{typed}" | script --quiet --return --command "{asking}" /dev/null'
    printed = run([line], tmp_path)
    assert "Name [place]: " in printed
    assert "nix flake check" in printed
    assert 'name = "place"' in (tmp_path / "place" / "pyproject.toml").read_text()
    assert '{"name": "place", ' in (tmp_path / "place" / "sources.yaml").read_text()


def test_a_project(tmp_path):
    [_, *lines] = commands(HEAD)
    assert "Hello, you!" in run(lines, tmp_path)
    shell, *build = commands(SECTIONS["A project"])
    assert shell == "nix develop"
    lines = ["cd hello", SHELL.format(*["hello"] * 2), *build]
    assert "Usage: hello [OPTIONS] [NAME]" in run(lines, tmp_path)


def test_an_environment(tmp_path):
    lines = commands(SECTIONS["An environment"])
    at = lines.index("nix develop")
    lines[at] = SHELL.format(*["rich"] * 2)
    assert "rich" in run(lines, tmp_path).split()


def test_a_workspace(tmp_path):
    assert "Hello, Nix!" in run(commands(SECTIONS["A workspace"]), tmp_path)


def test_a_script(tmp_path):
    assert "sizes.py" in run(commands(SECTIONS["A script"]), tmp_path)


def test_a_django_service(tmp_path):
    printed = run(commands(SECTIONS["A Django service"]), tmp_path)
    assert "Hello, visitor 1!" in printed
    assert "[X] 0001_initial" in printed


def test_a_fastapi_service(tmp_path):
    printed = run(commands(SECTIONS["A FastAPI service"]), tmp_path)
    assert '{"message":"Hello, world!"}' in printed
    assert '[{"text":"milk"}]' in printed


def test_jupyter(tmp_path):
    """JupyterLab starts, and a kernel of its own has the packages."""
    lines = commands(SECTIONS["Jupyter"])
    at = lines.index("nix run")
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    settings = f"--no-browser --allow-root --port {port} --IdentityProvider.token=''"
    lines[at : at + 1] = [
        f"HOME=$PWD/home nix run . -- {settings} 2>log &",
        f"curl --silent --retry 99 --retry-delay 1 --retry-connrefused {url}/api/kernelspecs",
        f"curl --silent --output lab.html {url}/lab",
        "kill $!",
    ]
    printed = run(lines, tmp_path)
    specs = json.loads(printed[printed.index('{"default"') :].partition("\n")[0])
    assert specs["default"] == "python3"
    assert "JupyterLab" in (tmp_path / "place" / "growth" / "lab.html").read_text()


def test_what_is_there_already(tmp_path):
    place = tmp_path / "place"
    place.mkdir()
    (place / "requirements.txt").write_text("idna\n")
    run(["git init --quiet", "echo 3.12 >.python-version"], tmp_path)
    run(commands(SECTIONS["A project that you have already"]), tmp_path)
    assert list((place / "result").glob("lib/python3.12/site-packages/idna"))


def test_without_flakes(tmp_path):
    lines = commands(SECTIONS["Without flakes"])
    printed = run(lines, tmp_path)
    assert "Hello, you!" in printed
    folder = tmp_path / "place" / "classic"
    assert sorted(path.name for path in (folder / "result" / "bin").iterdir()) == ["classic"]
    assert not (folder / "flake.nix").exists()


def test_the_templates(tmp_path):
    run(commands(SECTIONS["Templates"]), tmp_path)

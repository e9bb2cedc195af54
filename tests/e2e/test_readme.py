"""Every command and every example of the README does what it says."""

import json
import os
import re
import shutil
import subprocess

import pytest

from tests.support.documents import code_blocks, console_commands, run_commands
from tests.support.project import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")

pytestmark = [pytest.mark.nix, pytest.mark.index]


TRY, WITH_NIX, AT_ONCE, USE, PROJECT, PYPROJECT, CHECK, REPORT = map(
    console_commands, code_blocks(README, "console")
)


def test_the_two_commands_are_the_ones_that_run():
    assert TRY == ["scripts/quickstart", "scripts/test"]
    assert "scripts/test" in (ROOT / ".ci" / "run").read_text(encoding="utf-8")


def test_quickstart_computes_and_says_what_to_do_next(nix, tmp_path):
    result = subprocess.run(
        [ROOT / "scripts" / "quickstart"],
        cwd=tmp_path,
        env={**os.environ, "HOME": os.environ["HOME"], **nix.variables},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    for line in ["8367 kB in 3 wheels", "solved [1.0, -2.0, -2.0]", "drew PNG"]:
        assert line in result.stdout
    assert "What to do next" in result.stdout
    assert "flake init -t" in result.stdout


def clone(tmp_path):
    """Clone the project into a new folder, and return it."""
    folder = tmp_path / "clone"
    subprocess.run(["git", "clone", "-q", ROOT, folder], check=True)
    return folder


def test_the_commands_for_a_machine_with_nix(nix, tmp_path):
    folder = clone(tmp_path)
    printed = run_commands(nix, [*WITH_NIX, *CHECK], folder, tmp_path / "bin")
    assert re.match(r"\d+\.\d+", printed)


def test_the_commands_that_need_no_files(nix, tmp_path):
    folder = clone(tmp_path)
    printed = run_commands(nix, AT_ONCE, folder, tmp_path / "bin")
    assert "| hello |" in printed
    assert (folder / "notes" / "sources.yaml").exists()
    assert (folder / "report.html").read_text(encoding="utf-8").startswith("<!doctype html>")
    assert re.search(r"^django +\S+ +BSD-3-Clause", printed, re.MULTILINE)


def test_the_commands_for_a_project_of_ones_own(nix, tmp_path):
    folder = tmp_path / "mine"
    folder.mkdir()
    lines = [line.replace("PATH_OR_URL_OF_THIS_FLAKE", str(ROOT)) for line in USE]
    # The last command opens a shell, which needs a terminal.
    typed = "python -c 'import django; print(django.__name__ * 2)'; exit"
    lines[-1] = f'script --quiet --return --command "{lines[-1]}" /dev/null <<< "{typed}"'
    assert "djangodjango" in run_commands(nix, lines, folder, tmp_path / "bin")
    assert (folder / "result" / "bin" / "django-admin").exists()


def test_the_commands_for_a_project_with_a_pyproject_toml(nix, tmp_path):
    folder = tmp_path / "mine"
    folder.mkdir()
    lines = [line.replace("PATH_OR_URL_OF_THIS_FLAKE", str(ROOT)) for line in PROJECT]
    assert "Usage: demo-app [OPTIONS] [NAME]" in run_commands(nix, lines, folder, tmp_path / "bin")
    assert sorted(path.name for path in (folder / "result" / "bin").iterdir()) == ["demo-app"]


def test_a_pyproject_locks(nix, tmp_path):
    folder = clone(tmp_path)
    (folder / "pyproject.toml").write_text(
        '[project]\nname = "mine"\ndependencies = ["idna"]\n'
        '[dependency-groups]\ndev = ["iniconfig"]\n',
        encoding="utf-8",
    )
    run_commands(nix, PYPROJECT, folder, tmp_path / "bin")
    lock = json.loads((folder / "sources.yaml").read_text(encoding="utf-8"))
    assert lock["groups"]["dev"] == ["iniconfig"]


def test_the_report_is_a_text(nix, tmp_path):
    folder = clone(tmp_path)
    lines = [line.replace(".#env", ".#science") for line in REPORT]
    printed = run_commands(nix, lines, folder, tmp_path / "bin")
    assert printed.startswith("No native library is missing.\n\nFound in the package set:\n")
    assert re.search(
        r"^  numpy \S+ +\d+ files +libstdc\+\+\.so\.6 +stdenv\.cc\.cc\.lib$", printed, re.M
    )


def test_the_flake_is_short_and_builds(nix, tmp_path):
    (flake,) = [block for block in code_blocks(README, "nix") if "inputs.wheelhouse" in block]
    assert len(flake.splitlines()) < 20
    (tmp_path / "flake.nix").write_text(
        flake.replace('url = "…"', 'url = "github:OWNER/wheelhouse"'), encoding="utf-8"
    )
    shutil.copy(ROOT / "examples" / "django" / "sources.yaml", tmp_path / "sources.yaml")
    assert (nix.build("path:.#default", cwd=tmp_path) / "bin" / "python").exists()


@pytest.mark.parametrize(
    "block",
    code_blocks(README, "yaml"),
    ids=["short", "long", "options", "build", "sdist", "nixpkgs"],
)
def test_the_requirements_lock(nix, tmp_path, block):
    (tmp_path / "requirements.yaml").write_text(block, encoding="utf-8")
    python = [] if "python:" in block else ["3.11"]
    nix.output("run", f"{ROOT}#lock", "--", *python, cwd=tmp_path)
    assert (tmp_path / "sources.yaml").read_text(encoding="utf-8").startswith('{"wheelhouse": 2,\n')

"""Do what a new user does, from the template to a running program."""

import subprocess
from pathlib import Path

import pytest

from tests.support.nix import environment
from tests.support.project import ROOT

pytestmark = [pytest.mark.nix, pytest.mark.index]


def test_from_the_template_to_a_running_program(nix, tmp_path):
    folder = tmp_path / "project"
    folder.mkdir()
    nix.output("flake", "init", "-t", str(ROOT), cwd=folder)
    assert sorted(path.name for path in folder.iterdir()) == ["flake.nix", "requirements.yaml"]

    nix.output("run", ".#lock", cwd=folder)
    first = (folder / "sources.yaml").read_bytes()
    nix.output("run", ".#lock", cwd=folder)
    assert (folder / "sources.yaml").read_bytes() == first

    nix.output("build", cwd=folder)
    printed = subprocess.run(
        [folder / "result" / "bin" / "django-admin", "--version"],
        env={},
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert printed.strip() in first.decode()

    inside = nix.output(
        "develop", "--command", "python", "-c", "import django, sys; print(sys.prefix)", cwd=folder
    )
    assert Path(inside.splitlines()[-1]) == (folder / "result").resolve()


def test_a_flake_in_git_works_too(nix, user_flake):
    folder = user_flake(
        f"env = {environment('env')};",
        sources=ROOT / "examples" / "django" / "sources.yaml",
    )
    for command in [["init", "-q"], ["add", "-A"]]:
        subprocess.run(["git", *command], cwd=folder, check=True)
    nix.build(".#env", cwd=folder)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ("", "exactly one of sourcesYaml, sourcesJson and sourcesRaw"),
        (
            'sourcesYaml = ./sources.yaml; python = "3.9";',
            "`python` is 3.9, but the lock is for Python 3.11",
        ),
        (
            "sourcesYaml = ./sources.yaml; searchPaths.bins = [ ];",
            'searchPaths has no key "bins"',
        ),
        (
            "sourcesRaw = { wheelhouse = 1; };",
            'the lock has no usable "closure", "links", "python", "systems"',
        ),
    ],
)
def test_a_wrong_call_is_explained(nix, user_flake, arguments, message):
    folder = user_flake(
        f"env = {environment('mine', sources=arguments)};",
        sources=ROOT / "examples" / "django" / "sources.yaml",
    )
    result = nix.run("build", "--no-link", "path:.#env", cwd=folder)
    assert result.returncode != 0
    message_text = " ".join(result.stderr.split())
    assert message in message_text
    assert 'environment "mine"' in message_text


def test_the_host_package_set_can_be_forced(nix):
    forced = nix.run("eval", "--raw", ".#env.drvPath", environment={"WHEELHOUSE_NIXPKGS": "host"})
    assert forced.returncode == 0, forced.stderr
    wrong = nix.run("eval", "--raw", ".#env.drvPath", environment={"WHEELHOUSE_NIXPKGS": "x"})
    assert wrong.returncode != 0
    assert "WHEELHOUSE_NIXPKGS" in wrong.stderr

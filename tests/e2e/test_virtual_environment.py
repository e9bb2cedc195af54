"""The environment is a real virtual environment, seen from inside the sandbox."""

from pathlib import Path

import pytest

from tests.support.nix import environment, example, sandbox_run

pytestmark = [pytest.mark.nix, pytest.mark.index]

PROGRAMS = Path(__file__).parent / "programs"

ATTRIBUTES = """
    interpreter = environment.python;
    expected = builtins.concatStringsSep " " (map (package: "${package.pname}==${package.version}")
      (builtins.attrValues environment.packages));
    packaging = library.builder;
"""


def flake(user_flake, program: str, *, name: str, of_example: str, **variables: str) -> Path:
    """Write a flake whose output runs a program in an example's environment."""
    attributes = ATTRIBUTES + "".join(f'{key} = "{text}";' for key, text in variables.items())
    checked = environment("checked", sources=example(of_example))
    folder = user_flake(f"{name} = {sandbox_run(checked, attributes=attributes, name=name)};")
    (folder / "program.py").write_bytes((PROGRAMS / program).read_bytes())
    return folder


def test_django_is_a_virtual_environment(nix, user_flake):
    folder = flake(
        user_flake,
        "virtual_environment.py",
        name="facts",
        of_example="django",
        imports="import django.db.models, django.template, aioextensions",
        scripts="django-admin|--version|${environment.packages.django.version}\\nsqlformat|--version|0.",
    )
    printed = nix.build("path:.#facts", cwd=folder).read_text()
    assert printed.startswith("4 distributions, ")


@pytest.mark.one_nix
def test_science_is_a_virtual_environment(nix, user_flake):
    folder = flake(
        user_flake,
        "virtual_environment.py",
        name="facts",
        of_example="science",
        imports="import numpy, pandas, matplotlib.pyplot, sklearn",
        scripts="f2py|-v|2.\\nfonttools|--help|fonttools",
    )
    assert " distributions, " in nix.build("path:.#facts", cwd=folder).read_text()


@pytest.mark.one_nix
@pytest.mark.parametrize("example_name", ["django", "science"])
def test_every_requirement_is_met(nix, user_flake, example_name):
    folder = flake(user_flake, "consistency.py", name="consistent", of_example=example_name)
    assert "requirements are met" in nix.build("path:.#consistent", cwd=folder).read_text()


def test_nix_run_and_nix_shell_start_the_environments_python(nix):
    code = "import django, sys; print(sys.prefix)"
    prefix = str(nix.build(".#env"))
    assert nix.output("run", ".#env", "--", "-c", code) == prefix
    assert nix.output("shell", ".#env", "--command", "python", "-c", code) == prefix

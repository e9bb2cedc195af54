"""environment.yml as input: its pip part, for its version of Python."""

import pytest
import yaml

from lock.errors import UsageError
from lock.inputs import read
from lock.inputs.conda import conda_packages as conda
from lock.inputs.conda import environment_yml

ENVIRONMENT = """\
name: demo
channels: [conda-forge, nodefaults]
dependencies:
  - conda-forge::python=3.12
  - pip>=23
  - pip:
      # A comment.
      - A_a[x]>=1 ; sys_platform == 'linux'
      - -r more.txt
      - --extra-index-url https://index.example/simple
"""


def test_the_pip_part_and_the_python_are_read(tmp_path):
    (tmp_path / "more.txt").write_text("b<2\n")
    (tmp_path / "environment.yml").write_text(ENVIRONMENT)
    found = read(tmp_path / "environment.yml")
    assert [*map(str, found.packages)] == ['a-a[x]>=1 ; sys_platform == "linux"', "b<2"]
    assert (found.python, found.requires_python) == ("3.12", "==3.12.*")
    assert [index.url for index in found.indexes] == ["https://index.example/simple"]
    assert not [note for note in found.notes if "effect" in note]


def test_platforms_are_systems_and_variables_are_told():
    text = ENVIRONMENT.replace("      - -r more.txt\n", "")
    text += "platforms: [linux-64, osx-arm64, win-64]\nvariables: {A: b}\n"
    found = environment_yml.parse(text, "environment.yml")
    assert found.systems == ("aarch64-darwin", "x86_64-linux")
    assert found.notes[-1] == "environment.yml: variables: they have no effect; set them in Nix"


@pytest.mark.parametrize(
    ("spec", "specifier"),
    [
        ("python", ""),
        ("python=3.12", "==3.12.*"),
        ("python=3.12.4", "==3.12.*"),
        ("python==3.12.4", "==3.12.*"),
        ("python=3.12.4=h2628c8c_0_cpython", "==3.12.*"),
        ("python 3.12.*", "==3.12.*"),
        ("python 3.12.4 h2628c8c_0", "==3.12.*"),
        ("python >=3.10, <3.13", "<3.13,>=3.10"),
        ("defaults::python>=3.10", ">=3.10"),
    ],
)
def test_conda_s_versions_of_python_are_understood(spec, specifier):
    assert conda.name_of(spec) == "python"
    assert conda.python_range(conda.version_of(spec)) == specifier


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "1: it has no `dependencies`; "),
        ("name: x\ndependencies: []\n", "1: dependencies: no package of the package index is"),
        (
            "dependencies:\n  - python=3.12\n  - numpy=2\n  - c::gcc\n  - pip:\n    - a\n",
            "2: dependencies: gcc, numpy are packages of conda, which can't be locked; list what ",
        ),
        (
            "dependencies:\n- numpy\n",
            "2: dependencies: numpy is a package of conda, which can't be locked; ",
        ),
        ("dependencies:\n- pip:\n  - a b\n", '3: "a b" is no requirement (PEP 508); '),
        ("dependencies:\n- pip: [a, b c]\n", '3: "b c" is no requirement (PEP 508); '),
        ("dependencies:\n- pipp:\n  - a\n", "2: dependencies.pipp: only `pip:` has requirements"),
        ("dependencies:\n- python=3.8|3.9\n- pip: [a]\n", '2: dependencies: "=3.8|3.9" is no'),
        (
            "dependencies:\n- python[build=x]\n- pip: [a]\n",
            '2: dependencies: "python[build=x]" has options in brackets; ',
        ),
        ("dependencies:\n- '!a'\n- pip: [a]\n", '2: dependencies: "!a" is no requirement of conda'),
        (
            "dependencies:\n- pip: [a]\nplatforms: [linux-65]\n",
            "3: platforms: linux-65: unknown platform; ",
        ),
        ("dependencies:\n- pip: [a]\nplatforms: [win-64]\n", "3: platforms: no platform can be"),
        ("dependencies:\n- pip: [a]\nx: 1\n", "3: x: unknown key; known are `channels`"),
    ],
)
def test_what_is_wrong_is_told(text, problem):
    with pytest.raises(UsageError) as caught:
        environment_yml.parse(text, "environment.yml")
    assert str(caught.value).startswith(f"environment.yml:{problem}")
    assert "; " in str(caught.value)


def test_it_is_locked(lock, index):
    index.wheel("a", "1.0")
    lock.write("dependencies:\n  - python=3.11\n  - pip:\n    - a\n", "env.yaml")
    data = yaml.safe_load(lock.succeed("env.yaml"))
    assert (data["python"], data["closure"]) == ("3.11", {"a": "1.0"})

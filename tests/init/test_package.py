"""What init writes of a package of the index, and what it refuses."""

from typing import Any

import pytest
import yaml

from tests.support.evaluation import value_of
from tests.support.lock_app import LockApp
from tests.support.wheels import Wheel

METADATA = """\
Metadata-Version: 2.4
Name: demo
Version: 1.2
Summary: A demonstration.
License-Expression: MIT OR Apache-2.0
Project-URL: Homepage, https://demo.example
Provides-Extra: color
Requires-Dist: alpha; extra == "color"
"""
# What the outputs of a flake call, in place of the library: functions that return their arguments.
OUTPUTS = """
let
  library = {
    lock = "lock";
    makePythonPypiApplication = arguments: arguments // {
      environment = "environment";
      tests.imports = "imports";
    };
    makePythonPypiEnvironment = arguments: arguments // {
      meta.mainProgram = "python";
      tests.imports = "imports";
    };
    makeShell = arguments: arguments;
  };
  given = {
    nixpkgs.lib.licenses = { mit = "MIT"; asl20 = "Apache-2.0"; OR = one: one; };
    wheelhouse.lib.eachSystem = _: make: make library;
  };
  outputs = (import ./made/flake.nix).outputs given;
in
removeAttrs outputs.packages.default [ "sourcesYaml" ] // { inherit (outputs) checks; }
"""


def add_demo(index: Any, metadata: str = METADATA, programs: str = "demo = demo:main\n") -> None:
    index.valid_wheel(
        Wheel(
            "demo",
            "1.2",
            {"demo.py": "def main(): ...\n"},
            entry_points=programs and f"[console_scripts]\n{programs}",
            metadata={"METADATA": metadata},
        )
    )


def made(init: LockApp, *arguments: str) -> Any:
    """Return what the flake of the package demo calls the library with."""
    done = init.run("--package", *(arguments or ["demo"]), "made")
    assert done.returncode == 0, done.stderr
    return value_of(OUTPUTS, init.folder)


def test_a_flake_has_the_application_with_its_description(init: LockApp, index: Any) -> None:
    add_demo(index)
    found = made(init)
    assert found["package"] == "demo"
    assert found["meta"] == {
        "description": "Demonstration",
        "homepage": "https://demo.example",
        "license": ["MIT", "Apache-2.0"],
    }
    assert found["checks"] == {"imports": "imports"}
    assert sorted(init.tree()) == [
        "made/flake.nix",
        "made/requirements.yaml",
        "made/sources.yaml",
    ]
    lock = yaml.safe_load((init.folder / "made" / "sources.yaml").read_text(encoding="utf-8"))
    assert lock["closure"] == {"demo": "1.2"}
    requirements = yaml.safe_load((init.folder / "made" / "requirements.yaml").read_text("utf-8"))
    assert requirements["requirements"] == {"demo": ">=1.2"}


def test_extras_and_versions_are_those_that_are_asked_for(init: LockApp, index: Any) -> None:
    add_demo(index)
    index.wheel("alpha", "1.0")
    assert made(init, "demo[color]<2")["package"] == "demo[color]"
    lock = yaml.safe_load((init.folder / "made" / "sources.yaml").read_text(encoding="utf-8"))
    assert lock["closure"] == {"alpha": "1.0", "demo": "1.2"}


def test_a_program_of_another_name_is_the_main_one(init: LockApp, index: Any) -> None:
    add_demo(index, programs="other = demo:main\n")
    assert made(init)["mainProgram"] == "other"


def test_a_package_without_programs_is_an_environment(init: LockApp, index: Any) -> None:
    add_demo(index, programs="")
    found = made(init)
    assert found["name"] == "demo"
    assert found["meta"]["description"] == "Demonstration"
    assert found["meta"]["mainProgram"] == "python"


def test_a_package_that_tells_nothing_is_described_by_nothing(init: LockApp, index: Any) -> None:
    add_demo(index, "Metadata-Version: 2.1\nName: demo\nVersion: 1.2\n")
    assert made(init)["meta"] == {}
    text = (init.folder / "made" / "flake.nix").read_text(encoding="utf-8")
    assert "nixpkgs) lib" not in text


def test_without_flakes_there_is_a_default_nix(init: LockApp, index: Any) -> None:
    add_demo(index)
    done = init.run("--package", "demo", "made", "--classic", "--no-lock")
    assert done.returncode == 0, done.stderr
    assert sorted(init.tree()) == ["made/default.nix", "made/requirements.yaml", "made/shell.nix"]
    init.write('_: { lock = ""; makePythonPypiApplication = one: one; }', "library.nix")
    assert value_of(
        """
        (import ./made/default.nix {
          pkgs.lib.licenses = { mit = "MIT"; asl20 = "Apache-2.0"; OR = one: one; };
          wheelhouse = ./library.nix;
        }).packages.default.meta.license
        """,
        init.folder,
    ) == ["MIT", "Apache-2.0"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["demo", "one", "two"], "too many arguments, from 'two' on"),
        (["demo", "--name", "other"], "init: --name: --package names all that there is"),
        (["demo", "--with", "alpha"], "init: --with: --package names all that there is"),
        ([""], "init: --package: : "),
        (["demo", "--python", ""], 'init: --python: "" is no version of Python'),
        (["demo", "--url", ""], "init: --url: '' is no URL of a flake"),
        (["demo", "--name", ""], "init: --name: --package names all that there is"),
        (["demo[no]"], "demo 1.2 has no extra no; it has color"),
        (["demo ="], "init: --package: demo =: "),
        (["demo>2"], "you require demo>2, we can conclude that your requirements are"),
    ],
)
def test_what_does_not_go_with_a_package_is_refused(
    init: LockApp, index: Any, arguments: list[str], message: str
) -> None:
    add_demo(index)
    done = init.run("--package", *arguments)
    assert done.returncode != 0
    assert message in done.stderr
    assert init.tree() == {}


def test_files_that_are_there_stay(init: LockApp, index: Any) -> None:
    add_demo(index)
    init.write("mine", "flake.nix")
    done = init.run("--package", "demo")
    assert done.returncode == 2
    assert "flake.nix is there already" in done.stderr
    assert (init.folder / "flake.nix").read_text(encoding="utf-8") == "mine"

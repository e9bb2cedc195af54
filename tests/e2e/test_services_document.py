"""The services of docs/deployment.md are ones that systemd takes, and their program runs.

NixOS, home-manager and nix-darwin are on no package index. What is written for them is evaluated
here as plain attributes, without their module systems and with a `lib` that has only getExe;
scripts/evaluate-modules evaluates it by their own modules.
"""

import re
import subprocess
from collections.abc import Mapping
from typing import Any

import pytest

from tests.support.documents import code_blocks
from tests.support.nix import example, write_user_flake
from tests.support.project import ROOT

DOCUMENT = (ROOT / "docs" / "deployment.md").read_text(encoding="utf-8")

pytestmark = [pytest.mark.nix, pytest.mark.index]


def configuration(system: str) -> str:
    """Return all that the document writes for a system."""
    [section] = re.findall(rf"^### {system}$(.*?)(?=^##|\Z)", DOCUMENT, re.MULTILINE | re.DOTALL)
    return "\n".join(code_blocks(section, "nix"))


def unit(service: Mapping[str, Any]) -> str:
    """Return the unit file of a NixOS service: a line a value, as NixOS writes them."""
    lines = ["[Service]"]
    for name, value in service["serviceConfig"].items():
        for one in value if isinstance(value, list) else [value]:
            lines.append(f"{name}={str(one).lower() if isinstance(one, bool) else one}")
    return "\n".join([*lines, "[Install]", f"WantedBy={' '.join(service['wantedBy'])}", ""])


@pytest.fixture(scope="module")
def evaluated(nix, tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Any]:
    """What the document's configurations say, with a built application."""
    systems = ("NixOS", "home-manager", "nix-darwin")
    configurations = "".join(f'"{system}" = {{ {configuration(system)} }};' for system in systems)
    folder = write_user_flake(
        tmp_path_factory.mktemp("services"),
        f"""
        inherit (let
          lib.getExe = package: "${{package}}/bin/${{package.meta.mainProgram}}";
          demo = library.makePythonPypiApplication {{
            package = "django";
            mainProgram = "django-admin";
            {example("django")}
          }};
          all = {{ {configurations} }};
        in {{ inherit demo all; }}) demo all;
        """,
    )
    nix.build("path:.#demo", cwd=folder)
    return nix.evaluate("path:.#all", cwd=folder)


def test_systemd_takes_the_service_and_its_program_runs(evaluated, tmp_path):
    service = evaluated["NixOS"]["systemd"]["services"]["demo"]
    file = tmp_path / "demo.service"
    file.write_text(unit(service), encoding="utf-8")
    program = service["serviceConfig"]["ExecStart"]
    ran = subprocess.run([program, "--version"], env={}, capture_output=True, text=True, check=True)
    assert re.match(r"\d+\.\d+", ran.stdout)
    checked = subprocess.run(
        ["systemd-analyze", "verify", file], capture_output=True, text=True, check=False
    )
    assert (checked.returncode, checked.stderr) == (0, "")
    rated = subprocess.run(
        ["systemd-analyze", "security", "--offline=true", "--threshold=20", file],
        capture_output=True,
        text=True,
        check=False,
    )
    assert rated.returncode == 0, rated.stdout


def test_all_three_start_the_same_program(evaluated):
    program = evaluated["NixOS"]["systemd"]["services"]["demo"]["serviceConfig"]["ExecStart"]
    home, mac = evaluated["home-manager"], evaluated["nix-darwin"]
    assert home["systemd"]["user"]["services"]["demo"]["Service"]["ExecStart"] == program
    agent = mac["launchd"]["user"]["agents"]["demo"]["serviceConfig"]
    assert agent["ProgramArguments"] == [program]
    for packages in (home["home"]["packages"], mac["environment"]["systemPackages"]):
        assert [f"{package}/bin/django-admin" for package in packages] == [program]

"""Every command and example of docs/licenses.md does what it says, with the index and Nix."""

import json
from pathlib import Path

import pytest
import yaml

from lock.inspection import licenses
from lock.licenses import policy
from tests.support.documents import code_blocks, console_commands, run_commands
from tests.support.evaluation import value_of
from tests.support.lock_data import item, lock_of
from tests.support.nix import Nix, environment, write_user_flake
from tests.support.project import ROOT

DOCUMENT = (ROOT / "docs" / "licenses.md").read_text(encoding="utf-8")
LINES = [line for block in code_blocks(DOCUMENT, "console") for line in console_commands(block)]
POLICY = code_blocks(DOCUMENT, "yaml")[0]

pytestmark = [pytest.mark.nix, pytest.mark.index]


@pytest.fixture
def folder(nix: Nix, tmp_path: Path) -> Path:
    """A user's flake with a lock without licences, and the document's policy."""
    made = write_user_flake(
        tmp_path / "mine",
        f"env = {environment('env')};",
        requirements="python: 3.11\nrequirements: {django: '*', docutils: '*', sqlparse: '*'}\n",
        policy=POLICY,
    )
    nix.lock(made, "--system", "x86_64-linux", "3.11", "requirements.yaml", "sources.yaml")
    return made


def test_the_commands_of_the_document(nix: Nix, folder: Path, tmp_path: Path) -> None:
    app = nix.build(".#lock")
    plain = (folder / "sources.yaml").read_text("utf-8")
    printed = run_commands(nix, [f"PATH={app}/bin:$PATH", *LINES], folder, tmp_path / "bin")
    assert "unknown: Public Domain; BSD License; GNU General Public License (GPL)" in printed
    assert "BSD-2-Clause AND 0BSD AND CC-PDDC  (policy.yaml:10)" in printed
    section = yaml.safe_load((folder / "sources.yaml").read_text("utf-8"))["licenses"]
    assert {name: section[name] for name in ("asgiref", "django", "sqlparse")} == dict.fromkeys(
        ("asgiref", "django", "sqlparse"), "BSD-3-Clause"
    )
    assert json.loads(printed.splitlines()[-1]) == [
        {"shortName": "BSD-3-Clause", "spdxId": "BSD-3-Clause"},
        {"shortName": "unknown", "fullName": section["docutils"].removeprefix("unknown: ")},
    ]
    bill = json.loads((folder / "sbom.cdx.json").read_text("utf-8"))
    ids = {one["name"]: one["licenses"][0]["license"].get("id") for one in bill["components"]}
    assert ids["django"] == "BSD-3-Clause"
    nix.lock(folder, "--no-licenses")
    assert (folder / "sources.yaml").read_text("utf-8") == plain


def test_the_example_in_nix_is_what_the_library_makes() -> None:
    [example] = code_blocks(DOCUMENT, "nix")
    text = "unknown: Public Domain; BSD License; GNU General Public License (GPL)"
    made = f"""let licenses = import {ROOT}/lib/sources/licenses.nix; in
      licenses.fromText "BSD-3-Clause" ++ licenses.fromText "{text}" """
    assert value_of(f"({made}) == {example}") is True


def test_the_policy_forbids_what_the_document_says() -> None:
    section = {"pylint": "GPL-2.0-or-later", "demo": "LGPL-3.0-only OR AGPL-3.0-only"}
    lock = lock_of(
        [item("demo"), item("pylint", version="4.0.4")],
        groups={"default": ["demo"], "dev": ["pylint"]},
        licenses=section,
    )
    rules = policy.parse(POLICY, "policy.yaml")
    found = licenses.licenses(lock, [], [*lock.systems], {})
    [violation] = licenses.violations(lock, found, rules, [])
    shown = code_blocks(DOCUMENT, "text")[1].splitlines()
    assert shown == [
        f"{violation.licensed.label}: {violation.license} is forbidden",
        *(f"  policy.yaml:{one.line}: {one.why}" for one in violation.forbidden),
        *(f"  needed by {path}" for path in violation.needed_by),
    ]

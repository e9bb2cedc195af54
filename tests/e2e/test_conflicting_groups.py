"""Environments of groups that exclude each other, from one lock, built and run in the sandbox."""

import json

import pytest

from tests.e2e.conftest import NIXES
from tests.support.nix import Nix, in_sandbox, write_user_flake

pytestmark = [pytest.mark.nix, pytest.mark.index]

NIX = Nix(NIXES["at hand"])


def environment(*groups: str) -> str:
    """Return a call of makePythonPypiEnvironment in Nix."""
    return (
        'makePythonPypiEnvironment { name = "env"; sourcesYaml = ./sources.yaml; '
        f"groups = [ {' '.join(map(json.dumps, groups))} ]; }}"
    )


def printing_version(*groups: str) -> str:
    """Return a derivation in Nix that prints all installed versions."""
    code = "import importlib.metadata as m; print(*(d.version for d in m.distributions()))"
    return in_sandbox(f'${{{environment(*groups)}}}/bin/python -c \\"{code}\\"')


def test_each_choice_builds_and_a_clash_is_refused(tmp_path):
    (tmp_path / "requirements.yaml").write_text(
        "requirements: {}\ngroups:\n  old: {iniconfig: ==1.1.1}\n  new: {iniconfig: ==2.0.0}\n"
        "  more: {idna: ==3.10}\nconflicts: [[old, new]]\n"
    )
    NIX.lock(tmp_path, "--system", "x86_64-linux", "3.12")
    write_user_flake(
        tmp_path,
        f"old = {printing_version('old')}; new = {printing_version('new', 'more')}; "
        f"none = {printing_version('more')}; "
        f"clash = {environment('old', 'new')};",
    )
    shown = {
        name: sorted(NIX.build(f"path:.#{name}", cwd=tmp_path).read_text().split())
        for name in ("old", "new", "none")
    }
    assert shown == {"old": ["1.1.1"], "new": ["2.0.0", "3.10"], "none": ["3.10"]}
    refused = NIX.run("build", "--no-link", "path:.#clash", cwd=tmp_path)
    assert refused.returncode != 0
    assert 'the groups "new", "old" exclude each other. Name one of them.' in refused.stderr

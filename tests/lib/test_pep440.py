"""Versions are compared in Nix as `packaging` compares them."""

import json
import random
from pathlib import Path

import pytest
from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.version import Version

from tests.support.evaluation import value_of
from tests.support.project import ROOT

CASES = 3000
OPERATORS = ("==", "!=", "<=", ">=", "<", ">", "~=")


def version(source: random.Random) -> str:
    """Return a version with any of the parts that PEP 440 knows."""
    release = ".".join(str(source.choice((0, 1, 2, 3, 10))) for _ in range(source.randint(1, 4)))
    return "".join(
        (
            source.choice(("", "", "", "1!")),
            release,
            source.choice(("", "", "", "a1", "b2", "rc1", ".RC", "-preview_3")),
            source.choice(("", "", "", ".post1", "-2", "r4")),
            source.choice(("", "", "", ".dev1", ".dev")),
            source.choice(("", "", "", "+abc.1", "+1")),
        )
    )


def specifier(source: random.Random, near: str) -> str:
    """Return a specifier, often of the version itself."""
    given = near if source.random() < 0.3 else version(source)
    if source.random() < 0.2:
        return f"{source.choice(('==', '!='))}{Version(given).base_version}.*"
    operator = source.choice(OPERATORS)
    return operator + (given if operator in ("==", "!=") else given.partition("+")[0])


def cases(count: int) -> list[tuple[str, str, bool]]:
    """Return versions and specifiers, with whether they fit; the same in every run."""
    source = random.Random(440)
    found: list[tuple[str, str, bool]] = []
    while len(found) < count:
        given = version(source)
        try:
            specifiers = SpecifierSet(",".join(specifier(source, given) for _ in range(2)))
        except InvalidSpecifier:
            continue
        fits = specifiers.contains(Version(given), prereleases=True)
        found.append((given, str(specifiers), fits))
    return found


@pytest.mark.nix
def test_a_version_satisfies_what_packaging_says_it_does(tmp_path: Path) -> None:
    given = cases(CASES)
    assert {fits for _, _, fits in given} == {True, False}
    (tmp_path / "cases.json").write_text(json.dumps(given), encoding="utf-8")
    wrong = value_of(
        f"""let
          inherit (import {ROOT}/lib/pep440.nix) satisfies;
          at = builtins.elemAt;
        in builtins.filter (case: satisfies (at case 1) (at case 0) != at case 2)
          (builtins.fromJSON (builtins.readFile ./cases.json))""",
        tmp_path,
    )
    assert wrong == []

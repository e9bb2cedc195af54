"""Every public function has cases, a doc comment and a section of the reference, all complete."""

import re
from textwrap import dedent

import pytest

from lock import __version__
from tests.support.evaluation import value_of
from tests.support.project import ROOT

LIBRARY = ROOT / "lib"
TESTS = ROOT / "tests" / "lib"
REFERENCE = (ROOT / "docs" / "reference.md").read_text(encoding="utf-8")
FUNCTIONS = re.findall(
    r"^  (\w+) = \./\1\.nix;$", (LIBRARY / "api" / "default.nix").read_text("utf-8"), re.MULTILINE
)
FLAKE = f"(import {ROOT}/flake.nix).outputs {{ self = null; nixpkgs = null; }}"

pytestmark = pytest.mark.nix


def section(heading: str) -> str:
    """Return the text below a heading of the reference, up to the next of its level or above."""
    _before, found, rest = REFERENCE.partition(f"\n{heading}\n")
    assert found, f"docs/reference.md has no section {heading!r}"
    level = heading.index(" ")
    return re.split(rf"^#{{1,{level}}} ", rest, maxsplit=1, flags=re.MULTILINE)[0]


def first_table(text: str) -> list[str]:
    """Return the names in the first column of the first table."""
    table = re.search(r"^\|---.*\n((?:\|.*\n)+)", text, re.MULTILINE)
    return re.findall(r"^\| `(\w+)` \|", table[1], re.MULTILINE) if table else []


def source(name: str) -> str:
    """Return the text of a public function's file."""
    return (LIBRARY / "api" / f"{name}.nix").read_text(encoding="utf-8")


def parameters(name: str) -> list[str]:
    """Return the parameters of a public function, the last set of them in its file."""
    parameter = r"\1  \w+(?: \? .*)?,\n"
    pattern = rf"^( *)\{{\n((?:{parameter})+)\1\}}(?:@\w+)?:"
    sets = re.findall(pattern, source(name), re.MULTILINE)
    return re.findall(r"^(\w+)", dedent(sets[-1][1]), re.MULTILINE)


def documented(name: str) -> list[str]:
    """Return the parameters that a public function's doc comment names."""
    comment = re.search(r"Type: \w+ :: \{\n(.*?)\n  \} ->", source(name), re.DOTALL)
    assert comment is not None
    return re.findall(r"^ {4}(\w+) +::", comment[1], re.MULTILINE)


def test_the_table_of_functions_is_the_folder() -> None:
    files = {file.stem for file in (LIBRARY / "api").glob("*.nix")} - {"default"}
    assert set(FUNCTIONS) == files
    assert value_of(f"builtins.attrNames (import {LIBRARY}/api)") == sorted(files)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_function_has_cases(name: str) -> None:
    cases = f"import {TESTS}/api/{name}.nix (import {TESTS}/fixtures.nix)"
    assert value_of(f"builtins.attrNames ({cases})")


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_function_is_in_the_reference_with_every_argument(name: str) -> None:
    assert first_table(section(f"## {name}")) == parameters(name)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_doc_comment_names_every_argument(name: str) -> None:
    assert documented(name) == parameters(name)


def test_every_attribute_of_the_library_is_in_the_reference() -> None:
    for name in value_of(f"builtins.attrNames (import {TESTS}/fixtures.nix).library"):
        assert section(f"## {name}").strip()


def test_every_attribute_of_an_environment_is_in_the_reference() -> None:
    added = value_of(
        f"""let
          fixtures = import {TESTS}/fixtures.nix;
          environment = fixtures.makePythonPypiEnvironment {{
            name = "x";
            sourcesRaw = fixtures.lock;
          }};
          plain = derivation environment.drvAttrs;
        in builtins.attrNames (removeAttrs environment (builtins.attrNames plain))"""
    )
    assert sorted(first_table(section("### Result"))) == added


def test_every_output_of_the_flake_is_in_the_reference() -> None:
    names = re.findall(r"^\| (.*?) \|", section("## The flake"), re.MULTILINE)
    named = set(re.findall(r"`([\w.]+)`", "".join(names)))
    assert {name.partition(".")[0] for name in named} == set(
        value_of(f"builtins.attrNames ({FLAKE})")
    )
    assert {name.removeprefix("lib.") for name in named if name.startswith("lib.")} == set(
        value_of(f"builtins.attrNames ({FLAKE}).lib")
    )


def test_the_flake_has_the_version_of_the_lock_app() -> None:
    assert value_of(f"({FLAKE}).lib.version") == __version__


def test_the_changelog_has_the_version() -> None:
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    releases = re.findall(r"^## \[(\d.*?)\]", changelog, re.MULTILINE)
    assert releases[0] == __version__

"""Locks that wheelhouse did not write: Makes' files, and YAML in any style."""

import json

import pytest
import yaml

from tests.support.doc_examples import examples, matches
from tests.support.makes_locks import as_makes
from tests.support.nix import environment
from tests.support.project import ROOT

READER = ROOT / "lib" / "sources" / "foreign.nix"

pytestmark = [pytest.mark.nix, pytest.mark.index]


def makes_file(nix) -> dict:
    """Return what Makes would have written for examples/django: the files of every platform."""
    return as_makes(nix.evaluate(".#env.sources"))


def makes(sources: str = "sourcesYaml = ./sources.yaml") -> str:
    """Return a flake output that is an environment of these sources."""
    return f"makes = {environment('makes', sources=f'{sources};')};"


@pytest.mark.parametrize(
    ("argument", "style"),
    [
        ("sourcesYaml = ./sources.yaml", "flow"),
        ("sourcesYaml = ./sources.yaml", "block"),
        ("sourcesJson = ./sources.yaml", "flow"),
        ("sourcesRaw = builtins.fromJSON (builtins.readFile ./sources.yaml)", "flow"),
    ],
)
def test_a_file_of_makes_builds(nix, user_flake, argument, style):
    data = makes_file(nix)
    text = json.dumps(data) if style == "flow" else yaml.safe_dump(data)
    folder = user_flake(makes(argument), sources=text)
    built = nix.build("path:.#makes", cwd=folder)
    assert (built / "bin" / "django-admin").exists()


def test_the_example_of_its_reader_is_true(nix, tmp_path):
    (tmp_path / "makes-sources.yaml").write_text(json.dumps(makes_file(nix)), encoding="utf-8")
    (example,) = examples(READER)
    expression = f"""let
      library = import {ROOT} {{ pkgs = import <nixpkgs> {{ }}; }};
      inherit (library) toolchain builder;
      value = {example.bound(f"import {READER}")};
    in [ value ({example.expected}) ]"""
    printed = nix.output("eval", "--impure", "--json", "--expr", expression, cwd=tmp_path)
    value, expected = json.loads(printed)
    assert matches(value, expected)


def test_the_best_of_several_links_is_chosen(nix, user_flake):
    sources = nix.evaluate(".#science.sources")
    data = as_makes(
        {
            "closure": {"numpy": sources["closure"]["numpy"]},
            "links": [link for link in sources["links"] if link["package"] == "numpy"],
            "python": "3.11",
        }
    )
    assert len(data["links"]) == 4
    folder = user_flake(makes(), sources=yaml.safe_dump(data))
    chosen = nix.evaluate("path:.#makes.sources", cwd=folder)["links"]
    assert [link["name"] for link in chosen if "x86_64" in link["name"] and "linux" in link["name"]]


def test_a_closure_entry_without_a_link_is_named(nix, user_flake):
    data = makes_file(nix)
    data["links"] = [link for link in data["links"] if "sqlparse" not in link["name"]]
    folder = user_flake(makes(), sources=json.dumps(data))
    result = nix.run("build", "--no-link", "path:.#makes", cwd=folder)
    assert result.returncode != 0
    assert "sqlparse" in result.stderr
    assert "Traceback" not in result.stderr

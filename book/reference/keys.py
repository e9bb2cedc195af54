"""The page of all keys: of requirements.yaml, overrides and search paths."""

import re
from collections.abc import Mapping
from typing import Any

from book.reference import markdown
from book.reference.markdown import code
from lock.inputs.yaml.requirements_yaml import INDEX_KEYS, OPTIONS
from lock.inputs.yaml.yaml_requirements import REQUIREMENT_KEYS

TITLE = "Keys"
INTRODUCTION = """\
Every key of the files and arguments that you write. An unknown one is an error that names near
ones.
The keys of the lock are in [sources.yaml](../sources-yaml.md).
"""
# The kinds of packages that lib/overrides/keys.nix names.
KINDS = {
    "project": "projects",
    "sdist": "source distributions",
    "native": "wheels with native code",
    "pure": "wheels of Python alone",
    "nixpkgs": "packages of nixpkgs",
    "needing": "packages with an entry in `native` of the lock",
}
TYPES = {"set": "attrset", None: "any"}


def render(overrides: Mapping[str, Any], search_paths: Mapping[str, Any], described: str) -> str:
    """Return the page; `described` is the text of docs/overrides.md, which has the meanings."""
    return markdown.page(
        TITLE,
        INTRODUCTION.replace("\n", " ").rstrip() + "\n",
        "## requirements.yaml\n",
        "The file is a mapping of packages to specifiers, or has these keys:\n",
        _meanings(OPTIONS),
        "## A package of requirements.yaml\n",
        "In place of a specifier, a package may have a mapping with these keys:\n",
        _meanings(REQUIREMENT_KEYS),
        "## An index of requirements.yaml\n",
        "In place of an address, an index below `indexes` may have a mapping with these keys:\n",
        _meanings(INDEX_KEYS),
        "## overrides\n",
        "[Overrides](../overrides.md) has an example of each key.\n",
        _overrides(overrides, described),
        "## searchPaths\n",
        "Each is a list. What an item adds stands before what the variable has.\n",
        _search_paths(search_paths),
        "`pythonPackage311` and `pythonMypy311` (by version) add the `site-packages` of an item "
        "for that version. [Search paths](../makes.md#search-paths) explains the keys without a "
        "variable.\n",
    )


def _meanings(keys: Mapping[str, str]) -> str:
    rows = [(code(key), markdown.prose(meaning)) for key, meaning in sorted(keys.items())]
    return markdown.table(("key", "meaning"), rows)


def _overrides(keys: Mapping[str, Any], described: str) -> str:
    meanings = dict(re.findall(r"^\| `(\w+)` \|.*\| (.*) \|$", described, re.MULTILINE))
    rows = []
    for key, rule in sorted(keys.items()):
        kinds = [name for kind, name in KINDS.items() if kind in rule["kinds"]]
        beside = [f"beside {code(other)}" for other in rule["beside"]]
        changes = ["every package"] if len(kinds) == len(KINDS) - 1 else kinds
        meaning = meanings[key].replace("](#", "](../overrides.md#")
        kind = rule.get("type")
        rows.append((code(key), TYPES.get(kind, kind), ", ".join([*changes, *beside]), meaning))
    return markdown.table(("key", "type", "changes", "meaning"), rows)


def _search_paths(keys: Mapping[str, Any]) -> str:
    rows = [
        (
            code(key),
            code(rule["variable"]) if rule["variable"] else "",
            " and ".join(code(f"ITEM{suffix}") for suffix in rule["suffixes"]),
        )
        for key, rule in sorted(keys.items())
    ]
    return markdown.table(("key", "variable", "what an item adds"), rows)

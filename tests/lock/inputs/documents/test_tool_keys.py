"""Every key of a tool's table is honoured, refused or told, and stands in the documentation."""

import tomllib

import pytest

from lock.inputs.documents.problems import Problems
from lock.inputs.documents.toml_tables import Table
from lock.inputs.documents.tool_keys import BESIDE, HONOURED, Key, Use, check
from lock.inputs.pdm import pdm_table as pdm
from lock.inputs.poetry import poetry_keys
from lock.inputs.project import hatch
from tests.support.other_tools import Tools
from tests.support.project import ROOT

DOCUMENT = ROOT / "docs" / "pyproject.md"
TOOLS = {"poetry": poetry_keys.KEYS, "pdm": pdm.KEYS, "hatch": hatch.KEYS}


def section(keys):
    """The table of keys in the documentation, and the line of those that stand in none."""
    rows = [
        f"| `{key.replace('*', 'NAME')}` | {one.use} | {one.why} |".replace("|  |", "| |")
        for key, one in keys.items()
        if one != BESIDE and not key.startswith(ALIKE)
    ]
    beside = [key for key, one in keys.items() if one == BESIDE and not key.startswith(ALIKE)]
    names = ", ".join(f"`{key.replace('*', 'NAME')}`" for key in beside)
    return "\n".join(["| key | use | |", "|---|---|---|", *rows, "", f"Not for a lock: {names}."])


# Their tables have the keys of `dependencies.*`.
ALIKE = tuple(f"{place}." for place in poetry_keys.PLACES[1:])


@pytest.mark.parametrize("tool", TOOLS)
def test_the_documentation_has_the_keys_of_the_code(tool):
    assert section(TOOLS[tool]) in DOCUMENT.read_text("utf-8")


SCHEMAS = """
import importlib.resources, json
for package, name in (("poetry.json", "poetry"), ("poetry.core.json", "poetry-schema")):
    file = importlib.resources.files(package) / "schemas" / f"{name}.json"
    schema = json.loads(file.read_text())
    print(*schema["properties"])
    for name, inner in schema["definitions"].items():
        if name.endswith("-dependency"):
            print(*(f"dependencies.*.{key}" for key in inner.get("properties", ())))
"""


@pytest.mark.index
def test_poetry_has_no_other_keys(tools: Tools) -> None:
    found = tools.run_tool("--from", "poetry", "python", "-c", SCHEMAS).split()
    assert "source" in found
    assert "dependencies.*.extras" in found
    known = {*poetry_keys.KEYS}
    known |= {key.partition(".")[0] for key in known}
    assert {*found} - known == set()


KEYS = {
    "a": HONOURED,
    "b": Key(Use.REFUSED, "it is wrong; leave it out"),
    "c.*.d": Key(Use.WITHOUT_EFFECT, "write `a`"),
    "c.*": HONOURED,
    "e": BESIDE,
}


def checked(text):
    problems = Problems("p.toml")
    told = check(Table(tomllib.loads(text), "t", problems), KEYS, "p.toml")
    return told, [message for *_, message in problems.found]


def test_a_key_is_honoured_refused_or_told():
    assert checked("a = 1\ne.f = 2\nc.x = 1\n") == ([], [])
    assert checked("b = 1\n") == ([], ["p.toml: t.b: it is wrong; leave it out"])
    told, problems = checked("c.x.d = 1\nc.y.d = 1\n[[c.z]]\nd = 1\nf = 1\n[g]\nh = 1\n")
    assert problems == []
    # Once, though several have it.
    assert told == [
        "p.toml: t.c.x.d: it has no effect here; write `a`",
        "p.toml: t.c.z.f, t.g: not known here, and without effect",
    ]

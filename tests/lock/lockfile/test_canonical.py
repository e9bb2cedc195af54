"""The canonical style: JSON and YAML readers read back exactly what was written."""

import json

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from lock.errors import LockError
from lock.lockfile.canonical import dump
from tests.support.project import ROOT

LOCKS = [
    *sorted((ROOT / "bench" / "sets").glob("*/sources.yaml")),
    *sorted((ROOT / "examples").glob("*/sources.yaml")),
    *sorted((ROOT / "lib" / "makes" / "sources").glob("*.yaml")),
]
AWKWARD = ["on", "no", "y", "n", "null", "~", "1.0", "1", "0x1f", "1e3", "2001-01-01", "true", ""]
AWKWARD += ["=", "<<", "a: b", "- a", "#", "*a", "&a", "é", "\u2028", '"', "\\", "\x7f", "\x85"]
TEXT = st.sampled_from(AWKWARD) | st.text(
    st.characters(max_codepoint=0xFFFF, exclude_categories=["Cs"]), max_size=20
)
KEY = TEXT | st.from_regex(r"\A[a-z0-9][a-z0-9_.-]{0,9}\Z")
SCALAR = TEXT | st.integers(0, 10**12)
MAPPING = st.recursive(
    st.dictionaries(KEY, SCALAR, min_size=1, max_size=4),
    lambda inner: st.dictionaries(
        KEY,
        SCALAR | inner | st.lists(SCALAR | inner, min_size=1, max_size=3),
        min_size=1,
        max_size=4,
    ),
    max_leaves=12,
)


@given(MAPPING)
@example({key: key for key in AWKWARD})
@example({"\x7f" * 170: {"a": "\x7f" * 2000}, "a" * 1022: 1})
def test_json_and_pyyaml_read_back_what_was_written(data):
    text = dump(data)
    assert json.loads(text) == data
    assert [*json.loads(text)] == [*data]
    for loader in (yaml.SafeLoader, yaml.CSafeLoader):
        assert yaml.load(text, Loader=loader) == data


@pytest.mark.parametrize("file", LOCKS, ids=lambda file: str(file.relative_to(ROOT)))
def test_json_and_pyyaml_read_the_same_of_real_locks(file):
    text = file.read_text("ascii")
    data = json.loads(text)
    assert dump(data) == text
    for loader in (yaml.SafeLoader, yaml.CSafeLoader):
        assert yaml.load(text, Loader=loader) == data


@given(MAPPING)
def test_lines_are_ascii_and_each_item_has_one(data):
    text = dump(data)
    assert text.isascii()
    assert text.startswith("{")
    assert text.endswith("\n}\n")
    for key, value in data.items():
        if isinstance(value, list):
            written = ",\n".join(f"  {dump_item(item)}" for item in value)
            assert f"{dump_item(key)}: [\n{written}\n]" in text


def dump_item(value):
    return json.dumps(value).replace("\x7f", "\\u007f")


def test_the_layout_is_that_of_the_document():
    data = {
        "wheelhouse": 2,
        "systems": {"x86_64-linux": {"glibc": "2.35"}},
        "groups": {"default": ["a", "b"], "dev": ["c"]},
        "requested": {"requirements": {"default": ["a>1", "b"]}, "lock": "0"},
        "packages": [{"name": "a", "systems": ["x", "y"], "size": 0}, {"name": "b"}],
        "conflicts": ["c+d"],
    }
    assert dump(data) == (
        """{"wheelhouse": 2,
"systems": {
  "x86_64-linux": {"glibc": "2.35"}
},
"groups": {
  "default": [
    "a",
    "b"
  ],
  "dev": ["c"]
},
"requested": {
  "requirements": {
    "default": [
      "a>1",
      "b"
    ]
  },
  "lock": "0"
},
"packages": [
  {"name": "a", "systems": ["x", "y"], "size": 0},
  {"name": "b"}
],
"conflicts": [
  "c+d"
]
}
"""
    )


@pytest.mark.parametrize(
    "data",
    [
        {"a": []},
        {"a": {}},
        {"a": [{}]},
        {"a": [["b"]]},
        {"a": -1},
        {"a": True},
        {"a": "\U0001f600"},
        {"a": "\ud800"},
        {"é" * 400: "a"},
        {"a" * 1023: "a"},
    ],
)
def test_what_the_style_has_no_form_for_is_refused(data):
    with pytest.raises(LockError, match=r"sources\.yaml"):
        dump(data)

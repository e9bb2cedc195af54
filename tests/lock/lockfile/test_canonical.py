"""The canonical style: PyYAML and Nix' own rules read back exactly what was written."""

import re

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from lock.errors import LockError
from lock.lockfile.canonical import dump

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
# docs/sources-yaml.md: what one line may look like.
JSON_TEXT = r'"(?:[ !#-\[\]-~]|\\(?:["\\bfnrt]|u[0-9a-f]{4}))*"'
LINE = re.compile(
    rf"(?:  )*(?:- )?(?:(?:[a-z0-9][a-z0-9_.-]*|{JSON_TEXT}):)?(?:(?<![\w\"]) ?|(?<=:) ?)"
    rf"(?:{JSON_TEXT}|0|[1-9][0-9]*)?"
)


@given(MAPPING)
@example({key: key for key in AWKWARD})
def test_pyyaml_reads_back_what_was_written(data):
    assert yaml.safe_load(dump(data)) == data


@given(MAPPING)
def test_every_line_is_one_of_the_style(data):
    text = dump(data)
    assert text.isascii()
    assert text.endswith("\n")
    for line in text.removesuffix("\n").split("\n"):
        assert LINE.fullmatch(line), line


def test_keys_are_bare_where_yaml_reads_them_as_texts():
    data = {"django": 1, "zope.interface": 2, "3to2": 3, "left-out": 4}
    assert dump(data) == "django: 1\nzope.interface: 2\n3to2: 3\nleft-out: 4\n"


@pytest.mark.parametrize("key", ["on", "no", "y", "n", "null", "true", "1.0", "3", "1_0", "0x1"])
def test_keys_that_yaml_reads_otherwise_are_quoted(key):
    assert dump({key: "x"}) == f'"{key}": "x"\n'


def test_items_stand_below_their_key():
    data = {"packages": [{"name": "a", "systems": ["x"], "size": 0}, {"name": "b"}]}
    assert dump(data) == (
        'packages:\n  - name: "a"\n    systems:\n      - "x"\n    size: 0\n  - name: "b"\n'
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
    ],
)
def test_what_the_style_has_no_form_for_is_refused(data):
    with pytest.raises(LockError, match=r"sources\.yaml"):
        dump(data)

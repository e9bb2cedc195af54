"""The tables say which attribute of nixpkgs has a thing."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from native import tables

FILES = sorted(Path(tables.__file__).parent.glob("*.json"))
# What can be pasted behind "pkgs.".
ATTRIBUTE = re.compile(r"[A-Za-z_][\w'-]*(\.[A-Za-z_][\w'-]*)*")


def attributes(value: Any) -> list[str]:
    """Return the attributes that an entry names."""
    if isinstance(value, dict):
        assert value.keys() <= {"buildInputs", "nativeBuildInputs"}
        return [attribute for listed in value.values() for attribute in listed]
    return [] if value is None else [value]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_table_has_a_line_an_entry_in_order(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    table = json.loads(text)
    keys = re.findall(r'^  ("(?:[^"\\]|\\.)*"): ', text, re.MULTILINE)
    assert [json.loads(key) for key in keys] == sorted(table)
    assert len(text.splitlines()) == len(table) + 2


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_the_tables_have_names_that_can_be_pasted(file: Path) -> None:
    for value in json.loads(file.read_text(encoding="utf-8")).values():
        assert all(ATTRIBUTE.fullmatch(attribute) for attribute in attributes(value)), value


def test_a_soname_with_an_entry_of_its_own_wins_over_its_library(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    table = {"libx.so": "x", "libx.so.1": "x-legacy", "libx.so.2": None}
    monkeypatch.setattr(tables, "load_table", lambda _: table)
    assert tables.attribute_for_soname("libx.so.3") == "x"
    assert tables.attribute_for_soname("libx.so.1") == "x-legacy"
    assert tables.attribute_for_soname("libx.so.2") is None
    assert tables.attribute_for_soname("liby.so.1") is None


def test_a_header_in_a_known_folder_is_known() -> None:
    assert tables.attribute_for_header("openssl/ssl.h") == "openssl"
    assert tables.attribute_for_header("GL/glew.h") == "glew"
    assert tables.attribute_for_header("unheard/of.h") is None

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
# Headers of the C library, of other systems, and names that many projects use for their own.
NO_LIBRARY = {
    "common.h",
    "config.h",
    "event.h",
    "libintl.h",
    "profile.h",
    "security/",
    "sys/",
    "types.h",
    "utils.h",
    "windows.h",
}


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


def test_each_soname_is_that_of_a_shared_library() -> None:
    names = tables.load_table("sonames")
    assert [name for name in names if not re.fullmatch(r"lib[\w.+-]+?\.so(\.\d+)*", name)] == []


def test_a_soname_with_version_says_other_than_the_library() -> None:
    table = tables.load_table("sonames")
    versioned = {name: name.partition(".so.")[0] + ".so" for name in table if ".so." in name}
    assert [name for name, stem in versioned.items() if table[name] == table.get(stem, "")] == []


def test_a_header_says_other_than_its_folder() -> None:
    table = tables.load_table("headers")
    folders = {name: f"{name.partition('/')[0]}/" for name in table if "/" in name.rstrip("/")}
    assert [name for name, folder in folders.items() if table[name] == table.get(folder)] == []


def test_a_linked_name_says_other_than_its_soname() -> None:
    linked = tables.load_table("linked")
    same = [name for name in linked if tables.attribute_for_soname(f"lib{name}.so") == linked[name]]
    assert same == []


def test_no_header_is_one_that_needs_no_library() -> None:
    assert NO_LIBRARY & tables.load_table("headers").keys() == set()


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

"""Pages of an index are read no further than a question needs."""

import json
from collections.abc import Mapping

import pytest

from lock.inspection.simple_index import Choice, IndexFile, Page, parse_json

OLD = {"filename": "demo-1.0-py3-none-any.whl", "url": "https://index/old", "yanked": False}
NEW = {"filename": "demo-2.0-py3-none-any.whl", "url": "https://index/new", "yanked": "broken"}
# Of version 1.0, which suffices where there is no newer one.
CHOICE = Choice(
    lambda names: {name for name in names if not name.startswith("demo-0")},
    lambda names: all(name.startswith("demo-1") for name in names),
)


def page(*files: Mapping[str, object], compact: bool = True, status: str = "") -> bytes:
    separators = (",", ":") if compact else (", ", ": ")
    state = {"project-status": {"status": status}} if status else {}
    return json.dumps({"files": files, **state}, separators=separators).encode()


@pytest.mark.parametrize("compact", [True, False])
@pytest.mark.parametrize("status", ["", "active"])
def test_a_page_is_not_parsed_where_names_suffice(compact: bool, status: str) -> None:
    content = page({**OLD, "filename": "demo-0.9.tar.gz"}, OLD, compact=compact, status=status)
    found = parse_json(content + b"no JSON", "", CHOICE)
    assert found == Page([IndexFile("demo-1.0-py3-none-any.whl", "")])


@pytest.mark.parametrize(
    ("content", "names"),
    [
        (page(OLD, NEW), ["demo-1.0-py3-none-any.whl", "demo-2.0-py3-none-any.whl"]),
        (page(OLD, status="archived"), ["demo-1.0-py3-none-any.whl"]),
        (page(OLD).replace(b"demo-1", rb"d\u0065mo-1"), ["demo-1.0-py3-none-any.whl"]),
        (page(OLD).replace(b'"filename":', b'"filename" :'), ["demo-1.0-py3-none-any.whl"]),
        (page(), []),
    ],
)
def test_any_other_page_is_parsed(content: bytes, names: list[str]) -> None:
    found = parse_json(content, "", CHOICE)
    assert [file.name for file in found.files] == names
    assert all(file.url for file in found.files)
    everything = parse_json(content, "")
    assert (found.status, found.files) == (everything.status, everything.files)


@pytest.mark.parametrize(
    "content", [b"<html>", b"[]", b"{}", b'{"files": [{"url": ""}]}', page(NEW) + b"x"]
)
def test_what_is_no_page_is_refused(content: bytes) -> None:
    with pytest.raises((KeyError, TypeError, ValueError)):
        parse_json(content, "", CHOICE)

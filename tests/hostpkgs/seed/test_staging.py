"""staging.py: what is staged, is staged whole and always under the same name."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from staging import Entry, stage

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def source(tmp_path: Path) -> Path:
    (tmp_path / "source").write_text("content")
    return tmp_path / "source"


def test_entries_lie_where_they_should(tmp_path: Path, source: Path) -> None:
    staged = stage(tmp_path / "seeds", "x", [
        Entry("bin/python3.11", str(source)), Entry("bin/python3", "", link="python3.11"),
    ])  # fmt: skip
    assert (tmp_path / staged.path / "bin/python3").read_text() == "content"
    assert os.readlink(f"{staged.path}/bin/python3") == "python3.11"  # noqa: PTH115


def test_the_order_of_entries_does_not_count(tmp_path: Path, source: Path) -> None:
    entries = [Entry(name, str(source)) for name in ("b", "a", "c/d")]
    first = stage(tmp_path / "seeds", "x", entries)
    second = stage(tmp_path / "seeds", "x", entries[::-1])
    assert first == second
    assert len(list((tmp_path / "seeds").iterdir())) == 1


def test_another_content_has_another_folder(tmp_path: Path, source: Path) -> None:
    first = stage(tmp_path / "seeds", "x", [Entry("a", str(source))])
    source.unlink()
    source.write_text("other")
    second = stage(tmp_path / "seeds", "x", [Entry("a", str(source))])
    assert first.path != second.path
    assert (tmp_path / first.path / "a").read_text() == "content"


def test_a_failure_leaves_nothing(tmp_path: Path, source: Path) -> None:
    with pytest.raises(OSError):
        stage(tmp_path / "seeds", "x", [Entry("a", str(source)), Entry("b", str(tmp_path / "no"))])
    assert list((tmp_path / "seeds").iterdir()) == []

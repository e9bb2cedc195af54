"""The folders of the lock app import each other in one direction only."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tests.support.project import ROOT

LOCK = ROOT / "lock"
ARCHITECTURE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")


def folders_in_the_document() -> list[str]:
    """Return the folders of the architecture's table, in its order."""
    table = ARCHITECTURE.partition("| folder of `lock/` |")[2].partition("\n\n")[0]
    return re.findall(r"^\| `(\w+)/` \|", table, re.MULTILINE)


def imported_folders(file: Path) -> Iterator[str]:
    """Yield the folders of the lock app that a module imports from."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        names = []
        if isinstance(node, ast.ImportFrom) and node.module is not None:
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        elif isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        for name in names:
            parts = name.split(".")
            if parts[0] == "lock" and (LOCK / parts[1]).is_dir():
                yield parts[1]


def test_the_document_lists_every_folder() -> None:
    packages = {file.parent.name for file in LOCK.glob("*/__init__.py")}
    assert set(folders_in_the_document()) == packages


def test_a_folder_imports_only_those_above_it_in_the_document() -> None:
    order = folders_in_the_document()
    upward = {
        (str(file.relative_to(ROOT)), imported)
        for folder in order
        for file in (LOCK / folder).rglob("*.py")
        for imported in imported_folders(file)
        if order.index(imported) > order.index(folder)
    }
    assert upward == set()

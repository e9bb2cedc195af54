"""Modules that sources may import are found without parsing them."""

import sysconfig
from pathlib import Path
from textwrap import dedent

import pytest

from lock.wheels.mentioned_modules import mentioned_modules
from native.module_imports import Module


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("import one", {"one"}),
        ("import one.two as three", {"one"}),
        ("import one as other, two.three ,four", {"one", "two", "four"}),
        ("import one, \\\n    two", {"one", "two"}),
        ("\tfrom one.two import (\n    three,\n)", {"one"}),
        ("try: import one\nexcept ImportError: from two import three", {"one", "two"}),
        ("x = 1; import one;from two import three", {"one", "two"}),
        ("import one  # and two, three", {"one"}),
        ("import größe", {"größe"}),
        ("load('one.two', \"three.four.five\")", {"one", "three"}),
        ("from . import one\nfrom .two import three", set()),
        ("important = from_one.two", set()),
    ],
)
def test_statements_and_texts_mention_modules(source: str, expected: set[str]) -> None:
    assert mentioned_modules([b"x = 1", dedent(source).encode()]) == expected


def test_all_that_real_sources_import_is_mentioned() -> None:
    library = Path(sysconfig.get_path("stdlib"))
    files = sorted(file for file in library.rglob("*.py") if "site-packages" not in file.parts)
    checked = 0
    for file in files[::4]:
        source, path = file.read_bytes(), file.relative_to(library).as_posix()
        module = Module(path, source)
        # Relative imports are of the module's own package.
        own = module.name.partition(".")[0]
        imported = {name.partition(".")[0] for name in module.imports} - {own}
        assert imported <= mentioned_modules([source]), path
        checked += bool(imported)
    assert checked > 100

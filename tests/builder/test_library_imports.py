"""The builder's libraries are given stand-ins, and nothing else is."""

from pathlib import Path

from tests.builder.test_lazy_imports import run

# What `installer` imports, and a step that unpacks a pure wheel doesn't use.
UNUSED = ("configparser", "dataclasses", "email.parser", "importlib.resources", "typing")


def test_the_library_is_imported_without_what_it_does_not_use(program: Path) -> None:
    printed = run(
        program,
        "import installer, installer.destinations, installer.records, installer.sources",
        f"print(*({set(UNUSED)!r} & sys.modules.keys()), 'end')",
    )
    assert printed == ["end"]


def test_other_modules_see_the_real_ones(program: Path) -> None:
    printed = run(
        program,
        "import installer",
        "from dataclasses import dataclass",
        "from email.parser import FeedParser",
        "from typing import NamedTuple, cast",
        "print(dataclass.__module__, FeedParser.__module__, cast.__module__)",
    )
    assert printed == ["dataclasses", "email.feedparser", "typing"]


def test_a_name_without_a_stand_in_is_taken_from_the_real_module(program: Path) -> None:
    printed = run(
        program,
        "from builder.library_imports import import_stand_in",
        "print(import_stand_in('dataclasses', None, None, ('dataclass',), 0).dataclass.__module__)",
        "both = import_stand_in('dataclasses', None, None, ('dataclass', 'field'), 0)",
        "print(both.dataclass.__module__, both.field.__module__)",
    )
    assert printed == ["builder.stand_ins", "dataclasses", "dataclasses"]


def test_a_module_that_is_there_already_is_taken(program: Path) -> None:
    printed = run(
        program,
        "import typing",
        "import installer.utils",
        "print(installer.utils.cast.__module__)",
    )
    assert printed == ["typing"]


def test_what_a_stand_in_defers_is_done_by_the_library(program: Path) -> None:
    printed = run(
        program,
        "from installer.destinations import Script",
        "script = Script('demo', 'demo.cli', 'main', 'console')",
        "name, content = script.generate('/bin/python', 'posix')",
        "print(name, type(script).__module__, b'from demo.cli import main' in content)",
    )
    assert printed == ["demo", "installer.scripts", "True"]


def test_the_library_s_modules_have_their_own_loaders(program: Path) -> None:
    printed = run(
        program,
        "import installer.utils, json",
        "print(type(installer.utils.__loader__) is type(json.__loader__))",
        "print(installer.utils.__spec__.loader is installer.utils.__loader__)",
    )
    assert printed == ["True", "True"]

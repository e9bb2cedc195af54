"""Reads the indexes in uv's settings (uv's documentation, "Package indexes")."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from lock.inputs.documents.toml_tables import Table
from lock.inputs.uv.uv_files import Configuration
from lock.inputs.uv.uv_keys import INDEX_KEYS, describe
from lock.inputs.uv.uv_values import check_choice
from lock.inputs.values.checks import check_address, check_index_name, check_time
from lock.inputs.values.index_places import check_place, is_path
from lock.models.requirements import Index

DEFAULT, EXTRA, LINKS = "index-url", "extra-index-url", "find-links"


def indexes_of(files: Configuration) -> tuple[Index, ...]:
    """Return the indexes that hold for a project, in order of preference.

    Those of its own pyproject.toml can be named by `sources` even where the settings are another
    file's, and only so.
    """
    general = [*_tables(files.settings), *_unnamed(files.settings)]
    names = {index.name for index in general}
    named = [
        replace(index, explicit=True, default=False)
        for table in dict.fromkeys((files.own, files.root))
        if table is not files.settings
        for index in _tables(table, only_named=True)
        if index.name not in names
    ]
    return tuple(dict.fromkeys([*general, *named]))


def notes_of(files: Configuration) -> Iterator[str]:
    """Yield what the user is told of the indexes' keys that have no effect."""
    for table in dict.fromkeys((files.own, files.root, files.settings)):
        keys = dict.fromkeys(key for one in table.tables("index") for key in one.data)
        yield from describe(table.problems.file, table.where("index"), keys, INDEX_KEYS)


def _tables(table: Table, *, only_named: bool = False) -> list[Index]:
    """Return the indexes in the list of tables `index`."""
    found = []
    for number, one in enumerate(table.tables("index"), 1):
        place = one.checked("url", lambda text: _place(table, text))
        name = one.checked("name", check_index_name) or f"index-{number}"
        if place is None:
            if not one.has("url"):
                one.fail("url", "the index has no address", "add it")
            continue
        if only_named and not one.has("name"):
            continue
        flat = one.checked("format", check_choice("simple", "flat")) == "flat"
        keeping = one.table("cache-control")
        found.append(
            Index(
                name,
                place[0],
                one.truth("explicit"),
                one.truth("default"),
                flat,
                files_cache_control=keeping.text("files"),
                pages_cache_control=keeping.text("api"),
                exclude_newer=_exclude_newer(one),
                authenticate=one.checked("authenticate", check_choice("auto", "always", "never"))
                or "",
                ignore_error_codes=tuple(one.numbers("ignore-error-codes")),
                written=place[1],
            )
        )
    return found


def _exclude_newer(table: Table) -> str:
    key = "exclude-newer"
    if table.data.get(key) is False:
        return "false"
    return table.checked(key, check_time) or ""


def _unnamed(table: Table) -> Iterator[Index]:
    """Yield the indexes that are written by their addresses alone."""
    for key, is_flat in ((EXTRA, False), (LINKS, True)):
        places = table.checked_all(key, lambda text: _place(table, text))
        for number, (url, written) in enumerate(places, 1):
            name = f"{key}-{number}"
            yield Index(name, url, flat=is_flat, unnamed=True, written=written)
    place = table.checked(DEFAULT, lambda text: _place(table, text))
    if place is not None:
        yield Index(DEFAULT, place[0], default=True, unnamed=True, written=place[1])


def _place(table: Table, text: str) -> tuple[str, str]:
    """Check the address of an index; return it, and what is written of a path, or nothing.

    A path is relative to the folder of the table's file.
    """
    if not is_path(text):
        return check_address(text), ""
    return check_place([Path(table.problems.file).parent], text), text

"""Reads the sources in the table `tool.poetry` of a pyproject.toml (Poetry, "Repositories")."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from lock.inputs.documents.toml_tables import Table
from lock.inputs.values.checks import check_address, check_index_name
from lock.models.requirements import Index, Requirement

# The name of the default index, which needs no URL.
USUAL = "pypi"
# In the order in which they are asked; Poetry 2 has dropped the first and the third.
PRIORITIES = ("default", "primary", "secondary", "supplemental")
EXPLICIT = "explicit"
# One page of links.
PAGE = re.compile(r".*\.html?")


def read(table: Table) -> tuple[Sequence[Index], list[str]]:
    """Return the sources of Poetry's table in the order in which they are asked, and notes.

    Without a primary source the default index is one. Errors are added to the table's problems.
    """
    ranked: list[tuple[int, Index]] = []
    explicit: list[Index] = []
    for one in table.tables("source"):
        index, priority = _index(one), _priority(one)
        if index is None or priority is None:
            continue
        if index.name.lower() in {other.name.lower() for _, other in ranked}:
            one.fail("name", f"there are two sources `{index.name}`", "name one otherwise")
        if priority == EXPLICIT:
            explicit.append(replace(index, explicit=True))
        else:
            ranked.append((PRIORITIES.index(priority), index))
    main = PRIORITIES.index("primary")
    if not any(rank <= main for rank, _ in ranked):
        ranked.append((main, Index(USUAL, "")))
    ranked.sort(key=lambda item: item[0])
    first = [f"`{index.name}`" for rank, index in ranked if rank <= main]
    notes = []
    if len(first) > 1:
        notes.append(
            f"{table.problems.file}: {table.where('source')}: Poetry takes the best version that "
            f"{' and '.join(first)} have; here the first of them that has the package is asked "
            "alone, in this order"
        )
    return [*explicit, *in_order([index for _, index in ranked])], notes


def in_order(indexes: Sequence[Index]) -> list[Index]:
    """Return indexes so that uv asks them in their order; it asks its default index last.

    The default index is among them where it may be asked, without a URL.
    """
    if not indexes or all(index.url for index in indexes):
        last = next((index for index in reversed(indexes) if not index.flat), None)
        return [*(one for one in indexes if one is not last), *_default(last)]
    return [*indexes] if indexes[-1].url else [*indexes[:-1]]


def _default(index: Index | None) -> list[Index]:
    return [] if index is None else [replace(index, default=True)]


def with_named(
    indexes: Sequence[Index], requirements: Iterable[Requirement]
) -> tuple[Sequence[Index], dict[str, str]]:
    """Return indexes with the default one if a requirement names it, and their names by case.

    Poetry's names of sources are the same in upper and lower case.
    """
    named = {
        index.lower()
        for one in requirements
        for index in (one.index, *(origin.index for origin in one.origins))
        if index
    }
    names = {index.name.lower(): index.name for index in indexes}
    if USUAL in named and USUAL not in names:
        return [Index(USUAL, "", explicit=True), *indexes], {**names, USUAL: USUAL}
    return indexes, names


def _index(table: Table) -> Index | None:
    name = table.checked("name", check_index_name)
    if not table.has("name"):
        table.fail("name", "the source has no name", "add it")
    if not table.has("url"):
        if name is not None and name.lower() != USUAL:
            table.fail("url", "the source has no address", "add it")
            return None
        return None if name is None else Index(USUAL, "")
    url = table.checked("url", check_address)
    if name is None or url is None:
        return None
    return Index(name, url, flat=PAGE.fullmatch(url) is not None)


def _priority(table: Table) -> str | None:
    # Before there were priorities, there were two switches.
    old = [key for key in ("default", "secondary") if table.has(key) and table.truth(key)]
    priority = (table.text("priority") or (old[0] if old else "primary")).lower()
    if priority in (*PRIORITIES, EXPLICIT):
        return priority
    known = ", ".join(f"`{one}`" for one in (*PRIORITIES, EXPLICIT))
    table.fail("priority", f"`{priority}` is no priority", f"write one of {known}")
    return None

"""Reads values of uv's settings that several of its keys have."""

from collections.abc import Callable, Sequence

from packaging.utils import InvalidName, canonicalize_name

from lock.errors import UsageError
from lock.inputs.documents.toml_tables import Table


def check_name(text: str) -> str:
    """Check a project name, and normalize it (PEP 503)."""
    try:
        return str(canonicalize_name(text, validate=True))
    except InvalidName:
        raise UsageError(f'"{text}" is no name of a package; write one') from None


def name_list(table: Table, key: str) -> Sequence[str]:
    """Return the normalized project names in a list, sorted, each once."""
    return sorted({*table.checked_all(key, check_name)})


def text_list(table: Table, key: str, problem: str, remedy: str) -> Sequence[str]:
    """Return the texts in a list; a table in it, which uv takes, too, is a problem."""
    listed = table.list_of(key)
    if any(isinstance(one, dict) for one in listed):
        table.fail(key, problem, remedy)
        return []
    return table.texts(key)


def check_choice(*choices: str) -> Callable[[str], str]:
    """Return a check that a text is one of some choices."""

    def check(text: str) -> str:
        if text not in choices:
            raise UsageError(f'"{text}" is not known; write one of {", ".join(choices)}')
        return text

    return check

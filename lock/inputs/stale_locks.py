"""Refuses the lock of another tool that is stale against the pyproject.toml beside it."""

from collections.abc import Callable, Mapping
from pathlib import Path

from lock.errors import UnsatisfiableError

# Name of a lock → the command that renews it.
RENEWED_BY: Mapping[str, str] = {"uv.lock": "uv lock", "poetry.lock": "poetry lock"}


def check_not_stale(file: Path) -> None:
    """Raise UnsatisfiableError where a lock isn't that of the project in its folder.

    A lock that can't be read, or whose project can't, is left to its reader.
    """
    project = file.parent / "pyproject.toml"
    if file.name not in RENEWED_BY or not project.is_file():
        return
    stale = _stale(file)
    if stale is not None:
        where, what = stale
        raise UnsatisfiableError(
            f"{file}: it is stale: {where} has changed since it was locked{what}; renew it with "
            f"`{RENEWED_BY[file.name]}`, or lock {project} itself, as in `lock {project}`"
        )


def _stale(file: Path) -> tuple[Path, str] | None:
    """Return the file that a lock is stale against, and what differs; None for a fresh lock."""
    # Imported here because few inputs are locks.
    find: Callable[[Path], tuple[Path, str] | None]
    if file.name == "poetry.lock":
        from lock.inputs.poetry.poetry_freshness import stale as find
    else:
        from lock.inputs.uv.uv_freshness import stale as find
    return find(file)

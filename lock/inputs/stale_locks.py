"""Refuses the lock of another tool that is stale against the project or the script beside it."""

from collections.abc import Callable, Mapping
from pathlib import Path

from lock.errors import UnsatisfiableError

# Name of a lock → the command that renews it.
RENEWED_BY: Mapping[str, str] = {"uv.lock": "uv lock", "poetry.lock": "poetry lock"}

# The end of the name of a script's lock, which uv writes beside it.
SCRIPT_LOCK = ".py.lock"


def check_not_stale(file: Path) -> None:
    """Raise UnsatisfiableError where a lock isn't that of the project in its folder.

    A lock that can't be read, or whose project can't, is left to its reader.
    """
    if file.name.endswith(SCRIPT_LOCK):
        _check_script_not_stale(file, file.with_name(file.name.removesuffix(".lock")))
        return
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


def _check_script_not_stale(file: Path, script: Path) -> None:
    if not script.is_file():
        return
    from lock.inputs.uv.uv_freshness import stale_against_script

    what = stale_against_script(file, script)
    if what is not None:
        raise UnsatisfiableError(
            f"{file}: it is stale: {script} has changed since it was locked{what}; renew it with "
            f"`uv lock --script {script}`, or lock {script} itself, as in `lock {script}`"
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

"""The number of a lock's format (docs/sources-yaml.md), and how a newer one is refused."""

from pathlib import Path

from lock.errors import UsageError

FORMAT = 1


def refuse_newer(number: object, file: Path) -> None:
    """Raise UsageError where a number of a format is newer than the one that is known here.

    A lock of a newer format may mean more than can be read here, so it is never replaced either.
    """
    if isinstance(number, int) and number > FORMAT:
        raise UsageError(
            f"{file}: the lock has format {number}, but this version of wheelhouse reads and "
            f"writes format {FORMAT}; update wheelhouse, or remove the file and lock again"
        )

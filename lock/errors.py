"""The errors of the lock app: a message for the user, and an exit code."""

from typing import ClassVar


class LockError(Exception):
    """An error whose text tells the user what is wrong, where, and what to do."""

    exit_code: ClassVar[int] = 2


class UsageError(LockError):
    """Wrong arguments or requirements, or a tool or network that fails."""


class UnsatisfiableError(LockError):
    """Well-formed requirements that nothing on the index satisfies."""

    exit_code: ClassVar[int] = 1

"""What ends a run: each error is text for the user, with the exit code that goes with it."""

from typing import ClassVar


class LockError(Exception):
    """Something that the user must know; its text says what, where, and what to do."""

    exit_code: ClassVar[int] = 2


class UsageError(LockError):
    """The arguments or the requirements are wrong, or a tool or the network is missing."""


class UnsatisfiableError(LockError):
    """The requirements are well-formed, but nothing on the index satisfies them."""

    exit_code: ClassVar[int] = 1

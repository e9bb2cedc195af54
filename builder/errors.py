"""The error of a build step."""


class BuildError(Exception):
    """An error for the user: its message says what is wrong, where, and what to do."""

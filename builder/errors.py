"""What can be wrong with what a build was given."""


class BuildError(Exception):
    """An error with a message for a person: what is wrong, where, and what to do."""

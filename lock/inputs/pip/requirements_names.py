"""Finds out the names of projects that only their own metadata tells."""

import os

from lock.models.requirements import Index, Settings

# Address → the project's name, as uv told it: a file may be read more than once.
NAMES: dict[str, str] = {}


def asked_name(address: str, indexes: tuple[Index, ...], settings: Settings) -> str:
    """Return the name of the project at an address. Raises UsageError where uv can't tell it."""
    if address in NAMES:
        return NAMES[address]
    # Imported here because few files need it.
    from lock.io.temporary import temporary_folder
    from lock.resolution import project_name
    from lock.resolution.request import Options
    from lock.resolution.uv import Resolver

    options = Options(indexes=indexes, settings=settings)
    with temporary_folder() as folder:
        NAMES[address] = project_name.ask(Resolver(folder, os.environ, options), address)
    return NAMES[address]

"""Whether files may be downloaded: as uv decides it, by its variable UV_OFFLINE."""

from collections.abc import Mapping

from lock.errors import UsageError

VARIABLE = "UV_OFFLINE"
# Of uv's variables; it takes an empty one for none.
FALSE = frozenset(["", "0", "f", "false", "n", "no", "off"])


def is_offline(environment: Mapping[str, str]) -> bool:
    """Return whether nothing may be downloaded."""
    return environment.get(VARIABLE, "").lower() not in FALSE


def check_online(url: str, environment: Mapping[str, str]) -> None:
    """Raise UsageError, which names the address of a file, where nothing may be downloaded."""
    if is_offline(environment):
        raise UsageError(f"{url}: it isn't downloaded while uv is offline")

"""Names and passwords of indexes: where they are found, and that nobody else gets to see them."""

import netrc
import re
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from urllib.parse import SplitResult, unquote, urlsplit, urlunsplit

from lock.models.requirements import Index

IN_ADDRESS = re.compile(r"(?<=://)[^/\s@?#`'\"]+@")
INDEX_VARIABLES = (
    "UV_DEFAULT_INDEX",
    "UV_INDEX",
    "UV_INDEX_URL",
    "UV_EXTRA_INDEX_URL",
)
# Seconds that a keyring may take: some ask the user.
PATIENCE = 60


def without(url: str) -> str:
    """An address without its user and password (RFC 3986, section 3.2.1)."""
    return urlunsplit(urlsplit(url)._replace(netloc=_host(urlsplit(url)))) if "@" in url else url


def hidden(text: str) -> str:
    """A text with the user and password of every address in it left out."""
    return IN_ADDRESS.sub("", text)


def variable(index: Index) -> str:
    """What uv's variables for an index begin with, before `_USERNAME` and `_PASSWORD`."""
    return f"UV_INDEX_{re.sub(r'[^A-Z0-9]', '_', index.name.upper())}"


def find(
    url: str, environment: Mapping[str, str], indexes: Sequence[Index] = ()
) -> tuple[str, str] | None:
    """The user and the password for an address, from where uv has them, too.

    These are the addresses of indexes in its variables, its variables for the named `indexes`, the
    user's netrc file, and the keyring if it is switched on.
    """
    host = _host(urlsplit(url))
    users = []
    for index, user, password in _of_variables(environment, indexes):
        if user and _host(index) == host:
            if password:
                return user, password
            users.append(user)
    found = _of_netrc(urlsplit(url).hostname or "", environment)
    if found or environment.get("UV_KEYRING_PROVIDER") != "subprocess":
        return found
    for user in users:
        for service in (url, host):
            kept = _of_keyring(service, user, environment)
            if kept:
                return user, kept
    return None


def _host(address: SplitResult) -> str:
    return address.netloc.rpartition("@")[2]


def _of_variables(
    environment: Mapping[str, str], indexes: Sequence[Index]
) -> list[tuple[SplitResult, str, str]]:
    """Address, user and password of the indexes that uv's variables tell of."""
    found = []
    for name in INDEX_VARIABLES:
        for given in environment.get(name, "").split():
            address = given.partition("=")[2] if "=" in given.partition(":")[0] else given
            index = urlsplit(address)
            found.append((index, unquote(index.username or ""), unquote(index.password or "")))
    for named in indexes:
        start = variable(named)
        user = environment.get(f"{start}_USERNAME", "")
        found.append((urlsplit(named.url), user, environment.get(f"{start}_PASSWORD", "")))
    return found


def _of_netrc(host: str, environment: Mapping[str, str]) -> tuple[str, str] | None:
    path = environment.get("NETRC") or Path(environment.get("HOME", "/"), ".netrc")
    try:
        found = netrc.netrc(path).authenticators(host)
    except (OSError, netrc.NetrcParseError):
        return None
    return (found[0], found[2] or "") if found else None


def _of_keyring(service: str, user: str, environment: Mapping[str, str]) -> str | None:
    try:
        done = subprocess.run(
            ["keyring", "get", service, user],
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.strip() if done.returncode == 0 else None

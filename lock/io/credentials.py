"""Finds the credentials of indexes, and removes them from what others see."""

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
KEYRING_TIMEOUT = 60


def strip_credentials(url: str) -> str:
    """Return a URL without its user and password (RFC 3986, section 3.2.1)."""
    return urlunsplit(urlsplit(url)._replace(netloc=_host(urlsplit(url)))) if "@" in url else url


def redact(text: str) -> str:
    """Return a text without the users and passwords of the URLs in it."""
    return IN_ADDRESS.sub("", text)


def of_address(url: str) -> tuple[str, str] | None:
    """Return the user and the password in a URL; None without a user."""
    address = urlsplit(url)
    return (
        (unquote(address.username), unquote(address.password or "")) if address.username else None
    )


def variable_prefix(index: Index) -> str:
    """Return the prefix of uv's variables of an index, before `_USERNAME` and `_PASSWORD`."""
    return f"UV_INDEX_{re.sub(r'[^A-Z0-9]', '_', index.name.upper())}"


def find_credentials(
    url: str, environment: Mapping[str, str], indexes: Sequence[Index] = ()
) -> tuple[str, str] | None:
    """Return the user and the password for a URL, from where uv takes them; None without any.

    These are the URLs of indexes in its variables, its variables for the named `indexes`, the
    user's netrc file, and the keyring if it is enabled.
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
            password_in_keyring = _of_keyring(service, user, environment)
            if password_in_keyring:
                return user, password_in_keyring
    return None


def _host(address: SplitResult) -> str:
    return address.netloc.rpartition("@")[2]


def _of_variables(
    environment: Mapping[str, str], indexes: Sequence[Index]
) -> list[tuple[SplitResult, str, str]]:
    """Return URL, user and password of the indexes in uv's variables, and of the named ones.

    Variables of requirements.txt may bring a password into the URL of a named one.
    """
    found = []
    for name in INDEX_VARIABLES:
        for given in environment.get(name, "").split():
            address = given.partition("=")[2] if "=" in given.partition(":")[0] else given
            index = urlsplit(address)
            found.append((index, unquote(index.username or ""), unquote(index.password or "")))
    for named in indexes:
        start, index = variable_prefix(named), urlsplit(named.url)
        user = environment.get(f"{start}_USERNAME", "") or unquote(index.username or "")
        password = environment.get(f"{start}_PASSWORD", "") or unquote(index.password or "")
        found.append((index, user, password))
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
            timeout=KEYRING_TIMEOUT,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.strip() if done.returncode == 0 else None

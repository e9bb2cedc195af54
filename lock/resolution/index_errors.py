"""Advice on an index that refuses access, can't be reached, or has an unknown certificate."""

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from urllib.parse import urlsplit

from lock.io import credentials, proxies
from lock.models.requirements import Index

REFUSED = re.compile(r"An index(?: URL)? \((?P<url>[^)]*)\)[^\n]*?\b(?P<status>40[13])\b")
CERTIFICATE = re.compile(r"invalid peer certificate|CERTIFICATE_VERIFY_FAILED|UnknownIssuer")
FETCHED = re.compile(r"Failed to fetch: `?(?P<url>https?://[^\s`]+)")
# A proxy may be the cause.
UNREACHED = re.compile(r"client error \(Connect\)|\b407\b")


def is_refused(messages: str) -> bool:
    """Return whether an index refused access; uv then goes on as if it lacked the package."""
    return REFUSED.search(messages) is not None


def advice(messages: str, environment: Mapping[str, str], indexes: Sequence[Index]) -> list[str]:
    """Say, a line each, what the user can do about uv's messages.

    `environment` is that of uv, and `indexes` are those that the requirements name.
    """
    lines = (
        *_refusals(messages, indexes),
        *_certificates(messages, environment),
        *_proxies(messages, environment),
    )
    return list(dict.fromkeys(lines))


def _refusals(messages: str, indexes: Sequence[Index]) -> Iterator[str]:
    for match in REFUSED.finditer(" ".join(messages.split())):
        host = urlsplit(match["url"]).hostname or match["url"]
        kind = "401 Unauthorized" if match["status"] == "401" else "403 Forbidden"
        yield (
            f"{match['url']} answers {kind}: give the index the right user and password, by a line "
            f"`machine {host} login USER password PASSWORD` in ~/.netrc, by "
            f"{_variables(match['url'], indexes)}, or by a keyring (UV_KEYRING_PROVIDER=subprocess)"
        )


def _variables(url: str, indexes: Sequence[Index]) -> str:
    """Name the variables that uv reads the user and the password of an index from."""
    for index in indexes:
        if credentials.strip_credentials(index.url).rstrip("/") == url.rstrip("/"):
            start = credentials.variable_prefix(index)
            return f"{start}_USERNAME and {start}_PASSWORD"
    return "UV_INDEX_NAME_USERNAME and UV_INDEX_NAME_PASSWORD for an index that has a NAME"


def _certificates(messages: str, environment: Mapping[str, str]) -> Iterator[str]:
    if not CERTIFICATE.search(messages):
        return
    file = environment.get("SSL_CERT_FILE")
    if file and not os.access(file, os.R_OK):
        yield f"SSL_CERT_FILE names {file}, which can't be read; name a file that is there"
    else:
        yield (
            "if the server is to be trusted, set SSL_CERT_FILE to a file with the certificate of "
            "whoever vouches for it"
        )


def _proxies(messages: str, environment: Mapping[str, str]) -> Iterator[str]:
    match = FETCHED.search(messages) if UNREACHED.search(messages) else None
    address = urlsplit(match["url"] if match else "")
    variable = proxies.proxy_variable(address, environment) if match else None
    if variable:
        proxy = credentials.redact(environment[variable])
        yield (
            f"the proxy {proxy} was asked, as {variable} says; mend it there, or name "
            f"{address.hostname} in NO_PROXY"
        )

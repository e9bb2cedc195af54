"""What to do about an index that refuses, or that nobody vouches for, as uv tells it."""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

REFUSED = re.compile(r"An index(?: URL)? \((?P<url>[^)]*)\)[^\n]*?\b(?P<status>40[13])\b")
CERTIFICATE = re.compile(r"invalid peer certificate|CERTIFICATE_VERIFY_FAILED|UnknownIssuer")


def is_refused(messages: str) -> bool:
    """Whether an index wants to know who asks: uv then goes on as if it had no such package."""
    return REFUSED.search(messages) is not None


def advice(messages: str) -> list[str]:
    """What the user can do, a line each."""
    return list(dict.fromkeys(_advice(messages)))


def _advice(messages: str) -> Iterator[str]:
    for match in REFUSED.finditer(" ".join(messages.split())):
        host = urlsplit(match["url"]).hostname or match["url"]
        kind = "401 Unauthorized" if match["status"] == "401" else "403 Forbidden"
        yield (
            f"{match['url']} answers {kind}: give the index the right user and password, by a line "
            f"`machine {host} login USER password PASSWORD` in ~/.netrc, by UV_INDEX_NAME_USERNAME "
            "and UV_INDEX_NAME_PASSWORD for the index NAME of the requirements, or by a keyring "
            "(UV_KEYRING_PROVIDER=subprocess)"
        )
    if CERTIFICATE.search(messages):
        yield (
            "if the server is to be trusted, set SSL_CERT_FILE to a file with the certificate of "
            "whoever vouches for it"
        )

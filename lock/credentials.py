"""Keeps names and passwords of indexes out of what is written and shown."""

import re
from urllib.parse import urlsplit, urlunsplit

IN_ADDRESS = re.compile(r"(?<=://)[^/\s@?#`'\"]+@")


def without(url: str) -> str:
    """An address without its user and password (RFC 3986, section 3.2.1)."""
    if "@" not in url:
        return url
    parts = urlsplit(url)
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))


def hidden(text: str) -> str:
    """A text with the user and password of every address in it left out."""
    return IN_ADDRESS.sub("", text)

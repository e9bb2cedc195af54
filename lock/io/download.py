"""Downloads files; an interrupted download is resumed."""

import hashlib
import ssl
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from http import HTTPStatus
from http.client import HTTPException
from pathlib import Path, PurePosixPath

from lock.errors import UsageError
from lock.io import credentials, proxies
from lock.models.packages import File
from lock.models.requirements import Index

ATTEMPTS = 3
# Seconds without a response.
TIMEOUT = 60
BLOCK = 1 << 20


class FileGoneError(UsageError):
    """The server answers that a file is not there."""


def fetch(
    file: File, folder: Path, environment: Mapping[str, str], indexes: Sequence[Index] = ()
) -> Path:
    """Download a file of an index into a folder of its own; return its path.

    Raises UsageError if it can't be downloaded, or has another hash than the index gives.
    """
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / PurePosixPath(file.name).name
    digest = download(file.url, path, environment, indexes)
    if digest != file.sha256:
        raise UsageError(
            f"{file.url}: its sha256 is {digest}, but the index says {file.sha256}; "
            "ask whoever runs the index"
        )
    return path


def download(
    url: str,
    path: Path,
    environment: Mapping[str, str],
    indexes: Sequence[Index] = (),
    on_bytes: Callable[[int], None] = lambda _: None,
) -> str:
    """Download into a file, whose beginning may exist; return its sha256 (hexadecimal).

    `on_bytes` is called with the number of bytes of each block. Raises UsageError if the file can't
    be downloaded, FileGoneError if it no longer exists; the part that was downloaded stays.
    """
    asking = build_opener(url, environment, indexes)
    for attempt in range(1, ATTEMPTS + 1):
        try:
            return _download(asking, url, path, timeout(environment), on_bytes)
        except urllib.error.HTTPError as error:
            if error.code in (HTTPStatus.NOT_FOUND, HTTPStatus.GONE):
                raise FileGoneError(f"{url}: {error.code} {error.reason}") from None
            if error.code < HTTPStatus.INTERNAL_SERVER_ERROR or attempt == ATTEMPTS:
                raise UsageError(f"{url}: {error.code} {error.reason}") from None
        except (OSError, HTTPException, ValueError) as error:
            if attempt == ATTEMPTS:
                reason = getattr(error, "reason", error)
                raise UsageError(f"{url}: can't be downloaded: {reason}") from None
    raise AssertionError("the last attempt returns or raises")


def build_opener(
    url: str, environment: Mapping[str, str], indexes: Sequence[Index]
) -> urllib.request.OpenerDirector:
    """Return an opener with the user's credentials, certificates and proxies.

    Raises UsageError if the certificates can't be read, and for a proxy that doesn't speak HTTP.
    """
    # Sent only to the host that they are for: an index may redirect to another one.
    passwords = urllib.request.HTTPPasswordMgrWithDefaultRealm()
    known = credentials.find_credentials(url, environment, indexes)
    if known:
        passwords.add_password(None, url, *known)
    # Without a proxy in the environment, the system's settings apply.
    named = proxies.proxies_for(url, environment)
    return urllib.request.build_opener(
        urllib.request.HTTPBasicAuthHandler(passwords),
        urllib.request.HTTPSHandler(context=_trusted(environment.get("SSL_CERT_FILE") or None)),
        *([urllib.request.ProxyHandler(named)] if named else []),
    )


@cache
def _trusted(file: str | None) -> ssl.SSLContext:
    """Return the certificates to trust; reading them takes longer than a connection."""
    try:
        return ssl.create_default_context(cafile=file)
    except OSError as error:
        reason = error.strerror or error
        raise UsageError(
            f"{file}: {reason}; let SSL_CERT_FILE name a file of certificates"
        ) from None


def timeout(environment: Mapping[str, str]) -> float:
    """Return how many seconds to wait for a response: as many as the user lets uv wait."""
    given = environment.get("UV_HTTP_TIMEOUT", "")
    return float(given) if given.isdecimal() and int(given) else TIMEOUT


def _download(
    asking: urllib.request.OpenerDirector,
    url: str,
    path: Path,
    timeout: float,
    on_bytes: Callable[[int], None],
) -> str:
    digest = hashlib.sha256()
    there = path.stat().st_size if path.exists() else 0
    # RFC 9110, section 14.2.
    request = urllib.request.Request(url, headers={"Range": f"bytes={there}-"} if there else {})
    try:
        answer = asking.open(request, timeout=timeout)
    except urllib.error.HTTPError as error:
        if not there or error.code != HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE:
            raise
        # The part is complete, or of another file than the server has now.
        path.unlink()
        return _download(asking, url, path, timeout, on_bytes)
    with answer:
        goes_on = there and answer.status == HTTPStatus.PARTIAL_CONTENT
        if goes_on:
            with path.open("rb") as beginning:
                while block := beginning.read(BLOCK):
                    digest.update(block)
        expected = answer.length
        with path.open("ab" if goes_on else "wb") as stream:
            received = 0
            while block := answer.read(BLOCK):
                digest.update(block)
                stream.write(block)
                received += len(block)
                on_bytes(len(block))
    if expected is not None and received < expected:
        raise HTTPException(f"the connection ended after {received} of {expected} bytes")
    return digest.hexdigest()

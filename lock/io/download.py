"""Files of an index, downloaded: what was cut short goes on where it ended."""

import hashlib
import ssl
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from http import HTTPStatus
from http.client import HTTPException
from pathlib import Path, PurePosixPath

from lock.errors import UsageError
from lock.io import credentials, proxies
from lock.models.packages import File
from lock.models.requirements import Index

ATTEMPTS = 3
# Seconds without an answer.
PATIENCE = 60
BLOCK = 1 << 20


class GoneError(UsageError):
    """The server is there, the file is not."""


def fetch(
    file: File, folder: Path, environment: Mapping[str, str], indexes: Sequence[Index] = ()
) -> Path:
    """The path of a file of an index, downloaded into a folder that holds it alone.

    Raises UsageError when it can't be had, or isn't the one that was locked.
    """
    folder.mkdir(parents=True)
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
    told: Callable[[int], None] = lambda _: None,
) -> str:
    """Downloads into a file, of which the beginning may be there; its sha256, hexadecimal.

    `told` hears of every block, by its number of bytes. Raises UsageError when the file can't be
    had, GoneError when it is not there any more; the beginning then stays.
    """
    asking = opener(url, environment, indexes)
    for attempt in range(1, ATTEMPTS + 1):
        try:
            return _download(asking, url, path, patience(environment), told)
        except urllib.error.HTTPError as error:
            if error.code in (HTTPStatus.NOT_FOUND, HTTPStatus.GONE):
                raise GoneError(f"{url}: {error.code} {error.reason}") from None
            if error.code < HTTPStatus.INTERNAL_SERVER_ERROR or attempt == ATTEMPTS:
                raise UsageError(f"{url}: {error.code} {error.reason}") from None
        except (OSError, HTTPException, ValueError) as error:
            if attempt == ATTEMPTS:
                reason = getattr(error, "reason", error)
                raise UsageError(f"{url}: can't be downloaded: {reason}") from None
    raise AssertionError("the last attempt returns or raises")


def opener(
    url: str, environment: Mapping[str, str], indexes: Sequence[Index]
) -> urllib.request.OpenerDirector:
    """What asks for an address, with the user's credentials, authorities and proxies.

    Raises UsageError when the authorities can't be read, and for a proxy that can't be asked.
    """
    # Asked for a password it answers, but to no other host: an index may send on to another one.
    passwords = urllib.request.HTTPPasswordMgrWithDefaultRealm()
    known = credentials.find(url, environment, indexes)
    if known:
        passwords.add_password(None, url, *known)
    # Without one in the environment, the system's own settings hold.
    named = proxies.of(url, environment)
    return urllib.request.build_opener(
        urllib.request.HTTPBasicAuthHandler(passwords),
        urllib.request.HTTPSHandler(context=_trusted(environment)),
        *([urllib.request.ProxyHandler(named)] if named else []),
    )


def _trusted(environment: Mapping[str, str]) -> ssl.SSLContext:
    file = environment.get("SSL_CERT_FILE") or None
    try:
        return ssl.create_default_context(cafile=file)
    except OSError as error:
        reason = error.strerror or error
        raise UsageError(
            f"{file}: {reason}; let SSL_CERT_FILE name a file of certificates"
        ) from None


def patience(environment: Mapping[str, str]) -> float:
    """How many seconds may pass without an answer: as many as the user gives uv."""
    given = environment.get("UV_HTTP_TIMEOUT", "")
    return float(given) if given.isdecimal() and int(given) else PATIENCE


def _download(
    asking: urllib.request.OpenerDirector,
    url: str,
    path: Path,
    timeout: float,
    told: Callable[[int], None],
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
        # Nothing is missing, or another file stands there now.
        path.unlink()
        return _download(asking, url, path, timeout, told)
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
                told(len(block))
    if expected is not None and received < expected:
        raise HTTPException(f"the connection ended after {received} of {expected} bytes")
    return digest.hexdigest()

"""Asks servers over connections that stay open: one client for all that a run downloads."""

import ssl
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from http import HTTPStatus
from urllib.parse import urljoin, urlsplit

import urllib3
from urllib3 import exceptions
from urllib3.util import Retry, Timeout, make_headers

from lock.errors import UsageError
from lock.io import credentials, proxies
from lock.models.requirements import Index

# Further tries of a request that a server doesn't answer, or answers by one of these statuses, and
# what the time between them grows by: 0, 0.5 and 1 s.
RETRIES = 3
BACKOFF = 0.25
PASSING = (
    HTTPStatus.TOO_MANY_REQUESTS,
    HTTPStatus.INTERNAL_SERVER_ERROR,
    HTTPStatus.BAD_GATEWAY,
    HTTPStatus.SERVICE_UNAVAILABLE,
    HTTPStatus.GATEWAY_TIMEOUT,
)
# Seconds to wait at most where a server says how long (RFC 9110, section 10.2.3).
LONGEST_WAIT = 60
MOST_REDIRECTS = 10
# Seconds without a response.
TIMEOUT = 60
# Connections to one server that are kept open.
CONNECTIONS = 16
# In bytes; the rest of a longer response is not read, and its connection is closed.
SHORT = 1 << 16
NO_HEADERS: Mapping[str, str] = {}


class UnreachableError(UsageError):
    """A server doesn't answer, or can't be asked; `reason` says why."""

    def __init__(self, url: str, reason: str) -> None:
        super().__init__(f"{url}: can't be downloaded: {reason}")
        self.reason = reason


class StatusError(UsageError):
    """A server answers that it doesn't give what it is asked for."""

    def __init__(self, url: str, status: int, reason: str | None) -> None:
        super().__init__(f"{url}: {status} {reason or ''}".rstrip())
        self.status = status


class FileGoneError(StatusError):
    """The server answers that a file is not there."""


class CutError(UnreachableError):
    """A response ended before its end; more of it may be had by a further request."""


@dataclass(frozen=True)
class Answer:
    """A response whose content isn't read yet, and the URL that it came from after redirects."""

    url: str
    response: urllib3.BaseHTTPResponse

    @property
    def status(self) -> int:
        """Return its status (RFC 9110, section 15)."""
        return self.response.status

    def header(self, name: str) -> str:
        """Return one of its headers; empty where it has none of that name."""
        return str(self.response.headers.get(name, ""))

    def blocks(self, size: int) -> Iterator[bytes]:
        """Yield its content as it was sent, in blocks of up to `size` bytes.

        Raises CutError where it ends too early.
        """
        received, expected = 0, self.response.length_remaining
        try:
            while block := self.response.read(size, decode_content=False):
                received += len(block)
                yield block
        except (exceptions.HTTPError, OSError) as error:
            if expected is not None and _is_end(error):
                told = f"the connection ended after {received} of {expected} bytes"
            else:
                told = reason(error)
            raise CutError(self.url, told) from None

    def content(self) -> bytes:
        """Return its whole content, decoded. Raises CutError where it ends too early."""
        try:
            return self.response.read(decode_content=True)
        except (exceptions.HTTPError, OSError) as error:
            raise CutError(self.url, reason(error)) from None


class HttpClient:
    """Asks with the user's credentials, certificates and proxies; for any number of threads."""

    def __init__(self, environment: Mapping[str, str], indexes: Sequence[Index] = ()) -> None:
        """Raise UsageError if the certificates can't be read."""
        self.environment = environment
        self.indexes = indexes
        self._trusted = _trusted(environment.get("SSL_CERT_FILE") or None)
        self._timeout = Timeout(timeout(environment))
        self._guard = threading.Lock()
        # By the proxy's address; empty for none.
        self._managers: dict[str, urllib3.PoolManager] = {}
        # By host, where a server asked for it.
        self._authorizations: dict[str, str] = {}
        # Servers that didn't answer after all retries: the next request isn't repeated.
        self._silent: set[str] = set()

    @contextmanager
    def open(self, url: str, headers: Mapping[str, str] = NO_HEADERS) -> Iterator[Answer]:
        """Ask for a URL (GET), and follow redirects; its connection is free afterwards.

        Raises StatusError for a status of 400 or more, FileGoneError among them, and for a redirect
        to nowhere; UnreachableError; UsageError for a proxy that doesn't speak HTTP.
        """
        asked = url
        for _ in range(MOST_REDIRECTS + 1):
            response = self._ask(asked, headers, self._authorizations.get(_host_for(asked, url)))
            if response.status == HTTPStatus.UNAUTHORIZED and _host_for(asked, url):
                known = self._authorization(url)
                if known:
                    _leave(response)
                    response = self._ask(asked, headers, known)
            target = response.get_redirect_location()
            if not target:
                break
            _leave(response)
            asked = _redirected(url, asked, target)
        else:
            raise UnreachableError(url, "too many redirects")
        if response.status >= HTTPStatus.MULTIPLE_CHOICES:
            _leave(response)
            is_gone = response.status in (HTTPStatus.NOT_FOUND, HTTPStatus.GONE)
            kind = FileGoneError if is_gone else StatusError
            raise kind(url, response.status, response.reason)
        try:
            yield Answer(asked, response)
        except BaseException:
            # A signal doesn't wait for what the server still has to send.
            response.close()
            raise
        _leave(response)

    def read(self, url: str, headers: Mapping[str, str] = NO_HEADERS) -> tuple[str, str, bytes]:
        """Return the URL that a URL leads to, its media type and its content, decoded.

        One that is cut is asked for again. Raises what `open` raises, and CutError.
        """
        for tries_left in reversed(range(RETRIES + 1)):
            try:
                with self.open(url, headers) as answer:
                    media_type = answer.header("Content-Type").partition(";")[0].strip()
                    return answer.url, media_type, answer.content()
            except CutError:
                if not tries_left:
                    raise
        raise AssertionError

    def _ask(
        self, url: str, headers: Mapping[str, str], authorization: str | None
    ) -> urllib3.BaseHTTPResponse:
        server = urlsplit(url).netloc
        retries = Retry(
            0 if server in self._silent else RETRIES,
            backoff_factor=BACKOFF,
            status_forcelist=PASSING,
            raise_on_status=False,
            retry_after_max=LONGEST_WAIT,
        )
        sent = {**headers, **({"Authorization": authorization} if authorization else {})}
        manager = self._manager(url)
        try:
            response = manager.request(
                "GET", url, headers=sent, retries=retries, redirect=False, preload_content=False
            )
        except (exceptions.HTTPError, OSError, ValueError) as error:
            self._silent.add(server)
            raise UnreachableError(url, reason(error)) from None
        self._silent.discard(server)
        return response

    def _manager(self, url: str) -> urllib3.PoolManager:
        """Return what has the connections for a URL. Raises UsageError for a wrong proxy."""
        proxy = proxies.proxy_for(url, self.environment)
        with self._guard:
            if proxy not in self._managers:
                self._managers[proxy] = self._new_manager(proxy)
            return self._managers[proxy]

    def _new_manager(self, proxy: str) -> urllib3.PoolManager:
        if proxy:
            user = credentials.of_address(proxy)
            return urllib3.ProxyManager(
                credentials.strip_credentials(proxy),
                proxy_headers=(
                    # uv sends UTF-8, too.
                    make_headers(proxy_basic_auth=":".join(user), proxy_basic_auth_encoding="utf-8")
                    if user
                    else None
                ),
                maxsize=CONNECTIONS,
                ssl_context=self._trusted,
                timeout=self._timeout,
            )
        return urllib3.PoolManager(
            maxsize=CONNECTIONS, ssl_context=self._trusted, timeout=self._timeout
        )

    def _authorization(self, url: str) -> str:
        """Return what a server asks for; empty where the user has nothing for its host.

        It is looked for once, because a keyring may ask the user.
        """
        host = urlsplit(url).netloc
        with self._guard:
            if host not in self._authorizations:
                known = credentials.find_credentials(url, self.environment, self.indexes)
                sent = (
                    make_headers(basic_auth=":".join(known), basic_auth_encoding="utf-8")
                    if known
                    else {}
                )
                self._authorizations[host] = sent.get("authorization", "")
            return self._authorizations[host]


def _host_for(asked: str, url: str) -> str:
    """Return the host whose credentials go along to an address that `url` led to; else empty.

    No other host gets them, and none gets them unencrypted where `url` is encrypted.
    """
    one, other = urlsplit(asked), urlsplit(url)
    is_weaker = other.scheme == "https" and one.scheme != "https"
    return one.netloc if one.netloc == other.netloc and not is_weaker else ""


def _redirected(url: str, asked: str, target: str) -> str:
    """Return where a redirect leads. Raises UnreachableError where that is no address of HTTP."""
    try:
        address = urljoin(asked, target)
        scheme = urlsplit(address).scheme
    except ValueError:
        address, scheme = target, ""
    if scheme not in ("http", "https"):
        raise UnreachableError(url, f"it is redirected to {address}")
    return address


def _leave(response: urllib3.BaseHTTPResponse) -> None:
    """Give a response's connection back: after reading a short rest, else closed."""
    length = response.length_remaining
    if length is not None and length <= SHORT:
        response.drain_conn()
    response.close()


def _is_end(error: BaseException) -> bool:
    """Return whether a response had less content than it announced."""
    return any(isinstance(one, exceptions.IncompleteRead) for one in (error, *error.args))


def reason(error: BaseException) -> str:
    """Return why a request failed, as the system or the server says it."""
    if isinstance(error, exceptions.MaxRetryError) and error.reason is not None:
        return reason(error.reason)
    if isinstance(error, exceptions.ProxyError):
        return f"the proxy: {reason(error.original_error)}"
    for cause in (error, error.__cause__, error.__context__, *error.args):
        if isinstance(cause, ssl.SSLCertVerificationError):
            return f"its certificate: {cause.verify_message}"
        if isinstance(cause, OSError) and cause.strerror:
            return cause.strerror
    is_late = isinstance(error, exceptions.TimeoutError | TimeoutError)
    return "timed out" if is_late else str(error)


@cache
def _trusted(file: str | None) -> ssl.SSLContext:
    """Return the certificates to trust; reading them takes longer than a connection."""
    try:
        return ssl.create_default_context(cafile=file)
    except OSError as error:
        told = error.strerror or error
        raise UsageError(f"{file}: {told}; let SSL_CERT_FILE name a file of certificates") from None


def timeout(environment: Mapping[str, str]) -> float:
    """Return how many seconds to wait for a response: as many as the user lets uv wait."""
    given = environment.get("UV_HTTP_TIMEOUT", "")
    return float(given) if given.isdecimal() and int(given) else TIMEOUT


_guard = threading.Lock()
_clients: dict[tuple[frozenset[tuple[str, str]], tuple[Index, ...]], HttpClient] = {}


def client_for(environment: Mapping[str, str], indexes: Sequence[Index] = ()) -> HttpClient:
    """Return the run's client for these variables and indexes, so that connections are shared.

    Raises what making one raises.
    """
    key = frozenset(environment.items()), tuple(indexes)
    with _guard:
        if key not in _clients:
            _clients[key] = HttpClient(environment, indexes)
        return _clients[key]

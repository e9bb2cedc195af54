"""How servers are asked: over few connections, again where that helps, and discreetly."""

import base64
import gzip
import re
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from lock.errors import UsageError
from lock.io import http_client
from lock.io.http_client import CutError, HttpClient, StatusError, UnreachableError
from tests.support.index_server import Index, NewIndex

PAGE = "/simple/alpha/"
DEAD = "http://127.0.0.1:9"


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lets the client wait for no further try that a server doesn't ask for."""
    monkeypatch.setattr(http_client, "BACKOFF", 0)


def read(client: HttpClient, url: str) -> bytes:
    with client.open(url) as answer:
        return answer.content()


def test_many_requests_go_over_one_connection(index: Index) -> None:
    index.wheel("alpha", "1.0")
    client = HttpClient({})
    for _ in range(5):
        read(client, index.url + PAGE)
        with pytest.raises(StatusError, match="404 Not Found"):
            read(client, f"{index.url}/simple/beta/")
    assert len(index.connections) == 1


@pytest.mark.parametrize(
    "failures",
    [
        [(503, {}), (502, {})],
        [(429, {"Retry-After": "1"})],
        [(0, {}), (0, {}), (0, {})],
    ],
    ids=["overloaded", "too many requests", "connections that are closed"],
)
def test_what_passes_is_waited_for(
    index: Index, failures: list[tuple[int, dict[str, str]]]
) -> None:
    index.wheel("alpha", "1.0")
    index.failing[PAGE] = [*failures]
    begun = time.monotonic()
    assert b"alpha-1.0" in read(HttpClient({}), index.url + PAGE)
    assert index.failing[PAGE] == []
    if "Retry-After" in failures[0][1]:
        assert time.monotonic() - begun >= 1


def test_what_does_not_pass_is_told(index: Index) -> None:
    index.failing[PAGE] = [(503, {})] * 4
    with pytest.raises(StatusError, match=r"/simple/alpha/: 503 Service Unavailable$"):
        read(HttpClient({}), index.url + PAGE)


def test_only_the_first_request_to_a_dead_server_is_repeated(index: Index) -> None:
    index.failing[PAGE] = [(0, {})] * 10
    client = HttpClient({})
    for left in (6, 5, 4):
        with pytest.raises(UnreachableError):
            read(client, index.url + PAGE)
        assert len(index.failing[PAGE]) == left


def test_a_server_that_is_gone_is_told() -> None:
    with pytest.raises(UnreachableError, match=r"can't be downloaded: Connection refused$"):
        read(HttpClient({}), DEAD)


def test_a_host_that_nobody_knows_is_told() -> None:
    with pytest.raises(UnreachableError, match=r"can't be downloaded: .*(known|resolution|found)"):
        read(HttpClient({}), "http://index.invalid/simple/")


@pytest.fixture
def server() -> Iterator[Callable[..., str]]:
    """Starts servers that answer by a function of the request's handler; gives their addresses."""
    servers = []

    def start(answer: Callable[[BaseHTTPRequestHandler], None]) -> str:
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                answer(self)

            def log_message(self, *_arguments: object) -> None:
                """Log nothing."""

        made = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        servers.append(made)
        threading.Thread(target=made.serve_forever, args=(0.02,), daemon=True).start()
        return f"http://127.0.0.1:{made.server_port}"

    yield start
    for made in servers:
        made.shutdown()
        made.server_close()


def test_a_host_that_is_not_known_for_a_moment_is_looked_up_again(
    index: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    index.wheel("alpha", "1.0")
    look_up, failures = socket.getaddrinfo, [socket.gaierror(socket.EAI_AGAIN, "later")] * 3

    def look_up_at_last(*given: Any, **named: Any) -> Any:
        if failures:
            raise failures.pop()
        return look_up(*given, **named)

    monkeypatch.setattr(socket, "getaddrinfo", look_up_at_last)
    assert b"alpha-1.0" in read(HttpClient({}), index.url + PAGE)
    assert failures == []


def answer_with(handler: BaseHTTPRequestHandler, status: int, content: bytes, **headers: str):
    handler.send_response(status)
    for name, value in headers.items():
        handler.send_header(name.replace("_", "-"), value)
    handler.end_headers()
    handler.wfile.write(content)


def test_credentials_go_to_their_host_only(server: Callable[..., str]) -> None:
    seen: list[str | None] = []

    def note(handler: BaseHTTPRequestHandler) -> None:
        seen.append(handler.headers.get("Authorization"))
        status = 401 if handler.path == "/guarded" else 200
        answer_with(handler, status, b"content", WWW_Authenticate='Basic realm="other"')

    other = server(note)

    def redirect(handler: BaseHTTPRequestHandler) -> None:
        if handler.headers.get("Authorization") is None:
            answer_with(handler, 401, b"", WWW_Authenticate='Basic realm="own"')
        else:
            answer_with(handler, 302, b"", Location=f"{other}{handler.path}")

    own = server(redirect)
    client = HttpClient({"UV_INDEX": f"{own.replace('//', '//ada:secret@')}/simple"})
    assert read(client, f"{own}/file") == b"content"
    with pytest.raises(StatusError, match="401"):
        read(client, f"{own}/guarded")
    assert seen == [None, None]


def test_credentials_go_along_once_a_server_asked_for_them(new_index: NewIndex) -> None:
    index = new_index()
    index.login = ("ada", "p@ß€")
    index.wheel("alpha", "1.0")
    client = HttpClient({"UV_INDEX": index.url.replace("//", "//ada:p%40%C3%9F%E2%82%AC@")})
    asked: list[str | None] = []
    respond = index.respond
    index.respond = lambda path, given: asked.append(given) or respond(path, given)  # type: ignore
    for _ in range(3):
        read(client, index.url + PAGE)
    expected = f"Basic {base64.b64encode('ada:p@ß€'.encode()).decode()}"
    assert asked == [None, expected, expected, expected]


def test_a_proxy_is_asked_with_its_own_credentials(server: Callable[..., str]) -> None:
    seen = []

    def note(handler: BaseHTTPRequestHandler) -> None:
        seen.append((handler.path, handler.headers.get("Proxy-Authorization")))
        answer_with(handler, 200, b"content")

    proxy = server(note).replace("//", "//ada:p%40%C3%9F%E2%82%AC@")
    client = HttpClient({"http_proxy": proxy})
    assert read(client, "http://index.example/simple/") == b"content"
    expected = f"Basic {base64.b64encode('ada:p@ß€'.encode()).decode()}"
    assert seen == [("http://index.example/simple/", expected)]


def test_a_proxy_that_is_gone_is_told() -> None:
    with pytest.raises(UnreachableError, match=r"the proxy: Connection refused$"):
        read(HttpClient({"http_proxy": DEAD}), "http://index.example/simple/")


def test_an_interruption_waits_for_nothing_more(server: Callable[..., str]) -> None:
    ended, waited = threading.Event(), threading.Event()

    def stall(handler: BaseHTTPRequestHandler) -> None:
        answer_with(handler, 200, b"beginning", Content_Length="100")
        if not ended.wait(10):
            waited.set()

    address = server(stall)
    with pytest.raises(KeyboardInterrupt), HttpClient({}).open(address):
        raise KeyboardInterrupt
    ended.set()
    assert not waited.is_set()


def test_a_page_may_be_compressed(server: Callable[..., str]) -> None:
    def compress(handler: BaseHTTPRequestHandler) -> None:
        answer_with(handler, 200, gzip.compress(b"content"), Content_Encoding="gzip")

    assert read(HttpClient({}), server(compress)) == b"content"


def test_a_page_that_is_cut_is_asked_for_again(server: Callable[..., str]) -> None:
    left = [b"", b"con"]

    def cut(handler: BaseHTTPRequestHandler) -> None:
        content = left.pop() if left else b"content"
        answer_with(handler, 200, content, Content_Length="7", Content_Type="text/html; x=y")

    address = server(cut)
    assert HttpClient({}).read(address) == (address, "text/html", b"content")


def test_a_page_that_is_cut_again_and_again_is_told(server: Callable[..., str]) -> None:
    asked: list[str] = []

    def cut(handler: BaseHTTPRequestHandler) -> None:
        asked.append(handler.path)
        answer_with(handler, 200, b"con", Content_Length="7")

    with pytest.raises(CutError, match=r"3 bytes read, 4 more expected"):
        HttpClient({}).read(server(cut))
    assert len(asked) == 4


def test_a_file_stays_as_it_is_sent(server: Callable[..., str]) -> None:
    """Some servers call an archive that is compressed itself an encoded one."""
    content = gzip.compress(b"content")
    address = server(lambda one: answer_with(one, 200, content, Content_Encoding="gzip"))
    with HttpClient({}).open(address) as answer:
        assert b"".join(answer.blocks(1000)) == content


def test_redirects_have_an_end(server: Callable[..., str]) -> None:
    address = server(lambda handler: answer_with(handler, 302, b"", Location="/again"))
    with pytest.raises(UnreachableError, match="too many redirects"):
        read(HttpClient({}), address)


@pytest.mark.parametrize("target", ["file:///etc/passwd", "http://[::1/"])
def test_a_redirect_to_no_server_is_refused(server: Callable[..., str], target: str) -> None:
    address = server(lambda handler: answer_with(handler, 302, b"", Location=target))
    with pytest.raises(UnreachableError, match=f"redirected to {re.escape(target)}$"):
        read(HttpClient({}), address)


def test_a_redirect_without_a_target_is_no_content(server: Callable[..., str]) -> None:
    address = server(lambda handler: answer_with(handler, 302, b"moved"))
    with pytest.raises(StatusError, match="302 Found"):
        read(HttpClient({}), address)


def test_a_certificate_that_nobody_vouches_for_is_refused(tmp_path: Path) -> None:
    options = "-x509 -newkey rsa:2048 -nodes -keyout key -out certificate -subj /CN=127.0.0.1"
    subprocess.run(
        ["openssl", "req", *options.split(), "-addext", "subjectAltName=IP:127.0.0.1"],
        cwd=tmp_path,
        check=True,
        capture_output=True,
    )
    handler = type(
        "Handler",
        (BaseHTTPRequestHandler,),
        {"do_GET": lambda self: answer_with(self, 200, b"content"), "log_message": lambda *_: None},
    )
    made = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "certificate", tmp_path / "key")
    made.socket = context.wrap_socket(made.socket, server_side=True)
    made.handle_error = lambda *_: None  # type: ignore[method-assign]
    threading.Thread(target=made.serve_forever, args=(0.02,), daemon=True).start()
    address = f"https://127.0.0.1:{made.server_port}"
    try:
        with pytest.raises(UsageError, match=r"its certificate: self-signed certificate"):
            read(HttpClient({}), address)
        trusting = HttpClient({"SSL_CERT_FILE": str(tmp_path / "certificate")})
        assert read(trusting, address) == b"content"
    finally:
        made.shutdown()
        made.server_close()

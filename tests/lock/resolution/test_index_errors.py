"""Servers that are down, slow, broken or guarded: one clear message, and the old lock stays."""

import re
import ssl
import subprocess
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

from tests.support.index_server import Index
from tests.support.lock_app import LockApp

# A server that fails is asked again; tests don't wait for that.
AT_ONCE = {"UV_HTTP_RETRIES": "0"}


@pytest.fixture
def wanted(lock: LockApp, index: Index) -> LockApp:
    """A folder with requirements and a lock of them."""
    index.wheel("alpha", "1.0")
    lock.write("alpha: '*'")
    lock.succeed("3.11")
    # The next run asks for something that uv has not in its cache.
    index.wheel("beta", "1.0")
    lock.write("alpha: '*'\nbeta: '*'")
    return lock


@pytest.mark.parametrize(
    ("status", "code", "problem"),
    [
        (500, 2, "500 Internal Server Error"),
        (503, 2, "503 Service Unavailable"),
        (403, 2, "403 Forbidden"),
        (429, 2, "429 Too Many Requests"),
    ],
)
def test_a_server_that_refuses_is_told_with_its_answer(
    wanted: LockApp, index: Index, status: int, code: int, problem: str
) -> None:
    index.status = status
    told = wanted.fail(code, **AT_ONCE)
    assert problem in told
    assert index.simple in told


def test_a_guarded_index_says_how_to_give_credentials(wanted: LockApp, index: Index) -> None:
    index.login = ("ada", "secret")
    told = wanted.fail(2, **AT_ONCE)
    assert "401 Unauthorized" in told
    assert "netrc" in told
    assert "UV_INDEX_" in told
    assert index.url.partition("//")[2].partition("/")[0] in told


@pytest.mark.parametrize("given", [{}, {"UV_INDEX_CORP_EU_USERNAME": "ada"}], ids=["none", "wrong"])
def test_a_guarded_index_with_a_name_is_told_with_its_own_variables(
    wanted: LockApp, index: Index, given: dict[str, str]
) -> None:
    index.login = ("ada", "secret")
    wanted.write(
        f"requirements:\n  beta:\nindexes:\n  corp-eu: {{url: {index.simple}, default: true}}\n"
    )
    told = wanted.fail(2, **AT_ONCE, **given)
    assert f"{index.simple} answers 401 Unauthorized" in told
    assert "UV_INDEX_CORP_EU_USERNAME and UV_INDEX_CORP_EU_PASSWORD" in told
    right = {"UV_INDEX_CORP_EU_USERNAME": "ada", "UV_INDEX_CORP_EU_PASSWORD": "secret"}
    assert "beta" in wanted.succeed(**right)


def test_a_connection_that_is_cut_is_told(wanted: LockApp, index: Index) -> None:
    wanted.write("beta: '*'")
    index.truncating = True
    told = wanted.fail(2, **AT_ONCE)
    assert f"{index.url}/files/beta-1.0-py3-none-any.whl.metadata" in told
    index.truncating = False
    assert '"beta": "1.0"' in wanted.succeed()


@pytest.fixture
def large(index: Index) -> None:
    """A wheel whose metadata stands at its end and nowhere else."""
    index.wheel("gamma", "2.0", modules={"gamma.py": "#" * 5000}, separate_metadata=False)


@pytest.mark.usefixtures("large")
def test_a_wheel_that_is_cut_is_told(wanted: LockApp, index: Index) -> None:
    wanted.write("gamma: '*'")
    index.truncating = True
    told = wanted.fail(2, **AT_ONCE)
    assert "\n  gamma 2.0 can't be taken, since its file can't be read" in told
    assert "lock again" in told
    index.truncating = False
    assert '"gamma": "2.0"' in wanted.succeed()


@pytest.mark.usefixtures("large")
def test_a_version_that_is_passed_over_for_half_a_file_is_warned_of(
    wanted: LockApp, index: Index
) -> None:
    index.wheel("gamma", "1.0")
    file = "/files/gamma-2.0-py3-none-any.whl"
    index.files[file] = index.files[file][:3000]
    wanted.write("gamma: '*'")
    done = wanted.run(**AT_ONCE)
    assert done.returncode == 0
    assert '"gamma": "1.0"' in wanted.tree()["sources.yaml"].decode()
    assert done.stderr.startswith("warning: requirements.yaml: gamma 2.0 can't be taken")
    assert "WARN" not in done.stderr


def test_a_server_that_is_slow_is_not_waited_for(wanted: LockApp, index: Index) -> None:
    index.responding.clear()
    told = wanted.fail(2, **AT_ONCE, UV_HTTP_TIMEOUT="1")
    assert re.search("tim(ed )?e?out", told)


def test_a_slow_server_is_waited_for_as_long_as_the_user_says(
    wanted: LockApp, index: Index
) -> None:
    index.responding.clear()
    threading.Timer(1.5, index.responding.set).start()
    assert "beta" in wanted.succeed(UV_HTTP_TIMEOUT="20")


def test_a_yanked_version_is_taken_only_where_it_is_named_and_warned_of(
    lock: LockApp, index: Index
) -> None:
    index.wheel("alpha", "1.0")
    index.wheel("alpha", "2.0", yanked="it eats files")
    lock.write("alpha: '*'")
    assert '"alpha": "1.0"' in lock.succeed("3.11")
    lock.write("alpha: '==2.0'")
    done = lock.run("3.11")
    assert done.returncode == 0
    assert '"alpha": "2.0"' in (lock.folder / "sources.yaml").read_text("utf-8")
    [warning] = [line for line in done.stderr.splitlines() if "yanked" in line]
    assert warning.startswith("warning: requirements.yaml: alpha 2.0 is yanked")
    assert "it eats files" in warning


@pytest.mark.parametrize("wanted_by", ["alpha", "beta"])
def test_versions_that_are_all_yanked_are_told_with_the_way_to_them(
    lock: LockApp, index: Index, wanted_by: str
) -> None:
    index.wheel("alpha", "1.0", yanked="it eats files")
    index.wheel("beta", "1.0", "alpha==1.0")
    lock.write(f"{wanted_by}: '*'")
    told = lock.fail(1, "3.11")
    assert "it eats files" in told
    assert "\n  alpha 1.0 is taken all the same where requirements.yaml names it: " in told
    lock.write(f"{wanted_by}: '*'\nalpha: '==1.0'".removeprefix("alpha: '*'\n"))
    done = lock.run("3.11")
    assert done.returncode == 0
    assert "alpha 1.0 is yanked: it eats files" in done.stderr


def certificate(folder: Path, name: str) -> tuple[Path, Path]:
    """A certificate that signs itself, and its key."""
    made, key = folder / "own.pem", folder / "own.key"
    options = [
        *("-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"),
        *("-subj", f"/CN={name}", "-addext", f"subjectAltName=IP:{name}"),
        *("-addext", "basicConstraints=critical,CA:FALSE"),
    ]
    subprocess.run(
        ["openssl", "req", *options, "-keyout", key, "-out", made], check=True, capture_output=True
    )
    return made, key


class Passing(BaseHTTPRequestHandler):
    """Passes questions on to the index, whatever server it is asked as."""

    index: str
    asked: list[str]

    def do_GET(self) -> None:
        self.asked.append(self.path)
        path = (
            "/" + self.path.partition("://")[2].partition("/")[2]
            if "://" in self.path
            else self.path
        )
        try:
            answer = urlopen(f"{self.index}{path}")
        except HTTPError as error:
            answer = error
        with answer:
            content = answer.read()
            self.send_response(answer.status)
            self.send_header("Content-Type", answer.headers["Content-Type"])
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_arguments: object) -> None:
        """Keeps the tests' output free of requests."""


@pytest.fixture
def passing(index: Index) -> Iterator[tuple[ThreadingHTTPServer, list[str]]]:
    """A server in front of the index, still to be started, and what it is asked."""
    asked: list[str] = []
    kind = type("Passed", (Passing,), {"index": index.url, "asked": asked})
    server = ThreadingHTTPServer(("127.0.0.1", 0), kind)
    server.daemon_threads = True
    yield server, asked
    server.shutdown()
    server.server_close()


def start(server: ThreadingHTTPServer) -> None:
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()


def test_a_certificate_that_nobody_vouches_for_is_refused_and_the_user_s_own_is_taken(
    wanted: LockApp, passing: tuple[ThreadingHTTPServer, list[str]], tmp_path: Path
) -> None:
    server, asked = passing
    made, key = certificate(tmp_path, "127.0.0.1")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(made, key)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    start(server)
    wanted.environment["UV_DEFAULT_INDEX"] = f"https://127.0.0.1:{server.server_port}/simple/"
    told = wanted.fail(2, **AT_ONCE)
    assert "certificate" in told
    assert "SSL_CERT_FILE" in told
    assert asked == []
    told = wanted.fail(2, **AT_ONCE, SSL_CERT_FILE="/nonexistent.pem")
    assert "SSL_CERT_FILE names /nonexistent.pem, which can't be read" in told
    assert "beta" in wanted.succeed(SSL_CERT_FILE=str(made))
    assert wanted.run("verify", SSL_CERT_FILE=str(made)).returncode == 0
    assert "certificate" in wanted.fail(2, "verify")


@pytest.mark.parametrize("variable", ["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"])
def test_a_proxy_is_asked(
    wanted: LockApp, passing: tuple[ThreadingHTTPServer, list[str]], variable: str
) -> None:
    server, asked = passing
    start(server)
    # No name server knows this one.
    wanted.environment["UV_DEFAULT_INDEX"] = "http://index.invalid/simple/"
    proxy = {variable: f"http://127.0.0.1:{server.server_port}"}
    text = wanted.succeed(**proxy)
    assert "http://index.invalid/files/beta-1.0-py3-none-any.whl" in text
    assert "http://index.invalid/simple/beta/" in asked
    assert wanted.run("verify", **proxy).returncode == 0
    assert "index.invalid" in wanted.fail(2, "--upgrade", **AT_ONCE)


@pytest.mark.parametrize("scheme", ["http", "https"])
@pytest.mark.parametrize("variable", ["{}_PROXY", "ALL_PROXY"])
def test_a_proxy_that_does_not_answer_is_told_without_its_password(
    wanted: LockApp, scheme: str, variable: str
) -> None:
    variable = variable.format(scheme.upper())
    wanted.environment["UV_DEFAULT_INDEX"] = f"{scheme}://index.invalid/simple/"
    proxy = {variable: "http://ada:secret@127.0.0.1:9"}
    told = wanted.fail(2, **AT_ONCE, **proxy)
    assert f"the proxy http://127.0.0.1:9 was asked, as {variable} says" in told
    assert "secret" not in told
    assert "proxy" not in wanted.fail(2, **AT_ONCE, **proxy, NO_PROXY="other.example,.invalid")


def test_a_proxy_that_wants_to_know_who_asks_is_told(
    wanted: LockApp, index: Index, passing: tuple[ThreadingHTTPServer, list[str]]
) -> None:
    server, _ = passing
    start(server)
    index.status = 407
    wanted.environment["UV_DEFAULT_INDEX"] = "http://index.invalid/simple/"
    proxy = f"http://127.0.0.1:{server.server_port}"
    told = wanted.fail(2, **AT_ONCE, HTTP_PROXY=proxy)
    assert "407 Proxy Authentication Required" in told
    assert f"the proxy {proxy} was asked, as HTTP_PROXY says" in told

"""How files of an index are had, whole or not at all."""

import base64
import hashlib
import resource
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from lock.errors import UsageError
from lock.io import process
from lock.io.download import download, fetch, read_through
from lock.io.http_client import TIMEOUT, timeout
from lock.models.packages import File
from tests.support.index_server import Index


def served(index: Index, sha256=None) -> File:
    index.sdist("alpha", "1.0")
    content = index.files["/files/alpha-1.0.tar.gz"]
    digest = sha256 or hashlib.sha256(content).hexdigest()
    return File("alpha-1.0.tar.gz", f"{index.url}/files/alpha-1.0.tar.gz", digest, len(content))


def test_a_file_is_downloaded_under_its_own_name(index, tmp_path):
    path = fetch(served(index), tmp_path / "new", {})
    assert path == tmp_path / "new" / "alpha-1.0.tar.gz"
    assert path.read_bytes() == index.files["/files/alpha-1.0.tar.gz"]


def test_another_file_than_the_locked_one_is_refused(index, tmp_path):
    with pytest.raises(UsageError, match=r"alpha-1\.0\.tar\.gz: its sha256 is [0-9a-f]{64}, but"):
        fetch(served(index, "0" * 64), tmp_path / "new", {})


def test_a_file_that_is_gone_is_told(index, tmp_path):
    file = served(index)
    index.files.clear()
    with pytest.raises(UsageError, match=r"alpha-1\.0\.tar\.gz: 404 "):
        fetch(file, tmp_path / "new", {})


def test_a_server_that_is_gone_is_told(tmp_path):
    file = File("alpha-1.0.tar.gz", "http://127.0.0.1:9/alpha-1.0.tar.gz", "0" * 64, None)
    with pytest.raises(UsageError, match=r"alpha-1\.0\.tar\.gz: can't be downloaded: "):
        fetch(file, tmp_path / "new", {})


def test_a_download_ends_where_the_run_is_ended(index, tmp_path):
    file = served(index)
    process.terminate_all()
    try:
        with pytest.raises(InterruptedError):
            fetch(file, tmp_path / "new", {})
    finally:
        process.allow_new()
    assert fetch(file, tmp_path / "new", {}).exists()


@pytest.fixture
def guarded() -> Iterator[str]:
    """The address of a file that only its user may have."""
    expected = "Basic " + base64.b64encode(b"ada:p@ss").decode()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            allowed = self.headers.get("Authorization") == expected
            self.send_response(200 if allowed else 401)
            if not allowed:
                self.send_header("WWW-Authenticate", 'Basic realm="index"')
            self.end_headers()
            self.wfile.write(b"content" if allowed else b"")

        def log_message(self, *_arguments):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/alpha-1.0.tar.gz"
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize(
    ("variable", "index"),
    [
        ("UV_DEFAULT_INDEX", "{}"),
        ("UV_INDEX", "http://other.example/simple own={}"),
        ("NETRC", None),
    ],
)
def test_an_index_with_a_password_is_asked_as_uv_asks(guarded, tmp_path, variable, index):
    digest = hashlib.sha256(b"content").hexdigest()
    file = File("alpha-1.0.tar.gz", guarded, digest, None)
    with pytest.raises(UsageError, match="401"):
        fetch(file, tmp_path / "stranger", {})
    known = tmp_path / "netrc"
    known.write_text("machine 127.0.0.1 login ada password p@ss\n", encoding="utf-8")
    address = guarded.replace("//", "//ada:p%40ss@").replace("alpha-1.0.tar.gz", "simple/")
    environment = {variable: index.format(address) if index else str(known)}
    assert fetch(file, tmp_path / "user", environment).read_bytes() == b"content"


def test_a_download_goes_on_where_it_was_cut(index, tmp_path):
    file = served(index)
    index.truncating = True
    with pytest.raises(UsageError, match=r"can't be downloaded: the connection ended after"):
        download(file.url, tmp_path / "part", {})
    beginning = (tmp_path / "part").stat().st_size
    assert 0 < beginning < file.size
    index.truncating = False
    index.sent.clear()
    assert download(file.url, tmp_path / "part", {}) == file.sha256
    assert index.sent == {"/files/alpha-1.0.tar.gz": file.size - beginning}


@pytest.mark.parametrize("size", [None, 1 << 26], ids=["of any size", "large"])
def test_a_large_file_that_is_only_hashed_goes_on_in_the_next_run(index, tmp_path, size):
    file, part = served(index), tmp_path / "part"
    index.truncating = True
    with pytest.raises(UsageError, match=r"can't be downloaded: the connection ended after"):
        read_through(file.url, part, size, {})
    beginning = part.stat().st_size
    index.truncating = False
    index.sent.clear()
    assert read_through(file.url, part, size, {}) == (file.sha256, file.size)
    assert index.sent == {"/files/alpha-1.0.tar.gz": file.size - beginning}
    assert not part.exists()


def test_a_small_file_that_is_only_hashed_is_never_written(index, tmp_path):
    file, part = served(index), tmp_path / "none" / "part"
    index.truncating = True
    with pytest.raises(UsageError, match=r"can't be downloaded: the connection ended after"):
        read_through(file.url, part, file.size, {})
    # What the run had was kept all the same, and only the rest of it asked for.
    assert index.sent["/files/alpha-1.0.tar.gz"] < file.size
    index.truncating = False
    assert read_through(file.url, part, file.size, {}) == (file.sha256, file.size)


def test_what_is_whole_already_is_not_taken_for_a_beginning(index, tmp_path):
    file = served(index)
    (tmp_path / "part").write_bytes(b"x" * file.size)
    assert download(file.url, tmp_path / "part", {}) == file.sha256


def test_a_file_that_cannot_be_written_is_named(index, tmp_path):
    file = served(index)
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10, limits[1]))
    try:
        with pytest.raises(OSError, match="File too large") as raised:
            download(file.url, tmp_path / "part", {})
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert raised.value.filename == str(tmp_path / "part")


def test_a_server_that_is_slow_is_not_waited_for_longer_than_the_user_says(index, tmp_path):
    file = served(index)
    index.responding.clear()
    with pytest.raises(UsageError, match=r"can't be downloaded: timed out"):
        fetch(file, tmp_path / "new", {"UV_HTTP_TIMEOUT": "1"})


@pytest.mark.parametrize(
    ("given", "seconds"), [("7", 7), ("", TIMEOUT), ("0", TIMEOUT), ("x", TIMEOUT)]
)
def test_the_time_that_the_user_gives_is_uvs(given, seconds):
    assert timeout({"UV_HTTP_TIMEOUT": given}) == seconds


@pytest.mark.parametrize("content", [None, "no certificate"])
def test_authorities_that_cannot_be_read_are_told(index, tmp_path, content):
    file = tmp_path / "own.pem"
    if content:
        file.write_text(content)
    with pytest.raises(UsageError, match=rf"{file}: .*; let SSL_CERT_FILE name a file"):
        fetch(served(index), tmp_path / "new", {"SSL_CERT_FILE": str(file)})

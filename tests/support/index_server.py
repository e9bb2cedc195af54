"""Serve package indexes on this machine."""

import base64
import hashlib
import io
import json
import re
import tarfile
import threading
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.support.wheels import Wheel, to_bytes

ANY = "py3-none-any"
# A build system without build requirements.
IN_TREE = """\
[build-system]
requires = []
build-backend = "backend"
backend-path = ["."]
"""


def requiring(*texts: str) -> str:
    """Return a pyproject.toml with these build requirements and its own backend."""
    return IN_TREE.replace("[]", repr([*texts]), 1)


@dataclass
class Index:
    """A static index (PEP 503, PEP 658, PEP 691) in memory, served on 127.0.0.1."""

    url: str
    # Path below `url` → content.
    files: dict[str, bytes] = field(default_factory=dict)
    # Path below `url` → the files of a package (PEP 691).
    pages: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    # Project name → further keys of its page, such as `project-status` (PEP 792).
    page_keys: dict[str, dict[str, Any]] = field(default_factory=dict)
    # User and password that it requires.
    login: tuple[str, str] | None = None
    # The status of all its responses, as of a server that is down.
    status: int | None = None
    # Whether it closes each connection in the middle of a file.
    truncating: bool = False
    # Whether it sends parts of files that are asked for (RFC 9110, section 14).
    sends_parts: bool = True
    # Unless it is set, responses wait for paths that end so.
    responding: threading.Event = field(default_factory=threading.Event)
    held: str = ""
    # Path below `url` → the number of bytes of its content that were sent.
    sent: dict[str, int] = field(default_factory=dict)
    # Set at the first request for such a path.
    requested: threading.Event = field(default_factory=threading.Event)
    # Path below `url` → the responses to its first requests: a status (0 closes the connection),
    # and headers.
    failing: dict[str, list[tuple[int, Mapping[str, str]]]] = field(default_factory=dict)
    # The connections that asked for something, by the client's port.
    connections: set[int] = field(default_factory=set)

    def wheel(
        self,
        name: str,
        version: str,
        *requires: str,
        tag: str = ANY,
        extras: Mapping[str, Sequence[str]] | None = None,
        build: str = "",
        hashed: bool = True,
        modules: Mapping[str, str | bytes] | None = None,
        separate_metadata: bool = True,
        yanked: str = "",
        uploaded: str = "2026-01-01T00:00:00Z",
        headers: Sequence[str] = (),
    ) -> None:
        """Add a wheel with these modules, by path, requirements and further lines of metadata.

        `separate_metadata` is whether the index has its metadata as a file, too (PEP 658).
        """
        lines = [*headers, *(f"Requires-Dist: {requirement}" for requirement in requires)]
        for extra, listed in (extras or {}).items():
            lines.append(f"Provides-Extra: {extra}")
            lines += [
                f'Requires-Dist: {requirement} ; extra == "{extra}"' for requirement in listed
            ]
        metadata = "\n".join(
            ["Metadata-Version: 2.1", f"Name: {name}", f"Version: {version}", *lines, ""]
        ).encode()
        stem = f"{name.replace('-', '_')}-{version}"
        content = io.BytesIO()
        with zipfile.ZipFile(content, "w") as archive:
            # The metadata is at the end, as PEP 427 recommends.
            members = {member: to_bytes(text) for member, text in (modules or {}).items()}
            members |= {
                f"{stem}.dist-info/METADATA": metadata,
                f"{stem}.dist-info/WHEEL": (
                    f"Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: {tag}\n".encode()
                ),
                f"{stem}.dist-info/RECORD": b"",
            }
            for member, data in members.items():
                archive.writestr(zipfile.ZipInfo(member), data)
        file = f"{stem}-{build + '-' if build else ''}{tag}.whl"
        if separate_metadata:
            self.files[f"/files/{file}.metadata"] = metadata
        keys = {
            "upload-time": uploaded,
            "core-metadata": separate_metadata,
            "yanked": yanked or False,
        }
        self._add(name, file, content.getvalue(), hashed, keys)

    def sdist(
        self,
        name: str,
        version: str,
        pyproject: str | None = IN_TREE,
        *,
        files: Mapping[str, str] | None = None,
        suffix: str = ".tar.gz",
    ) -> None:
        """Add a source distribution with static metadata (PEP 643), and with these files."""
        stem = f"{name.replace('-', '_')}-{version}"
        members = {"PKG-INFO": f"Metadata-Version: 2.2\nName: {name}\nVersion: {version}\n"}
        members |= {} if pyproject is None else {"pyproject.toml": pyproject}
        members |= {"backend.py": ""} | dict(files or {})
        data = archive({f"{stem}/{member}": text for member, text in members.items()}, suffix)
        self._add(name, f"{stem}{suffix}", data, True, {})

    def valid_wheel(self, wheel: Wheel) -> None:
        """Add a wheel that has a RECORD, and can be installed."""
        content = io.BytesIO()
        with zipfile.ZipFile(content, "w") as archive:
            for member, data in wheel.contents().items():
                archive.writestr(zipfile.ZipInfo(member), data)
        self._add(wheel.name, wheel.archive_name, content.getvalue(), True, {})

    def egg(self, name: str, version: str) -> None:
        """Add an egg, which nothing should choose."""
        self._add(name, f"{name}-{version}-py3.11.egg", b"egg", True, {})

    def _add(
        self, name: str, file: str, data: bytes, hashed: bool, keys: Mapping[str, Any]
    ) -> None:
        """Add a file, and list it in the package's page with these further keys (PEP 691)."""
        self.files[f"/files/{file}"] = data
        hashes = {"sha256": hashlib.sha256(data).hexdigest()} if hashed else {}
        entry = {"filename": file, "url": f"../../files/{file}", "hashes": hashes}
        self.pages.setdefault(f"/simple/{name}/", []).append(entry | dict(keys))

    def respond(self, path: str, authorization: str | None) -> tuple[int, str, bytes]:
        """Return the response for a path below `url`: status, content type and content."""
        if path.endswith(self.held):
            self.requested.set()
            self.responding.wait()
        if self.status is not None:
            return self.status, "text/plain", b"out of order"
        if self.login and authorization != _basic(*self.login):
            return 401, "text/plain", b"who are you?"
        if path in self.pages:
            name = path.split("/")[2]
            page = {"meta": {"api-version": "1.1"}, "name": name, "files": self.pages[path]}
            page |= self.page_keys.get(name, {})
            return 200, "application/vnd.pypi.simple.v1+json", json.dumps(page).encode()
        if path in self.files:
            content_type = "text/html" if path.endswith("/") else "application/octet-stream"
            return 200, content_type, self.files[path]
        return 404, "text/plain", b""

    @property
    def simple(self) -> str:
        """Return the URL to give to uv."""
        return f"{self.url}/simple/"


def _basic(user: str, password: str) -> str:
    return f"Basic {base64.b64encode(f'{user}:{password}'.encode()).decode()}"


def archive(members: Mapping[str, str], suffix: str) -> bytes:
    """Return the bytes of a source distribution with these files."""
    content = io.BytesIO()
    if suffix == ".zip":
        with zipfile.ZipFile(content, "w") as zipped:
            for member, text in members.items():
                zipped.writestr(zipfile.ZipInfo(member), text)
        return content.getvalue()
    mode = "w:gz" if suffix == ".tar.gz" else "w:bz2"
    with tarfile.open(fileobj=content, mode=mode) as tar:
        for member, text in members.items():
            entry = tarfile.TarInfo(member)
            entry.size = len(text.encode())
            tar.addfile(entry, io.BytesIO(text.encode()))
    return content.getvalue()


@contextmanager
def serve(indexes: Mapping[str, Index]) -> Iterator[str]:
    """Serve indexes, each below its name; yield the server's URL."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        # Headers and content are two packets: the second isn't to wait for the first one's receipt.
        disable_nagle_algorithm = True

        def do_GET(self) -> None:
            _, name, rest = self.path.split("/", 2)
            if name in indexes:
                indexes[name].connections.add(self.client_address[1])
                if planned := indexes[name].failing.get(f"/{rest}"):
                    self._fail(*planned.pop(0))
                    return
            status, content_type, content = (
                indexes[name].respond(f"/{rest}", self.headers["Authorization"])
                if name in indexes
                else (404, "text/plain", b"")
            )
            byte_range = re.fullmatch(r"bytes=(\d+)-(\d*)", self.headers.get("Range", ""))
            span = ""
            if byte_range and status == 200 and indexes[name].sends_parts:
                start, end = int(byte_range[1]), int(byte_range[2] or len(content) - 1) + 1
                span = f"bytes {start}-{min(end, len(content)) - 1}/{len(content)}"
                status, content = (206, content[start:end]) if start < len(content) else (416, b"")
            try:
                self.send_response(status)
                if status == 206:
                    self.send_header("Content-Range", span)
                if status == 401:
                    self.send_header("WWW-Authenticate", 'Basic realm="index"')
                self.send_header("Content-Type", content_type)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                if self.command != "GET":
                    return
                if name in indexes and indexes[name].truncating and "/files/" in self.path:
                    content = content[: len(content) // 2]
                    self.close_connection = True
                # Noted first: whoever has read it all may look at once.
                if name in indexes:
                    sent = indexes[name].sent
                    sent[f"/{rest}"] = sent.get(f"/{rest}", 0) + len(content)
                self.wfile.write(content)
            except ConnectionError:
                self.close_connection = True

        do_HEAD = do_GET  # noqa: N815

        def _fail(self, status: int, headers: Mapping[str, str]) -> None:
            if not status:
                self.close_connection = True
                return
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_arguments: object) -> None:
            """Log nothing, to keep the tests' output free of requests."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    server.block_on_close = False
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        for index in indexes.values():
            index.responding.set()
        server.shutdown()
        server.server_close()


# Creates an empty index for a test.
NewIndex = Callable[[], Index]

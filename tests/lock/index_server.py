"""A package index on this machine."""

import hashlib
import io
import tarfile
import threading
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

ANY = "py3-none-any"
# A build system that asks for nothing.
IN_TREE = """\
[build-system]
requires = []
build-backend = "backend"
backend-path = ["."]
"""


@dataclass
class Index:
    """A static index (PEP 503, PEP 658) in memory, served on 127.0.0.1."""

    url: str
    # Path below `url` → content.
    files: dict[str, bytes] = field(default_factory=dict)
    pages: dict[str, list[str]] = field(default_factory=dict)
    # Cleared, it makes every answer wait.
    answering: threading.Event = field(default_factory=threading.Event)
    # Set at the first question.
    asked: threading.Event = field(default_factory=threading.Event)

    def wheel(
        self,
        name: str,
        version: str,
        *requires: str,
        tag: str = ANY,
        extras: Mapping[str, Sequence[str]] | None = None,
        build: str = "",
        hashed: bool = True,
        modules: Mapping[str, str] | None = None,
    ) -> None:
        """Adds a wheel with this metadata, and with these files."""
        lines = [*(f"Requires-Dist: {requirement}" for requirement in requires)]
        for extra, listed in (extras or {}).items():
            lines.append(f"Provides-Extra: {extra}")
            lines += [f'Requires-Dist: {wanted} ; extra == "{extra}"' for wanted in listed]
        metadata = "\n".join(
            ["Metadata-Version: 2.1", f"Name: {name}", f"Version: {version}", *lines, ""]
        ).encode()
        stem = f"{name.replace('-', '_')}-{version}"
        content = io.BytesIO()
        with zipfile.ZipFile(content, "w") as archive:
            members = {
                f"{stem}.dist-info/METADATA": metadata,
                f"{stem}.dist-info/WHEEL": (
                    f"Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: {tag}\n".encode()
                ),
                f"{stem}.dist-info/RECORD": b"",
            }
            members |= {member: text.encode() for member, text in (modules or {}).items()}
            for member, data in members.items():
                archive.writestr(zipfile.ZipInfo(member), data)
        file = f"{stem}-{build + '-' if build else ''}{tag}.whl"
        self.files[f"/files/{file}.metadata"] = metadata
        self._list(name, file, content.getvalue(), hashed, ' data-core-metadata="true"')

    def sdist(
        self,
        name: str,
        version: str,
        pyproject: str | None = IN_TREE,
        *,
        files: Mapping[str, str] | None = None,
        suffix: str = ".tar.gz",
    ) -> None:
        """Adds a source distribution with static metadata (PEP 643), and with these files."""
        stem = f"{name.replace('-', '_')}-{version}"
        members = {"PKG-INFO": f"Metadata-Version: 2.2\nName: {name}\nVersion: {version}\n"}
        members |= {} if pyproject is None else {"pyproject.toml": pyproject}
        members |= {"backend.py": ""} | dict(files or {})
        data = archive({f"{stem}/{member}": text for member, text in members.items()}, suffix)
        self._list(name, f"{stem}{suffix}", data, True, "")

    def egg(self, name: str, version: str) -> None:
        """Adds an egg, which nothing should choose."""
        self._list(name, f"{name}-{version}-py3.11.egg", b"egg", True, "")

    def _list(self, name: str, file: str, data: bytes, hashed: bool, attributes: str) -> None:
        self.files[f"/files/{file}"] = data
        digest = f"#sha256={hashlib.sha256(data).hexdigest()}" if hashed else ""
        entry = f'<a href="../../files/{file}{digest}"{attributes}>{file}</a>'
        self.pages.setdefault(f"/simple/{name}/", []).append(entry)

    def answer(self, path: str) -> bytes | None:
        """What stands at a path below `url`."""
        self.asked.set()
        self.answering.wait()
        if path in self.pages:
            return f"<!DOCTYPE html><html><body>{''.join(self.pages[path])}</body></html>".encode()
        return self.files.get(path)

    @property
    def simple(self) -> str:
        """The address to give to uv."""
        return f"{self.url}/simple/"


def archive(members: Mapping[str, str], suffix: str) -> bytes:
    """The bytes of a source distribution with these files."""
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
    """Serves indexes by their names below the address that it gives."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            _, name, rest = self.path.split("/", 2)
            index = indexes.get(name)
            content = index.answer(f"/{rest}") if index else None
            try:
                self.send_response(200 if content is not None else 404)
                kind = "text/html" if self.path.endswith("/") else "application/octet-stream"
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(content or b"")))
                self.end_headers()
                self.wfile.write(content or b"")
            except ConnectionError:
                self.close_connection = True

        def log_message(self, *_arguments: object) -> None:
            """Keeps the tests' output free of requests."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    server.block_on_close = False
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        for index in indexes.values():
            index.answering.set()
        server.shutdown()
        server.server_close()

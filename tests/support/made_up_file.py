"""Serve a file of any size whose bytes are made up while it is sent."""

import hashlib
import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

BLOCK = bytes(range(256)) * 1024


@dataclass
class MadeUpFile:
    """A file of `size` bytes at `url`."""

    size: int
    # Seconds between blocks.
    pause: float = 0
    url: str = ""
    # Where each response began, in bytes.
    starts: list[int] = field(default_factory=list)
    # The number of bytes that were sent.
    sent: int = 0

    @property
    def sha256(self) -> str:
        """Return its hash, hexadecimal."""
        digest = hashlib.sha256()
        for block in self.blocks(0):
            digest.update(block)
        return digest.hexdigest()

    def blocks(self, start: int) -> Iterator[bytes]:
        """Yield its content from an offset on."""
        while start < self.size:
            offset = start % len(BLOCK)
            block = BLOCK[offset : offset + self.size - start]
            yield block
            start += len(block)


@contextmanager
def serve(file: MadeUpFile) -> Iterator[MadeUpFile]:
    """Serve a file on this machine, whole or from an offset on (RFC 9110, section 14)."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            asked = re.fullmatch(r"bytes=(\d+)-", self.headers.get("Range", ""))
            start = int(asked[1]) if asked else 0
            file.starts.append(start)
            self.send_response(206 if asked else 200)
            if asked:
                self.send_header("Content-Range", f"bytes {start}-{file.size - 1}/{file.size}")
            self.send_header("Content-Length", str(file.size - start))
            self.end_headers()
            try:
                for block in file.blocks(start):
                    self.wfile.write(block)
                    file.sent += len(block)
                    time.sleep(file.pause)
            except ConnectionError:
                self.close_connection = True

        def log_message(self, *_arguments: object) -> None:
            """Log nothing, to keep the tests' output free of requests."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    server.block_on_close = False
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    file.url = f"http://127.0.0.1:{server.server_port}/big-1.0-py3-none-any.whl"
    try:
        yield file
    finally:
        server.shutdown()
        server.server_close()

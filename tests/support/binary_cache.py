"""Serve a folder that `nix copy --to file://…` filled as a binary cache, on this machine."""

import re
import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path


@dataclass(frozen=True)
class Request:
    """What a client asked for: the path below the cache's address, and what it got."""

    method: str
    path: str
    status: int
    # Of the content.
    size: int


@dataclass
class BinaryCache:
    """A cache of store paths, served by HTTP, and the requests that it got so far."""

    url: str
    folder: Path
    requests: list[Request] = field(default_factory=list)

    @property
    def questions(self) -> list[Request]:
        """Return the requests that ask whether the cache has a store path."""
        return [request for request in self.requests if request.path.endswith(".narinfo")]

    @property
    def misses(self) -> list[Request]:
        """Return the questions that were answered with no."""
        return [request for request in self.questions if request.status == 404]

    @property
    def archives(self) -> list[Request]:
        """Return the requests that fetched the content of a store path."""
        return [request for request in self.requests if request.path.startswith("/nar/")]


@contextmanager
def serve(folder: Path, latency: float = 0) -> Iterator[BinaryCache]:
    """Serve a folder; each new connection and each response takes `latency` seconds longer.

    So does a network with that time for a round trip. A folder that isn't there is an empty cache.
    """

    class Handler(BaseHTTPRequestHandler):
        # Connections are kept, as servers of caches do.
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def setup(self) -> None:
            time.sleep(latency)
            super().setup()

        def do_GET(self) -> None:
            time.sleep(latency)
            path = self.path.removeprefix(prefix)
            file = folder / path.lstrip("/")
            # Nix doesn't ask for a cache that lacks this file.
            told = b"StoreDir: /nix/store\nWantMassQuery: 1\nPriority: 30\n"
            made = path == "/nix-cache-info"
            known = re.fullmatch(r"/\w{32}\.narinfo|/nar/[\w.]+", path) and file.is_file()
            size = len(told) if made else file.stat().st_size if known else 0
            status = 200 if made or known else 404
            # Noted first: whoever has read it all may look at once.
            cache.requests.append(Request(self.command, path, status, size))
            try:
                self.send_response(status)
                self.send_header("Content-Length", str(size))
                self.end_headers()
                if self.command == "HEAD":
                    return
                if made:
                    self.wfile.write(told)
                elif known:
                    with file.open("rb") as content:
                        shutil.copyfileobj(content, self.wfile, 1 << 20)
            except ConnectionError:
                self.close_connection = True

        do_HEAD = do_GET  # noqa: N815

        def log_message(self, *_arguments: object) -> None:
            """Log nothing, to keep the tests' output free of requests."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    server.block_on_close = False
    # Nix remembers for a month what a cache of some address has: none has another's.
    prefix = f"/{time.time_ns()}"
    cache = BinaryCache(f"http://127.0.0.1:{server.server_port}{prefix}", folder)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield cache
    finally:
        server.shutdown()
        server.server_close()

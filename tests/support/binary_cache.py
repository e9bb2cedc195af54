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


@dataclass
class BinaryCache:
    """A cache of store paths, served by HTTP."""

    url: str
    folder: Path
    # The requests so far that asked whether it has a store path: the paths below its address.
    questions: list[str] = field(default_factory=list)


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
            if path.endswith(".narinfo"):
                cache.questions.append(path)
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

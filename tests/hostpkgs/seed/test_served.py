"""served.py: which files of its lists does a mirror still have?"""

from __future__ import annotations

import functools
import http.server
import threading
from typing import TYPE_CHECKING

from served import served

if TYPE_CHECKING:
    from pathlib import Path


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


def test_leaves_out_files_that_the_mirror_has_no_more(tmp_path: Path) -> None:
    (tmp_path / "here").touch()
    handler = functools.partial(Quiet, directory=tmp_path)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        url = f"http://127.0.0.1:{server.server_port}"
        sources = {name: {"url": f"{url}/{name}"} for name in ("here", "gone")}
        assert served(sources) == {"here": {"url": f"{url}/here"}}
        server.shutdown()
    assert served(sources) == sources, "a server that isn't there says nothing"

"""Measure downloading all files of a set, against curl, which downloads many at a time."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from bench.nix import ENVIRONMENTS, Nix
from bench.running import Argument, Command, Usage, in_turns, output, run, wall
from bench.table import Row, timed


def rows(nix: Nix, scratch: Path, runs: int, name: str) -> Iterator[Row]:
    """Measure downloads of a set's files from the index."""
    arguments = ["--argstr", "set", name]
    run(nix.build("files", *arguments))
    derivations = output(nix.instantiate("files", *arguments)).split()
    evaluate_links: list[Argument] = [
        "--eval",
        "--strict",
        "--json",
        ENVIRONMENTS,
        "-A",
        "links",
        *arguments,
    ]
    links = json.loads(output(nix.command("nix-instantiate", *evaluate_links)))
    folder = scratch / "downloads"

    def with_nix(paths: list[str], _number: int) -> Usage:
        # --check downloads again, and compares.
        return run(nix.command("nix-store", "--realise", "--check", "-j", "2", *paths))

    def with_one_curl(_number: int) -> Usage:
        run(Command(["rm", "-rf", folder]))
        folder.mkdir()
        config = scratch / "curl.conf"
        config.write_text(
            "".join(f'url = "{link["url"]}"\noutput = "{link["name"]}"\n' for link in links)
        )
        command: list[Argument] = [
            "curl",
            "--silent",
            "--fail",
            "--location",
            "--parallel",
            "--config",
            config,
        ]
        return run(Command([*command], folder))

    def with_a_curl_each(processes: int, _number: int) -> Usage:
        urls = scratch / "urls"
        urls.write_text("".join(f"{link['url']}\n" for link in links))
        curl: list[Argument] = ["curl", "--silent", "--fail", "--output", "/dev/null"]
        return run(Command(["xargs", "-P", str(processes), "-n", "1", "-a", urls, *curl], folder))

    ours, parallel, pairs, singles = in_turns(
        runs,
        partial(with_nix, derivations),
        with_one_curl,
        partial(with_a_curl_each, 2),
        partial(with_a_curl_each, 1),
    )
    what = f"download, {name}"
    yield timed(what, ours, "`curl --parallel`", parallel, 1.2 * wall(parallel))
    # Some lines delay new connections only where they are opened at once.
    yield timed(what, ours, "curl, a process for each file, two at a time", pairs)
    yield timed(what, ours, "curl, a process for each file, one at a time", singles)
    with serve(folder) as server:
        local_arguments = [*arguments, "--argstr", "server", server]
        local_derivations = output(nix.instantiate("localFiles", *local_arguments)).split()
        local = with_nix(local_derivations, 0)
    yield timed(what, ours, "Nix, from a server on this machine", [local])


@contextmanager
def serve(folder: Path) -> Iterator[str]:
    """Serve a folder's files by HTTP; yield the server's address."""
    handler = partial(SilentHandler, directory=str(folder))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


class SilentHandler(SimpleHTTPRequestHandler):
    """A handler that serves files and logs nothing."""

    def log_message(self, *_: object) -> None:
        """Log nothing: the output is the table."""

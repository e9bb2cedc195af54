"""Downloading all files of a set: against curl, which gets many at a time."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from bench.nix import ENVIRONMENTS, Nix
from bench.running import Argument, Command, Usage, output, run, side_by_side, wall
from bench.table import Row


def rows(nix: Nix, scratch: Path, runs: int) -> Iterator[Row]:
    """The files of the science set, from the index."""
    arguments = ["--argstr", "set", "science"]
    run(nix.build("files", *arguments))
    derivations = output(nix.instantiate("files", *arguments)).split()
    links: list[Argument] = [
        "--eval",
        "--strict",
        "--json",
        ENVIRONMENTS,
        "-A",
        "links",
        *arguments,
    ]
    found = json.loads(output(nix.command("nix-instantiate", *links)))
    folder = scratch / "downloads"

    def again(paths: list[str], _number: int) -> Usage:
        # A check downloads again, and compares.
        return run(nix.command("nix-store", "--realise", "--check", "-j", "2", *paths))

    def curl(_number: int) -> Usage:
        run(Command(["rm", "-rf", folder]))
        folder.mkdir()
        config = scratch / "curl.conf"
        config.write_text(
            "".join(f'url = "{link["url"]}"\noutput = "{link["name"]}"\n' for link in found)
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

    def apart(_number: int) -> Usage:
        urls = scratch / "urls"
        urls.write_text("".join(f"{link['url']}\n" for link in found))
        each: list[Argument] = ["curl", "--silent", "--fail", "--output", "/dev/null"]
        return run(Command(["xargs", "-P", "2", "-n", "1", "-a", urls, *each], folder))

    own, theirs, singly = side_by_side(runs, partial(again, derivations), curl, apart)
    what = "download, science"
    yield Row(what, "s", wall(own), "`curl --parallel`", wall(theirs), 1.2 * wall(theirs))
    yield Row(what, "s", wall(own), "curl, a process for each file, two at a time", wall(singly))
    with serve(folder) as server:
        local = [*arguments, "--argstr", "server", server]
        served = output(nix.instantiate("served", *local)).split()
        floor = again(served, 0)
    yield Row(what, "s", wall(own), "Nix, from a server on this machine", floor.wall)


@contextmanager
def serve(folder: Path) -> Iterator[str]:
    """The address of a server of a folder's files."""
    handler = partial(Quiet, directory=str(folder))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


class Quiet(SimpleHTTPRequestHandler):
    """Serves files, and says nothing of it."""

    def log_message(self, *_: object) -> None:
        """Nobody reads it."""

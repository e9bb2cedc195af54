"""Downloading all files of a set: against curl, which gets many at a time."""

import json
from collections.abc import Iterator
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
    urls = [link["url"] for link in json.loads(output(nix.command("nix-instantiate", *links)))]
    folder = scratch / "downloads"

    def ours(_number: int) -> Usage:
        # A check downloads again, and compares.
        return run(nix.command("nix-store", "--realise", "--check", "-j", "2", *derivations))

    def curl(_number: int) -> Usage:
        run(Command(["rm", "-rf", folder]))
        folder.mkdir()
        config = scratch / "curl.conf"
        config.write_text("".join(f"url = {url}\nremote-name\n" for url in urls))
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

    own, theirs = side_by_side(runs, ours, curl)
    goal = 1.2 * wall(theirs)
    yield Row("download, science", "s", wall(own), "`curl --parallel`", wall(theirs), goal)

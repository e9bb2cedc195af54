"""Measure `lock fetch` of a set, against curl and one nix-store for the same files."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from bench.lock import lock_app
from bench.nix import ROOT, Nix, remove_store
from bench.running import Argument, Command, Usage, in_turns, memory, output, run, wall
from bench.table import Row, timed

# Set → the highest ratio of the times.
GOALS = {"small": 2.0, "science": 1.2, "large": 1.3}
SETS = ("science", "large")


@dataclass(frozen=True)
class _Fetch:
    """The files of a lock, to be had in an empty store, below a folder of its own."""

    nix: Nix
    app: Path
    lock: Path
    folder: Path

    @property
    def variables(self) -> dict[str, str]:
        """Return what names the store and the cache."""
        return {
            "NIX_REMOTE": f"local?root={self.folder / 'root'}",
            "XDG_CACHE_HOME": str(self.folder / "cache"),
            # No files but the set's.
            "WHEELHOUSE_BUILDER_SOURCES": "",
        }

    def files(self) -> Sequence[tuple[str, str]]:
        """Fetch the files once; return the address and the name in the store of each."""
        self.empty()
        command = Command([self.app, "fetch", self.lock, "--json"], variables=self.variables)
        listed = json.loads(output(command))["files"]
        return [(file["url"], Path(file["path"]).name.partition("-")[2]) for file in listed]

    def with_lock(self, _number: int) -> Usage:
        """Fetch them with the lock app."""
        self.empty()
        return run(Command([self.app, "fetch", self.lock], variables=self.variables))

    def with_curl(self, files: Sequence[tuple[str, str]], _number: int) -> Usage:
        """Fetch them with curl, and add them with nix-store."""
        self.empty()
        downloads = self.folder / "downloads"
        downloads.mkdir()
        config = self.folder / "curl.conf"
        config.write_text("".join(f'url = "{url}"\noutput = "{name}"\n' for url, name in files))
        curl: list[Argument] = ["curl", "--silent", "--fail", "--location", "--parallel"]
        downloaded = run(Command([*curl, "--config", config], downloads))
        add = self.nix.add(*sorted(downloads.iterdir()))
        added = run(replace(add, variables={**(add.variables or {}), **self.variables}))
        return Usage(
            downloaded.wall + added.wall,
            downloaded.cpu + added.cpu,
            max(downloaded.memory, added.memory),
        )

    def empty(self) -> None:
        """Remove the store and all else."""
        remove_store(self.folder)
        self.folder.mkdir(parents=True)


def rows(nix: Nix, scratch: Path, runs: int, sets: Sequence[str]) -> Iterator[Row]:
    """Measure the time, the computing and the memory of fetching sets into an empty store."""
    app = lock_app(nix)
    for name in sets:
        lock = ROOT / "bench" / "sets" / name / "sources.yaml"
        fetch = _Fetch(nix, app, lock, scratch / f"fetch-{name}")
        files = fetch.files()
        repetitions = 1 if name == "large" else runs
        ours, theirs = in_turns(repetitions, fetch.with_lock, partial(fetch.with_curl, files))
        what, baseline = f"`lock fetch`, {name}", "`curl --parallel`, then `nix-store --add-fixed`"
        yield timed(what, ours, baseline, theirs, GOALS[name] * wall(theirs))
        yield Row(
            f"{what}: peak memory", "MB", memory(ours) / 1e6, baseline, memory(theirs) / 1e6, 100
        )
        fetch.empty()

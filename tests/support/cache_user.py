"""Play another machine: a store with its own root, without the index, that asks a binary cache."""

import json
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

from tests.support.nix import Nix
from tests.support.project import ROOT

# Nothing listens there.
NO_NETWORK = {
    **dict.fromkeys(("http_proxy", "https_proxy", "all_proxy"), "http://127.0.0.1:1"),
    "no_proxy": "127.0.0.1",
}
# Nix' numbers of two kinds of work, in its log (`ActivityType`).
BUILD, SUBSTITUTE = 105, 108


@dataclass(frozen=True)
class Work:
    """What Nix did, or would do: the names of store paths without their hashes."""

    built: frozenset[str]
    fetched: frozenset[str]


@dataclass(frozen=True)
class CacheUser:
    """A machine with nothing in its store but what a cache has; it doesn't reach the index."""

    nix: Nix
    store: Path
    # Lines of its nix.conf.
    settings: str

    def plan(self, *arguments: str, cwd: Path = ROOT) -> Work:
        """Return what a command of Nix says that it would do."""
        done = self._succeed(*arguments, "--dry-run", cwd=cwd)
        paths = re.findall(r"^  (/nix/store/\S+)$", done.stderr, re.MULTILINE)
        built = {_name(path) for path in paths if path.endswith(".drv")}
        return Work(frozenset(built), frozenset(map(_name, paths)) - built)

    def do(self, *arguments: str, cwd: Path = ROOT, jobs: int = 0) -> Work:
        """Run a command of Nix that must succeed, and return what it did.

        Without jobs, whatever must be built is an error; so is a download from the index.
        """
        options = ("--log-format", "internal-json", "-v", "--max-jobs", str(jobs))
        done = self._succeed(*arguments, *options, cwd=cwd)
        started = [
            event
            for event in (
                json.loads(line[5:]) for line in done.stderr.splitlines() if line[:5] == "@nix "
            )
            if event["action"] == "start"
        ]

        def of(kind: int) -> frozenset[str]:
            return frozenset(
                _name(event["fields"][0]) for event in started if event["type"] == kind
            )

        return Work(of(BUILD), of(SUBSTITUTE))

    def _succeed(self, *arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
        command, *rest = arguments
        done = self.nix.run(
            command,
            *("--store", f"local?root={self.store}"),
            *rest,
            cwd=cwd,
            environment=NO_NETWORK | {"NIX_CONFIG": self.settings},
        )
        assert done.returncode == 0, done.stderr
        return done


def _name(path: str) -> str:
    """Return the name of a store path without its hash."""
    return re.sub(r"^/nix/store/\w{32}-", "", path)

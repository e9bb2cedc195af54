"""Play a second machine with Nix, whose `/nix` is a folder of the test's.

Its commands run in a mount namespace, which needs root.
"""

import os
import shutil
import subprocess
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Machine:
    """A machine whose `/nix` is below `folder`."""

    folder: Path

    def command(self, *command: str | Path, network: bool = True) -> list[str]:
        """Return the command line that runs a command there, also without any network."""
        script = 'mount --bind "$0" /nix; exec "$@"'
        # Nix takes what any process names for a root.
        namespaces = ["--mount", "--pid", "--fork", "--kill-child", "--mount-proc"]
        nix = os.fspath(self.folder / "nix")
        return [
            "unshare",
            *namespaces,
            *([] if network else ["--net"]),
            "sh",
            "-euc",
            script,
            nix,
            *map(str, command),
        ]

    def receive(self, paths: Iterable[str | Path]) -> None:
        """Copy these paths of this machine's store to the other one, with what they need."""
        subprocess.run(
            [
                "nix",
                "--extra-experimental-features",
                "nix-command",
                "copy",
                "--no-check-sigs",
                "--to",
                f"local?root={self.folder}",
                *map(str, paths),
            ],
            check=True,
            capture_output=True,
        )

    def store(self) -> set[str]:
        """Return the paths that its store has."""
        return {
            f"/nix/store/{path.name}"
            for path in (self.folder / "nix" / "store").iterdir()
            if not path.name.startswith(".") and path.suffix != ".lock"
        }


@contextmanager
def new_machine(folder: Path) -> Iterator[Machine]:
    """Make a machine with an empty store, and remove it afterwards."""
    (folder / "nix" / "store").mkdir(parents=True)
    try:
        yield Machine(folder)
    finally:
        subprocess.run(["chmod", "-R", "u+w", folder], check=True)
        shutil.rmtree(folder)

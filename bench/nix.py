"""Run Nix directly, with the variables that scripts/nix would set for each run."""

import os
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from bench.running import Command, output

ROOT = Path(__file__).parents[1]
ENVIRONMENTS = ROOT / "bench" / "environments.nix"
PRINT_VARIABLES = "#!/bin/sh\nexec env -0\n"


def remove_store(folder: Path) -> None:
    """Remove a folder with a store in it, if it exists: what is in a store is read-only."""
    for below, _, _ in os.walk(folder):
        Path(below).chmod(0o755)
    shutil.rmtree(folder, ignore_errors=True)


@dataclass(frozen=True)
class Nix:
    """A Nix: the folder of its programs, and the environment variables that scripts/nix sets."""

    programs: Path
    variables: dict[str, str]

    def command(self, program: str, *arguments: str | Path) -> Command:
        """Return a command of `nix`, `nix-build`, `nix-instantiate` or `nix-store`."""
        return Command([self.programs / program, *arguments], variables=self.variables)

    @property
    def builds_itself(self) -> bool:
        """Return whether builders are its own processes, not a daemon's, and so are measured."""
        remote = os.environ.get("NIX_REMOTE", "auto")
        return remote in ("", "auto", "local") and os.access("/nix/var/nix", os.R_OK | os.W_OK)

    def python_version(self) -> str:
        """Return the version (major.minor) of the package set's `python3`, which always exists."""
        expression = "(import <nixpkgs> { }).python3.pythonVersion"
        return output(self.command("nix-instantiate", "--eval", "--expr", expression)).strip('"')

    def add(self, *files: Path) -> Command:
        """Return a command that adds files to the store, where fetching them would put them.

        The sandbox of a fixed-output derivation couldn't read them from a folder.
        """
        return self.command("nix-store", "--add-fixed", "sha256", *files)

    def build(self, attribute: str, *arguments: str) -> Command:
        """Return a command that builds an attribute of environments.nix, two jobs at a time."""
        return self.command(
            "nix-build", ENVIRONMENTS, "-A", attribute, "--no-out-link", "-j", "2", *arguments
        )

    def instantiate(self, attribute: str, *arguments: str) -> Command:
        """Return a command that writes the derivations of an attribute of environments.nix."""
        return self.command("nix-instantiate", ENVIRONMENTS, "-A", attribute, *arguments)


def find_nix() -> Nix:
    """Return the Nix that scripts/nix uses. Raises SystemExit if there is none on PATH."""
    programs = Path(os.environ.get("WHEELHOUSE_NIX") or _which("nix")).parent
    with tempfile.TemporaryDirectory() as folder:
        # Run in place of Nix, it prints the variables that Nix would get.
        substitute = Path(folder, "nix")
        substitute.write_text(PRINT_VARIABLES)
        substitute.chmod(0o755)
        done = subprocess.run(
            [ROOT / "scripts" / "nix", "--version"],
            env={**os.environ, "WHEELHOUSE_NIX": str(substitute)},
            capture_output=True,
            check=True,
        )
    printed = dict(item.split("=", 1) for item in done.stdout.decode().split("\0") if "=" in item)
    names = ("NIX_CONFIG", "NIX_PATH", "NIX_SSL_CERT_FILE")
    return Nix(programs, {name: printed[name] for name in names if name in printed})


def _which(name: str) -> str:
    path = shutil.which(name)
    if path is None:
        raise SystemExit(f"there is no {name} on PATH; run scripts/quickstart first")
    return path

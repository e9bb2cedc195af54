"""Nix without the wrapper around it: what scripts/nix sets up, got once."""

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


@dataclass(frozen=True)
class Nix:
    """A Nix: the folder of its programs, and the variables that scripts/nix gives them."""

    programs: Path
    variables: dict[str, str]

    def command(self, program: str, *arguments: str | Path) -> Command:
        """One of Nix' programs (`nix`, `nix-build`, `nix-instantiate`, `nix-store`)."""
        return Command([self.programs / program, *arguments], variables=self.variables)

    def python(self) -> str:
        """The version of the package set's own Python, which every machine has."""
        expression = "(import <nixpkgs> { }).python3.pythonVersion"
        return output(self.command("nix-instantiate", "--eval", "--expr", expression)).strip('"')

    def add(self, *files: Path) -> Command:
        """Puts files where their downloads would lie: the sandbox of a download sees no folder."""
        return self.command("nix-store", "--add-fixed", "sha256", *files)

    def build(self, attribute: str, *arguments: str) -> Command:
        """Builds an attribute of environments.nix, two jobs at a time as the machine has cores."""
        return self.command(
            "nix-build", ENVIRONMENTS, "-A", attribute, "--no-out-link", "-j", "2", *arguments
        )

    def instantiate(self, attribute: str, *arguments: str) -> Command:
        """Writes the derivations of an attribute of environments.nix."""
        return self.command("nix-instantiate", ENVIRONMENTS, "-A", attribute, *arguments)


def find() -> Nix:
    """The Nix that scripts/nix uses, which is set up by its first run."""
    programs = Path(os.environ.get("WHEELHOUSE_NIX") or _which("nix")).parent
    with tempfile.TemporaryDirectory() as folder:
        spy = Path(folder, "nix")
        spy.write_text(PRINT_VARIABLES)
        spy.chmod(0o755)
        done = subprocess.run(
            [ROOT / "scripts" / "nix", "--version"],
            env={**os.environ, "WHEELHOUSE_NIX": str(spy)},
            capture_output=True,
            check=True,
        )
    printed = dict(item.split("=", 1) for item in done.stdout.decode().split("\0") if "=" in item)
    names = ("NIX_CONFIG", "NIX_PATH", "NIX_SSL_CERT_FILE")
    return Nix(programs, {name: printed[name] for name in names if name in printed})


def _which(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        raise SystemExit(f"there is no {name} on PATH; run scripts/quickstart first")
    return found

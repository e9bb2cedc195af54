"""Evaluates and builds with the library, by the Nix of this machine.

The launcher of a program names the library, the package set and the system in variables; without it
the library is this checkout, and the package set `<nixpkgs>`.
"""

import json
import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lock.errors import LockError, UsageError
from run.nix_messages import Messages

LIBRARY = "WHEELHOUSE_LIBRARY"
PACKAGE_SET = "WHEELHOUSE_PACKAGE_SET"
SYSTEM = "WHEELHOUSE_SYSTEM"
# Names the executable `nix` to use; the other programs of Nix stand beside it.
NIX = "WHEELHOUSE_NIX"
# Where installers of Nix put its programs, for those who have them not on PATH.
PROFILES = ("/nix/var/nix/profiles/default/bin", "~/.nix-profile/bin")
# Seconds that Nix has for ending its builds after an interruption.
GRACE = 5
# A function in Nix that imports a package set, which may take no other arguments than the system.
IMPORT_PACKAGES = """\
{ packageSet, system, config }:
let
  packages = import (if packageSet == "" then <nixpkgs> else packageSet);
  wanted = {
    system = if system == "" then builtins.currentSystem else system;
    inherit config;
    overlays = [ ];
  };
  known = builtins.functionArgs packages;
in
packages (
  if known == { } then { inherit (wanted) system; } else builtins.intersectAttrs known wanted
)
"""
WRAPPER = f"""\
{{ library, packageSet, system, arguments }}:
let
  pkgs = ({IMPORT_PACKAGES}) {{
    inherit packageSet system;
    config = {{ }};
  }};
in
(%s) ({{ library = import library {{ inherit pkgs; }}; }} // builtins.fromJSON arguments)
"""


class NixError(LockError):
    """What Nix refuses to evaluate, or can't build."""

    exit_code = 1


@dataclass(frozen=True)
class Library:
    """The library, the package set that it takes, and the system that it builds for."""

    # A folder with default.nix.
    folder: str
    # A path that `import` takes; empty for `<nixpkgs>`.
    package_set: str
    # Empty for this machine's.
    system: str


def find(environment: Mapping[str, str]) -> Library:
    """Return the library that the variables of a launcher name, or else this checkout.

    Raises UsageError where there is none.
    """
    folder = environment.get(LIBRARY) or str(Path(__file__).parents[1])
    if not Path(folder, "default.nix").is_file():
        raise UsageError(
            f"{folder}: the library isn't there (no default.nix); run the program by `nix run`, or "
            f"name the library's folder in {LIBRARY}"
        )
    return Library(folder, environment.get(PACKAGE_SET, ""), environment.get(SYSTEM, ""))


def build(
    expression: str,
    arguments: Mapping[str, object],
    environment: Mapping[str, str],
    *,
    out_link: Path | None = None,
    progress: Callable[[str], None] | None = None,
) -> Path:
    """Build the derivation that an expression makes, and return its path in the store.

    `expression` is a Nix function of `library` and the `arguments`, which are data of JSON; a
    string of it is a string in Nix. `out_link` is a link to make to the result, which the garbage
    collector spares as long as the link is there. `progress` is told in a few words what is done.

    Raises NixError with Nix' own reason, and UsageError where there is no Nix.
    """
    options = ["--no-out-link"] if out_link is None else ["--out-link", str(out_link)]
    printed = _run("nix-build", [*options], expression, arguments, environment, progress)
    return Path(printed.splitlines()[-1])


def evaluate(
    expression: str,
    arguments: Mapping[str, object],
    environment: Mapping[str, str],
    *,
    progress: Callable[[str], None] | None = None,
) -> Any:
    """Return the value of an expression as data of JSON; a derivation is the path of its result.

    Arguments and errors are those of `build`.
    """
    options = ["--eval", "--strict", "--json", "--read-write-mode"]
    printed = _run("nix-instantiate", options, expression, arguments, environment, progress)
    return json.loads(printed)


def nix_program(name: str, environment: Mapping[str, str]) -> str:
    """Return a program of Nix, such as nix-build. Raises UsageError where it isn't there."""
    named = environment.get(NIX)
    folders = [str(Path(named).parent)] if named else []
    homes = [environment.get("HOME", "") if part.startswith("~") else "" for part in PROFILES]
    profiles = [home + part.lstrip("~") for home, part in zip(homes, PROFILES, strict=True)]
    path = os.pathsep.join([*folders, environment.get("PATH", os.defpath), *profiles])
    found = shutil.which(name, path=path)
    if found is None:
        raise UsageError(f"{name} isn't on PATH; install Nix, which builds the environment")
    return found


def _run(
    name: str,
    options: Sequence[str],
    expression: str,
    arguments: Mapping[str, object],
    environment: Mapping[str, str],
    progress: Callable[[str], None] | None,
) -> str:
    """Return what a program of Nix prints about an expression."""
    library = find(environment)
    strings = {
        "library": library.folder,
        "packageSet": library.package_set,
        "system": library.system,
        "arguments": json.dumps(dict(arguments)),
    }
    command = [
        nix_program(name, environment),
        *options,
        *("--log-format", "internal-json"),
        # Some package sets, and sources in repositories, use functions of flakes.
        *("--option", "extra-experimental-features", "nix-command flakes"),
        *(word for key, value in strings.items() for word in ("--argstr", key, value)),
        *("--expr", WRAPPER % expression),
    ]
    messages = Messages(progress)
    with tempfile.TemporaryFile() as printed:
        # A process group of its own: it is told once of an interruption, by this process.
        process = subprocess.Popen(
            command,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=printed,
            stderr=subprocess.PIPE,
            process_group=0,
        )
        try:
            assert process.stderr is not None
            for line in process.stderr:
                messages.read(line.decode("utf-8", "replace"))
            code = process.wait()
        finally:
            _end(process)
        if code:
            raise NixError(messages.error() or f"{name} failed with exit code {code}")
        printed.seek(0)
        return printed.read().decode("utf-8").strip()


def _end(process: "subprocess.Popen[bytes]") -> None:
    """End Nix where it still runs: it ends its builds if it is given the time."""
    if process.poll() is not None:
        return
    for number in (signal.SIGINT, signal.SIGKILL):
        with suppress(ProcessLookupError):
            os.killpg(process.pid, number)
        with suppress(subprocess.TimeoutExpired):
            process.wait(GRACE)
            return

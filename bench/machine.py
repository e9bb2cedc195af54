"""Describe where the measurements were made: the machine and the versions of the tools."""

import os
import platform
from collections.abc import Mapping
from pathlib import Path

from bench.nix import Nix
from bench.running import Command, output


def describe(nix: Nix, programs: Mapping[str, Path]) -> str:
    """Return a sentence on the machine and the baselines; `programs` are theirs by name."""
    model = next(
        (line.split(":")[1].strip() for line in _lines("/proc/cpuinfo") if "model name" in line),
        platform.machine(),
    )
    # In KiB.
    memory = int(next(line for line in _lines("/proc/meminfo") if "MemTotal" in line).split()[1])
    versions = [
        output(nix.command("nix", "--version")),
        output(Command([programs["uv"], "--version"])),
        " ".join(output(Command([programs["pip"], "--version"])).split()[:2]),
        output(Command([programs["poetry"], "--version"])),
        output(Command([programs["pip-compile"], "--version"])),
    ]
    cores = len(os.sched_getaffinity(0))
    builders = "" if nix.builds_itself else " CPU time is without Nix' builders, a daemon's."
    return f"{model}, {cores} cores, {memory >> 20} GiB; {', '.join(versions)}.{builders}"


def _lines(path: str) -> list[str]:
    return Path(path).read_text().splitlines()

"""Where it was measured: the machine and the versions."""

import os
import platform
from collections.abc import Mapping
from pathlib import Path

from bench.nix import Nix
from bench.running import Command, output


def describe(nix: Nix, rivals: Mapping[str, Path]) -> str:
    """A sentence."""
    model = next(
        (line.split(":")[1].strip() for line in _lines("/proc/cpuinfo") if "model name" in line),
        platform.machine(),
    )
    memory = int(next(line for line in _lines("/proc/meminfo") if "MemTotal" in line).split()[1])
    versions = [
        output(nix.command("nix", "--version")),
        output(Command([rivals["uv"], "--version"])),
        " ".join(output(Command([rivals["pip"], "--version"])).split()[:2]),
        output(Command([rivals["poetry"], "--version"])),
        output(Command([rivals["pip-compile"], "--version"])),
    ]
    cores = len(os.sched_getaffinity(0))
    return f"{model}, {cores} cores, {memory >> 20} GiB; {', '.join(versions)}."


def _lines(path: str) -> list[str]:
    return Path(path).read_text().splitlines()

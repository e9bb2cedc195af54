"""Name what Debian calls the systems that a suite's package set is made for."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Architecture:
    """What Debian calls a system: its `name`, its `multiarch` folder, the `loader` of its libc."""

    name: str
    multiarch: str
    loader: str


ARCHITECTURES = {
    "x86_64-linux": Architecture("amd64", "x86_64-linux-gnu", "ld-linux-x86-64.so.2"),
    "aarch64-linux": Architecture("arm64", "aarch64-linux-gnu", "ld-linux-aarch64.so.1"),
}

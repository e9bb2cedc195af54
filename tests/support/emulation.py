"""Tell whether this machine runs programs of aarch64-linux, its own or under emulation."""

import platform
import re
from pathlib import Path

HANDLERS = Path("/proc/sys/fs/binfmt_misc")


def runs_aarch64(handlers: Path = HANDLERS) -> bool:
    """Return whether programs of aarch64-linux run here, inside a sandbox, too (flag F)."""
    handler = handlers / "qemu-aarch64"
    if platform.machine() == "aarch64" or not handler.exists():
        return platform.machine() == "aarch64"
    text = handler.read_text(encoding="utf-8")
    return re.match(r"enabled\n(.*\n)*flags:.*F", text) is not None

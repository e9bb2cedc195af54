"""Tell whether this machine runs programs of aarch64-linux, its own or under emulation."""

import platform
import re
from pathlib import Path

HANDLERS = Path("/proc/sys/fs/binfmt_misc")
# The first bytes of a 64-bit ELF file, and its machine type.
MAGIC = re.compile(r"^magic 7f454c4602.*b700$", re.MULTILINE)


def runs_aarch64(handlers: Path = HANDLERS) -> bool:
    """Return whether programs of aarch64-linux run here, inside a sandbox, too (flag F)."""
    if platform.machine() == "aarch64":
        return True
    texts = [
        file.read_text(encoding="utf-8")
        for file in (handlers.iterdir() if handlers.is_dir() else [])
        if file.name not in {"register", "status"}
    ]
    return any(
        text.startswith("enabled\n")
        and MAGIC.search(text)
        and re.search(r"^flags:.*F", text, re.MULTILINE)
        for text in texts
    )

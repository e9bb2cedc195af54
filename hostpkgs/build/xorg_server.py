"""Make an X server that finds its keyboard compiler and layouts in the store.

Environment: that of bundle.py, and xkbcomp, layouts (folders). The server has both paths compiled
in: an option sets the one, and PATH serves the other once its compiled-in folder is empty.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import bundle

_COMPILED_IN = b"\0/usr/bin\0"


def main() -> None:
    """Unpack the server and put a script in its place."""
    bundle.main()
    out = Path(os.environ["out"])
    server = out / "libexec" / "Xvfb"
    server.parent.mkdir()
    (out / "bin" / "Xvfb").rename(server)
    content = server.read_bytes()
    if content.count(_COMPILED_IN) != 1:
        sys.exit(f"{server}: the folder of xkbcomp isn't compiled in as expected")
    server.write_bytes(content.replace(_COMPILED_IN, b"\0" * len(_COMPILED_IN)))
    script = out / "bin" / "Xvfb"
    script.write_text(
        f"#!{os.environ['shell']}\n"
        f"PATH={os.environ['xkbcomp']}/bin${{PATH:+:$PATH}}"
        f' exec {server} -xkbdir {os.environ["layouts"]} "$@"\n'
    )
    script.chmod(0o755)


if __name__ == "__main__":
    main()

"""Write a stdenv: `setup`, the file that a build sources first.

Environment: initialPath (store paths with bin/), shell, setup (the script), out.
"""

import os
from pathlib import Path


def main() -> None:
    """Write `setup` below `out`."""
    out = Path(os.environ["out"])
    out.mkdir()
    head = f"initialPath='{os.environ['initialPath']}'\nSHELL={os.environ['shell']}\n"
    (out / "setup").write_text(head + Path(os.environ["setup"]).read_text())


if __name__ == "__main__":
    main()

"""Link the files of several store paths into one, as a package of nixpkgs has them together.

Environment: paths (the first that has a file counts), out.
"""

from __future__ import annotations

import os
from pathlib import Path


def main() -> None:
    """Make the store path that the environment variables describe."""
    out = Path(os.environ["out"])
    out.mkdir()
    for path in map(Path, os.environ["paths"].split()):
        join(path, out)


def join(path: Path, out: Path) -> None:
    """Link every file below `path` to the same place below `out`."""
    for folder, names, files in os.walk(path):
        place = out / Path(folder).relative_to(path)
        place.mkdir(exist_ok=True)
        links = [name for name in names if Path(folder, name).is_symlink()]
        for name in sorted((*files, *links)):
            if not (place / name).is_symlink():
                (place / name).symlink_to(Path(folder, name))


if __name__ == "__main__":
    main()

"""Link the files of several store paths into one, as a package of nixpkgs has them together.

Environment: paths (the first that has a file counts), flat (folders such as lib/NAME, whose content
stands in lib/, too), out.
"""

from __future__ import annotations

import os
import re
from pathlib import Path


def main() -> None:
    """Make the store path that the environment variables describe."""
    out = Path(os.environ["out"])
    out.mkdir()
    for path in map(Path, os.environ["paths"].split()):
        join(path, out)
    flatten(out, os.environ["flat"].split())
    name_libraries(out / "lib")


def join(path: Path, out: Path) -> None:
    """Link every file below `path` to the same place below `out`."""
    for folder, names, files in os.walk(path):
        place = out / Path(folder).relative_to(path)
        place.mkdir(exist_ok=True)
        links = [name for name in names if Path(folder, name).is_symlink()]
        for name in sorted((*files, *links)):
            if not (place / name).is_symlink():
                (place / name).symlink_to(Path(folder, name))


def flatten(out: Path, folders: list[str]) -> None:
    """Link the content of `lib/NAME` into lib/, and that of `include/NAME` into include/."""
    for folder in folders:
        top, _, below = folder.partition("/")
        for path in sorted((out / folder).glob("*")):
            link = out / top / path.name
            if not link.is_symlink() and not link.exists():
                link.symlink_to(Path(below, path.name))


def name_libraries(folder: Path) -> None:
    """Link `libx.so` to `libx.so.1`: Debian has it with the headers, nixpkgs with the library."""
    for path in sorted(folder.glob("lib*.so.*"), reverse=True):
        link = folder / re.sub(r"\.so\..*", ".so", path.name)
        if not link.is_symlink() and not link.exists():
            link.symlink_to(path.name)


if __name__ == "__main__":
    main()

"""Copy the C library, and let its loader search only the folders that a file names.

nixpkgs' loader has no default folder outside the store. Debian's has some, and a cache file:
without this, a program in the store would quietly load the machine's libraries.
"""

import os
import re
import shutil
from pathlib import Path

_DEFAULT_FOLDERS = re.compile(rb"(?<=\0)(?:/usr)?/lib(?:/[a-z0-9_]+-linux-gnu[a-z0-9]*)?/(?=\0)")
_CACHE = b"/etc/ld.so.cache\0"


def main() -> None:
    """Copy the C library of `seed` to `out`, with an isolated loader."""
    out = Path(os.environ["out"])
    shutil.copytree(f"{os.environ['seed']}/lib", out / "lib", copy_function=shutil.copyfile)
    for library in (out / "lib").iterdir():
        library.chmod(0o755)
    loader = out / "lib" / os.environ["loader"]
    loader.write_bytes(isolated(loader.read_bytes()))


def isolated(loader: bytes) -> bytes:
    """Return the loader with its built-in folders and its cache file renamed, lengths unchanged."""
    renamed = _DEFAULT_FOLDERS.sub(lambda match: match[0].replace(b"/lib/", b"/nix/", 1), loader)
    return renamed.replace(_CACHE, _CACHE.replace(b"/etc/", b"/nix/"))


if __name__ == "__main__":
    main()

"""Measure the same builds with the store, the build folder and uv's folders in memory (tmpfs)."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.build import fetch_wheels, salted_arguments
from bench.nix import Nix, remove_store
from bench.own_store import OwnStore
from bench.running import run
from bench.table import Row, timed

# A tmpfs on every Linux.
MEMORY = Path("/dev/shm")
# What the disk costs is the same for a larger set.
SETS = ("small", "science")


def rows(
    nix: Nix, scratch: Path, programs: Mapping[str, Path], sets: Sequence[str]
) -> Iterator[Row]:
    """Measure one build of each set that is one of SETS, against uv."""
    for name in sets:
        if name not in SETS:
            continue
        wheels = fetch_wheels(nix, name, programs["uv"], scratch / f"memory-{name}")
        with TemporaryDirectory(prefix="bench-", dir=MEMORY) as text:
            folder = Path(text)
            # Nix' build users, where there are some, go through it.
            folder.chmod(0o755)
            arguments = tuple(salted_arguments(folder, name))
            store = OwnStore(nix, folder / "root", arguments, {"TMPDIR": str(folder)})
            store.evaluate()
            store.copy_inputs()
            ours = [run(store.build(""))]
            remove_store(store.root)
            what = f"build in memory, {name} ({len(wheels.files)} packages)"
            theirs = wheels.install_with_uv(folder / "uv", folder / "cache")
            yield timed(what, ours, "`uv pip install`", [theirs], theirs.wall)

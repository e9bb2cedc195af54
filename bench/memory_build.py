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
# pip takes minutes for the others, nearly all of them for bytecode, as on disk.
WITH_PIP = ("small",)


def rows(
    nix: Nix, scratch: Path, programs: Mapping[str, Path], sets: Sequence[str]
) -> Iterator[Row]:
    """Measure one build of each set, against uv and, if installed, pip."""
    for name in sets:
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
            if "pip" in programs and name in WITH_PIP:
                pip = wheels.install_with_pip(programs["pip"], folder / "pip")
                yield timed(what, ours, "`pip install`", [pip], 0.3 * pip.wall)

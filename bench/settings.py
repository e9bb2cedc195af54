"""Measure what settings of Nix cost and save a build, in a store of its own."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.build import salted_arguments
from bench.memory_build import MEMORY
from bench.nix import Nix
from bench.own_store import OwnStore
from bench.running import Usage, run
from bench.table import Row, timed

BASELINE = "two jobs, all cores"


@dataclass(frozen=True)
class Setting:
    """What a user sets: options of the command, lines of nix.conf, variables."""

    name: str
    options: tuple[str, ...] = ()
    lines: str = ""
    variables: dict[str, str] = field(default_factory=dict)


def settings(memory: Path) -> Iterator[Setting]:
    """Yield what is measured; `memory` is a folder in a tmpfs."""
    # The last one counts.
    yield Setting("`max-jobs = 1`, Nix' default", ("-j", "1"))
    yield Setting("`max-jobs = 4`", ("-j", "4"))
    yield Setting("`cores = 1`", ("--cores", "1"))
    yield Setting("a build folder in memory", variables={"TMPDIR": str(memory)})
    yield Setting("`fsync-metadata = false`", lines="fsync-metadata = false\n")
    yield Setting("`sandbox = false`", lines="sandbox = false\n")
    # The last one, since it links to what is in the store.
    yield Setting("`auto-optimise-store = true`", lines="auto-optimise-store = true\n")


def rows(nix: Nix, scratch: Path, name: str) -> Iterator[Row]:
    """Measure one build of a set with each setting, against one with none of them."""
    with TemporaryDirectory(prefix="bench-", dir=MEMORY) as text:
        memory = Path(text)
        memory.chmod(0o755)
        folder = scratch / "settings"
        baseline = _build(nix, folder, Setting(BASELINE), name, 0)
        for number, setting in enumerate(settings(memory), 1):
            usage = _build(nix, folder, setting, name, number)
            yield timed(f"build, {name}, {setting.name}", [usage], BASELINE, [baseline])


def _build(nix: Nix, folder: Path, setting: Setting, name: str, number: int) -> Usage:
    """Build a set in the store at `folder`, which has its files, Python and the builder."""
    arguments = tuple(salted_arguments(folder.parent, name, f"settings-{number}"))
    store = OwnStore(nix, folder, arguments, setting.variables)
    store.evaluate()
    # What is there already isn't copied again.
    store.copy_inputs()
    return run(store.build("", *setting.options, settings=setting.lines))

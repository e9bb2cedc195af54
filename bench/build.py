"""Measure building environments whose files are downloaded already, against uv and pip."""

import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.nix import Nix
from bench.running import Argument, Command, Usage, cpu, in_turns, output, run, wall
from bench.table import Row, timed

SETS = ("small", "science", "large")
# pip takes minutes for larger sets, nearly all of them for bytecode.
WITH_PIP = ("small",)
# What shows the least that a build takes is itself two further builds of a set.
WITH_FLOOR = ("small", "science")
# Files that aren't valid Python are skipped, as installers do.
COMPILE = (
    "import compileall, sys; compileall.compile_dir(sys.argv[1], quiet=2, force=True, workers=2)"
)


@dataclass(frozen=True)
class Wheels:
    """The wheels of a set, under their own file names, and the interpreter that they are for."""

    name: str
    files: tuple[Path, ...]
    python: Path
    uv: Path

    def create_venv(self, folder: Path) -> Path:
        """Create an empty virtual environment, in place of what is at `folder`."""
        shutil.rmtree(folder, ignore_errors=True)
        run(Command([self.uv, "venv", "--quiet", "--python", self.python, folder]))
        return folder

    def install_with_uv(self, folder: Path, cache: Path) -> Usage:
        """Install the wheels with uv, bytecode included; creating the venv isn't timed."""
        return self._install(self.create_venv(folder), cache, *self.files)

    def reinstall_with_uv(self, scratch: Path, file: Path) -> Usage:
        """Install a wheel into what `uv_venv` returns, in place of another one of its package."""
        return self._install(self.uv_venv(scratch), self.cache(scratch), "--reinstall", file)

    def _install(self, folder: Path, cache: Path, *arguments: Argument) -> Usage:
        command: list[Argument] = ["pip", "install", "--quiet", "--offline", "--no-deps"]
        command += ["--compile-bytecode", "--link-mode=copy", "--python", folder, *arguments]
        return run(Command([self.uv, *command], variables={"UV_CACHE_DIR": str(cache)}))

    def uv_venv(self, scratch: Path) -> Path:
        """Return a virtual environment that uv filled, built at the first call."""
        folder = self.folder(scratch)
        if not folder.exists():
            self.install_with_uv(folder, self.cache(scratch))
        return folder

    def folder(self, scratch: Path, number: int = 0) -> Path:
        """Return the folder of the virtual environment of a run of uv."""
        return scratch / f"uv-{self.name}-{number}"

    def cache(self, scratch: Path, number: int = 0) -> Path:
        """Return the folder of uv's cache in a run."""
        return scratch / f"uv-cache-{self.name}-{number}"

    def install_with_pip(self, pip: Path, folder: Path) -> Usage:
        """Install the wheels with pip; creating the venv isn't timed."""
        self.create_venv(folder)
        command: list[Argument] = [
            "--python",
            folder,
            "install",
            "--quiet",
            "--no-index",
            "--no-deps",
        ]
        return run(Command([pip, *command, "--no-cache-dir", *self.files]))


def fetch_wheels(nix: Nix, name: str, uv: Path, folder: Path) -> Wheels:
    """Return the wheels of a set, downloaded into the store if needed, as links in a new folder."""
    folder.mkdir()
    for path in output(nix.build("files", "--argstr", "set", name)).split():
        # A store path's name is a hash of 32 characters, a hyphen and the file's own name.
        (folder / Path(path).name[33:]).symlink_to(path)
    python = output(nix.command("nix-build", "<nixpkgs>", "-A", "python312", "--no-out-link"))
    return Wheels(name, tuple(sorted(folder.iterdir())), Path(python, "bin", "python3.12"), uv)


def salted_arguments(scratch: Path, name: str, number: int | str = 0) -> list[str]:
    """Return Nix arguments that give every package of a set a derivation of this run's own.

    Packages that several sets have get a derivation for each set.
    """
    return ["--argstr", "set", name, "--argstr", "salt", f"{scratch.name}-{name}-{number}"]


def build_environment(nix: Nix, arguments: list[str]) -> Usage:
    """Build a set's environment; writing its derivations isn't timed."""
    # uv's requirements aren't resolved within the measured time either.
    run(nix.instantiate("environment", *arguments))
    return run(nix.build("environment", *arguments))


def rows(
    nix: Nix,
    scratch: Path,
    runs: int,
    programs: Mapping[str, Path],
    sets: Sequence[str],
    built: dict[str, Usage],
) -> Iterator[Row]:
    """Measure builds of sets of which nothing is built, against uv and, if installed, pip.

    `built` is filled with the first build of each set.
    """
    for name in sets:
        wheels = fetch_wheels(nix, name, programs["uv"], scratch / f"wheels-{name}")
        # Of the larger sets one run takes a minute.
        repetitions = runs if name == "small" else 1
        yield from _on_disk(nix, scratch, repetitions, programs, wheels, built)


def _on_disk(
    nix: Nix,
    scratch: Path,
    runs: int,
    programs: Mapping[str, Path],
    wheels: Wheels,
    built: dict[str, Usage],
) -> Iterator[Row]:
    """Measure a set in the machine's own store."""
    name = wheels.name

    def with_wheelhouse(number: int) -> Usage:
        return build_environment(nix, salted_arguments(scratch, name, number))

    def with_uv(number: int) -> Usage:
        return wheels.install_with_uv(wheels.folder(scratch, number), wheels.cache(scratch, number))

    ours, theirs = in_turns(runs, with_wheelhouse, with_uv)
    built[name] = ours[0]
    # Removed only now, as removing a run's files would slow down the next run. Those of run 0
    # are what Wheels.uv_venv returns.
    for number in range(1, runs):
        shutil.rmtree(wheels.folder(scratch, number))
        shutil.rmtree(wheels.cache(scratch, number))
    goal = wall(theirs) if name != "small" else None
    what = f"build, {name} ({len(wheels.files)} packages)"
    yield timed(what, ours, "`uv pip install`", theirs, goal)
    if name not in WITH_FLOOR:
        return
    salted = salted_arguments(scratch, name)
    empty = run(nix.build("emptyPackages", *salted))
    yield timed(what, ours, "Nix, as many empty derivations", [empty])
    copied = run(nix.build("copiedPackages", *salted))
    yield timed(what, ours, "Nix, the same files, copied", [copied])
    if "pip" in programs and name in WITH_PIP:
        venv = scratch / "pip"
        pip = wheels.install_with_pip(programs["pip"], venv)
        yield timed(what, ours, "`pip install`", [pip], 0.3 * pip.wall)
    else:
        venv = wheels.uv_venv(scratch)
    bytecode = run(Command([wheels.python, "-c", COMPILE, venv]))
    yield timed(what, ours, "its bytecode alone, two processes", [bytecode])
    floor = copied.cpu + bytecode.cpu
    yield Row(f"{what}: CPU", "s", cpu(ours), "copied, and its bytecode", floor, 1.5 * floor)

"""Building environments whose files are downloaded already: against uv and pip."""

import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.nix import Nix
from bench.running import Argument, Command, Usage, output, run, side_by_side, wall
from bench.table import Row

SETS = ("small", "science", "large")
# What is no Python is left out, as it is in an installation.
COMPILE = (
    "import compileall, sys; compileall.compile_dir(sys.argv[1], quiet=2, force=True, workers=2)"
)


@dataclass(frozen=True)
class Wheels:
    """The files of a set, under their own names, and the interpreter that they are for."""

    name: str
    files: tuple[Path, ...]
    python: Path
    uv: Path

    def venv(self, folder: Path) -> Path:
        """A fresh virtual environment."""
        shutil.rmtree(folder, ignore_errors=True)
        run(Command([self.uv, "venv", "--quiet", "--python", self.python, folder]))
        return folder

    def by_uv(self, folder: Path, cache: Path) -> Usage:
        """Installs them with uv, bytecode included; the venv isn't timed."""
        self.venv(folder)
        command: list[Argument] = [
            "pip",
            "install",
            "--quiet",
            "--offline",
            "--no-deps",
            "--compile-bytecode",
        ]
        return run(
            Command(
                [self.uv, *command, "--link-mode=copy", "--python", folder, *self.files],
                variables={"UV_CACHE_DIR": str(cache)},
            )
        )

    def kept(self, scratch: Path) -> Path:
        """uv's virtual environment of them, made once; its cache lies beside it."""
        folder = self.folder(scratch)
        if not folder.exists():
            self.by_uv(folder, self.cache(scratch))
        return folder

    def folder(self, scratch: Path, number: int = 0) -> Path:
        """Where a run of uv installs them."""
        return scratch / f"uv-{self.name}-{number}"

    def cache(self, scratch: Path, number: int = 0) -> Path:
        """The cache that uv fills with them in a run."""
        return scratch / f"uv-cache-{self.name}-{number}"

    def by_pip(self, pip: Path, folder: Path) -> Usage:
        """Installs them with pip."""
        self.venv(folder)
        command: list[Argument] = [
            "--python",
            folder,
            "install",
            "--quiet",
            "--no-index",
            "--no-deps",
        ]
        return run(Command([pip, *command, "--no-cache-dir", *self.files]))


def wheels(nix: Nix, name: str, uv: Path, folder: Path) -> Wheels:
    """The files of a set, downloaded where they aren't yet."""
    folder.mkdir()
    for path in output(nix.build("files", "--argstr", "set", name)).split():
        # Behind the hash stands the file's name.
        (folder / Path(path).name[33:]).symlink_to(path)
    python = output(nix.command("nix-build", "<nixpkgs>", "-A", "python312", "--no-out-link"))
    return Wheels(name, tuple(sorted(folder.iterdir())), Path(python, "bin", "python3.12"), uv)


def salted(scratch: Path, name: str, number: int = 0) -> list[str]:
    """The arguments of a set in which every package is a new one of this bench.

    That of another set is another one, too, though both sets may have it.
    """
    return ["--argstr", "set", name, "--argstr", "salt", f"{scratch.name}-{name}-{number}"]


def cold(nix: Nix, arguments: list[str]) -> Usage:
    """Builds a set of which nothing is built."""
    # The derivations are written before, as uv's requirements are resolved before.
    run(nix.instantiate("environment", *arguments))
    return run(nix.build("environment", *arguments))


def rows(
    nix: Nix, scratch: Path, runs: int, programs: Mapping[str, Path], sets: Sequence[str]
) -> Iterator[Row]:
    """A cold build of the sets, against those of uv and pip that are among the programs."""
    for name in sets:
        found = wheels(nix, name, programs["uv"], scratch / f"wheels-{name}")

        def own(number: int, name: str = name) -> Usage:
            return cold(nix, salted(scratch, name, number))

        def by_uv(number: int, found: Wheels = found) -> Usage:
            # The first run's is kept for what is measured later.
            return found.by_uv(found.folder(scratch, number), found.cache(scratch, number))

        # The others take minutes.
        repeated = runs if name == "small" else min(runs, 2)
        ours, theirs = side_by_side(repeated, own, by_uv)
        # Not earlier: removing what one run has left would burden the next.
        for number in range(1, repeated):
            shutil.rmtree(found.folder(scratch, number))
            shutil.rmtree(found.cache(scratch, number))
        goal = wall(theirs) if name != "small" else None
        what = f"build, {name} ({len(found.files)} packages)"
        yield Row(what, "s", wall(ours), "`uv pip install`", wall(theirs), goal)
        floor = run(nix.build("floors", *salted(scratch, name)))
        yield Row(what, "s", wall(ours), "Nix, as many empty derivations", floor.wall)
        copied = run(nix.build("copies", *salted(scratch, name)))
        yield Row(what, "s", wall(ours), "Nix, the same files, copied", copied.wall)
        if "pip" in programs:
            venv = scratch / "pip"
            theirs_pip = found.by_pip(programs["pip"], venv).wall
            yield Row(what, "s", wall(ours), "`pip install`", theirs_pip, 0.3 * theirs_pip)
            bytecode = run(Command([found.python, "-c", COMPILE, venv])).wall
            yield Row(what, "s", wall(ours), "its bytecode alone, two processes", bytecode)

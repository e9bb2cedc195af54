"""Measure `with` and `script`, which run programs without files, against uvx and `uv run`."""

import re
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from bench.nix import ROOT, Nix
from bench.running import (
    Command,
    FailedError,
    TimedRun,
    Usage,
    after_warm_up,
    in_turns,
    output,
    wall,
)
from bench.running import run as run_once
from bench.table import Row

PACKAGE = "cowsay"
WORDS = ("-t", "hi")
SCRIPT = f"""\
# /// script
# dependencies = ["{PACKAGE}"]
# ///
import {PACKAGE}

{PACKAGE}.cow("hi")
"""
# What a repeated run may take more than the program itself, in ms, and a first one than uvx, in s.
AGAIN = 350
FIRST = 2


def rows(nix: Nix, scratch: Path, programs: Mapping[str, Path], runs: int) -> Iterator[Row]:
    """Measure repeated runs ten times as often as the first ones."""
    uv = programs["uv"]
    folder = scratch / "run"
    folder.mkdir()
    (folder / "thing.py").write_text(SCRIPT, encoding="utf-8")
    built = {name: _built(nix, name) for name in ("with", "script")}
    variables = {**nix.variables, "XDG_CACHE_HOME": str(folder / "cache")}

    def command(*words: str | Path) -> Command:
        return Command(words, folder, variables)

    asked = [PACKAGE, "--", PACKAGE, *WORDS]
    with_packages = command(built["with"], *asked)
    run_once(with_packages)
    program = _environment(folder / "cache") / "bin"
    itself = command(program / PACKAGE, *WORDS)
    others = {
        "the program itself": itself,
        "`uvx`": command(uv, "tool", "run", PACKAGE, *WORDS),
    }
    yield from _again(f"`with {PACKAGE}` again", with_packages, others, 10 * runs)
    yield from _again(
        f"`nix run .#with -- {PACKAGE}` again", _nix_run(nix, scratch, asked, variables),
        {"the program itself": itself}, 10 * runs,
    )  # fmt: skip
    others = {
        "the program itself": command(program / "python", "thing.py"),
        "`uv run --script`": command(uv, "run", "--script", "thing.py"),
    }
    script = command(built["script"], "thing.py")
    yield from _again("`script thing.py` again", script, others, 10 * runs)
    yield _first(nix, folder, with_packages, uv, runs)


def _built(nix: Nix, name: str) -> Path:
    made = nix.command("nix-build", ROOT, "-A", f"programs.{name}", "--no-out-link")
    return Path(output(made)) / "bin" / name


def _environment(cache: Path) -> Path:
    """Return the only environment in a cache folder."""
    [link] = (cache / "wheelhouse" / "run" / "environments").iterdir()
    return link.readlink()


def _again(what: str, ours: Command, others: Mapping[str, Command], runs: int) -> Iterator[Row]:
    """Compare a repeated run with others; the program itself sets the goal."""
    measured, *usages = in_turns(
        runs, after_warm_up(ours), *(after_warm_up(other) for other in others.values())
    )
    goal = wall(usages[0]) * 1000 + AGAIN
    for other, theirs in zip(others, usages, strict=True):
        yield Row(what, "ms", wall(measured) * 1000, other, wall(theirs) * 1000, goal)
        goal = None


def _nix_run(
    nix: Nix, scratch: Path, asked: Sequence[str], variables: Mapping[str, str]
) -> Command:
    """Return `nix run` on a committed checkout, whose evaluation Nix remembers."""
    checkout = scratch / "checkout"
    run_once(Command(["git", "clone", "-q", ROOT, checkout]))
    package_set = re.search(r"\bnixpkgs=([^:]*)", variables.get("NIX_PATH", ""))
    overrides = ["--override-input", "nixpkgs", f"path:{package_set[1]}"] if package_set else []
    made = nix.command("nix", "run", *overrides, f"{checkout}#with", "--", *asked)
    return replace(made, variables=variables)


def _first(nix: Nix, folder: Path, ours: Command, uv: Path, runs: int) -> Row:
    """Compare first runs: neither has anything of the package, both have their tools."""

    def forgotten(command: Command, forget: Callable[[], None]) -> TimedRun:
        def timed(_number: int) -> Usage:
            forget()
            return run_once(command)

        return timed

    cold = folder / "cold"
    variables = {**(ours.variables or {}), "XDG_CACHE_HOME": str(cold)}

    def forget_ours() -> None:
        _delete(nix, [folder / "cache", cold])
        shutil.rmtree(folder / "cache", ignore_errors=True)
        shutil.rmtree(cold, ignore_errors=True)

    theirs = Command(
        [uv, "tool", "run", PACKAGE, *WORDS], folder, {"UV_CACHE_DIR": str(folder / "uv")}
    )
    measured, baseline = in_turns(
        runs,
        forgotten(replace(ours, variables=variables), forget_ours),
        forgotten(theirs, lambda: shutil.rmtree(folder / "uv", ignore_errors=True)),
    )
    return Row(
        f"`with {PACKAGE}` at first", "s", wall(measured), "`uvx`, an empty cache",
        wall(baseline), wall(baseline) + FIRST,
    )  # fmt: skip


def _delete(nix: Nix, caches: Sequence[Path]) -> None:
    """Delete what the store has of the package. Raises FailedError if something else needs it."""
    for cache in caches:
        for link in [*(cache / "wheelhouse" / "run" / "environments").glob("*")]:
            link.unlink()
    found = [path for path in Path("/nix/store").glob(f"*{PACKAGE}*") if path.suffix != ".drv"]
    if found:
        run_once(nix.command("nix-store", "--delete", *found))
    if any(path.exists() for path in found):
        raise FailedError(f"the store keeps {found[0]}")

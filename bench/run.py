"""Measure `with` and `script`, which run programs without files, against uvx and `uv run`."""

import os
import re
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from bench.nix import ROOT, Nix
from bench.running import (
    Command,
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
# Every package's derivation names it.
DRIVERS = "/run/opengl-driver/lib"
# What a repeated run may take more than the program itself, in ms, and a first one than uvx, in s.
AGAIN = 350
FIRST = 2


def rows(nix: Nix, scratch: Path, programs: Mapping[str, Path], runs: int) -> Iterator[Row]:
    """Measure repeated runs five times as often as the first ones."""
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
    yield from _again(f"`with {PACKAGE}` again", with_packages, others, 5 * runs)
    yield from _again(
        f"`nix run .#with -- {PACKAGE}` again", _nix_run(nix, scratch, asked, variables),
        {"the program itself": itself}, 5 * runs,
    )  # fmt: skip
    others = {
        "the program itself": command(program / "python", "thing.py"),
        "`uv run --script`": command(uv, "run", "--script", "thing.py"),
    }
    script = command(built["script"], "thing.py")
    yield from _again("`script thing.py` again", script, others, 5 * runs)
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
    goal: float | None = wall(usages[0]) * 1000 + AGAIN
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

    def with_packages(number: int) -> Usage:
        cold = folder / f"cold-{number}"
        cold.mkdir()
        library = _salted_library(ours, cold)
        wheels = [*Path("/nix/store").glob(f"*-{PACKAGE}-*.whl")]
        if wheels:
            run_once(nix.command("nix-store", "--delete", *wheels))
        variables = {"XDG_CACHE_HOME": str(cold), "WHEELHOUSE_LIBRARY": str(library)}
        return run_once(replace(ours, variables={**(ours.variables or {}), **variables}))

    def uvx(number: int) -> Usage:
        variables = {"UV_CACHE_DIR": str(folder / f"uv-{number}")}
        return run_once(Command([uv, "tool", "run", PACKAGE, *WORDS], folder, variables))

    measured, theirs = in_turns(runs, with_packages, uvx)
    return Row(
        f"`with {PACKAGE}` at first", "s", wall(measured), "`uvx`, an empty cache",
        wall(theirs), wall(theirs) + FIRST,
    )  # fmt: skip


def _salted_library(program: Command, folder: Path) -> Path:
    """Return a copy of a program's library, whose packages nothing has built."""
    launcher = Path(program.arguments[0]).read_text("utf-8")
    [found] = re.findall(r"'WHEELHOUSE_LIBRARY', '(.*?)'", launcher)
    copy = folder / "library"
    shutil.copytree(found, copy)
    for below, _, _ in os.walk(copy):
        Path(below).chmod(0o755)
    toolchain = copy / "lib" / "toolchain.nix"
    toolchain.chmod(0o644)
    text = toolchain.read_text("utf-8")
    toolchain.write_text(text.replace(DRIVERS, f"/run/{folder.parents[1].name}-{folder.name}"))
    return copy

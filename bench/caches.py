"""Measure what binary caches cost and save another machine, whose store has its own root."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from bench.build import build_environment, salted_arguments
from bench.change import lock_with_changed_package
from bench.nix import Nix
from bench.own_store import OwnStore
from bench.running import Command, Usage, in_turns, output, run
from bench.table import Row, timed
from tests.support.binary_cache import BinaryCache, serve

# Seconds, of each new connection and of each response.
LATENCY = 0.05


def rows(
    nix: Nix, scratch: Path, runs: int, name: str, known: Mapping[str, Usage]
) -> Iterator[Row]:
    """Measure planning without anything in a cache, fetching all, and changing one package.

    `known` has what builds of sets took, if they were measured already.
    """
    built = known.get(name)
    # Another part may have built what has the number 0.
    arguments = tuple(salted_arguments(scratch, name, 0 if built else "caches"))
    built = built or build_environment(nix, [*arguments])
    folder = scratch / "cache"
    machine = OwnStore(nix, scratch / "store", arguments)
    machine.evaluate()
    yield _planning(machine, scratch / "nothing", runs, name)
    _fill(nix, folder, arguments)
    with serve(folder, LATENCY) as cache:
        fetched = run(machine.build(cache.url))
    what = f"all in a cache, {name}"
    yield timed(what, [fetched], "building it from downloaded files", [built])
    another = OwnStore(nix, scratch / "another-store", arguments)
    with serve(folder, LATENCY) as cache:
        yield from _change(nix, scratch, another, cache, name, built)


def _planning(machine: OwnStore, empty: Path, runs: int, name: str) -> Row:
    """Return the row of `--dry-run` where no cache has anything, against no cache."""

    def without_cache(_number: int) -> Usage:
        return run(machine.build("", "--dry-run"))

    def with_cache(_number: int) -> Usage:
        # Nix knows nothing of the answers of a server that is new.
        with serve(empty, LATENCY) as cache:
            usage = run(machine.build(cache.url, "--dry-run"))
            questions.append(len(cache.questions))
        return usage

    questions: list[int] = []
    ours, theirs = in_turns(runs, with_cache, without_cache)
    what = f"planning, nothing in a cache, {name} ({questions[0]} questions)"
    return timed(what, ours, "no substituter", theirs)


def _change(
    nix: Nix, scratch: Path, machine: OwnStore, cache: BinaryCache, name: str, built: Usage
) -> Iterator[Row]:
    """Measure another file of one package, where a cache has all others."""
    lock = lock_with_changed_package(nix, scratch, f"{scratch.name}-cache", name)
    [wheel] = lock.parent.glob("*.whl")
    run(_copy(nix, cache.folder, output(nix.add(wheel))))
    changed = ("--arg", "lock", str(lock))
    machine.evaluate(*changed)
    dry_run = output(machine.build(cache.url, *changed, "--dry-run"), errors=True)
    fetched = run(machine.build(cache.url, *changed))
    what = f"one package changed, the others in a cache, {name}"
    yield timed(what, [fetched], "building all from downloaded files", [built])
    names = sorted(re.findall(r"/\w{32}-(.*)\.drv$", dry_run, re.MULTILINE))
    yield Row("built for that", "derivations", len(names), note=", ".join(names), goal=2)


def _fill(nix: Nix, folder: Path, arguments: tuple[str, ...]) -> None:
    """Copy an environment to a cache, and what composing another one takes: the builder."""
    derivation = output(nix.instantiate("environment", *arguments))
    query = "--query", "--references", derivation
    inputs = [
        path for path in output(nix.command("nix-store", *query)).split() if path[-4:] == ".drv"
    ]
    outputs = output(nix.command("nix-store", "--query", "--outputs", *inputs)).split()
    environment = output(nix.build("environment", *arguments))
    run(_copy(nix, folder, environment, *outputs))


def _copy(nix: Nix, folder: Path, *paths: str) -> Command:
    return nix.command("nix", "copy", "--to", f"file://{folder}?compression=zstd", *paths)

"""What Nix computes before anything is built: evaluating, and writing the derivations."""

from collections.abc import Iterator
from pathlib import Path

from bench.nix import ENVIRONMENTS, Nix
from bench.running import Command, Usage, cpu, output, run, side_by_side, wall
from bench.table import Row

EMPTY = 'derivation { name = "empty"; system = builtins.currentSystem; builder = "/none"; }'


def evaluate(nix: Nix, *arguments: str | Path) -> Command:
    """Evaluates a derivation's path, and writes nothing."""
    return nix.command("nix-instantiate", "--eval", "--strict", *arguments)


def of_lock(nix: Nix, lock: Path) -> Command:
    """Evaluates the environment of a lock."""
    return evaluate(
        nix,
        ENVIRONMENTS,
        "-A",
        "environment.drvPath",
        "--arg",
        "lock",
        lock,
        "--argstr",
        "set",
        "x",
    )


def computing(nix: Nix, lock: Path, runs: int) -> float:
    """The seconds that an environment takes beyond those of an empty derivation."""
    empty = evaluate(nix, "--expr", f"({EMPTY}).drvPath")
    full = of_lock(nix, lock)
    for command in (empty, full):
        run(command)
    one, other = side_by_side(runs, lambda _: run(full), lambda _: run(empty))
    return cpu(one) - cpu(other)


def rows(nix: Nix, lock: Path, runs: int, scratch: Path) -> Iterator[Row]:
    """Evaluation of the large set, and what writing its derivations takes a package."""
    yield Row("evaluation, large", "s", computing(nix, lock, runs), goal=0.3)
    count = len(output(nix.build("files", "--argstr", "set", "large")).split())

    def written(number: int) -> Usage:
        salt = f"bench-{scratch.name}-{number}"
        return run(
            nix.instantiate("environment", "--argstr", "set", "large", "--argstr", "salt", salt)
        )

    def evaluated(_number: int) -> Usage:
        return run(of_lock(nix, lock))

    def plain(number: int) -> Usage:
        return run(
            nix.command("nix-instantiate", "--expr", _plain(count, f"{scratch.name}-{number}"))
        )

    def plain_evaluated(number: int) -> Usage:
        text = f"map (x: x.drvPath) ({_plain(count, f'{scratch.name}-{number}')})"
        return run(evaluate(nix, "--expr", text))

    ours, alone, theirs, theirs_alone = side_by_side(
        runs, written, evaluated, plain, plain_evaluated
    )
    own = (wall(ours) - wall(alone)) * 1000 / count
    floor = (wall(theirs) - wall(theirs_alone)) * 1000 / count
    yield Row(
        "writing derivations, a package", "ms", own, "Nix, an empty derivation", floor, floor + 1
    )


def _plain(count: int, salt: str) -> str:
    """As many derivations, with nothing in them."""
    return (
        f'builtins.genList (n: derivation {{ name = "bench-${{toString n}}"; '
        f'system = builtins.currentSystem; builder = "/{salt}"; }}) {count}'
    )

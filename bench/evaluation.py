"""Measure what Nix does before it builds: evaluate, and write the derivations."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.nix import ENVIRONMENTS, Nix
from bench.running import Command, Usage, cpu, in_turns, memory, output, run, wall
from bench.table import Row

EMPTY = 'derivation { name = "empty"; system = builtins.currentSystem; builder = "/none"; }'

# What evaluating the large set may take, in MB: it takes 40, 0.11 for each package.
MEMORY = 50


def evaluate(nix: Nix, *arguments: str | Path) -> Command:
    """Return a command that evaluates an expression and writes no derivation."""
    return nix.command("nix-instantiate", "--eval", "--strict", *arguments)


def evaluate_environment(
    nix: Nix, lock: Path, attribute: str = "environment", arguments: Sequence[str] = ()
) -> Command:
    """Return a command that evaluates the derivation path of a lock's environment."""
    return evaluate(
        nix,
        ENVIRONMENTS,
        "-A",
        f"{attribute}.drvPath",
        "--arg",
        "lock",
        lock,
        "--argstr",
        "set",
        "x",
        *arguments,
    )


@dataclass(frozen=True)
class Evaluation:
    """Seconds of CPU time and bytes of memory of an environment, beyond an empty derivation's."""

    cpu: float
    memory: float


def evaluation(nix: Nix, lock: Path, runs: int, arguments: Sequence[str] = ()) -> Evaluation:
    """Return what evaluating a lock's environment takes."""
    empty = evaluate(nix, "--expr", f"({EMPTY}).drvPath")
    full = evaluate_environment(nix, lock, arguments=arguments)
    for command in (empty, full):
        run(command)
    with_lock, without = in_turns(runs, lambda _: run(full), lambda _: run(empty))
    return Evaluation(cpu(with_lock) - cpu(without), memory(with_lock) - memory(without))


def override_rows(nix: Nix, lock: Path, runs: int) -> Iterator[Row]:
    """Measure evaluating the large set with twenty overrides; one run is noise beside them."""
    plain = evaluate_environment(nix, lock)
    overridden = evaluate_environment(nix, lock, "overridden")
    with_usages, without_usages = in_turns(
        5 * runs, lambda _: run(overridden), lambda _: run(plain)
    )
    theirs = cpu(without_usages)
    yield Row(
        "evaluation, large, twenty overrides",
        "s",
        cpu(with_usages),
        "without overrides",
        theirs,
        goal=1.05 * theirs,
    )


def rows(nix: Nix, lock: Path, runs: int, scratch: Path) -> Iterator[Row]:
    """Measure evaluating the large set, and writing its derivations, per package."""
    measured = evaluation(nix, lock, runs)
    yield Row("evaluation, large: CPU", "s", measured.cpu, goal=0.3)
    yield Row("evaluation, large: memory", "MB", measured.memory / 1e6, goal=MEMORY)
    yield from override_rows(nix, lock, runs)
    count = len(output(nix.build("files", "--argstr", "set", "large")).split())

    def write_environment(number: int) -> Usage:
        salt = f"bench-{scratch.name}-{number}"
        return run(
            nix.instantiate("environment", "--argstr", "set", "large", "--argstr", "salt", salt)
        )

    def only_evaluate_environment(_number: int) -> Usage:
        return run(evaluate_environment(nix, lock))

    def write_empty(number: int) -> Usage:
        expression = _empty_derivations(count, f"{scratch.name}-{number}")
        return run(nix.command("nix-instantiate", "--expr", expression))

    def only_evaluate_empty(number: int) -> Usage:
        derivations = _empty_derivations(count, f"{scratch.name}-{number}")
        return run(evaluate(nix, "--expr", f"map (x: x.drvPath) ({derivations})"))

    written, evaluated, empty_written, empty_evaluated = in_turns(
        runs, write_environment, only_evaluate_environment, write_empty, only_evaluate_empty
    )
    ours = (wall(written) - wall(evaluated)) * 1000 / count
    empty = (wall(empty_written) - wall(empty_evaluated)) * 1000 / count
    yield Row(
        "writing derivations, a package", "ms", ours, "Nix, an empty derivation", empty, empty + 1
    )


def _empty_derivations(count: int, salt: str) -> str:
    """Return a Nix expression of a list of derivations that have no inputs."""
    return (
        f'builtins.genList (n: derivation {{ name = "bench-${{toString n}}"; '
        f'system = builtins.currentSystem; builder = "/{salt}"; }}) {count}'
    )

"""For each package and target the one file that serves it."""

from collections.abc import Sequence
from typing import Any

from lock.errors import UnsatisfiableError
from lock.resolution import File, Graph, Installed, PackageKey
from lock.target import Target, score

Chosen = dict[tuple[PackageKey, str], File]


def best(files: Sequence[File], target: Target) -> File | None:
    """The best file on a target: a wheel, else the source distribution, else None."""
    ranked: list[tuple[Any, File]] = [
        (place, file) for file in files if (place := score(file.name, target)) is not None
    ]
    return min(ranked, key=lambda pair: pair[0])[1] if ranked else None


def select(graph: Graph, installed: Sequence[Installed]) -> Chosen:
    """The file of each (package, system).

    Raises UnsatisfiableError naming every package that a system can't have.
    """
    chosen: Chosen = {}
    lacking: dict[PackageKey, list[str]] = {}
    for found in installed:
        for key in found.edges:
            file = best(graph.packages[key].files, found.target)
            if file is None:
                lacking.setdefault(key, []).append(found.target.system)
            else:
                chosen[key, found.target.system] = file
    if lacking:
        python = installed[0].target.python
        lines = [
            f"{name} {version} has no file for Python {python} on {', '.join(systems)}"
            for (name, version), systems in sorted(lacking.items())
        ]
        systems = {system for found in lacking.values() for system in found}
        good = [f.target.system for f in installed if f.target.system not in systems]
        remedy = (
            "Leave those systems out: " + " ".join(f"--system {system}" for system in good)
            if good
            else "Require another version, or another Python"
        )
        raise UnsatisfiableError("\n".join([*lines, remedy]))
    return chosen

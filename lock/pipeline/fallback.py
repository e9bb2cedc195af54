"""Older versions where the chosen one has no file: uv knows no floors, and no free threads."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from importlib import import_module

from lock.lockfile.sources import NoFileError, Sources
from lock.models.target import Target
from lock.resolution import uv

# How many versions are tried before the search is given up: each one is a run of uv.
ATTEMPTS = 25


@dataclass(frozen=True)
class Refusal:
    """Why a version was not taken on a system."""

    name: str
    system: str
    version: str
    reason: str


@dataclass
class Search:
    """What is known of a search for versions that have a file on every system."""

    preferred: Sequence[uv.Preference]
    constraints: list[str] = field(default_factory=list)
    # Of each package and system only the first one: that of the version that uv wanted.
    refusals: dict[tuple[str, str], Refusal] = field(default_factory=dict)

    def learn(self, error: NoFileError, targets: Sequence[Target]) -> None:
        """Rules out what has no file: first what an old lock chose, then version by version."""
        names = {name for name, _, _ in error.missing}
        if names & {preference.name for preference in self.preferred}:
            self.preferred = [one for one in self.preferred if one.name not in names]
            return
        systems = {target.system.name: target.system for target in targets}
        for (name, version, reason), missing in error.missing.items():
            for system in missing:
                self.constraints.append(f"{name}<{version} ; {systems[system].marker}")
                refusal = Refusal(name, system, version, reason)
                self.refusals.setdefault((name, system), refusal)

    def falls_back(self, target: Target) -> bool:
        """Whether a target takes older versions; uv lets the targets after it follow."""
        return any(system == target.system.name for _, system in self.refusals)


def resolve(
    resolver: uv.Resolver,
    question: uv.Question,
    preferred: Sequence[uv.Preference],
    choose: Callable[[uv.Outcome], Sources],
) -> tuple[uv.Outcome, Sources | None, Collection[Refusal]]:
    """What uv resolves, what `choose` makes of it, and which newer versions have no file.

    The lock is None when uv failed at the very question. Raises what `choose` raises; NoFileError
    is that of the first attempt, when no older versions serve, either.
    """
    search = Search(preferred)
    first: NoFileError | None = None
    for attempt in range(ATTEMPTS):
        named = replace(
            question,
            name=f"{question.name}-{attempt}",
            targets=sorted(question.targets, key=search.falls_back),
            constraints=[*question.constraints, *search.constraints],
        )
        with resolver.running(named, search.preferred) as waiting:
            prepare(question.targets)
            outcome = waiting()
        if outcome.exit_code != 0:
            if first is None:
                return outcome, None, ()
            break
        try:
            return outcome, choose(outcome), search.refusals.values()
        except NoFileError as error:
            first = first or error
            search.learn(error, question.targets)
    raise first or AssertionError


def prepare(targets: Sequence[Target]) -> None:
    """Does what is wanted once uv has answered, while it has to be waited for anyway."""
    import_module("tomli")
    for target in targets:
        target.tag_ranks  # noqa: B018


def told(refusals: Collection[Refusal], sources: Sources, file: str) -> list[str]:
    """Says which packages fell back to older versions, and why."""
    installed: Mapping[str, Mapping[str, str]] = {
        installation.target.system.name: {
            name: package.version for name, package in installation.packages.items()
        }
        for installation in sources.installations
    }
    systems: dict[tuple[str, str, str, str], list[str]] = {}
    for refusal in refusals:
        version = installed[refusal.system].get(refusal.name)
        if version is not None:
            key = refusal.name, version, refusal.version, refusal.reason
            systems.setdefault(key, []).append(refusal.system)
    return [
        f"warning: {file}: {name} is {version} on {', '.join(where)}, not {newer}"
        + (f": {reason}" if reason else "")
        for (name, version, newer, reason), where in sorted(systems.items())
    ]

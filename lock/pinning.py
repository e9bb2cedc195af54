"""From requirements to a lock: has uv resolve, then decides what each target installs."""

from collections import defaultdict
from collections.abc import Sequence

from lock import uv
from lock.errors import UnsatisfiableError, UsageError
from lock.requirements import Requirement
from lock.resolution import install, parse
from lock.sources import DEFAULT_GROUP, Sources, assemble, no_file
from lock.target import Target


def pin(
    resolver: uv.Resolver, requirements: Sequence[Requirement], targets: Sequence[Target], file: str
) -> Sources:
    """The lock of some requirements on some targets; `file` is named in errors.

    Raises UnsatisfiableError when nothing satisfies them, UsageError when uv can't do its work.
    """
    wanted = [str(requirement) for requirement in requirements]
    outcome = resolver.lock("all", wanted, targets)
    if outcome.exit_code != 0:
        raise _failure(resolver, wanted, targets, file, outcome)
    resolution = parse(outcome.lock, uv.ROOT)
    installations = [install(resolution, target) for target in targets]
    groups = {DEFAULT_GROUP: [requirement.name for requirement in requirements]}
    return assemble(resolution, installations, groups)


def _failure(
    resolver: uv.Resolver,
    wanted: Sequence[str],
    targets: Sequence[Target],
    file: str,
    outcome: uv.Outcome,
) -> UnsatisfiableError | UsageError:
    """What to tell about a run of uv that failed: which systems can't have what, if that is it."""
    told = uv.explain(outcome.messages, file, targets)
    if outcome.exit_code != 1:
        return UsageError(f"{file}: uv could not resolve:\n{_indent(told)}")
    general = UnsatisfiableError(f"{file}: no versions satisfy the requirements:\n{_indent(told)}")
    if len(targets) == 1 and not uv.without_wheels(outcome.messages):
        return general
    probes = resolver.probe(wanted, targets)
    missing: defaultdict[tuple[str, str, str], list[str]] = defaultdict(list)
    others: list[str] = []
    for target, probe in zip(targets, probes, strict=True):
        found = uv.without_wheels(probe.messages)
        for name, version in found:
            missing[name, version, ""].append(target.system.name)
        if probe.exit_code and not found:
            others.append(uv.explain(probe.messages, file, [target]))
    if not missing:
        return general
    systems = [target.system.name for target in targets]
    return UnsatisfiableError("\n".join([f"{file}: {no_file(missing, systems)}", *others]))


def _indent(text: str) -> str:
    return "\n".join(f"  {line}" for line in text.splitlines())

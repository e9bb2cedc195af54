"""The error for requirements that uv could not resolve."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import chain
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from lock.errors import LockError, UnsatisfiableError, UsageError
from lock.inputs.documents import source_lines
from lock.inputs.together import AND
from lock.io.messages import indent
from lock.resolution import index_errors, suggestions, uv_messages
from lock.resolution.request import Outcome, Preference, Request
from lock.resolution.uv import Resolver
from lock.selection.select import NoFile, describe_missing, describe_remedy


def resolution_error(
    resolver: Resolver,
    request: Request,
    origin: str,
    outcome: Outcome,
    preferences: Sequence[Preference],
) -> LockError:
    """Return the error for a run of uv that failed.

    Where versions conflict, uv is run for each target alone, to find out which ones fail.
    """
    error = _error_of(resolver, request, origin, outcome, preferences)
    # uv knows a replaced package as a project that depends on the other one.
    lines = [
        f"\n  `replace` gives {other} in place of {name}"
        for name, other in sorted(request.replaced.items())
        if re.search(rf"(?<![\w.-]){re.escape(other)}(?![\w-])", str(error))
    ]
    return type(error)(f"{error}{''.join(lines)}") if lines else error


def _error_of(
    resolver: Resolver,
    request: Request,
    origin: str,
    outcome: Outcome,
    preferences: Sequence[Preference],
) -> LockError:
    """Return the error in uv's own terms."""
    targets, messages = request.targets, outcome.messages
    reasons = indent(uv_messages.explain(messages, _file(origin), targets))
    advice = "".join(
        f"\n  {line}"
        for line in index_errors.advice(messages, resolver.environment, resolver.options.indexes)
    )
    if index_errors.is_refused(messages):
        return UsageError(f"{origin}: an index refuses to answer:{advice}")
    if uv_messages.is_offline(messages):
        return UsageError(
            f"{origin}: uv is offline, and its cache lacks what is needed:\n{reasons}"
        )
    if outcome.exit_code != 1:
        return UsageError(f"{origin}: uv could not resolve the requirements:\n{reasons}{advice}")
    if not uv_messages.is_conflict(messages):
        return UnsatisfiableError(f"{origin}: the requirements can't be resolved:\n{reasons}")
    unreadable = uv_messages.describe_unreadable(messages)
    if unreadable:
        lines = [f"{origin}: no version is left that can be read:", *map(indent, unreadable)]
        return UsageError("\n".join(lines))
    # Alone, each target shows its own reason: uv stops at the first that fails.
    outcomes = [outcome] if len(targets) == 1 else resolver.lock_each_target(request)
    failed = {
        target.system.name: alone
        for target, alone in zip(targets, outcomes, strict=True)
        if alone.exit_code != 0
    }
    if not failed:
        return UnsatisfiableError(f"{origin}: no versions satisfy the requirements:\n{reasons}")
    return _conflict_error(resolver, request, origin, failed, preferences)


def _file(origin: str) -> str:
    """Return the file or files of the requirements; empty where they are of a command line."""
    files = [origin, *origin.split(AND)]
    return origin if any(Path(file).exists() for file in files) else ""


def _conflict_error(
    resolver: Resolver,
    request: Request,
    origin: str,
    failed: dict[str, Outcome],
    preferences: Sequence[Preference],
) -> LockError:
    """Return the error for versions that conflict on some systems."""
    systems = [target.system.name for target in request.targets]
    missing: defaultdict[NoFile, list[str]] = defaultdict(list)
    for system, outcome in failed.items():
        for name, version in uv_messages.without_files(outcome.messages):
            missing[name, version, ""].append(system)
    reasons = [
        uv_messages.explain(outcome.messages, _file(origin), request.targets)
        for outcome in failed.values()
    ]
    where = "" if len(failed) == len(systems) else f" on {', '.join(failed)}"
    lines = [f"{origin}: no versions satisfy the requirements{where}:"]
    # Which of the two a package has none for isn't told.
    python = request.targets[0].python
    lines += [indent(f"{line} and Python {python}") for line in describe_missing(missing)]
    # The reasons of the other systems are mostly the same.
    lines.append(indent(reasons[0]))
    lines += [indent(line) for line in _hints(request, origin, "\n".join(reasons), preferences)]
    gone = uv_messages.gone(" ".join("\n".join(reasons).split()))
    lines += [indent(line) for line in _states(gone, resolver)]
    return UnsatisfiableError("\n".join([*lines, *describe_remedy(list(failed), systems)]))


def _states(names: Sequence[str], resolver: Resolver) -> Sequence[str]:
    """Return what indexes say of projects whose versions are missed."""
    if not names:
        return ()
    # Imported here because it asks indexes itself, which most runs don't.
    from lock.inspection import project_states

    return project_states.described(names, resolver.environment, resolver.options.indexes)


def _hints(
    request: Request, origin: str, reasons: str, preferences: Sequence[Preference]
) -> list[str]:
    """Return the user's own lines that take part, likely names, and how to get yanked versions."""
    required = _names(request.every_requirement())
    written = required | _names(request.constraints, request.overrides)
    taking_part = {name for name in written if re.search(rf"(?<![\w.-]){name}(?![\w-])", reasons)}
    # The lines of replaced packages name both, and begin with these.
    taking_part |= {name for name, other in request.replaced.items() if other in taking_part}
    unknown = {*suggestions.unknown(reasons)}
    known = (required | {preference.name for preference in preferences}) - unknown
    return [
        *source_lines.lines_naming(origin, taking_part),
        # The user can't change the requirements of other packages.
        *(
            f"did you mean {' or '.join(near)} instead of {name}?"
            for name in sorted(unknown & required)
            if (near := suggestions.near(name, known))
        ),
        *(
            f"{name} {version} is taken all the same where {origin} names it: {name}=={version}"
            for name, version in uv_messages.yanked_away(reasons)
        ),
        *(
            f"{name} {version} has no wheel but variants (PEP 825), which may not fit every "
            "machine, so none is taken; name another version"
            for name, version in uv_messages.only_variants(reasons)
        ),
    ]


def _names(*requirements: Iterable[str]) -> set[str]:
    """Return the normalized project names of some requirements (PEP 508)."""
    return {canonicalize_name(Requirement(text).name) for text in chain(*requirements)}

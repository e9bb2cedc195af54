"""From requirements to a lock: has uv resolve, then decides what each target installs."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import chain

from packaging.requirements import Requirement as Pep508
from packaging.utils import canonicalize_name

from lock.errors import LockError, UnsatisfiableError, UsageError
from lock.inputs import source_lines
from lock.lockfile.requested import every_requirement, index_of, requested, roots
from lock.lockfile.sources import NoFileError, Sources, assemble, no_file, remedy
from lock.models.packages import Resolution, install
from lock.models.requirements import Requirement, Requirements
from lock.models.target import Target
from lock.pipeline import fallback
from lock.pipeline.supported_targets import check_covered
from lock.resolution import index_errors, suggestions, uv, uv_messages
from lock.resolution.preferences import Previous
from lock.resolution.uv_lock import parse
from lock.selection.files import is_source
from lock.selection.hashes import allow


def pin(
    resolver: uv.Resolver,
    wanted: Requirements,
    targets: Sequence[Target],
    file: str,
    previous: Previous,
) -> tuple[Sources, list[str]]:
    """The lock of some requirements on some targets, and warnings; `file` is named in both.

    What the previous lock chose stays where it can.

    Raises UnsatisfiableError when nothing satisfies them, UsageError when uv can't do its work.
    """
    check_covered(wanted, targets, file)
    if wanted.locked is not None:
        # Imported here because few inputs are locks.
        from lock.resolution.file_urls import locate

        kept = locate(resolver, wanted.locked.resolution, targets, wanted, file)
        sources = selected(kept, targets, wanted, file)
        chosen_by_them = (uv.Preference(one.name, one.version) for one in kept.packages)
        return built(resolver, sources, chain(chosen_by_them, previous.builds), file), []
    question = uv.Question(
        "all",
        [*map(str, wanted.packages)],
        targets,
        {group: [*map(str, listed)] for group, listed in wanted.groups.items()},
        wanted.constraints,
        wanted.overrides,
        index_of(wanted),
    )
    outcome, chosen, refusals = fallback.resolve(
        resolver,
        question,
        previous.environment,
        lambda outcome: _chosen(resolver, outcome, targets, wanted, file),
    )
    if chosen is None:
        raise _failure(resolver, question, file, outcome, previous)
    warnings = [
        *_yanked(outcome.messages, file),
        *(f"warning: {file}: {line}" for line in _unreadable(outcome.messages)),
        *_unknown_extras(every_requirement(wanted), outcome.messages, file),
        *fallback.told(refusals, chosen, file),
    ]
    preferred = chain(uv.resolved(outcome.lock), previous.builds)
    return built(resolver, chosen, preferred, file), warnings


def built(
    resolver: uv.Resolver, sources: Sources, preferred: Iterable[uv.Preference], file: str
) -> Sources:
    """A lock with the builds that it needs, where there is something to build.

    The preferred versions are looked at only then.
    """
    if not any(is_source(chosen) for chosen in sources.files.values()):
        return sources
    # Imported here because most locks have wheels only.
    from lock.builds.closure import close

    return close(resolver, sources, [*preferred], file)


def _chosen(
    resolver: uv.Resolver,
    outcome: uv.Outcome,
    targets: Sequence[Target],
    wanted: Requirements,
    file: str,
) -> Sources:
    """The lock of what uv resolved, without builds. Raises what `pin` raises."""
    try:
        resolution = parse(outcome.lock, uv.ROOT, resolver.options.prefer_sdist)
        allowed = allow(resolution, wanted.hashes)
    except LockError as error:
        raise type(error)(f"{file}: {error}") from None
    return selected(allowed, targets, wanted, file)


def selected(
    resolution: Resolution, targets: Sequence[Target], wanted: Requirements, file: str
) -> Sources:
    """The lock of a resolution, without builds. Raises what `pin` raises."""
    installations = [install(resolution, target) for target in targets]
    if not any(installation.packages for installation in installations):
        names = ", ".join(target.system.name for target in targets)
        raise UnsatisfiableError(
            f"{file}: the markers rule every package out on {names}; there is nothing to lock"
        )
    try:
        return assemble(resolution, installations, roots(wanted), requested(wanted))
    except NoFileError as error:
        raise NoFileError(f"{file}: {error}", error.missing) from None
    except LockError as error:
        raise type(error)(f"{file}: {error}") from None


def _unknown_extras(requirements: Sequence[Requirement], messages: str, file: str) -> list[str]:
    """Says which extras that the user asks for don't exist; pip and uv go on without them, too."""
    asked = {(wanted.name, extra) for wanted in requirements for extra in wanted.extras}
    found = sorted(uv_messages.unknown_extras(messages))
    return [
        f"warning: {file}: {name} {version} has no extra {extra}; mend its name or leave it out"
        for name, version, extra in found
        if (name, extra) in asked
    ]


def _yanked(messages: str, file: str) -> list[str]:
    """Says which versions nobody should use any more (PEP 592)."""
    return [
        f"warning: {file}: {name} {version} is yanked{f': {reason}' if reason else ''}; "
        "ask for another version of it"
        for name, version, reason in uv_messages.yanked(messages)
    ]


def _unreadable(messages: str) -> list[str]:
    """Says which versions are passed over although they may be what the user wants."""
    return [
        f"{name} {version} can't be taken, since its file can't be read ({reason}); if the "
        "connection was cut, lock again, else tell whoever keeps the index"
        for name, version, reason in uv_messages.unreadable(messages)
    ]


def _failure(
    resolver: uv.Resolver, question: uv.Question, file: str, outcome: uv.Outcome, previous: Previous
) -> LockError:
    """What to tell about a run of uv that failed: which systems can't have what, if that is it."""
    targets = question.targets
    told = _indent(uv_messages.explain(outcome.messages, file, targets))
    helpful = index_errors.advice(outcome.messages, resolver.environment, resolver.options.indexes)
    advice = "".join(f"\n  {line}" for line in helpful)
    if index_errors.is_refused(outcome.messages):
        return UsageError(f"{file}: an index refuses to answer:{advice}")
    if uv_messages.is_offline(outcome.messages):
        return UsageError(f"{file}: uv is offline, and its cache lacks what is needed:\n{told}")
    if outcome.exit_code != 1:
        return UsageError(f"{file}: uv could not resolve the requirements:\n{told}{advice}")
    if not uv_messages.is_conflict(outcome.messages):
        return UnsatisfiableError(f"{file}: the requirements can't be resolved:\n{told}")
    broken = _unreadable(outcome.messages)
    if broken:
        shown = [f"{file}: no version is left that can be read:", *map(_indent, broken)]
        return UsageError("\n".join(shown))
    # Alone, a target shows its own reason: uv stops at the first that fails.
    outcomes = [outcome] if len(targets) == 1 else resolver.probe(question)
    failed = {
        target.system.name: probe
        for target, probe in zip(targets, outcomes, strict=True)
        if probe.exit_code != 0
    }
    if not failed:
        return UnsatisfiableError(f"{file}: no versions satisfy the requirements:\n{told}")
    systems = [target.system.name for target in targets]
    missing: defaultdict[tuple[str, str, str], list[str]] = defaultdict(list)
    for system, probe in failed.items():
        for name, version in uv_messages.without_files(probe.messages):
            missing[name, version, ""].append(system)
    reasons = [uv_messages.explain(probe.messages, file, targets) for probe in failed.values()]
    where = "" if len(failed) == len(systems) else f" on {', '.join(failed)}"
    shown = [f"{file}: no versions satisfy the requirements{where}:"]
    shown += [_indent(line) for line in no_file(missing)]
    shown += [_indent(reason) for reason in dict.fromkeys(reasons[:1])]
    shown += [_indent(line) for line in _hints(question, file, "\n".join(reasons), previous)]
    return UnsatisfiableError("\n".join([*shown, *remedy(list(failed), systems)]))


def _hints(question: uv.Question, file: str, told: str, previous: Previous) -> list[str]:
    """The user's own lines that take part, names that may be meant, and a way to what is yanked."""
    asked = _named(question.requirements, *question.groups.values())
    written = asked | _named(question.constraints, question.overrides)
    taking_part = {name for name in written if re.search(rf"(?<![\w.-]){name}(?![\w-])", told)}
    unknown = {*suggestions.unknown(told)}
    known = (asked | {preference.name for preference in previous.environment}) - unknown
    return [
        *source_lines.of_packages(file, taking_part),
        # What a package of others asks for is not the user's to spell.
        *(
            f"did you mean {' or '.join(near)} instead of {name}?"
            for name in sorted(unknown & asked)
            if (near := suggestions.near(name, known))
        ),
        *(
            f"{name} {version} is taken all the same where {file} names it: {name}=={version}"
            for name, version in uv_messages.yanked_away(told)
        ),
    ]


def _named(*listed: Iterable[str]) -> set[str]:
    """The packages of some requirements (PEP 508), normalised."""
    return {canonicalize_name(Pep508(text).name) for text in chain(*listed)}


def _indent(text: str) -> str:
    return "\n".join(f"  {line}" for line in text.splitlines())

"""Resolves build requirements: each distinct set of them once."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import count

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from lock.errors import LockError, UnsatisfiableError, UsageError
from lock.io.file_hashes import FileHashes
from lock.models.formats import Formats
from lock.models.requirements import Origin
from lock.models.target import Target
from lock.resolution import uv_lock, uv_messages
from lock.resolution.request import Outcome, Preference, Request
from lock.resolution.uv import Resolver
from lock.resolution.uv_project import ROOT
from lock.selection.installation import Installation
from lock.selection.select import select

# Build requirements (PEP 508, normalized).
Requires = frozenset[str]


class BuildEnvironments:
    """What sets of build requirements install on targets, as far as it is resolved."""

    def __init__(self, resolver: Resolver, preferences: Sequence[Preference]) -> None:
        self.resolver = resolver
        self.preferences = preferences
        self._resolved: dict[tuple[Requires, Target], Installation] = {}
        self._numbers: Iterator[int] = count(1)

    def get(self, requires: Requires, target: Target) -> Installation | None:
        """Return what build requirements install on a target, if it is resolved."""
        return self._resolved.get((requires, target))

    def __getitem__(self, key: tuple[Requires, Target]) -> Installation:
        return self._resolved[key]

    def __contains__(self, key: object) -> bool:
        return key in self._resolved

    def reuse(self, requires: Requires, installation: Installation) -> None:
        """Let an installation that has all that is required serve for further requirements."""
        self._resolved.setdefault((requires, installation.target), installation)

    def resolve(self, targets: Mapping[Requires, Collection[Target]]) -> dict[Requires, LockError]:
        """Resolve sets of build requirements for their targets.

        Return the errors of the sets that can't be resolved.
        """
        requests = [self._request(requires, targets[requires]) for requires in targets if requires]
        outcomes = iter(self.resolver.lock_all(requests, self.preferences))
        errors = {}
        for requires in targets:
            try:
                installations = (
                    self._installations(next(outcomes), requires, targets[requires])
                    if requires
                    else [empty_installation(target) for target in targets[requires]]
                )
            except LockError as error:
                errors[requires] = error
                continue
            for installation in installations:
                self._resolved[requires, installation.target] = installation
        return errors

    def for_host(self, requires: Requires, host: Target) -> Installation:
        """Return what build requirements install on this machine, which need not be a target.

        Raises UnsatisfiableError where they can't be had here.
        """
        installation = self.get(requires, host)
        if installation is not None:
            return installation
        if not requires:
            return empty_installation(host)
        outcome = self.resolver.lock(self._request(requires, [host]), self.preferences)
        [installation] = self._installations(outcome, requires, [host])
        return installation

    def _request(self, requires: Requires, targets: Iterable[Target]) -> Request:
        index_of = self.resolver.options.settings.build_index_of
        return Request(
            f"build-{next(self._numbers)}",
            sorted(requires),
            sorted(targets, key=lambda target: target.system.name),
            origins={
                name: [Origin(None, index)]
                for name, index in index_of.items()
                if name in _names(requires)
            },
            # Build tools need not be those of this very minute.
            fresh=False,
            is_build=True,
        )

    def _installations(
        self, outcome: Outcome, requires: Requires, targets: Iterable[Target]
    ) -> Sequence[Installation]:
        resolver = self.resolver
        return installations(
            outcome, requires, targets, resolver.file_hashes, resolver.options.formats
        )


def _names(requires: Requires) -> set[str]:
    return {canonicalize_name(Requirement(text).name) for text in requires}


def installations(
    outcome: Outcome,
    requires: Iterable[str],
    targets: Iterable[Target],
    file_hashes: FileHashes,
    formats: Formats = uv_lock.NO_CHOICE,
) -> Sequence[Installation]:
    """Return what each target installs of an outcome; `formats` are those of uv_lock.parse.

    Raises UnsatisfiableError where nothing was resolved, or a target has no file of a package;
    UsageError where the network failed.
    """
    ordered = sorted(targets, key=lambda target: target.system.name)
    listed = ", ".join(sorted(requires))
    if outcome.exit_code != 0:
        reasons = uv_messages.explain(outcome.messages, "the build", ordered)
        indented = "".join(f"\n  {line}" for line in reasons.splitlines())
        kind = UnsatisfiableError if outcome.exit_code == 1 else UsageError
        if uv_messages.is_offline(outcome.messages):
            kind = UsageError
        raise kind(f"what the build needs can't be resolved ({listed}):{indented}")
    resolution = uv_lock.parse(outcome.lock, ROOT, formats)
    try:
        return select(resolution, ordered, file_hashes).installations
    except LockError as error:
        raise type(error)(f"what the build needs can't be pinned ({listed}):\n{error}") from None


def empty_installation(target: Target) -> Installation:
    """Return an installation of nothing."""
    return Installation(target, {}, {}, {})

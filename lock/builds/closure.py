"""Pins the build environment of every source distribution that some target installs or builds with.

A build environment may hold source distributions, which need builds of their own; so the closure
grows until every build is known.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import count

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from lock.builds import backend, cache, sdist
from lock.builds.environments import BuildEnvironments, Requires
from lock.builds.graph import topological_order
from lock.builds.runtime_versions import runtime_versions
from lock.builds.source import Source, SourceFiles
from lock.errors import LockError, UnsatisfiableError
from lock.models.builds import Build, Pin
from lock.models.needs import SystemNeeds, merged
from lock.models.packages import Package
from lock.models.target import Target
from lock.resolution import uv, uv_messages
from lock.resolution.request import Preference
from lock.selection.files import file_of
from lock.selection.installation import Installation
from lock.selection.select import Selection
from native.build_needs import BuildNeeds

# A source, built for a target.
SourceBuild = tuple[Source, Target]


@dataclass(frozen=True)
class PinnedBuilds:
    """The builds that a selection needs, what they need of the system, and remarks for the user."""

    builds: Sequence[Build] = ()
    notes: Sequence[str] = ()
    # By name and version, what the builds need of the system.
    needs: Mapping[tuple[str, str], SystemNeeds] = field(default_factory=dict)


def pin_builds(
    resolver: uv.Resolver,
    selections: Iterable[Selection],
    preferences: Sequence[Preference],
    origin: str,
) -> PinnedBuilds:
    """Pin the builds that some selections need, with the preferred versions where they serve.

    Raises LockError, which names `origin`, the file of the requirements, and the package whose
    build can't be pinned.
    """
    chosen = [*selections]
    every = [
        (Source(package.name, package.version, file), installation.target)
        for selection in chosen
        for installation in selection.installations
        for package in installation.packages.values()
        if not package.from_nixpkgs
        and (file := selection.files[installation.target.system.name, package.name]).needs_build
    ]
    roots = [*dict.fromkeys(every)]
    installations = [one for selection in chosen for one in selection.installations]
    closure = _Closure(resolver, preferences, origin, installations)
    while True:
        needed = topological_order(roots, closure.builds_needed_by, closure.cycle_error)
        if not closure.extend(needed):
            needs = closure.system_needs(needed) if resolver.options.native else {}
            return PinnedBuilds(closure.builds(needed), closure.notes, needs)


def satisfied(requirements: Iterable[str], installation: Installation) -> bool:
    """Return whether an installation satisfies requirements (PEP 508) that hold on its target.

    Requirements with extras or a direct reference count as not satisfied.
    """
    for requirement in map(Requirement, requirements):
        if requirement.marker and not installation.target.satisfies(str(requirement.marker)):
            continue
        package = installation.packages.get(canonicalize_name(requirement.name))
        if package is None or requirement.extras or requirement.url:
            return False
        if not requirement.specifier.contains(package.version, prereleases=True):
            return False
    return True


class _Closure:
    """What is known so far of the builds."""

    def __init__(
        self,
        resolver: uv.Resolver,
        preferences: Sequence[Preference],
        origin: str,
        installations: Sequence[Installation],
    ) -> None:
        self.resolver = resolver
        self.installations = installations
        self.origin = origin
        self.cache = cache.user_cache(resolver.environment)
        self.files = SourceFiles(
            resolver.folder, resolver.environment, resolver.options.indexes, self.cache
        )
        self.environments = BuildEnvironments(resolver, preferences)
        self.build_systems: dict[Source, sdist.BuildSystem] = {}
        # What is declared, what `build-requires` adds, and what the backend's hook returned so far.
        self.requires: dict[Source, Requires] = {}
        # The sources whose hook has been called, or its response found in the cache.
        self.queried: set[Source] = set()
        self.notes: list[str] = []
        self.numbers = count(1)

    def builds_needed_by(self, build: SourceBuild) -> list[SourceBuild]:
        """Return the builds that a build needs, as far as they are known."""
        source, target = build
        requires = self.requires.get(source)
        environment = None if requires is None else self.environments.get(requires, target)
        if environment is None:
            return []
        files = [(package, file_of(package, target)) for package in _packages(environment)]
        return [
            (Source(package.name, package.version, file), target)
            for package, file in files
            if file is not None and file.needs_build
        ]

    def cycle_error(self, builds: Sequence[SourceBuild]) -> UnsatisfiableError:
        """Return the error for builds of which each needs the next, and the last the first."""
        names = [str(source) for source, _ in builds]
        chain = ", which needs ".join([*names, names[0]])
        formats = self.resolver.options.formats
        preferred = sorted(
            {source.name for source, _ in builds if formats.is_built(source.name, of_index=True)}
        )
        remedy = (
            f"; leave `prefer-sdist` or `no-binary` out of {preferred[0]}"
            if preferred
            else ", and none of them has a wheel there; ask for another version of one"
        )
        return UnsatisfiableError(
            f"{self.origin}: the builds go round in a circle on {builds[0][1].system.name}: {chain}"
            f"{remedy}"
        )

    def extend(self, needed: Sequence[SourceBuild]) -> bool:
        """Find out the next thing that is unknown of some builds; return whether there was one."""
        sources = list(dict.fromkeys(source for source, _ in needed))
        unread = [source for source in sources if source not in self.build_systems]
        for source in unread:
            self._read_build_system(source)
        if unread:
            return True
        unresolved = [
            (source, target)
            for source, target in needed
            if (self.requires[source], target) not in self.environments
        ]
        if unresolved:
            self._resolve(unresolved)
            return True
        targets: defaultdict[Source, list[Target]] = defaultdict(list)
        for source, target in needed:
            targets[source].append(target)
        unqueried = [source for source in sources if source not in self.queried]
        cached = [source for source in unqueried if self._use_cache(source, targets[source])]
        if cached:
            return True
        # One at a time, and only once all that it needs is known: uv waits forever in a cycle.
        for source in unqueried:
            self._query_backend(source, targets[source])
            return True
        return False

    def builds(self, needed: Iterable[SourceBuild]) -> list[Build]:
        """Return the builds with their pinned environments."""
        environments: defaultdict[Source, dict[str, list[Pin]]] = defaultdict(dict)
        for source, target in needed:
            environment = self.environments[self.requires[source], target]
            environments[source][target.system.name] = [
                Pin(package.name, package.version, file)
                for package in _packages(environment)
                if (file := file_of(package, target)) is not None
            ]
        return [
            Build(source.name, source.version, sorted(self.requires[source]), pins)
            for source, pins in environments.items()
        ]

    def system_needs(self, needed: Iterable[SourceBuild]) -> dict[tuple[str, str], SystemNeeds]:
        """Return what builds need of the system, those that need something."""
        # The build has some programs, such as ninja, from packages of an index.
        installed: defaultdict[Source, set[str]] = defaultdict(set)
        for source, target in needed:
            environment = self.environments[self.requires[source], target]
            installed[source] |= {package.name for package in _packages(environment)}
        found: dict[tuple[str, str], SystemNeeds] = {}
        for source, names in installed.items():
            with self._error_context(source):
                needs = self.files.needs(source)
            needs = replace(needs, programs=needs.programs - names)
            lists = {key: tuple(sorted(listed)) for key, listed in vars(needs).items()}
            found = merged(found, {(source.name, source.version): SystemNeeds(**lists)})
        return {key: needs for key, needs in found.items() if needs}

    def _read_build_system(self, source: Source) -> None:
        with self._error_context(source):
            self.build_systems[source] = self.files.build_system(source)
            options = self.resolver.options
            further = [
                *options.build_requires.get(source.name, ()),
                *runtime_versions(
                    options.settings.match_runtime.get(source.name, ()),
                    self.installations,
                ),
            ]
            self.requires[source] = self.build_systems[
                source
            ].requires | sdist.normalize_requirements(further)

    def _resolve(self, unresolved: Sequence[SourceBuild]) -> None:
        """Resolve the environments of some builds, and those that they will probably need next."""
        targets: defaultdict[Requires, set[Target]] = defaultdict(set)
        sources: defaultdict[Requires, set[Source]] = defaultdict(set)
        for source, target in unresolved:
            targets[self.requires[source]].add(target)
            sources[self.requires[source]].add(source)
        expected = self._expected(unresolved)
        ordered = [
            *sorted(sources, key=sorted),
            *sorted({*expected} - {*sources}, key=sorted),
        ]
        for requires, further in expected.items():
            targets[requires] |= further
        errors = self.environments.resolve({requires: targets[requires] for requires in ordered})
        for requires in ordered:
            # Nothing depends yet on what is only expected.
            if requires in errors and requires in sources:
                with self._error_context(*sorted(sources[requires], key=str)):
                    raise self._with_hint(errors[requires])

    def _with_hint(self, error: LockError) -> LockError:
        """Return the error of a build's environment; it says why nixpkgs' packages don't serve."""
        ours = {
            package.name
            for installation in self.installations
            for package in installation.packages.values()
            if package.from_nixpkgs
        }
        lines = [
            f"\n  {name} comes from nixpkgs for what runs only; builds take it from an index. "
            f"Build another version, or leave `from` out of {name}"
            for name in sorted(ours)
            if re.search(rf"(?<![\w.-]){re.escape(name)}(?![\w-])", str(error))
        ]
        return type(error)(f"{str(error).rstrip()}{''.join(lines)}") if lines else error

    def _expected(self, unresolved: Sequence[SourceBuild]) -> dict[Requires, set[Target]]:
        """Return what builds will require if their hooks return what they did the last time.

        It is resolved in the same round, so that a right guess saves one.
        """
        expected: defaultdict[Requires, set[Target]] = defaultdict(set)
        for source, target in unresolved:
            latest = self.cache.latest_hook_requirements(source.file.content, target.python)
            requires = self.requires[source]
            if source not in self.queried and latest is not None and not latest <= requires:
                expected[requires | latest].add(target)
        return expected

    def _use_cache(self, source: Source, targets: Sequence[Target]) -> bool:
        """Use what the hook returned in an equal environment; return whether that is cached."""
        cached = self.cache.hook_requirements(*self._cache_key(source, targets[0]))
        if cached is not None:
            self.queried.add(source)
            self._add_requirements(source, targets, cached)
        return cached is not None

    def _cache_key(
        self, source: Source, target: Target
    ) -> tuple[str | None, str, list[tuple[str, str]]]:
        """Return all that the response of a backend's hook depends on."""
        packages = _packages(self.environments[self.requires[source], target])
        versions = [(package.name, package.version) for package in packages]
        return source.file.content, target.python, versions

    def _query_backend(self, source: Source, targets: Sequence[Target]) -> None:
        """Add what the backend's hook returns to what a build requires."""
        self.queried.add(source)
        key = self._cache_key(source, targets[0])
        with self._error_context(source):
            try:
                requirements = self._hook_requirements(source, targets)
            except backend.HookError as error:
                self.notes.append(
                    f"{source}: its build backend can't be asked here what else it needs "
                    f"({error}){self._advice(source, error.output)}"
                )
                return
        self.cache.store_hook_requirements(*key, requirements)
        self._add_requirements(source, targets, requirements)

    def _advice(self, source: Source, output: str) -> str:
        """Return what to do where a backend can't be asked, by what it says that it lacks."""
        # Imported here because backends of most sources can be asked.
        from native.build_hint import build_hint, without_given
        from native.missing_things import missing_things

        missing = missing_things(output)
        given = self.files.needs(source) if self.resolver.options.native else BuildNeeds()
        lacking = without_given(missing, given.inputs())
        hint = build_hint(source.name, lacking, None)
        if hint:
            return f". {hint}"
        if missing:
            return "; its build gets what `native` of the lock names"
        return "; if the build lacks something, name it in `build-requires`"

    def _add_requirements(
        self, source: Source, targets: Sequence[Target], requirements: frozenset[str]
    ) -> None:
        before = self.requires[source]
        after = before | requirements
        self.requires[source] = after
        for target in targets:
            environment = self.environments[before, target]
            if satisfied(requirements, environment):
                self.environments.reuse(after, environment)

    def _hook_requirements(self, source: Source, targets: Sequence[Target]) -> frozenset[str]:
        """Call the backend's hook on this machine, in an environment of what is known so far.

        Raises backend.HookError where it can't be called here; UnsatisfiableError where it would
        fail on the targets as well.
        """
        name = f"environment-{next(self.numbers)}"
        environment = backend.create(self.resolver, name, targets[0].python)
        host = environment.target
        if host is None:
            raise backend.HookError("nothing can be locked for this machine")
        try:
            installation = self.environments.for_host(self.requires[source], host)
        except UnsatisfiableError as error:
            raise backend.HookError(str(error)) from None
        packages = _packages(installation)
        backend.install(self.resolver, environment, packages, build=host in targets)
        project = self.files.unpack(source, environment.folder.parent / "source")
        try:
            return backend.get_requires_for_build_wheel(
                self.resolver, environment, project, self.build_systems[source]
            )
        except backend.HookError as error:
            if error.missing is None or host not in targets:
                raise
            raise UnsatisfiableError(uv_messages.undeclared(source.name, error.missing)) from None

    @contextmanager
    def _error_context(self, *sources: Source) -> Iterator[None]:
        """Name the requirements' file and the sources in errors."""
        try:
            yield
        except backend.HookError:
            raise
        except LockError as error:
            names = ", ".join(map(str, sources))
            raise type(error)(f"{self.origin}: {names}: {error}") from None


def _packages(installation: Installation) -> list[Package]:
    return [*installation.packages.values()]

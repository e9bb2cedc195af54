"""Pins the environment of each build: of every source distribution that some target chose."""

import shutil
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from lock.builds import backend, cache, checkout, sdist
from lock.builds.graph import leaves_first
from lock.errors import LockError, UnsatisfiableError, UsageError
from lock.lockfile.sources import Build, Pin, Sources, files_of
from lock.models.packages import File, Installation, Package, install
from lock.models.target import Target
from lock.resolution import uv, uv_messages
from lock.resolution.uv_lock import parse
from lock.selection.files import file_of, is_source


@dataclass(frozen=True)
class Source:
    """A source distribution that is built."""

    name: str
    version: str
    file: File

    def __str__(self) -> str:
        return f"{self.name} {self.version}"


def close(
    resolver: uv.Resolver,
    sources: Sources,
    preferred: Sequence[uv.Preference],
    file: str,
) -> Sources:
    """A lock with the builds that it needs, which use the preferred versions where they can.

    Raises LockError, which names `file` and the package whose build can't be pinned.
    """
    roots = [
        (Source(package.name, package.version, chosen), installation.target)
        for installation in sources.installations
        for package in installation.packages.values()
        if is_source(chosen := sources.files[installation.target.system.name, package.name])
    ]
    closing = _Closing(resolver, preferred, file)
    while True:
        needed = leaves_first(roots, closing.needs, closing.circle)
        if not closing.advance(needed):
            return replace(sources, builds=closing.builds(needed), notes=closing.notes)


def satisfied(requirements: Iterable[str], installation: Installation) -> bool:
    """Whether an installation has what is asked for (PEP 508) on its target, without extras."""
    for requirement in map(Requirement, requirements):
        if requirement.marker and not installation.target.satisfies(str(requirement.marker)):
            continue
        package = installation.packages.get(canonicalize_name(requirement.name))
        if package is None or requirement.extras or requirement.url:
            return False
        if not requirement.specifier.contains(package.version, prereleases=True):
            return False
    return True


class _Closing:
    """What is known so far of the builds."""

    def __init__(
        self, resolver: uv.Resolver, preferred: Sequence[uv.Preference], file: str
    ) -> None:
        self.resolver = resolver
        self.preferred = preferred
        self.file = file
        self.systems: dict[Source, sdist.BuildSystem] = {}
        self.requires: dict[Source, frozenset[str]] = {}
        self.environments: dict[tuple[frozenset[str], Target], Installation] = {}
        self.asked: set[Source] = set()
        self.answers = cache.of(resolver.environment)
        self.notes: list[str] = []
        self.folders = 0

    def needs(self, node: tuple[Source, Target]) -> list[tuple[Source, Target]]:
        """The builds that a build needs, as far as they are known."""
        source, target = node
        requires = self.requires.get(source)
        environment = None if requires is None else self.environments.get((requires, target))
        if environment is None:
            return []
        chosen = [(package, file_of(package, target)) for package in _packages(environment)]
        return [
            (Source(package.name, package.version, file), target)
            for package, file in chosen
            if file is not None and is_source(file)
        ]

    def circle(self, nodes: Sequence[tuple[Source, Target]]) -> UnsatisfiableError:
        """What to tell about builds of which each needs the next, and the last the first."""
        names = [str(source) for source, _ in nodes]
        chain = ", which needs ".join([*names, names[0]])
        preferred = sorted(
            {source.name for source, _ in nodes} & {*self.resolver.options.prefer_sdist}
        )
        remedy = (
            f"; leave `prefer-sdist` out of {preferred[0]}"
            if preferred
            else ", and none of them has a wheel there; ask for another version of one"
        )
        return UnsatisfiableError(
            f"{self.file}: the builds go round in a circle on {nodes[0][1].system.name}: {chain}"
            f"{remedy}"
        )

    def advance(self, needed: Sequence[tuple[Source, Target]]) -> bool:
        """Learns the next that is to be known of some builds; whether there was something."""
        sources = list(dict.fromkeys(source for source, _ in needed))
        unread = [source for source in sources if source not in self.systems]
        for source in unread:
            self.read(source)
        if unread:
            return True
        missing = [
            (source, target)
            for source, target in needed
            if (self.requires[source], target) not in self.environments
        ]
        if missing:
            self.resolve(missing)
            return True
        targets: defaultdict[Source, list[Target]] = defaultdict(list)
        for source, target in needed:
            targets[source].append(target)
        unasked = [source for source in sources if source not in self.asked]
        remembered = [source for source in unasked if self.remember(source, targets[source])]
        if remembered:
            return True
        # One at a time, and only with all known that it needs: uv waits for ever in a circle.
        for source in unasked:
            self.ask(source, targets[source])
            return True
        return False

    def read(self, source: Source) -> None:
        """Fetches a source distribution and reads what it declares."""
        with self.naming(source):
            self.systems[source] = self.build_system(source)
            more = self.resolver.options.build_requires.get(source.name, ())
            self.requires[source] = self.systems[source].requires | sdist.normalize(list(more))

    def build_system(self, source: Source) -> sdist.BuildSystem:
        """What a source distribution declares."""
        if source.file.is_folder:
            environment = self.resolver.environment
            project = checkout.fetch(source.file, self.place(source), environment)
            return sdist.build_system_of(project)
        known = self.answers.build_system(source.file.sha256)
        if known is None:
            known = sdist.build_system(self.archive(source))
            self.answers.keep_build_system(source.file.sha256, known)
        return known

    def place(self, source: Source) -> Path:
        """The folder that holds a source distribution alone, or is the project's."""
        return self.resolver.scratch / f"{source.file.sha256 or source.file.name}"

    def archive(self, source: Source) -> Path:
        """The path of a source distribution, which is downloaded when it is first looked at."""
        if source.file.path is not None:
            return Path(source.file.path)
        place = self.place(source)
        path = place / Path(source.file.name).name
        if not path.exists():
            # Imported here because it takes a while, and mostly all that is asked is known.
            from lock.io import download

            environment, indexes = self.resolver.environment, self.resolver.options.indexes
            download.fetch(source.file, place, environment, indexes)
        return path

    def unpack(self, source: Source, folder: Path) -> Path:
        """The folder of a project, unpacked or copied into a new folder."""
        if source.file.is_folder:
            shutil.copytree(self.place(source), folder, symlinks=True)
            return folder
        return sdist.unpack(self.archive(source), folder)

    def resolve(self, missing: Sequence[tuple[Source, Target]]) -> None:
        """Pins the environments of some builds: each distinct set of requirements once."""
        targets: defaultdict[frozenset[str], set[Target]] = defaultdict(set)
        sources: defaultdict[frozenset[str], set[Source]] = defaultdict(set)
        for source, target in missing:
            targets[self.requires[source]].add(target)
            sources[self.requires[source]].add(source)
        hoped = self.hoped(missing)
        asked = [*sorted(targets, key=sorted), *sorted({*hoped} - {*targets}, key=sorted)]
        for requires, more in hoped.items():
            targets[requires] |= more
        questions = [self.question(requires, targets[requires]) for requires in asked if requires]
        outcomes = iter(self.resolver.answer(questions, self.preferred))
        for requires in asked:
            try:
                with self.naming(*sorted(sources.get(requires, ()), key=str)):
                    if not requires:
                        found = [_empty(target) for target in targets[requires]]
                    else:
                        found = self.installations(next(outcomes), requires, targets[requires])
            except LockError:
                if requires in sources:
                    raise
                # Nobody has asked for that yet.
                continue
            for installation in found:
                self.environments[requires, installation.target] = installation

    def hoped(self, missing: Sequence[tuple[Source, Target]]) -> dict[frozenset[str], set[Target]]:
        """What will be required of some builds if their backends answer as they did before.

        It is resolved beside what is required already, so that a right guess saves a round.
        """
        found: defaultdict[frozenset[str], set[Target]] = defaultdict(set)
        for source, target in missing:
            answer = self.answers.latest(source.file.sha256, target.python)
            requires = self.requires[source]
            if source not in self.asked and answer is not None and not answer <= requires:
                found[requires | answer].add(target)
        return found

    def installations(
        self, outcome: uv.Outcome, requires: Iterable[str], targets: Iterable[Target]
    ) -> list[Installation]:
        return installations(outcome, requires, targets, self.resolver.options.prefer_sdist)

    def question(self, requires: Iterable[str], targets: Iterable[Target]) -> uv.Question:
        self.folders += 1
        return uv.Question(
            f"build-{self.folders}",
            sorted(requires),
            sorted(targets, key=lambda target: target.system.name),
            # Its tools have been asked for a moment before, or in the last lock.
            fresh=False,
        )

    def remember(self, source: Source, targets: Sequence[Target]) -> bool:
        """Adds what an earlier run heard of the backend in such an environment; whether it did."""
        known = self.answers.requires(*self.circumstances(source, targets[0]))
        if known is not None:
            self.asked.add(source)
            self.add(source, targets, known)
        return known is not None

    def circumstances(
        self, source: Source, target: Target
    ) -> tuple[str | None, str, list[tuple[str, str]]]:
        """All that a backend's answer depends on."""
        packages = _packages(self.environments[self.requires[source], target])
        versions = [(package.name, package.version) for package in packages]
        return source.file.sha256, target.python, versions

    def ask(self, source: Source, targets: Sequence[Target]) -> None:
        """Adds what the build backend asks for to what is declared."""
        self.asked.add(source)
        circumstances = self.circumstances(source, targets[0])
        with self.naming(source):
            try:
                answer = self.answer(source, targets)
            except backend.HookError as error:
                self.notes.append(
                    f"{source}: its build backend can't be asked here what else it needs "
                    f"({error}); if the build lacks something, name it in `build-requires`"
                )
                return
        self.answers.keep_requires(*circumstances, answer)
        self.add(source, targets, answer)

    def add(self, source: Source, targets: Sequence[Target], answer: frozenset[str]) -> None:
        """Adds an answer to what a build requires."""
        before = self.requires[source]
        after = before | answer
        self.requires[source] = after
        for target in targets:
            environment = self.environments[before, target]
            if satisfied(answer, environment):
                self.environments.setdefault((after, target), environment)

    def answer(self, source: Source, targets: Sequence[Target]) -> frozenset[str]:
        """What the backend asks for in an environment of what is known so far.

        Raises backend.HookError when it can't be asked on this machine, UnsatisfiableError when it
        would fail on the targets just as well.
        """
        self.folders += 1
        name = f"environment-{self.folders}"
        environment = backend.create(self.resolver, name, targets[0].python)
        host = environment.target
        if host is None:
            raise backend.HookError("nothing can be locked for this machine")
        installation = self.here(source, host)
        packages = _packages(installation)
        backend.install(self.resolver, environment, packages, build=host in targets)
        folder = self.unpack(source, environment.folder.parent / "source")
        try:
            return backend.ask(self.resolver, environment, folder, self.systems[source])
        except backend.HookError as error:
            if error.missing is None or host not in targets:
                raise
            raise UnsatisfiableError(uv_messages.undeclared(source.name, error.missing)) from None

    def here(self, source: Source, host: Target) -> Installation:
        """The environment of a build for the interpreter that is at hand."""
        requires = self.requires[source]
        found = self.environments.get((requires, host))
        if found is not None:
            return found
        if not requires:
            return _empty(host)
        [outcome] = self.resolver.answer([self.question(requires, [host])], self.preferred)
        try:
            [installation] = self.installations(outcome, requires, [host])
        except UnsatisfiableError as error:
            raise backend.HookError(str(error)) from None
        return installation

    def builds(self, needed: Iterable[tuple[Source, Target]]) -> list[Build]:
        """The builds as they are written."""
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

    @contextmanager
    def naming(self, *sources: Source) -> Iterator[None]:
        """Makes errors say where they belong."""
        try:
            yield
        except backend.HookError:
            raise
        except LockError as error:
            names = ", ".join(map(str, sources))
            raise type(error)(f"{self.file}: {names}: {error}") from None


def installations(
    outcome: uv.Outcome,
    requires: Iterable[str],
    targets: Iterable[Target],
    prefer_sdist: Collection[str] = (),
) -> list[Installation]:
    """What uv resolved for a build on each target; `prefer_sdist` is that of `parse`.

    Raises UnsatisfiableError when it didn't, or a target has no file; UsageError for the network.
    """
    ordered = sorted(targets, key=lambda target: target.system.name)
    what = ", ".join(sorted(requires))
    if outcome.exit_code != 0:
        told = uv_messages.explain(outcome.messages, "the build", ordered)
        reason = "".join(f"\n  {line}" for line in told.splitlines())
        kind = UnsatisfiableError if outcome.exit_code == 1 else UsageError
        if uv_messages.is_offline(outcome.messages):
            kind = UsageError
        raise kind(f"what the build needs can't be resolved ({what}):{reason}")
    resolution = parse(outcome.lock, uv.ROOT, prefer_sdist)
    found = [install(resolution, target) for target in ordered]
    try:
        files_of(found)
    except LockError as error:
        raise type(error)(f"what the build needs can't be pinned ({what}):\n{error}") from None
    return found


def _packages(installation: Installation) -> list[Package]:
    return [*installation.packages.values()]


def _empty(target: Target) -> Installation:
    return Installation(target, {}, {}, {})

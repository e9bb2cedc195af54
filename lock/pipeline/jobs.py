"""The locks of one command: one for each Python, all of them written or none."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from lock.errors import LockError, UnsatisfiableError
from lock.io import files, parallel, temporary
from lock.lockfile import canonical, changes, existing
from lock.lockfile.freshness import check_fresh
from lock.lockfile.sources import Sources
from lock.models.requirements import Requirements
from lock.models.target import Target
from lock.pipeline.pin import pin
from lock.resolution.request import Preferences, options_of
from lock.resolution.uv import Resolver

# The variable of whoever never wants files to be looked at.
NO_NATIVE = "WHEELHOUSE_NO_NATIVE"


@dataclass(frozen=True)
class Job:
    """A lock to make for one Python."""

    sources_file: Path
    targets: Sequence[Target]
    # Versions that are chosen where they serve.
    preferences: Preferences
    # Whether what packages need of the system is looked at.
    native: bool = True
    # Whether the licences of packages are written into the lock.
    licenses: bool = False

    @property
    def python(self) -> str:
        """Return the version of Python."""
        return self.targets[0].python


@dataclass(frozen=True)
class Lock:
    """A lock that has been made, and how it differs from the file that is there."""

    job: Job
    sources: Sources
    warnings: Sequence[str]
    # Of the file to write.
    text: str
    # The versions of the existing lock; empty where there is none.
    before: changes.Versions
    # Whether the file has this text already.
    is_unchanged: bool
    # The number of the file's format where that is an older one; 0 where it isn't.
    older_format: int = 0
    # Whether nothing but the format differs from the file.
    is_only_renewed: bool = False

    @cached_property
    def changes(self) -> list[changes.Change]:
        """Return what differs from the existing lock."""
        return changes.between(self.before, self.sources.versions)


def check(jobs: Sequence[Job], requirements: Requirements, origin: str) -> None:
    """Raise UnsatisfiableError, which says why, where a file isn't the lock of the requirements."""
    for job in jobs:
        file = job.sources_file
        check_fresh(file, requirements, job.targets, origin)
        # They differ only where an option asks for the other.
        if job.licenses != existing.has_licenses(file):
            raise UnsatisfiableError(
                f"{file}: the lock has {'no' if job.licenses else 'the'} licences of its packages; "
                "run lock without --check to change that"
            )


def make(
    jobs: Sequence[Job],
    requirements: Requirements,
    origin: str,
    environment: Mapping[str, str],
    convert: Callable[[str, Path], str] | None = None,
) -> list[Lock]:
    """Make the locks; `convert` turns the text of a lock, and its file, into another format.

    Raises LockError where one can't be made; nothing is written.
    """
    options = options_of(requirements)
    with temporary.temporary_folder() as parent:

        def make_one(job: Job) -> Lock:
            folder = parent / job.python
            folder.mkdir()
            # Other formats than our own don't say it.
            native = job.native and convert is None and not environment.get(NO_NATIVE)
            resolver = Resolver(folder, environment, replace(options, native=native))
            try:
                sources, warnings = pin(
                    resolver, requirements, job.targets, origin, job.preferences
                )
                if native:
                    # Imported here because exports, and `--no-native`, look at no file.
                    from lock.pipeline.system_needs import with_system_needs

                    sources = with_system_needs(resolver, sources, job.sources_file)
                if job.licenses:
                    # Imported here because most locks have no licences.
                    from lock.pipeline.licenses import with_licenses

                    sources = with_licenses(resolver, sources, job.sources_file)
                return _lock(job, sources, warnings, convert)
            except LockError as error:
                if len(jobs) == 1:
                    raise
                raise type(error)(f"Python {job.python}: {error}") from None

        return parallel.map_threads(make_one, jobs)


def write(locks: Sequence[Lock], others: Mapping[Path, str] | None = None) -> None:
    """Write the locks, and other files with them: all or none. Raises OSError."""
    files.write({**(others or {}), **{lock.job.sources_file: lock.text for lock in locks}})


def _lock(
    job: Job,
    sources: Sources,
    warnings: Sequence[str],
    convert: Callable[[str, Path], str] | None,
) -> Lock:
    file = job.sources_file
    text = canonical.dump(sources.document(file.parent))
    older = existing.older_format(file) if convert is None else 0
    if convert is not None:
        text = convert(text, file)
    before = {
        (preference.name, preference.version)
        for preference in existing.preferences(file).environment
    }
    return Lock(
        job,
        sources,
        warnings,
        text,
        changes.versions(before),
        files.has_text(file, text),
        older,
        is_only_renewed=bool(older) and existing.differs_by_format(file, text),
    )

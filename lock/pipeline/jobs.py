"""The work of one command: a lock for each Python, all of them written or none."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from lock.errors import LockError
from lock.io import files, parallel, temporary
from lock.lockfile import canonical, changes, requested
from lock.lockfile.sources import Sources
from lock.models.requirements import Requirements
from lock.models.target import Target
from lock.pipeline.pin import pin
from lock.resolution import preferences, uv
from lock.resolution.preferences import Previous


@dataclass(frozen=True)
class Job:
    """A lock to make, for one Python."""

    sources_file: Path
    targets: Sequence[Target]
    # What stays where it can.
    previous: Previous


@dataclass(frozen=True)
class Made:
    """A lock that has been made, and what it is instead of."""

    job: Job
    sources: Sources
    warnings: Sequence[str]
    # Of the file.
    text: str
    # The versions of the lock that was there; none where there was no lock.
    before: changes.Versions
    # Whether the file was this already.
    is_written: bool

    @cached_property
    def changes(self) -> list[changes.Change]:
        """What differs from the lock that was there."""
        return changes.between(self.before, self.sources.versions)


def check(jobs: Sequence[Job], wanted: Requirements, origin: str) -> None:
    """Raises UnsatisfiableError, which says why, when a file isn't the lock of the requirements."""
    for job in jobs:
        requested.check_fresh(job.sources_file, wanted, job.targets, origin)


def make(
    jobs: Sequence[Job],
    wanted: Requirements,
    origin: str,
    environment: Mapping[str, str],
    rendered: Callable[[str, Path], str] | None = None,
) -> list[Made]:
    """Makes the locks; `rendered` turns the text of each, and its file, into another format's.

    Raises LockError when one can't be made; nothing is written.
    """
    options = requested.options(wanted)
    with temporary.folder() as scratch_folder:

        def one(job: Job) -> Made:
            python = job.targets[0].python
            folder = scratch_folder / python
            folder.mkdir()
            resolver = uv.Resolver(folder, environment, options)
            try:
                return _made(
                    job, *pin(resolver, wanted, job.targets, origin, job.previous), rendered
                )
            except LockError as error:
                if len(jobs) == 1:
                    raise
                raise type(error)(f"Python {python}: {error}") from None

        return parallel.each(one, jobs)


def _made(
    job: Job,
    sources: Sources,
    warnings: Sequence[str],
    rendered: Callable[[str, Path], str] | None,
) -> Made:
    file = job.sources_file
    text = canonical.dump(sources.data(file.parent))
    if rendered is not None:
        text = rendered(text, file)
    before = {(one.name, one.version) for one in preferences.read(file).environment}
    return Made(job, sources, warnings, text, changes.versions(before), files.holds(file, text))


def write(made: Sequence[Made], others: Mapping[Path, str] | None = None) -> None:
    """Writes the locks, and other files with them, all or none. Raises OSError."""
    files.write({**(others or {}), **{one.job.sources_file: one.text for one in made}})

"""The work of one command: a lock for each Python, all of them written or none."""

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from lock import canonical, output, parallel, requested, uv
from lock.errors import LockError
from lock.pinning import pin
from lock.previous import Previous
from lock.requirements import Requirements
from lock.sources import Sources
from lock.target import Target


@dataclass(frozen=True)
class Job:
    """A lock to make, for one Python."""

    sources_file: Path
    targets: Sequence[Target]
    # What stays where it can.
    previous: Previous


def check(jobs: Sequence[Job], wanted: Requirements, origin: str) -> None:
    """Raises UnsatisfiableError, which says why, when a file isn't the lock of the requirements."""
    for job in jobs:
        requested.check_fresh(job.sources_file, wanted, job.targets, origin)


def lock(
    jobs: Sequence[Job], wanted: Requirements, origin: str, environment: Mapping[str, str]
) -> list[tuple[Sources, list[str]]]:
    """Makes the locks and writes them; what each one is, and its warnings.

    Raises LockError when one can't be made, OSError when one can't be written; if none could be
    made or written, every file is as it was.
    """
    options = requested.options(wanted)
    with tempfile.TemporaryDirectory(prefix="wheelhouse-lock-") as scratch:

        def make(job: Job) -> tuple[Sources, list[str]]:
            python = job.targets[0].python
            folder = Path(scratch, python)
            folder.mkdir()
            resolver = uv.Resolver(folder, environment, options)
            try:
                return pin(resolver, wanted, job.targets, origin, job.previous)
            except LockError as error:
                if len(jobs) == 1:
                    raise
                raise type(error)(f"Python {python}: {error}") from None

        made = parallel.each(make, jobs)
    output.write(
        {
            job.sources_file: canonical.dump(sources.data(job.sources_file.parent))
            for job, (sources, _) in zip(jobs, made, strict=True)
        }
    )
    return made

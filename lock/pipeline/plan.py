"""Plans the locks of a command, with defaults for what the user leaves out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from lock.errors import UsageError
from lock.io import files as output
from lock.lockfile import existing
from lock.models.requirements import Requirements
from lock.models.target import DEFAULT_SYSTEMS, Target, check_python, only_python, with_floors
from lock.pipeline.environments import lockable, with_note
from lock.pipeline.file_names import PYTHON_UNKNOWN, python_of_folder
from lock.pipeline.group_choice import only_groups
from lock.pipeline.jobs import Job
from lock.resolution.request import Preferences


@dataclass(frozen=True)
class LockOptions:
    """The options of the command line, checked."""

    systems: tuple[str, ...] = ()
    # Kind of platform → the oldest version that files must run on.
    floors: Mapping[str, str] = field(default_factory=dict)
    # Whether all versions of the existing lock are given up, or those of these packages.
    upgrade: bool = False
    upgraded: frozenset[str] = frozenset()
    # RFC 3339, in UTC.
    exclude_newer: str | None = None
    # The groups to lock beside the default one; empty for those of the existing lock.
    only_groups: tuple[str, ...] = ()
    all_groups: bool = False
    # Whether a project itself is locked; None for what the existing lock has.
    project: bool | None = None


@dataclass(frozen=True)
class Plan:
    """The locks that a command makes."""

    requirements: Requirements
    # The file of the requirements, as the user named it.
    origin: Path
    jobs: Sequence[Job]

    @property
    def summary(self) -> str:
        """Return in one line what is being done."""
        pythons = ", ".join(job.python for job in self.jobs)
        systems = ", ".join(target.system.name for target in self.jobs[0].targets)
        return f"resolving for Python {pythons} on {systems}"


def plan(
    requirements: Requirements,
    origin: Path,
    files: Sequence[tuple[Path, str | None]],
    options: LockOptions,
    *,
    writes: bool = True,
) -> Plan:
    """Plan a lock for each file and its Python, which is None where it is still unknown.

    What the options and the requirements leave open is that of the existing lock.

    Raises UsageError where no Python is named, and where the locks are to be written and can't be.
    """
    if options.exclude_newer:
        requirements = replace(requirements, exclude_newer=options.exclude_newer)
    if not options.all_groups:
        before = (group for file, _ in files for group in existing.only_groups(file))
        groups = options.only_groups or tuple(dict.fromkeys(before))
        requirements = only_groups(requirements, groups, origin)
    requirements = with_note(requirements, _unread(origin))
    systems = options.systems or requirements.systems
    floors = {**requirements.floors, **options.floors}
    jobs = []
    for file, python in files:
        output.check_distinct(file, origin)
        output.check_writable(file) if writes else output.check_regular(file)
        version = choose_python(python, required_python(requirements), file, origin)
        existing_systems = existing.systems(file)
        chosen = with_floors(
            systems or [*existing_systems] or DEFAULT_SYSTEMS,
            {**_floors_of(existing_systems), **floors},
        )
        preferences = (
            Preferences() if options.upgrade else existing.preferences(file, options.upgraded)
        )
        targets, note = lockable(
            requirements,
            [Target(system, version) for system in chosen],
            origin,
            asked=bool(systems),
        )
        requirements = with_note(requirements, note)
        jobs.append(Job(file, targets, preferences))
    return Plan(requirements, origin, jobs)


def _unread(origin: Path) -> str:
    """Return a note on settings beside requirements of pip's form; empty without any."""
    if not origin.name.endswith((".txt", ".in")):
        return ""
    # Imported here because it loads a parser of TOML.
    from lock.inputs import uv_files

    return uv_files.unread(origin)


def includes_project(
    options: LockOptions, requirements: Requirements, files: Sequence[tuple[Path, str | None]]
) -> bool:
    """Return whether a project is locked with what it depends on.

    That is what the options say, and else what the existing locks in `files` have.
    """
    if options.project is not None:
        return options.project
    own = any(project.is_own for project in requirements.projects)
    return not (own and any(existing.has_only_dependencies(file) for file, _ in files))


def required_python(requirements: Requirements) -> str | None:
    """Return the version of Python that the requirements name, or the only one they support."""
    return requirements.python or only_python(requirements.requires_python)


def choose_python(
    argument: str | None, required: str | None, sources_file: Path, origin: Path
) -> str:
    """Return the version of Python to lock for, checked."""
    if required is not None and argument is None:
        return required
    version = argument or existing.python(sources_file) or python_of_folder(origin)
    if version is None:
        raise UsageError(PYTHON_UNKNOWN)
    try:
        return check_python(version)
    except UsageError as error:
        raise UsageError(f"{'lock' if argument else sources_file}: {error}") from None


def _floors_of(systems: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    """Return the oldest platforms of an existing lock's systems, by their kinds."""
    return {kind: version for floor in systems.values() for kind, version in floor.items()}

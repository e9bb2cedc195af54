"""Plans the locks of a command, with defaults for what the user leaves out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from lock.errors import UsageError
from lock.inputs import together
from lock.io import files as output
from lock.lockfile import existing
from lock.lockfile.replaceable import Content, kept_content
from lock.models.pythons import check_python, only_python, untested
from lock.models.requirements import Git, Requirements
from lock.models.target import DEFAULT_SYSTEMS, Target, with_floors
from lock.pipeline.environments import lockable, with_note
from lock.pipeline.file_names import PYTHON_FILE, SOURCES, python_of_folder, python_unknown
from lock.pipeline.group_choice import only_groups
from lock.pipeline.jobs import Job
from lock.pipeline.supported_targets import without_environment
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
    # The members of a workspace to lock; empty for those of the existing lock.
    packages: tuple[str, ...] = ()
    all_packages: bool = False
    # Whether a project itself is locked; None for what the existing lock has.
    project: bool | None = None
    # Whether what packages need of the system is looked at.
    native: bool = True
    # Whether licences are written into the lock; None for what the existing lock has.
    licenses: bool | None = None


@dataclass(frozen=True)
class Plan:
    """The locks that a command makes."""

    requirements: Requirements
    # The files of the requirements, as the user named them and as messages do.
    origin: str
    jobs: Sequence[Job]
    # What the user should know of it, a line each.
    notes: Sequence[str] = ()

    @property
    def summary(self) -> str:
        """Return in one line what is being done."""
        pythons = ", ".join(job.python for job in self.jobs)
        systems = ", ".join(target.system.name for target in self.jobs[0].targets)
        return f"resolving for Python {pythons} on {systems}"


def plan(
    requirements: Requirements,
    origins: Sequence[Path],
    files: Sequence[tuple[Path, str | None]],
    options: LockOptions,
    *,
    writes: bool = True,
) -> Plan:
    """Plan a lock for each file and its Python, which is None where it is still unknown.

    `origins` are the files of the requirements. What the options and the requirements leave open is
    that of the existing lock.

    Raises UsageError where no Python is named, and where the locks are to be written and can't be.
    """
    origin = together.names(origins)
    if options.exclude_newer:
        requirements = replace(requirements, exclude_newer=options.exclude_newer)
    if not options.all_groups:
        before = (group for file, _ in files for group in existing.only_groups(file))
        groups = options.only_groups or tuple(dict.fromkeys(before))
        requirements = only_groups(requirements, groups, origin)
    _check_clashes(requirements, origin, several=len(origins) > 1)
    for one in origins:
        requirements = with_note(requirements, _unread(one))
    systems = options.systems or requirements.systems
    floors = {**requirements.floors, **options.floors}
    jobs, notes = [], []
    for file, python in files:
        for one in origins:
            output.check_distinct(file, one)
        if writes:
            output.check_writable(file)
        else:
            output.check_regular(file)
        # A lock of a newer format is refused even where nothing is written.
        content = kept_content(file)
        if writes and content is not None:
            raise _not_replaceable(file, content, origins, python)
        version = choose_python(python, requirements, file, origins[0])
        existing_systems = existing.systems(file)
        chosen = with_floors(
            systems or [*existing_systems] or DEFAULT_SYSTEMS,
            {**_floors_of(existing_systems), **floors},
        )
        preferences = (
            Preferences() if options.upgrade else _preferences(file, requirements, options)
        )
        targets, note = lockable(
            requirements,
            [Target(system, version) for system in chosen],
            origin,
            asked=bool(systems),
        )
        requirements = with_note(requirements, note)
        requirements = with_note(requirements, untested(version))
        if not systems:
            targets, left_out = _of_lock(requirements, targets)
            notes += [f"{origin}: {line}" for line in left_out]
        licenses = existing.has_licenses(file) if options.licenses is None else options.licenses
        jobs.append(Job(file, targets, preferences, native=options.native, licenses=licenses))
    return Plan(requirements, origin, jobs, [*dict.fromkeys(notes)])


def _check_clashes(requirements: Requirements, origin: str, *, several: bool) -> None:
    """Raise UsageError where files together say of a package what can't both be."""
    excluded = several and requirements.settings.excluded
    if not (requirements.from_nixpkgs or requirements.replaced or excluded):
        return
    # Imported here because few requirements have such packages.
    from lock.inputs.documents.source_lines import lines_naming
    from lock.inputs.values.clashes import clashes, exclusions

    found = [*clashes(requirements), *(exclusions(requirements) if several else ())]
    if found:
        lines = [f"{origin}: {clash}" for clash in found]
        lines += [f"  {line}" for line in lines_naming(origin, {clash.name for clash in found})]
        raise UsageError("\n".join(lines))


def _preferences(file: Path, requirements: Requirements, options: LockOptions) -> Preferences:
    """Return what an existing lock has: versions, and commits of repositories."""
    found = existing.preferences(file, options.upgraded)
    references = {
        one.name: one.reference
        for one in requirements.every_requirement()
        if isinstance(one.reference, Git)
    }
    if not references:
        return found
    commits = existing.commits(file, references, options.upgraded)
    versions = [one for one in found.environment if one.name not in references]
    return replace(found, environment=(*versions, *commits))


def _of_lock(
    requirements: Requirements, targets: Sequence[Target]
) -> tuple[Sequence[Target], list[str]]:
    """Return the targets that the lock of another tool is for, and a line about the others.

    Where it is for none of them, all stay, and locking refuses them.
    """
    left_out = without_environment(requirements, targets)
    rest = [target for target in targets if target not in left_out]
    if not (left_out and rest):
        return targets, []
    names = ", ".join(target.system.name for target in left_out)
    return rest, [f"the lock isn't for {names}; only its own systems are locked"]


def _not_replaceable(
    file: Path, content: Content, origins: Sequence[Path], python: str | None
) -> UsageError:
    """Return the error for an existing file that is no lock."""
    remedy = "name another file to write"
    has_lock = any(one.suffix == ".lock" for one in origins)
    if content.is_input and file.name != SOURCES and not has_lock:
        named = [f"-r {one}" for one in (*origins, file)]
        command = " ".join(["lock", *([python] if python else []), *named])
        remedy += f", or lock several files together with `{command}`"
    return UsageError(
        f"{file}: this is no lock but {content.description}, which stays as it is; {remedy}"
    )


def _unread(origin: Path) -> str:
    """Return a note on settings beside requirements of pip's form; empty without any."""
    if not origin.name.endswith((".txt", ".in")):
        return ""
    # Imported here because it loads a parser of TOML.
    from lock.inputs.uv import uv_files

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


def chosen_members(
    options: LockOptions, files: Sequence[tuple[Path, str | None]]
) -> tuple[str, ...]:
    """Return the members of a workspace that are locked; none stand for all.

    They are those of the options, and else those of the existing locks in `files`.
    """
    if options.packages or options.all_packages:
        return options.packages
    return tuple(dict.fromkeys(name for file, _ in files for name in existing.only_members(file)))


def required_python(requirements: Requirements) -> str | None:
    """Return the version of Python that the requirements name, or the only one they support."""
    return requirements.python or only_python(requirements.requires_python)


def choose_python(
    argument: str | None, requirements: Requirements, sources_file: Path, origin: Path
) -> str:
    """Return the version of Python to lock for, checked."""
    required = required_python(requirements)
    where, version = "lock", argument
    if required is not None and argument in (None, required):
        where, version = str(origin), required
    if version is None:
        where, version = str(sources_file), existing.python(sources_file)
    if version is None:
        where, version = str(origin.with_name(PYTHON_FILE)), python_of_folder(origin)
    if version is None:
        raise UsageError(python_unknown(requirements.requires_python))
    try:
        return check_python(version)
    except UsageError as error:
        raise UsageError(f"{where}: {error}") from None


def _floors_of(systems: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    """Return the oldest platforms of an existing lock's systems, by their kinds."""
    return {kind: version for floor in systems.values() for kind, version in floor.items()}

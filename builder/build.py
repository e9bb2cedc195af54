"""Build the wheel of a source distribution, offline, in the locked build environment."""

import os
import shutil
import stat
import tarfile
import tomllib
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from builder.errors import BuildError

# The default of PEP 517, for a project that names no backend.
LEGACY_BACKEND = "setuptools.build_meta:__legacy__"
# Backends that read the version from git take it from these: a folder in the store has no history.
VERSION_VARIABLES = (
    "PBR_VERSION",
    "PDM_BUILD_SCM_VERSION",
    "POETRY_DYNAMIC_VERSIONING_BYPASS",
    "SETUPTOOLS_SCM_PRETEND_VERSION",
)
PATCHES_SEEN_FROM = "the project's folder, with one leading folder, as in `a/setup.py`"
PROJECT_FILES = ("pyproject.toml", "setup.py", "setup.cfg")
# Of what a build gets, so many are named.
MOST_NAMED = 4
ADVICE = (
    "A missing module goes into the package's `build-requires`, a missing library or program into "
    "`overrides.{name}`"
)


@dataclass(frozen=True)
class Backend:
    """The build backend of a project.

    `name` is an object reference, `path` the folders of the project that it is imported from
    (`backend-path`).
    """

    name: str
    path: tuple[str, ...]


def main(spec: dict[str, Any], out: Path) -> None:
    """Build the wheel of `spec["source"]` into the folder `out`."""
    package = f"{spec['package']} {spec['version']}"
    scratch = Path.cwd()
    source = Path(spec["source"]["path"])
    if (wheel := wheel_in(source)) is not None:
        write_result(wheel, out)
        return
    below = spec["source"].get("subdirectory", "")
    if source.is_dir():
        check_project(source / below, package)
        # The whole repository: a build may read what lies beside its project.
        project = find_project(copy_project(source, scratch / "source"), below)
        add_missing_files(project, spec["source"]["placeholders"], spec["package"], spec["version"])
        os.environ.update(dict.fromkeys(VERSION_VARIABLES, spec["version"]))
    else:
        archive = unpack_sdist(source, spec["source"]["name"], scratch / "source")
        project = find_project(archive, below)
    if spec["patches"]:
        from builder.apply_patch import apply_patch

        for patch in spec["patches"]:
            apply_patch(Path(patch), project, package, PATCHES_SEEN_FROM)
    wheel = build_wheel(
        project,
        read_backend(project, spec["source"]["name"]),
        choose_python(project, spec, scratch),
        spec["configSettings"],
        scratch / "wheel",
        package,
        spec["package"],
        spec["advice"],
        spec["inputs"],
    )
    write_result(wheel, out)


def write_result(wheel: Path, out: Path) -> None:
    """Write a wheel into the new folder `out`, and what libraries it was linked with."""
    from builder.linked_libraries import write_linked_folders

    out.mkdir()
    shutil.copyfile(wheel, out / wheel.name)
    write_linked_folders(wheel, out)


def choose_python(project: Path, spec: dict[str, Any], scratch: Path) -> str:
    """Return the interpreter that builds, that of the build environment or of a prefix like it.

    The prefix has the inputs, where the project looks for them there, and in place of scripts that
    can't be run here such that can.
    """
    from builder.build_prefix import looks_there, make_prefix
    from builder.stranded_scripts import replace_scripts, stranded_scripts

    python, site = Path(spec["python"]), spec["sitePackages"]
    search = f"{python.parent}:{os.environ.get('PATH', '')}"
    scripts = dict(stranded_scripts(python.parent.parent / site, search))
    headers, libraries = spec["headers"], spec["libraries"]
    if not ((headers or libraries) and looks_there(project)):
        headers, libraries = [], []
    if not (headers or libraries or scripts):
        return os.fspath(python)
    made = make_prefix(python, headers, libraries, scratch / "prefix")
    replace_scripts(scratch / "prefix", site, scripts)
    return os.fspath(made)


def wheel_in(source: Path) -> Path | None:
    """Return the only wheel of a folder that is no project: the result of another build."""
    wheels = sorted(source.glob("*.whl")) if source.is_dir() else []
    return wheels[0] if len(wheels) == 1 and not is_project(source) else None


def is_project(folder: Path) -> bool:
    """Return whether a folder has a file that backends build a project by."""
    return any((folder / name).exists() for name in PROJECT_FILES)


def check_project(folder: Path, package: str) -> None:
    """Raise BuildError for a folder that is no project, of which setuptools would build anything.

    A folder that isn't there is left to `find_project`.
    """
    if not folder.is_dir() or is_project(folder):
        return
    wheels = len(list(folder.glob("*.whl")))
    found = f"{wheels} wheels, where one was expected" if wheels else "no wheel"
    raise BuildError(
        f"{package}: {folder} is no project: it has none of {', '.join(PROJECT_FILES)}, and {found}"
    )


def find_project(top: Path, subdirectory: str) -> Path:
    """Return the folder of a project below the top of a source. Raises BuildError without one."""
    project = Path(os.path.normpath(top / subdirectory))
    if not (project.is_relative_to(top) and project.is_dir()):
        raise BuildError(f"there is no folder {subdirectory} in it; lock again")
    return project


def copy_project(source: Path, folder: Path) -> Path:
    """Copy a project out of the store and make it writable, since its build may write into it."""
    shutil.copytree(source, folder, symlinks=True)
    for parent, _, files in os.walk(folder):
        for path in (parent, *(os.path.join(parent, file) for file in files)):
            if not os.path.islink(path):
                os.chmod(path, os.stat(path).st_mode | stat.S_IWUSR)
    return folder


def add_missing_files(project: Path, placeholders: Sequence[str], name: str, version: str) -> None:
    """Add what backends expect of a project: its documents, empty, and PKG-INFO with the version.

    PKG-INFO is what source distributions have (core metadata specifications); other backends that
    read the version from git read it from there without git.
    """
    for placeholder in placeholders:
        (project / placeholder).touch()
    metadata = project / "PKG-INFO"
    if not metadata.exists():
        text = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
        metadata.write_text(text, encoding="utf-8")


def unpack_sdist(file: Path, name: str, folder: Path) -> Path:
    """Unpack a source distribution; return its top-level folder (source distribution format).

    Raises BuildError for an archive that is damaged, has files outside of `folder`, or doesn't have
    exactly one top-level folder.
    """
    folder.mkdir()
    try:
        if name.endswith(".zip"):
            with zipfile.ZipFile(file) as archive:
                archive.extractall(folder)
        else:
            with tarfile.open(file) as archive:
                # Some patch releases of Python 3.11 lack the filter (PEP 706).
                archive.extraction_filter = getattr(tarfile, "data_filter", None)
                archive.extractall(folder, members=map(check_member, archive))
    except (tarfile.TarError, zipfile.BadZipFile, EOFError, OSError) as error:
        raise BuildError(f"{name} can't be unpacked: {error}") from error
    folders = [entry for entry in folder.iterdir() if entry.is_dir()]
    if len(folders) != 1:
        raise BuildError(f"{name} is no source distribution: it has not one folder at its top")
    return folders[0]


def check_member(member: tarfile.TarInfo) -> tarfile.TarInfo:
    """Return the member. Raises tarfile.TarError if its path leads outside of the archive."""
    path = os.path.normpath(member.name)
    if os.path.isabs(path) or path.split("/", 1)[0] == "..":
        raise tarfile.ExtractError(f"{member.name} lies outside of it")
    return member


def read_backend(project: Path, name: str) -> Backend:
    """Return the backend that pyproject.toml names (PEP 517, PEP 518).

    Raises BuildError if the file is not TOML.
    """
    file = project / "pyproject.toml"
    try:
        table = tomllib.loads(file.read_text("utf-8")) if file.exists() else {}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BuildError(f"{name}: its pyproject.toml can't be read: {error}") from error
    system = table.get("build-system", {})
    return Backend(
        system.get("build-backend", LEGACY_BACKEND), tuple(system.get("backend-path", ()))
    )


def build_wheel(
    project: Path,
    backend: Backend,
    python: str,
    settings: Mapping[str, Any],
    folder: Path,
    package: str,
    name: str,
    advice: str | None,
    inputs: Mapping[str, Sequence[str]],
) -> Path:
    """Call the backend's `build_wheel` with the interpreter `python` (PEP 517).

    Returns the wheel's path in `folder`. Raises BuildError if the backend is missing or fails; it
    ends in what the log says to be missing, else in `advice`. `package` is the name and version for
    messages, `name` the name alone, `inputs` what the build gets of the package set (see
    `describe_missing`).
    """
    from pyproject_hooks import BackendUnavailable, BuildBackendHookCaller

    from builder.shown_output import OutputError

    folder.mkdir()
    caller = BuildBackendHookCaller(
        os.fspath(project),
        backend.name,
        list(backend.path) or None,
        runner=_run_hook,
        python_executable=python,
    )
    try:
        wheel = caller.build_wheel(os.fspath(folder), dict(settings))
    except BackendUnavailable as error:
        why = error.traceback.strip()
        raise BuildError(
            f"{package}: its build backend {backend.name} is not in the locked build environment "
            f"({why.splitlines()[-1]}). {describe_missing(name, why, advice, inputs)}"
        ) from error
    except OutputError as error:
        raise BuildError(
            f"{package}: its build backend {backend.name} failed; the lines above say why. "
            f"{describe_missing(name, error.output, advice, inputs)}"
        ) from error
    return folder / wheel


def describe_missing(
    name: str, log: str, advice: str | None, inputs: Mapping[str, Sequence[str]]
) -> str:
    """Return what a log says to be missing, and what to do; else `advice`, or the usual one.

    `inputs` has attributes of the package set: `build` and `native`, which the build gets, and
    `lacking`, which its source asks for and the package set lacks.
    """
    from native.build_hint import attribute_name, build_hint, lacking_sentence, pkgs_list
    from native.missing_things import missing_things
    from native.tables import Inputs

    given, lacking = Inputs(tuple(inputs["build"]), tuple(inputs["native"])), inputs["lacking"]
    hint = build_hint(name, missing_things(log), advice, given, lacking)
    text = hint or advice or ADVICE.format(name=name)
    if lacking and not hint:
        text = f"{text.rstrip('.')}. {lacking_sentence(lacking)}"
    # Without the input, a build may leave out the very part that fails.
    if given != Inputs() and "\n" not in hint:
        had = [*given.build, *given.native_build]
        more = f" and {len(had) - MOST_NAMED} more" if len(had) > MOST_NAMED else ""
        text = (
            f"{text.rstrip('.')}. It gets {pkgs_list(had[:MOST_NAMED])}{more}, which its source "
            "asks for. To build without, write into the arguments of makePythonPypiEnvironment:\n"
            f"  overrides.{attribute_name(name)}.nativeLibraries = false;"
        )
    return text


def _run_hook(
    cmd: Sequence[str], cwd: str | None = None, extra_environ: Mapping[str, str] | None = None
) -> None:
    """Run a hook with the programs of the build environment, such as ninja, on PATH."""
    from builder.shown_output import run_shown

    programs = os.path.dirname(cmd[0])
    environment = {
        **os.environ,
        "PATH": f"{programs}:{os.environ.get('PATH', '')}",
        "HOME": os.getcwd(),
        **(extra_environ or {}),
    }
    run_shown(cmd, cwd, environment)

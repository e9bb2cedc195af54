"""Change an unpacked package as its override says: patches, and files that are removed."""

import difflib
import os
import shutil
from collections.abc import Iterable, Sequence
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from builder.apply_patch import apply_patch
from builder.errors import BuildError
from builder.stage import (
    EXTRAS,
    Stage,
    headers_folder,
    stage_roots,
    write_stage,
)
from builder.unpack import checked_version, unpack_wheel, write_record
from builder.wheel import read_entry_points

SEEN_FROM = "the wheel's site-packages, with one leading folder, as in `a/pkg/x.py`"


def unpack_edited(spec: dict[str, Any], path: Path, name: str, out: Path) -> None:
    """Unpack the wheel at `path`, whose file name is `name`, and change it by `spec["edits"]`.

    The package is finished as well, unless commands of the user are to follow (`postInstall`).
    """
    edits = spec["edits"]
    roots = stage_roots(spec, out)
    destination, dist_info = unpack_wheel(path, name, roots)
    # Commands of the user may read it; it is written anew once they have run.
    write_record(roots["site"], dist_info, destination.entries["site"])
    stage = Stage(
        name=spec["package"],
        version=checked_version(spec, name, dist_info),
        dist_info=dist_info,
        site=spec["python"]["sitePackages"],
        headers=headers_folder(spec),
        data_programs=tuple(
            entry.path for entry in destination.entries["data"] if entry.path.startswith("bin/")
        ),
    )
    for patch in edits["patches"]:
        apply_patch(Path(patch), roots["site"], stage.label, SEEN_FROM)
    remove_files(stage, out, edits["remove"])
    # What remains in their place is a launcher that the build backend wrote. From here on, a
    # program with the name of an entry point is one that the user wants in its place.
    for name in {point["name"] for point in entry_points(stage, out)} & programs(out):
        (out / "bin" / name).unlink()
    write_stage(stage, out)
    if not edits["postInstall"]:
        from builder.finish import main as finish

        finish(spec, out)


def programs(out: Path) -> set[str]:
    """Return the names of the files in `bin`."""
    folder = out / "bin"
    return set(os.listdir(folder)) if folder.is_dir() else set()


def entry_points(stage: Stage, out: Path) -> list[dict[str, str]]:
    """Return the entry points of an edited package. Raises BuildError for a file that is invalid.

    Raises BuildError as well if it has no METADATA any more.
    """
    folder = out / stage.site / stage.dist_info
    if not (folder / "METADATA").is_file():
        raise BuildError(
            f"{stage.label}: its edits removed {stage.dist_info}/METADATA, without which it is no "
            "distribution; let `patches`, `remove` and `postInstall` leave it"
        )
    file = folder / "entry_points.txt"
    try:
        return read_entry_points(file.read_text("utf-8")) if file.is_file() else []
    except ValueError as error:
        raise BuildError(
            f"{stage.label}: its edits left a {stage.dist_info}/{file.name} that can't be read "
            f"({error})"
        ) from error


def is_removed(path: str, globs: Iterable[str]) -> bool:
    """Return whether a path, seen from the top of an environment, is one that `remove` names."""
    return any(fnmatchcase(path, glob) for glob in globs)


def remove_files(stage: Stage, out: Path, globs: Sequence[str]) -> None:
    """Remove the files and folders that globs name. Raises BuildError for one that names nothing.

    The launcher of an entry point is one of the files, although it is written much later.
    """
    if not globs:
        return
    paths = [path for path in staged_paths(out) if path != record_path(stage)]
    launchers = [f"bin/{entry_point['name']}" for entry_point in entry_points(stage, out)]
    for glob in globs:
        if not any(fnmatchcase(path, glob) for path in (*paths, *launchers)):
            raise BuildError(nothing_to_remove(stage, glob, [*paths, *launchers]))
    for path in paths:
        target = out / path
        if not is_removed(path, globs) or not os.path.lexists(target):
            continue
        if target.is_dir() and not target.is_symlink():
            shutil.rmtree(target)
        else:
            target.unlink()


def record_path(stage: Stage) -> str:
    """Return the path of RECORD, which no edit needs to touch."""
    return f"{stage.site}/{stage.dist_info}/RECORD"


def staged_paths(out: Path) -> list[str]:
    """Return the paths of all files and folders of a package, parents before children."""
    paths = []
    for parent, folders, names in os.walk(out):
        folders[:] = sorted(
            name for name in folders if os.path.join(parent, name) != os.fspath(out / EXTRAS)
        )
        paths += [
            os.path.relpath(os.path.join(parent, name), out) for name in (*folders, *sorted(names))
        ]
    return paths


def nothing_to_remove(stage: Stage, glob: str, paths: list[str]) -> str:
    """Return the message on a glob that names nothing."""
    near = difflib.get_close_matches(glob, paths, 3, cutoff=0.7)
    hint = f"; near ones are {', '.join(near)}" if near else ""
    return (
        f"{stage.label}: `remove` has {glob!r}, which names none of its files{hint}. Paths are "
        f"seen from the top of an environment, as in `{stage.site}/pkg/x.py`, `bin/x` and "
        "`share/x`; a glob names the files below a folder, or the folder"
    )

"""Finish a package that was edited: everything that is noted of it follows the files it now has."""

import os
import shutil
import stat
from importlib.metadata import Distribution
from pathlib import Path
from typing import Any

from builder import bytecode
from builder.distributions import metadata_of
from builder.edits import entry_points, is_removed, programs
from builder.errors import BuildError
from builder.record import Entry
from builder.stage import EXTRAS, Stage, leave_stage, read_stage
from builder.tree_files import BYTECODE_FOLDER, tree_entries, tree_links
from builder.unpack import (
    normalize_name,
    package_notes,
    same_version,
    wire_native_libraries,
    write_notes,
    write_record,
)
from builder.wheel import package_roots


def main(spec: dict[str, Any], out: Path) -> None:
    """Finish the package that `unpack` left in `out`, with the spec that it had."""
    stage = read_stage(out)
    make_accessible(out)
    written = programs(out)
    points = [
        point
        for point in entry_points(stage, out)
        # A program that the user wrote takes the place of its launcher.
        if point["name"] not in written
        and not is_removed(f"bin/{point['name']}", spec["edits"]["remove"])
    ]
    check_metadata(stage, out / stage.site / stage.dist_info)
    leave_stage(stage, out)
    check_links(stage, out)
    site = out / stage.site
    roots = package_roots(site, out / EXTRAS)
    make_executable(roots["scripts"])
    native, _ = wire_native_libraries(spec, out)
    entries = {location: tree_entries(root) for location, root in roots.items()}
    record = f"{stage.dist_info}/RECORD"
    entries["site"] = [entry for entry in entries["site"] if entry.path != record]
    write_record(site, stage.dist_info, [*entries["site"], Entry(record)])
    notes = package_notes(stage.name, stage.version, stage.dist_info, points, native, entries)
    write_notes(out, notes)
    bytecode.compile_tree(spec["python"]["executable"], site)


def check_metadata(stage: Stage, dist_info: Path) -> None:
    """Raise BuildError if METADATA has another name or version than the package has."""
    metadata = metadata_of(Distribution.at(dist_info))
    name, version = metadata.get("Name"), metadata.get("Version")
    if not name or not version:
        found = "no name or no version"
    elif normalize_name(name) != normalize_name(stage.name):
        found = f"the name {name}"
    elif not same_version(version, stage.version):
        found = f"the version {version}"
    else:
        return
    raise BuildError(
        f"{stage.label}: its edits left METADATA with {found}; leave both as they are, or give the "
        "changed package as `source`, with its `version`"
    )


def make_accessible(out: Path) -> None:
    """Let every file be read and every folder be changed, and remove bytecode.

    Commands of the user may have set modes as they are in the store, where all are set again. What
    they imported left bytecode with its time.
    """
    os.chmod(out, 0o755)
    for parent, folders, names in os.walk(out):
        for name in (*folders, *names):
            path = os.path.join(parent, name)
            mode = os.lstat(path).st_mode
            if stat.S_ISDIR(mode):
                os.chmod(path, mode | stat.S_IRWXU)
            elif stat.S_ISREG(mode):
                os.chmod(path, mode | stat.S_IRUSR)
        if BYTECODE_FOLDER in folders:
            folders.remove(BYTECODE_FOLDER)
            shutil.rmtree(os.path.join(parent, BYTECODE_FOLDER))


def make_executable(scripts: Path) -> None:
    """Mark the programs of a package as executable, as `unpack` marks those of any wheel."""
    for parent, _, names in os.walk(scripts):
        for name in names:
            path = os.path.join(parent, name)
            if not os.path.islink(path):
                os.chmod(path, os.stat(path).st_mode | 0o111)


def check_links(stage: Stage, out: Path) -> None:
    """Raise BuildError for a link that leads nowhere, or out of the store."""
    store = os.path.realpath(out.parent)
    for path in tree_links(out):
        target = os.path.realpath(out / path)
        if not os.path.exists(target):
            problem = "leads nowhere"
        elif not target.startswith(f"{store}/"):
            problem = "leads out of the store"
        else:
            continue
        raise BuildError(
            f"{stage.label}: its edits made the link {path}, which {problem} ({target}); "
            "let it lead to a file of the package or of another store path"
        )

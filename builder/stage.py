"""Say where the files of a package stand while it is edited, and where afterwards.

While it is edited they stand where an environment has them, since that is how `remove` and a user's
commands name them: programs in `bin`, data at the top. Afterwards they stand where `compose` looks
for them, as those of any package (`wheel.package_roots`).
"""

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from builder.errors import BuildError
from builder.tree_files import tree_links

# Beside it lies nothing of the package.
EXTRAS = "wheelhouse"
STATE = "edited.json"


@dataclass(frozen=True)
class Stage:
    """A package that is being edited.

    `name` and `version` are the distribution's, `dist_info` the name of its `.dist-info` folder.
    `site` and `headers` are where it has its modules and headers, relative to its top.
    `data_programs` are the files in `bin` that the wheel has as data, not as scripts.
    """

    name: str
    version: str
    dist_info: str
    site: str
    headers: str
    data_programs: tuple[str, ...]

    @property
    def label(self) -> str:
        """Return name and version for messages."""
        return f"{self.name} {self.version}"

    def final_path(self, path: str) -> str:
        """Return where a file stands once the package is finished; both are relative to its top."""
        if path.startswith((f"{self.site}/", f"{EXTRAS}/")):
            return path
        if path.startswith(f"{self.headers}/"):
            return f"{EXTRAS}/headers/{path.removeprefix(f'{self.headers}/')}"
        if path.startswith("bin/") and path not in self.data_programs:
            return f"{EXTRAS}/scripts/{path.removeprefix('bin/')}"
        return f"{EXTRAS}/data/{path}"


def stage_roots(spec: dict[str, Any], out: Path) -> dict[str, Path]:
    """Return where a package has its files while it is edited, by location."""
    return {
        "site": out / spec["python"]["sitePackages"],
        "scripts": out / "bin",
        "data": out,
        "headers": out / headers_folder(spec),
    }


def headers_folder(spec: dict[str, Any]) -> str:
    """Return where an environment has the headers of a package, relative to its top."""
    return f"include/site/python{spec['python']['version']}/{spec['package']}"


def write_stage(stage: Stage, out: Path) -> None:
    """Write down what `finish` can't see in the tree itself."""
    folder = out / EXTRAS
    folder.mkdir(exist_ok=True)
    (folder / STATE).write_text(json.dumps(asdict(stage)), encoding="utf-8")


def read_stage(out: Path) -> Stage:
    """Read what `unpack` wrote down, and remove it. Raises BuildError if there is nothing."""
    file = out / EXTRAS / STATE
    try:
        values = json.loads(file.read_text("utf-8"))
    except FileNotFoundError:
        raise BuildError(f"{out} is not a package that `unpack` left to be finished") from None
    file.unlink()
    return Stage(**{**values, "data_programs": tuple(values["data_programs"])})


def leave_stage(stage: Stage, out: Path) -> None:
    """Move each file to where it stands in a finished package; folders without files go."""
    for path, text in {path: moved_link(stage, out, path) for path in tree_links(out)}.items():
        os.unlink(out / path)
        os.symlink(text, out / path)
    kept = {os.fspath(out / stage.site), os.fspath(out / EXTRAS)}
    for parent, folders, names in os.walk(out, topdown=True):
        folders[:] = sorted(name for name in folders if os.path.join(parent, name) not in kept)
        linked = [name for name in folders if os.path.islink(os.path.join(parent, name))]
        for name in (*names, *linked):
            path = os.path.join(parent, name)
            destination = out / stage.final_path(os.path.relpath(path, out))
            destination.parent.mkdir(parents=True, exist_ok=True)
            os.rename(path, destination)
    remove_empty_folders(out, stage.site)


def moved_link(stage: Stage, out: Path, path: str) -> str:
    """Return the text of a link for the place where it and its target will stand."""
    final, text = stage.final_path(path), os.readlink(out / path)
    target = os.path.normpath(os.path.join(out, os.path.dirname(path), text))
    relative = os.path.relpath(target, out)
    if relative == ".." or relative.startswith("../"):
        return text if final == path else target
    moved = stage.final_path(relative)
    if (final, moved) == (path, relative):
        return text
    return os.path.relpath(moved, os.path.dirname(final))


def remove_empty_folders(out: Path, site: str) -> None:
    """Remove the folders below `out` that hold nothing, but not site-packages itself."""
    for parent, _, _ in os.walk(out, topdown=False):
        if parent not in (os.fspath(out), os.fspath(out / site)) and not os.listdir(parent):
            os.rmdir(parent)

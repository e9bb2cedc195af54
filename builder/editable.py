"""Find out which folders of a working tree hold the modules of an editable project."""

import os
from collections.abc import Iterator
from dataclasses import dataclass

from builder.errors import BuildError

# Of a project's folder; modules lie at the top, in `src`, `lib`, `python`, or not much deeper.
DEPTH = 3


@dataclass(frozen=True)
class EditableProject:
    """A project whose modules are those of a working tree.

    `roots` are the folders, relative to the project's, that its modules are imported from.
    `generated` maps the modules that only the build makes, such as extensions, to their files.
    `built_only` are entries of site-packages that the working tree doesn't have.
    """

    name: str
    roots: tuple[str, ...]
    generated: dict[str, str]
    built_only: tuple[str, ...]
    # The project's own site-packages, for programs that run outside of any working tree.
    site: str


def describe(name: str, site: str, source: str) -> EditableProject:
    """Compare a built project with its source; it has no roots where no module is found there."""
    folders = list(_folders(source))
    roots: dict[str, None] = {}
    generated: dict[str, str] = {}
    built_only = []
    for entry in sorted(os.listdir(site)):
        if entry.endswith(".dist-info") or entry == "__pycache__":
            continue
        root = _root_of(entry, site, source, folders)
        if root is None:
            built_only.append(entry)
        else:
            roots[root] = None
            generated |= _generated(entry, site, os.path.join(source, root))
    return EditableProject(name, tuple(roots), generated, tuple(built_only), site)


def check_found(project: EditableProject) -> None:
    """Raise BuildError for a project of which a working tree has no module."""
    if not project.roots:
        names = ", ".join(project.built_only) or "no module"
        raise BuildError(
            f"{project.name} can't be editable: its wheel has {names}, of which nothing stands in "
            "its folder by the same name. Leave it out of `editable`"
        )


def format_projects(projects: list[EditableProject], module: str) -> str:
    """Return the text of the start-up module (runtime/_wheelhouse_editable.py) with its data."""
    data = {
        project.name: {
            "roots": project.roots,
            "generated": project.generated,
            "site": project.site,
        }
        for project in projects
    }
    marker = 'PROJECTS: "Projects" = {}\n'
    if marker not in module:
        raise BuildError("the start-up module of editable projects has no place for their data")
    return module.replace(marker, f'PROJECTS: "Projects" = {data!r}\n')


def _folders(source: str) -> Iterator[str]:
    """Yield the folders of a project that modules may be imported from, the shallowest first."""
    level = ["."]
    for _ in range(DEPTH):
        yield from level
        level = [
            os.path.normpath(os.path.join(folder, entry.name))
            for folder in level
            for entry in sorted(os.scandir(os.path.join(source, folder)), key=lambda e: e.name)
            if entry.is_dir() and not entry.name.startswith(".")
        ]


def _root_of(entry: str, site: str, source: str, folders: list[str]) -> str | None:
    """Return the folder with the most files of an entry of site-packages; None if none has it."""
    built = set(_files(os.path.join(site, entry)))
    found = [
        (len(built & set(_files(path))), -number, folder)
        for number, folder in enumerate(folders)
        if os.path.exists(path := os.path.join(source, folder, entry))
    ]
    best = max(found, default=None)
    return best[2] if best is not None and best[0] > 0 else None


def _files(path: str) -> Iterator[str]:
    """Yield the files below a folder, relative to it; "" for a file itself."""
    if not os.path.isdir(path):
        yield ""
        return
    for parent, folders, names in os.walk(path):
        folders[:] = [name for name in folders if name != "__pycache__"]
        yield from (os.path.relpath(os.path.join(parent, name), path) for name in names)


def _generated(entry: str, site: str, root: str) -> dict[str, str]:
    """Return the modules of an entry that the source doesn't have: dotted name to file."""
    found = {}
    base = os.path.join(site, entry)
    if not os.path.isdir(base):
        return {}
    for file in sorted(_files(base)):
        folder, name = os.path.split(file)
        if name.endswith((".py", ".so")) and not os.path.exists(os.path.join(root, entry, file)):
            # The rest of an extension's name says what it is built for.
            parts = [entry, *filter(None, folder.split("/")), name.partition(".")[0]]
            module = ".".join(parts).removesuffix(".__init__")
            found[module] = os.path.join(base, file)
    return found

"""Merge the files of many packages into one tree.

A folder of one package becomes a link; a folder of several packages is created, and its entries are
merged. `merge` only plans: it lists folders and, for a path of several packages, compares contents.
`write_tree` carries the plan out.
"""

import hashlib
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

BYTECODE_FOLDER = "__pycache__"
# The owner of files that belong to no package.
ENVIRONMENT = "the environment itself"


@dataclass(frozen=True)
class GeneratedFile:
    """A file that is written for the environment."""

    owner: str
    content: bytes
    executable: bool = False


@dataclass(frozen=True)
class Link:
    """A symbolic link to `target`, which is a store path or relative to the link."""

    owner: str
    target: str


@dataclass(frozen=True)
class Folder:
    """A folder that is created in the environment."""


Item = GeneratedFile | Link | Folder


@dataclass(frozen=True)
class Collision:
    """A path to which several owners bring different files."""

    path: str
    owners: tuple[str, ...]


@dataclass(frozen=True)
class MergedTree:
    """The items to write by path, parents before children, and the collisions."""

    items: tuple[tuple[str, Item], ...]
    collisions: tuple[Collision, ...]


@dataclass
class Tree:
    """A folder to be merged.

    `sources` are pairs of an owner and a folder whose entries go into this one. `folders` and
    `files` are what is added to it, by name.
    """

    sources: list[tuple[str, str]] = field(default_factory=list)
    folders: dict[str, "Tree"] = field(default_factory=dict)
    files: dict[str, list[GeneratedFile | Link]] = field(default_factory=dict)

    def ensure_folder(self, path: str) -> "Tree":
        """Return the folder at a path below this one, adding it if needed; "" is this one."""
        tree = self
        for name in filter(None, path.split("/")):
            tree = tree.folders.setdefault(name, Tree())
        return tree

    def add_source(self, owner: str, source: str, path: str = "") -> None:
        """Add the entries of the folder `source` to the folder at `path`."""
        self.ensure_folder(path).sources.append((owner, source))

    def add_file(self, path: str, file: GeneratedFile | Link) -> None:
        """Add a file. It replaces what the sources of the same owner have at this path."""
        parent, _, name = path.rpartition("/")
        self.ensure_folder(parent).files.setdefault(name, []).append(file)


def merge(tree: Tree, ignored: Iterable[str] = ()) -> MergedTree:
    """Decide what the environment contains.

    `ignored` are globs of paths whose collisions are ignored: there the environment itself comes
    first, then the first package by name. Bytecode never collides: it is taken from the package
    that its module is taken from.
    """
    items: list[tuple[str, Item]] = []
    collisions: list[Collision] = []
    for path, item in _merge_folder(tree, "", tuple(ignored)):
        if isinstance(item, Collision):
            collisions.append(item)
        else:
            items.append((path, item))
    return MergedTree(tuple(items), tuple(collisions))


def _merge_folder(
    tree: Tree, folder_path: str, ignored: tuple[str, ...]
) -> Iterator[tuple[str, Item | Collision]]:
    source_entries: dict[str, list[tuple[str, os.DirEntry[str]]]] = {}
    for owner, source in tree.sources:
        with os.scandir(source) as scanned:
            for entry in scanned:
                source_entries.setdefault(entry.name, []).append((owner, entry))
    bytecode_folders = source_entries.pop(BYTECODE_FOLDER, [])
    file_owners: dict[str, str] = {}
    for name in sorted({*source_entries, *tree.folders, *tree.files}):
        path = f"{folder_path}/{name}" if folder_path else name
        added_files = tree.files.get(name, [])
        replaced = {file.owner for file in added_files}
        entries = [pair for pair in source_entries.get(name, []) if pair[0] not in replaced]
        folders = [(owner, entry.path) for owner, entry in entries if entry.is_dir()]
        files = [(owner, entry.path) for owner, entry in entries if not entry.is_dir()]
        added_folder = tree.folders.get(name)
        owners = {owner for owner, _ in entries} | replaced
        if added_folder is not None:
            owners.add(ENVIRONMENT)
        if (folders or added_folder is not None) and (files or added_files):
            if not _matches(path, ignored):
                yield path, Collision(path, tuple(sorted(owners)))
                continue
            first = min(owners, key=_precedence)
            if added_folder is not None or any(owner == first for owner, _ in folders):
                files, added_files = [], []
            else:
                folders = []
        if added_folder is not None or len(folders) > 1:
            yield path, Folder()
            subtree = added_folder or Tree()
            yield from _merge_folder(
                Tree([*subtree.sources, *folders], subtree.folders, subtree.files), path, ignored
            )
        elif folders:
            yield path, Link(*folders[0])
        else:
            candidates = [*added_files, *(Link(*file) for file in files)]
            if not _same_content(candidates) and not _matches(path, ignored):
                yield path, Collision(path, tuple(sorted(owners)))
            else:
                chosen = min(candidates, key=lambda file: _precedence(file.owner))
                file_owners[name] = chosen.owner
                yield path, chosen
    if bytecode_folders:
        path = f"{folder_path}/{BYTECODE_FOLDER}" if folder_path else BYTECODE_FOLDER
        yield from _merge_bytecode(bytecode_folders, path, file_owners)


def _precedence(owner: str) -> tuple[bool, str]:
    """Return a sort key: the environment itself comes first, then packages by name."""
    return owner != ENVIRONMENT, owner


def _matches(path: str, globs: Iterable[str]) -> bool:
    return any(fnmatchcase(path, glob) for glob in globs)


def _merge_bytecode(
    bytecode_folders: list[tuple[str, "os.DirEntry[str]"]],
    folder_path: str,
    file_owners: dict[str, str],
) -> Iterator[tuple[str, Item]]:
    """Take the bytecode of each module from the package that the module is taken from.

    `file_owners` are the packages that the files of the parent folder are taken from, by file name.
    """
    links: list[Link] = []
    for owner, entry in bytecode_folders:
        with os.scandir(entry) as files:
            links += [Link(owner, file.path) for file in files]
    chosen = [link for link in links if file_owners.get(_module_file(link.target)) == link.owner]
    if len(bytecode_folders) == 1 and len(chosen) == len(links):
        owner, entry = bytecode_folders[0]
        yield folder_path, Link(owner, entry.path)
    elif chosen:
        yield folder_path, Folder()
        for link in sorted(chosen, key=lambda link: link.target.rpartition("/")[2]):
            yield f"{folder_path}/{link.target.rpartition('/')[2]}", link


def _module_file(bytecode: str) -> str:
    """Return the name of the module file that a file in `__pycache__` belongs to (PEP 3147)."""
    return f"{bytecode.rpartition('/')[2].rsplit('.', 2)[0]}.py"


def _same_content(candidates: list[GeneratedFile | Link]) -> bool:
    if len(candidates) == 1:
        return True
    if len(set(map(_content_size, candidates))) > 1:
        return False
    return len(set(map(_content_digest, candidates))) == 1


def _content_size(file: GeneratedFile | Link) -> int:
    if isinstance(file, GeneratedFile):
        return len(file.content)
    return os.stat(file.target).st_size if os.path.isabs(file.target) else -1


def _content_digest(file: GeneratedFile | Link) -> bytes:
    if isinstance(file, GeneratedFile):
        return hashlib.sha256(file.content).digest()
    if not os.path.isabs(file.target):
        # The target may not exist yet, so relative links are compared by their targets.
        return b"\0link to " + file.target.encode()
    # It may be larger than what a build should take of memory.
    with open(file.target, "rb") as stream:
        return hashlib.file_digest(stream, "sha256").digest()


def write_tree(merged: MergedTree, out: str) -> None:
    """Write a merged tree into the folder `out`."""
    for path, item in merged.items:
        target = f"{out}/{path}"
        match item:
            case Folder():
                os.mkdir(target)
            case Link():
                os.symlink(item.target, target)
            case GeneratedFile():
                mode = 0o755 if item.executable else 0o644
                descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
                with open(descriptor, "wb") as file:
                    file.write(item.content)

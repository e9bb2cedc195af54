"""Many trees become one: a folder with one owner is a link, a shared one is merged.

Planning reads folders and, where two owners bring one file, its content; nothing is written.
"""

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

CACHE = "__pycache__"
ENVIRONMENT = "the environment itself"


@dataclass(frozen=True)
class Content:
    """A file made for the environment."""

    owner: str
    data: bytes
    executable: bool = False


@dataclass(frozen=True)
class Link:
    """A symbolic link to `target`: a path in the store, or one relative to the link."""

    owner: str
    target: str


@dataclass(frozen=True)
class Folder:
    """A folder of the environment's own."""


Item = Content | Link | Folder


@dataclass(frozen=True)
class Collision:
    """A path that several owners bring with different content."""

    path: str
    owners: tuple[str, ...]


@dataclass(frozen=True)
class Merged:
    """What to write, parents first, and what stands in the way."""

    items: tuple[tuple[str, Item], ...]
    collisions: tuple[Collision, ...]


@dataclass
class Tree:
    """A folder to be: folders of packages that lie on one another, and files made for it."""

    sources: list[tuple[str, str]] = field(default_factory=list)
    folders: dict[str, "Tree"] = field(default_factory=dict)
    files: dict[str, list[Content | Link]] = field(default_factory=dict)

    def folder(self, path: str) -> "Tree":
        """The folder at a path below this one, made where it is missing; "" is this one."""
        tree = self
        for name in filter(None, path.split("/")):
            tree = tree.folders.setdefault(name, Tree())
        return tree

    def mount(self, owner: str, source: str, path: str = "") -> None:
        """Lay a package's folder over the folder at `path`."""
        self.folder(path).sources.append((owner, source))

    def put(self, path: str, file: Content | Link) -> None:
        """Add a file. One of the same owner hides what that owner's folders have there."""
        parent, _, name = path.rpartition("/")
        self.folder(parent).files.setdefault(name, []).append(file)


def merge(tree: Tree, ignored: Iterable[str] = ()) -> Merged:
    """Decide what the environment holds.

    `ignored` are globs of paths where the first owner by name wins, after the environment itself.
    Bytecode is no collision of its own: it follows the module that it belongs to.
    """
    items: list[tuple[str, Item]] = []
    collisions: list[Collision] = []
    for path, found in _walk(tree, "", tuple(ignored)):
        if isinstance(found, Collision):
            collisions.append(found)
        else:
            items.append((path, found))
    return Merged(tuple(items), tuple(collisions))


def _walk(tree: Tree, at: str, ignored: tuple[str, ...]) -> Iterator[tuple[str, Item | Collision]]:
    brought: dict[str, list[tuple[str, os.DirEntry[str]]]] = {}
    for owner, source in tree.sources:
        with os.scandir(source) as entries:
            for entry in entries:
                brought.setdefault(entry.name, []).append((owner, entry))
    caches = brought.pop(CACHE, [])
    winners: dict[str, str] = {}
    for name in sorted({*brought, *tree.folders, *tree.files}):
        path = f"{at}/{name}" if at else name
        made = tree.files.get(name, [])
        hidden = {file.owner for file in made}
        entries_here = [pair for pair in brought.get(name, []) if pair[0] not in hidden]
        folders = [(owner, entry.path) for owner, entry in entries_here if entry.is_dir()]
        files = [(owner, entry.path) for owner, entry in entries_here if not entry.is_dir()]
        forced = tree.folders.get(name)
        owners = {owner for owner, _ in entries_here} | hidden
        if forced is not None:
            owners.add(ENVIRONMENT)
        if (folders or forced is not None) and (files or made):
            if not _matches(path, ignored):
                yield path, Collision(path, tuple(sorted(owners)))
                continue
            first = min(owners, key=_rank)
            if forced is not None or any(owner == first for owner, _ in folders):
                files, made = [], []
            else:
                folders = []
        if forced is not None or len(folders) > 1:
            yield path, Folder()
            below = forced or Tree()
            yield from _walk(
                Tree([*below.sources, *folders], below.folders, below.files), path, ignored
            )
        elif folders:
            yield path, Link(*folders[0])
        else:
            candidates = [*made, *(Link(*file) for file in files)]
            if not _same(candidates) and not _matches(path, ignored):
                yield path, Collision(path, tuple(sorted(owners)))
            else:
                winner = min(candidates, key=lambda file: _rank(file.owner))
                winners[name] = winner.owner
                yield path, winner
    if caches:
        yield from _walk_cache(caches, f"{at}/{CACHE}" if at else CACHE, winners)


def _rank(owner: str) -> tuple[bool, str]:
    """Who wins where files differ: the environment, then packages by name."""
    return owner != ENVIRONMENT, owner


def _matches(path: str, globs: Iterable[str]) -> bool:
    return any(fnmatchcase(path, glob) for glob in globs)


def _walk_cache(
    caches: list[tuple[str, "os.DirEntry[str]"]], at: str, winners: dict[str, str]
) -> Iterator[tuple[str, Item]]:
    """The bytecode of one folder: each module's from the package that the module is from."""
    every: list[Link] = []
    for owner, entry in caches:
        with os.scandir(entry) as files:
            every += [Link(owner, file.path) for file in files]
    kept = [link for link in every if winners.get(_module(link.target)) == link.owner]
    if len(caches) == 1 and len(kept) == len(every):
        owner, entry = caches[0]
        yield at, Link(owner, entry.path)
    elif kept:
        yield at, Folder()
        for link in sorted(kept, key=lambda link: link.target.rpartition("/")[2]):
            yield f"{at}/{link.target.rpartition('/')[2]}", link


def _module(bytecode: str) -> str:
    """The file's name of the module that a file in `__pycache__` belongs to (PEP 3147)."""
    return f"{bytecode.rpartition('/')[2].rsplit('.', 2)[0]}.py"


def _same(candidates: list[Content | Link]) -> bool:
    """Whether files have the same content."""
    if len(candidates) == 1:
        return True
    if len(set(map(_size, candidates))) > 1:
        return False
    first, *others = map(_read, candidates)
    return all(other == first for other in others)


def _size(file: Content | Link) -> int:
    if isinstance(file, Content):
        return len(file.data)
    return os.stat(file.target).st_size if os.path.isabs(file.target) else -1


def _read(file: Content | Link) -> bytes:
    if isinstance(file, Content):
        return file.data
    if not os.path.isabs(file.target):
        return b"\0link to " + file.target.encode()
    with open(file.target, "rb") as stream:
        return stream.read()


def write(merged: Merged, out: str) -> None:
    """Write what was decided below `out`, which exists."""
    for path, item in merged.items:
        target = f"{out}/{path}"
        match item:
            case Folder():
                os.mkdir(target)
            case Link():
                os.symlink(item.target, target)
            case Content():
                mode = 0o755 if item.executable else 0o644
                descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
                with open(descriptor, "wb") as file:
                    file.write(item.data)

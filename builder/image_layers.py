"""Decide which store paths the layers of an image have."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from builder.image_root import root_entries
from builder.image_tar import Entry, store_entries


@dataclass(frozen=True)
class Layer:
    """A layer: its title in an image's history, its store paths, and files outside of these."""

    title: str
    paths: tuple[str, ...]
    root: Mapping[str, Any] | None = None

    @property
    def empty(self) -> bool:
        """Return whether nothing is in it."""
        return not self.paths and self.root is None

    def entries(self) -> Iterator[Entry]:
        """Yield the members of its archive."""
        if self.root is not None:
            yield from root_entries(self.root)
        yield from store_entries(self.paths)


def read_layer(spec: Mapping[str, Any], closure: Callable[[str], Iterable[str]]) -> Layer:
    """Return the layer of a spec: `title`, `paths`, and maybe `graphs`, `without` and `root`.

    `graphs` names closures whose paths belong to the layer, but for those of `without`, which has
    `graphs` and `paths`. `closure` returns the paths of a closure by name.
    """
    without = spec.get("without", {"graphs": [], "paths": []})
    others = {*without["paths"], *_paths_of(without["graphs"], closure)}
    added = {*_paths_of(spec.get("graphs", ()), closure)} - others
    return Layer(spec["title"], tuple(sorted({*spec["paths"], *added})), spec.get("root"))


def _paths_of(graphs: Iterable[str], closure: Callable[[str], Iterable[str]]) -> Iterator[str]:
    for graph in graphs:
        yield from closure(graph)


def read_closure(file: str) -> list[str]:
    """Return the paths of a closure that Nix wrote into the build's folder, sorted.

    The format is that of `exportReferencesGraph`: for each path a line with it, one with its
    deriver, one with the number of its references, and these.
    """
    lines = iter(Path(file).read_text(encoding="utf-8").splitlines())
    paths = []
    for path in lines:
        paths.append(path)
        next(lines)
        for _ in range(int(next(lines))):
            next(lines)
    return sorted(paths)

"""The data of sources.yaml (docs/sources-yaml.md), made from a resolution and a selection."""

from collections.abc import Sequence
from typing import Any

from lock.nix32 import encode
from lock.resolution import Graph, Installed, PackageKey, why_left_out
from lock.selection import Chosen

FORMAT = 1
Data = dict[str, Any]


def make_sources(graph: Graph, installed: Sequence[Installed], chosen: Chosen) -> Data:
    """The lock: keys in the order of the format, lists sorted, nothing empty."""
    systems = [found.target.system for found in installed]
    packages = sorted({key for found in installed for key in found.edges})
    return _without_empty(
        {
            "wheelhouse": FORMAT,
            "python": installed[0].target.python,
            "systems": {found.target.system: dict([found.target.floor]) for found in installed},
            "groups": {"default": sorted({edge.name for edge in graph.roots})},
            "closure": _closure(installed),
            "packages": [_package(key, installed, systems) for key in packages],
            "left-out": _left_out(graph, packages, installed),
            "links": _links(chosen, systems),
        }
    )


def _without_empty(data: Data) -> Data:
    return {key: value for key, value in data.items() if value not in ([], {})}


def _systems(having: Sequence[str], systems: Sequence[str]) -> Data:
    """`systems`, left out where it would name all of them."""
    return {} if set(having) == set(systems) else {"systems": sorted(having)}


def _closure(installed: Sequence[Installed]) -> dict[str, str]:
    closure: dict[str, str] = {}
    for found in installed:
        for name, version in sorted(found.edges):
            closure.setdefault(name, version)
    return dict(sorted(closure.items()))


def _package(key: PackageKey, installed: Sequence[Installed], systems: Sequence[str]) -> Data:
    having = [found for found in installed if key in found.edges]
    names = sorted({name for found in having for name, _ in found.edges[key]})
    dependencies = [
        {
            "name": name,
            **_systems(
                [
                    found.target.system
                    for found in having
                    if name in {other for other, _ in found.edges[key]}
                ],
                [found.target.system for found in having],
            ),
        }
        for name in names
    ]
    return _without_empty(
        {
            "name": key[0],
            "version": key[1],
            **_systems([found.target.system for found in having], systems),
            "dependencies": dependencies,
        }
    )


def _left_out(
    graph: Graph, packages: Sequence[PackageKey], installed: Sequence[Installed]
) -> list[Data]:
    found = []
    for key in packages:
        without = [i.target.system for i in installed if key not in i.edges]
        if without:
            name, version = key
            found.append(
                {
                    "name": name,
                    "version": version,
                    "systems": sorted(without),
                    "reason": why_left_out(graph, key, packages),
                }
            )
    return found


def _links(chosen: Chosen, systems: Sequence[str]) -> list[Data]:
    serves: dict[tuple[PackageKey, str], list[str]] = {}
    files = {}
    for (key, system), file in chosen.items():
        serves.setdefault((key, file.name), []).append(system)
        files[key, file.name] = file
    links = []
    for (key, name), having in sorted(serves.items(), key=lambda pair: (pair[0][1], pair[0][0])):
        file = files[key, name]
        links.append(
            {
                "name": name,
                "sha256": encode(bytes.fromhex(file.sha256)),
                "url": file.url,
                **({} if file.size is None else {"size": file.size}),
                "package": key[0],
                "version": key[1],
                **_systems(having, systems),
            }
        )
    return links

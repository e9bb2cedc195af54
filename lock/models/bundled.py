"""What wheels say that they bundle: components of the bills of materials inside of them."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

# The file name of a wheel, and the systems that take it.
Wheel = tuple[str, tuple[str, ...]]


@dataclass(frozen=True, order=True)
class Component:
    """What a wheel bundles. A field is empty where its bill doesn't tell."""

    name: str
    version: str = ""
    group: str = ""
    # CycloneDX' word, such as `library`.
    kind: str = "library"
    purl: str = ""
    cpe: str = ""
    # Pairs of CycloneDX' name of an algorithm and a digest (hexadecimal).
    hashes: tuple[tuple[str, str], ...] = ()
    # SPDX expressions, or names.
    licenses: tuple[str, ...] = ()

    @property
    def identity(self) -> tuple[str, ...]:
        """Return what tells it from others: the same may be bundled by several wheels."""
        return self.purl, self.name, self.version, self.group, self.kind, self.cpe


@dataclass(frozen=True)
class Bundle:
    """The content of the bills in one wheel.

    `components` are pairs with the file name of the bill. `edges` are indexes of components: the
    second is needed by the first, None stands for the wheel itself. `left_out` says, by file name,
    why a bill isn't taken.
    """

    components: tuple[tuple[str, Component], ...] = ()
    edges: tuple[tuple[int | None, int], ...] = ()
    left_out: tuple[tuple[str, str], ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Return it as what JSON has."""
        components = [[file, asdict(component)] for file, component in self.components]
        return {"components": components, "edges": self.edges, "left_out": self.left_out}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Bundle":
        """Return what `to_json` made. Raises KeyError, TypeError or ValueError for other data."""
        return cls(
            tuple((file, _component(fields)) for file, fields in data["components"]),
            tuple((above, below) for above, below in data["edges"]),
            tuple((file, reason) for file, reason in data["left_out"]),
        )


def _component(fields: Mapping[str, Any]) -> Component:
    hashes = tuple((algorithm, digest) for algorithm, digest in fields["hashes"])
    return Component(**{**fields, "hashes": hashes, "licenses": tuple(fields["licenses"])})

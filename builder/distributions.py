"""Read the distributions in a site-packages that another tool has filled."""

import csv
import io
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from email.message import Message
from importlib.metadata import Distribution
from pathlib import Path
from typing import cast

from builder.errors import BuildError
from builder.unpack import normalize_name
from builder.wheel import read_entry_points

DIST_INFO = ".dist-info"
METADATA_SUFFIXES = (DIST_INFO, ".egg-info")


@dataclass(frozen=True)
class Installed:
    """A distribution in site-packages.

    `entry` is its `.dist-info` folder, or its `.egg-info` folder or file. `name` is normalized.
    `recorded` are the paths that its RECORD lists, relative to site-packages, if it has one;
    `requires` is what it requires (PEP 508).
    """

    entry: str
    name: str
    entry_points: tuple[dict[str, str], ...]
    recorded: frozenset[str]
    requires: tuple[str, ...] = ()

    @property
    def dist_info(self) -> str | None:
        """Return the name of its `.dist-info` folder; None for an `.egg-info`."""
        return self.entry if self.entry.endswith(DIST_INFO) else None


def read_distributions(site: Path, label: str) -> Iterator[Installed]:
    """Yield the distributions in a site-packages, by name of their metadata.

    `label` is the name and version of the package for messages. Raises BuildError for entry points
    that can't be read.
    """
    for entry in sorted(os.listdir(site)):
        if not entry.endswith(METADATA_SUFFIXES):
            continue
        distribution = Distribution.at(site / entry)
        try:
            points = read_entry_points(distribution.read_text("entry_points.txt") or "")
        except ValueError as error:
            raise BuildError(
                f"{label}: {site / entry}/entry_points.txt can't be read ({error})"
            ) from error
        record = io.StringIO(distribution.read_text("RECORD") or "", newline="")
        yield Installed(
            entry,
            distribution_name(distribution, entry),
            tuple(points),
            frozenset(row[0] for row in csv.reader(record) if row),
            requires_of(distribution),
        )


def distribution_name(distribution: Distribution, entry: str) -> str:
    """Return the normalized name that the metadata has, or that its own file name begins with."""
    name = metadata_of(distribution).get("Name")
    return normalize_name(name or entry.rpartition(".")[0].partition("-")[0])


def metadata_of(distribution: Distribution) -> Message:
    """Return the metadata of a distribution, empty where there is none.

    Since Python 3.15, importlib.metadata raises an exception for that, as for `[…]` of a field that
    isn't there: use `get`.
    """
    try:
        found = distribution.metadata
    except FileNotFoundError:
        return Message()
    return Message() if found is None else cast("Message", found)


def requires_of(distribution: Distribution) -> tuple[str, ...]:
    """Return what a distribution requires; nothing where it has no metadata."""
    try:
        return tuple(distribution.requires or ())
    except FileNotFoundError:
        return ()


def own_distribution(name: str, distributions: Sequence[Installed]) -> Installed | None:
    """Return the distribution that a package is named after, else the only one, else None."""
    for distribution in distributions:
        if distribution.name == normalize_name(name):
            return distribution
    return distributions[0] if len(distributions) == 1 else None

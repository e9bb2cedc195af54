"""Make the report on an environment, from its lock and its built packages."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from builder.library_report import gather
from lock.licenses.metadata import from_text
from lock.lockfile import licenses_section, reader
from report import libraries, page
from report.dependencies import graph_of
from report.distributions import Distribution, read_distribution
from report.license_texts import pack
from report.models import Environment, Installed, LeftOut, Package
from report.origins import origin_of


def main(spec: dict[str, Any], out: Path) -> None:
    """Write the report that a spec (lib/derivations/html-report.nix) asks for to a file."""
    template = page.read_folder(Path(spec["page"]))
    out.write_text(page.assemble(template, describe(spec)), encoding="utf-8")


def describe(spec: dict[str, Any]) -> Environment:
    """Return what the report says of an environment."""
    lock = reader.from_data(spec["lock"], Path(spec["lockFile"]))
    system = spec["system"]
    installed = {item["name"]: item for item in spec["installed"]}
    graph = graph_of(lock, system, spec["groups"], spec["roots"], installed.keys())
    distributions = {
        name: read_distribution(Path(item["path"]), spec["sitePackages"])
        for name, item in sorted(installed.items())
    }
    texts = pack(
        {name: one.license_texts for name, one in distributions.items()},
    )
    packages = tuple(
        Package(
            name=name,
            version=one.version,
            summary=one.summary,
            homepage=one.homepage,
            size=one.size,
            files=one.files,
            license=_license(lock, name, one),
            texts=texts.numbers.get(name, ()),
            native=one.is_native,
            generator=one.generator,
            overrides=tuple(installed[name]["overrides"]),
            needs=graph.edges.get(name, ()),
            origin=origin_of(lock, system, name),
        )
        for name, one in distributions.items()
    )
    return Environment(
        name=spec["name"],
        python=spec["python"],
        system=system,
        systems=tuple(lock.systems),
        groups=tuple(spec["groups"]),
        roots=graph.roots,
        packages=packages,
        left_out=_left_out(lock, system, installed),
        libraries=libraries.describe(
            gather({**spec, "packages": [item["path"] for item in spec["installed"]]}),
            host_driver=spec["hostDriver"],
        ),
        texts=texts.data,
    )


def _license(lock: reader.Lock, name: str, distribution: Distribution) -> str:
    """Return the licence that the lock tells of a package, or else its own metadata."""
    locked = licenses_section.of_version(lock.licenses, name, distribution.version)
    is_told = locked is not None and from_text(locked, "").expression is not None
    return locked if locked is not None and is_told else distribution.license


def _left_out(
    lock: reader.Lock, system: str, installed: Mapping[str, Installed]
) -> tuple[LeftOut, ...]:
    return tuple(
        LeftOut(item.name, item.version, item.reason)
        for item in lock.left_out
        if system in item.systems and item.name not in installed
    )

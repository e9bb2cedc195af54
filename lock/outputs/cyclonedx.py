"""A bill of materials (CycloneDX 1.6, JSON), which tools that look for known flaws read."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from uuid import NAMESPACE_URL, uuid5

from cyclonedx.exception.model import InvalidUriException
from cyclonedx.model import (
    ExternalReference,
    ExternalReferenceType,
    HashAlgorithm,
    HashType,
    Property,
    XsUri,
)
from cyclonedx.model.bom import Bom, BomMetaData
from cyclonedx.model.component import Component, ComponentScope, ComponentType
from cyclonedx.model.tool import ToolRepository
from cyclonedx.output.json import JsonV1Dot6
from packageurl import PackageURL

from lock.errors import UsageError
from lock.lockfile.groups import groups_needing
from lock.lockfile.reader import LOCK_AGAIN, Link, Lock, Package
from lock.models.requirements import DEFAULT_GROUP
from lock.outputs.package_sources import Entry, Kind, entries

Key = tuple[str, str]


def render(lock: Lock) -> str:
    """The text of a lock's bill of materials: the same for the same lock, whenever it is made.

    A version of a package is one component, with all its files. What only groups beside the default
    one need is optional. What is needed to build source distributions is not in it.

    Raises UsageError for an address that is none.
    """
    try:
        document = json.loads(JsonV1Dot6(bom(lock)).output_as_string())
    except InvalidUriException as error:
        raise UsageError(
            f"{lock.file}: the lock can't be turned into CycloneDX ({error}); {LOCK_AGAIN}"
        ) from None
    # Both differ in every run of the library.
    del document["metadata"]["timestamp"], document["serialNumber"]
    content = json.dumps(document, sort_keys=True).encode()
    serial = uuid5(NAMESPACE_URL, f"urn:sha256:{hashlib.sha256(content).hexdigest()}")
    return json.dumps(document | {"serialNumber": serial.urn}, indent=2, sort_keys=True) + "\n"


def bom(lock: Lock) -> Bom:
    """The data of a bill of materials. Raises InvalidUriException for an address that is none."""
    environment = Component(
        name="python-environment",
        type=ComponentType.APPLICATION,
        bom_ref="python-environment",
        properties=[_property("python", lock.python), *_properties("system", lock.systems)],
    )
    tool = Component(name="wheelhouse", type=ComponentType.APPLICATION)
    components = _components(lock)
    made = Bom(
        components=components.values(),
        metadata=BomMetaData(component=environment, tools=ToolRepository(components=[tool])),
    )
    made.register_dependency(environment, [components[key] for key in sorted(_roots(lock))])
    for package in lock.packages:
        needs = sorted(_needs(package, lock))
        made.register_dependency(
            components[package.name, package.version], [components[key] for key in needs]
        )
    return made


def _roots(lock: Lock) -> set[Key]:
    """What the groups ask for, on any system; all packages where there are no groups."""
    if not lock.groups:
        return {(package.name, package.version) for package in lock.packages}
    return {
        (package.name, package.version)
        for roots in lock.groups.values()
        for root in roots
        for package in lock.by_name.get(root.name, ())
    }


def _needs(package: Package, lock: Lock) -> Iterator[Key]:
    for edge in package.dependencies:
        for system in edge.systems:
            needed = lock.on(edge.name, system)
            if needed is not None:
                yield needed.name, needed.version


def _components(lock: Lock) -> Mapping[Key, Component]:
    """Name, version → component, in the order of the lock."""
    found: defaultdict[Key, list[Entry]] = defaultdict(list)
    for entry in entries(lock):
        found[entry.package.name, entry.package.version].append(entry)
    needed = groups_needing(lock)
    addresses = _index_addresses(lock)
    components = {}
    for package in lock.packages:
        key = package.name, package.version
        groups = frozenset[str]().union(*(needed[package.name, name] for name in package.systems))
        components[key] = _component(
            package, lock, found[key], groups, addresses.get(package.name, "")
        )
    return components


def _component(
    package: Package, lock: Lock, places: Sequence[Entry], groups: frozenset[str], index: str
) -> Component:
    links = [link for entry in places for link in entry.links]
    purl = _purl(package, places, index)
    required = DEFAULT_GROUP in groups
    everywhere = len(package.systems) == len(lock.systems)
    digests = {link.sha256 for link in links if link.sha256}
    return Component(
        name=package.name,
        version=package.version,
        type=ComponentType.LIBRARY,
        bom_ref=str(purl) if purl else f"{package.name}@{package.version}",
        purl=purl,
        scope=ComponentScope.REQUIRED if required else ComponentScope.OPTIONAL,
        # A hash of the component itself is there only where it is one file.
        hashes=_hashes(digests) if len(digests) == 1 else (),
        external_references=[_reference(link, lock) for link in links],
        properties=[
            *_properties("group", () if required else groups),
            *_properties("system", () if everywhere else package.systems),
        ],
    )


def _purl(package: Package, places: Sequence[Entry], index: str) -> PackageURL | None:
    """The package's name for other tools (the type `pypi` of package URLs).

    None for what is on this machine: it would be taken for the index's package of that name.
    """
    qualifiers = {"repository_url": index} if index else {}
    for entry in places:
        if entry.kind is not Kind.INDEX:
            [link] = entry.links
            if link.path:
                return None
            if entry.kind is Kind.VCS:
                qualifiers = {"vcs_url": f"git+{link.git}@{link.rev}"}
            else:
                qualifiers = {"download_url": link.url}
    return PackageURL("pypi", name=package.name, version=package.version, qualifiers=qualifiers)


def _index_addresses(lock: Lock) -> Mapping[str, str]:
    """Package → the address of its only index."""
    indexes = {index["name"]: index["url"] for index in lock.requested.get("indexes", ())}
    of = lock.requested.get("index-of", {})
    return {package: indexes[name] for package, name in of.items() if name in indexes}


def _reference(link: Link, lock: Lock) -> ExternalReference:
    """Where a file is, and for which systems, where that isn't all of them."""
    everywhere = len(link.systems) == len(lock.systems)
    notes = [f"commit {link.rev}"] if link.rev else []
    notes += [] if everywhere else [f"for {', '.join(link.systems)}"]
    return ExternalReference(
        type=ExternalReferenceType.VCS if link.git else ExternalReferenceType.DISTRIBUTION,
        url=XsUri(link.git or link.url or link.path),
        comment=", ".join(notes) or None,
        hashes=_hashes([link.sha256] if link.sha256 else []),
    )


def _hashes(digests: Iterable[str]) -> list[HashType]:
    return [HashType(alg=HashAlgorithm.SHA_256, content=digest) for digest in digests]


def _properties(name: str, values: Iterable[str]) -> list[Property]:
    return [_property(name, value) for value in sorted(values)]


def _property(name: str, value: str) -> Property:
    return Property(name=f"wheelhouse:{name}", value=value)

"""Export a lock to a bill of materials (CycloneDX 1.6, JSON), which vulnerability scanners read."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from uuid import NAMESPACE_URL, uuid5

from cyclonedx.contrib.license.factories import LicenseFactory
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
from cyclonedx.model.license import DisjunctiveLicense, License, LicenseAcknowledgement
from cyclonedx.model.tool import ToolRepository
from cyclonedx.output.json import JsonV1Dot6
from packageurl import PackageURL

from lock.errors import UsageError
from lock.licenses.metadata import from_text
from lock.lockfile import graph, licenses_section
from lock.lockfile.groups import groups_needing
from lock.lockfile.reader import LOCK_AGAIN, Link, Lock, Package
from lock.models.bundled import Bundle, Wheel
from lock.models.requirements import DEFAULT_GROUP
from lock.outputs.bundled_components import Bundled, components_of
from lock.outputs.package_sources import PackageSource, SourceKind, package_sources

NO_BUNDLES: Mapping[Wheel, Bundle] = MappingProxyType({})
# Name and version of a package.
Key = tuple[str, str]


def render(lock: Lock, bundles: Mapping[Wheel, Bundle] = NO_BUNDLES) -> str:
    """Return the text of a lock's bill of materials; it is the same for the same lock.

    `bundles` is what its wheels bundle, which stands below the components of their packages.

    A version of a package is one component, with all its files. Packages that the default group
    doesn't need are optional. A package from nixpkgs has no version. Packages that are needed only
    to build source distributions are left out. Licences are there where the lock has them.

    Raises UsageError for an invalid URL.
    """
    try:
        document = json.loads(JsonV1Dot6(to_bom(lock, bundles)).output_as_string())
    except InvalidUriException as error:
        raise UsageError(
            f"{lock.file}: the lock can't be turned into CycloneDX ({error}); {LOCK_AGAIN}"
        ) from None
    # The library sets both anew in every run.
    del document["metadata"]["timestamp"], document["serialNumber"]
    content = json.dumps(document, sort_keys=True).encode()
    serial = uuid5(NAMESPACE_URL, f"urn:sha256:{hashlib.sha256(content).hexdigest()}")
    return json.dumps(document | {"serialNumber": serial.urn}, indent=2, sort_keys=True) + "\n"


def to_bom(lock: Lock, bundles: Mapping[Wheel, Bundle] = NO_BUNDLES) -> Bom:
    """Return the data of a bill of materials. Raises InvalidUriException for an invalid URL."""
    environment = Component(
        name="python-environment",
        type=ComponentType.APPLICATION,
        bom_ref="python-environment",
        properties=[_property("python", lock.python), *_properties("system", lock.systems)],
    )
    tool = Component(name="wheelhouse", type=ComponentType.APPLICATION)
    components = _components(lock)
    inside = _inside(lock, bundles, components)
    bom = Bom(
        components=components.values(),
        metadata=BomMetaData(component=environment, tools=ToolRepository(components=[tool])),
    )
    bom.register_dependency(environment, [components[key] for key in sorted(_roots(lock))])
    for package in lock.packages:
        dependencies = sorted(_dependencies(package, lock))
        key = package.name, package.version
        needed = [components[other] for other in dependencies]
        bom.register_dependency(components[key], [*needed, *inside[key].needed])
        for component, others in inside[key].edges:
            bom.register_dependency(component, others)
    return bom


def _inside(
    lock: Lock, bundles: Mapping[Wheel, Bundle], components: Mapping[Key, Component]
) -> Mapping[Key, Bundled]:
    """Return what the wheels of each package bundle, and put it below the package's component."""
    wheels: defaultdict[Key, list[tuple[Link, Bundle]]] = defaultdict(list)
    for link in lock.links:
        if bundle := bundles.get((link.name, link.systems)):
            wheels[link.package, link.version].append((link, bundle))
    found = {}
    for package in lock.packages:
        key = package.name, package.version
        reference = str(components[key].bom_ref)
        found[key] = components_of(wheels[key], reference, package.systems)
        components[key].components = found[key].components
    return found


def _roots(lock: Lock) -> set[Key]:
    """Return the packages that the groups' requirements name; all packages if there is no group."""
    if not lock.groups:
        return {(package.name, package.version) for package in lock.packages}
    return {
        (package.name, package.version)
        for group in lock.groups
        for package in (node.package for node in graph.roots(lock, group, tuple(lock.systems)))
    }


def _dependencies(package: Package, lock: Lock) -> Iterator[Key]:
    for dependency in package.dependencies:
        for system in dependency.systems:
            locked = lock.on(dependency.name, system)
            if locked is not None:
                yield locked.name, locked.version


def _components(lock: Lock) -> Mapping[Key, Component]:
    """Return the components by name and version, in the order of the lock's packages."""
    sources: defaultdict[Key, list[PackageSource]] = defaultdict(list)
    for source in package_sources(lock):
        sources[source.package.name, source.package.version].append(source)
    needed = groups_needing(lock)
    index_urls = _index_urls(lock)
    components = {}
    for package in lock.packages:
        key = package.name, package.version
        groups = frozenset[str]().union(*(needed[package.name, name] for name in package.systems))
        components[key] = _component(
            package, lock, sources[key], groups, index_urls.get(package.name, "")
        )
    return components


def _component(
    package: Package,
    lock: Lock,
    sources: Sequence[PackageSource],
    groups: frozenset[str],
    index_url: str,
) -> Component:
    links = [link for source in sources for link in source.links]
    purl = None if package.origin else _purl(package, sources, index_url)
    required = DEFAULT_GROUP in groups
    everywhere = len(package.systems) == len(lock.systems)
    digests = {link.sha256 for link in links if link.sha256}
    return Component(
        name=package.name,
        version=None if package.origin else package.version,
        type=ComponentType.LIBRARY,
        bom_ref=str(purl) if purl else f"{package.name}@{package.origin or package.version}",
        purl=purl,
        scope=ComponentScope.REQUIRED if required else ComponentScope.OPTIONAL,
        # A component has a hash of its own only if it is one file.
        hashes=_hashes(digests) if len(digests) == 1 else (),
        licenses=_licenses(package, lock),
        external_references=[_reference(link, lock) for link in links],
        properties=[
            *_properties("from", [package.origin] if package.origin else ()),
            *_properties("group", () if required else groups),
            *_properties("system", () if everywhere else package.systems),
        ],
    )


def _licenses(package: Package, lock: Lock) -> Sequence[License]:
    """Return a package's licence, where the lock tells it: an id or an expression, or a name."""
    text = licenses_section.of_version(lock.licenses, package.name, package.version)
    told = from_text(text or "", "")
    if not text or not (told.expression or told.text):
        return ()
    declared = LicenseAcknowledgement.DECLARED
    if told.expression is None:
        return [DisjunctiveLicense(name=told.text, acknowledgement=declared)]
    made = LicenseFactory().make_from_string(told.expression, license_acknowledgement=declared)
    return [made]


def _purl(package: Package, sources: Sequence[PackageSource], index_url: str) -> PackageURL | None:
    """Return the package URL, of type `pypi`.

    None for local files and folders: tools would mistake them for the index's package of that name.
    """
    qualifiers = {"repository_url": index_url} if index_url else {}
    below = None
    for source in sources:
        if source.kind is not SourceKind.INDEX:
            [link] = source.links
            if link.path:
                return None
            below = link.subdirectory or None
            if source.kind is SourceKind.VCS:
                qualifiers = {"vcs_url": f"git+{link.git}@{link.rev}"}
            else:
                qualifiers = {"download_url": link.url}
    name, version = package.name, package.version
    return PackageURL("pypi", name=name, version=version, qualifiers=qualifiers, subpath=below)


def _index_urls(lock: Lock) -> Mapping[str, str]:
    """Return, by project name, the URL of the only index that may have it."""
    urls = {index["name"]: index["url"] for index in lock.requested.get("indexes", ())}
    index_of = lock.requested.get("index-of", {})
    return {package: urls[name] for package, name in index_of.items() if name in urls}


def _reference(link: Link, lock: Lock) -> ExternalReference:
    """Return the reference to a file, with a comment if only some systems use it."""
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

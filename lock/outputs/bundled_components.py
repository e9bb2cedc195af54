"""Components of a bill of materials for what wheels bundle (CycloneDX)."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from cyclonedx.contrib.license.factories import LicenseFactory
from cyclonedx.model import HashAlgorithm, HashType, Property
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.model.license import DisjunctiveLicense, License
from packageurl import PackageURL

from lock.licenses.metadata import from_text
from lock.lockfile.reader import Link
from lock.models import bundled
from lock.models.bundled import Bundle

Identity = tuple[str, ...]
ALGORITHMS = frozenset(one.value for one in HashAlgorithm)


@dataclass(frozen=True)
class Bundled:
    """What the wheels of a version bundle.

    `components` stand below the package's; `needed` are those that it needs itself, and `edges`
    which of them need which.
    """

    components: Sequence[Component] = ()
    needed: Sequence[Component] = ()
    edges: Sequence[tuple[Component, Sequence[Component]]] = ()


def components_of(
    bundles: Sequence[tuple[Link, Bundle]], reference: str, systems: Collection[str]
) -> Bundled:
    """Return what the wheels of one version of a package bundle, each thing once.

    `reference` is the package's `bom-ref`, `systems` are those that have the package: what only the
    wheels of some bundle has a property for each.
    """
    found: defaultdict[Identity, list[bundled.Component]] = defaultdict(list)
    bills: defaultdict[Identity, set[str]] = defaultdict(set)
    having: defaultdict[Identity, set[str]] = defaultdict(set)
    needs: defaultdict[Identity | None, set[Identity]] = defaultdict(set)
    for link, bundle in bundles:
        keys = [one.identity for _, one in bundle.components]
        for file, one in bundle.components:
            found[one.identity].append(one)
            bills[one.identity].add(file)
            having[one.identity].update(link.systems)
        for above, below in bundle.edges:
            needs[None if above is None else keys[above]].add(keys[below])
    made = {
        key: _component(
            found[key],
            name,
            [
                *_properties("sbom", bills[key]),
                *_properties("system", having[key] if having[key] < {*systems} else ()),
            ],
        )
        for key, name in _references(found, reference)
    }
    return Bundled(
        [*made.values()],
        [made[key] for key in sorted(needs[None])],
        [(one, [made[other] for other in sorted(needs[key])]) for key, one in made.items()],
    )


def _references(keys: Iterable[Identity], above: str) -> Iterator[tuple[Identity, str]]:
    """Yield what is bundled, sorted, with a name that nothing else in the document has."""
    taken: set[str] = set()
    for key in sorted(keys):
        purl, name, version, *_ = key
        text = f"{above}#{purl or f'{name}@{version}'}"
        number = next(number for number in range(1, 1 << 30) if f"{text} {number}" not in taken)
        taken.add(f"{text} {number}")
        yield key, text if number == 1 else f"{text} {number}"


def _component(
    listed: Sequence[bundled.Component], reference: str, properties: Sequence[Property]
) -> Component:
    """Return the component for what several bills say of the same thing."""
    first = listed[0]
    # Where wheels have other files of it, it has no hash of its own.
    same = all(one.hashes == first.hashes for one in listed)
    licenses = next((one.licenses for one in sorted(listed) if one.licenses), ())
    return Component(
        name=first.name,
        version=first.version or None,
        group=first.group or None,
        type=_type(first.kind),
        bom_ref=reference,
        purl=PackageURL.from_string(first.purl) if first.purl else None,
        cpe=first.cpe or None,
        hashes=[*_hashes(first.hashes)] if same else (),
        licenses=[*_licenses(licenses)],
        properties=properties,
    )


def _type(word: str) -> ComponentType:
    """Return the type of a component; a word that isn't known here is a library."""
    try:
        return ComponentType(word)
    except ValueError:
        return ComponentType.LIBRARY


def _hashes(pairs: Iterable[tuple[str, str]]) -> Iterator[HashType]:
    for algorithm, digest in pairs:
        if algorithm in ALGORITHMS:
            yield HashType(alg=HashAlgorithm(algorithm), content=digest)


def _licenses(texts: Sequence[str]) -> Iterator[License]:
    for text in texts:
        expression = from_text(text, "").expression
        if expression is None:
            yield DisjunctiveLicense(name=text)
        elif len(texts) == 1:
            yield LicenseFactory().make_from_string(expression)
        else:
            # An expression must stand alone.
            yield DisjunctiveLicense(name=expression)


def _properties(name: str, values: Iterable[str]) -> list[Property]:
    return [Property(name=f"wheelhouse:{name}", value=value) for value in sorted(values)]

"""Read the import names that a package's distributions declare.

Specification: core metadata 2.5 (PEP 794), `Import-Name` and `Import-Namespace`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from email.parser import HeaderParser
from pathlib import Path

METADATA = (("*.dist-info", "METADATA"), ("*.egg-info", "PKG-INFO"))
NAME, NAMESPACE = "Import-Name", "Import-Namespace"


@dataclass(frozen=True)
class ImportNames:
    """What distributions declare to be imported by, as dotted names.

    `namespaces` are those that other distributions may share. `is_everywhere` says that the wheel
    is the same for every platform, so that it has all of it: a name only has to be importable on
    some platform.
    """

    public: frozenset[str]
    private: frozenset[str] = frozenset()
    namespaces: frozenset[str] = frozenset()
    is_everywhere: bool = True

    def is_private(self, name: str) -> bool:
        """Return whether a name is private, or below one that is; the nearest one counts."""
        while name:
            if name in self.public or name in self.private:
                return name in self.private
            name = name.rpartition(".")[0]
        return False

    def is_empty(self, namespace: str) -> bool:
        """Return whether no declared name is below a namespace."""
        return not any(
            name.startswith(f"{namespace}.")
            for name in self.public | self.private | self.namespaces
        )


def read_import_names(site: Path) -> ImportNames | None:
    """Return what the distributions in a package's site-packages declare; None if one doesn't.

    Metadata of any version is read: fields that aren't known here are left alone.
    """
    files = [file for folder, name in METADATA for file in site.glob(f"{folder}/{name}")]
    found = [_declared(file) for file in sorted(files)]
    declared = [one for one in found if one is not None]
    if not found or len(declared) < len(found):
        return None
    return ImportNames(
        frozenset[str]().union(*(one.public for one in declared)),
        frozenset[str]().union(*(one.private for one in declared)),
        frozenset[str]().union(*(one.namespaces for one in declared)),
        all(one.is_everywhere for one in declared),
    )


def _declared(metadata: Path) -> ImportNames | None:
    """Return what the text of a METADATA declares.

    None where it has neither field, or something else in them than names of modules.
    """
    text = metadata.read_text("utf-8", errors="replace")
    # What comes behind the first empty line is the description, which may be long.
    headers = HeaderParser().parsestr(text.partition("\n\n")[0])
    if NAME not in headers and NAMESPACE not in headers:
        return None
    wheel = metadata.with_name("WHEEL")
    tags = wheel.read_text("utf-8", errors="replace").splitlines() if wheel.is_file() else []
    platforms = {tag.rpartition("-")[2] for tag in tags if tag.startswith("Tag:")}
    names, namespaces = ([*map(str, headers.get_all(key, []))] for key in (NAME, NAMESPACE))
    if not all(map(_is_valid, [*names, *namespaces])):
        return None
    return ImportNames(
        _names(names, private=False),
        _names(names, private=True) | _names(namespaces, private=True),
        _names(namespaces, private=False),
        platforms <= {"any"},
    )


def _is_valid(value: str) -> bool:
    """Return whether a field has a dotted name, or nothing."""
    name = value.partition(";")[0].strip()
    return not name or all(part.isidentifier() for part in name.split("."))


def _names(values: Iterable[str], *, private: bool) -> frozenset[str]:
    """Return the names in fields that are private, or those that aren't."""
    parts = (value.partition(";") for value in values)
    return frozenset(
        name.strip()
        for name, _, word in parts
        if name.strip() and (word.strip() == "private") == private
    )

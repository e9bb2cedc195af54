"""Reads the bills of materials that a wheel has inside.

Specification: PEP 770 (`.dist-info/sboms/`), and CycloneDX for JSON since 1.2. Of a component only
what identifies it is taken, with its hashes and licences: fields of newer versions do no harm.
"""

import json
import re
import zipfile
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from packageurl import PackageURL
from packaging.utils import canonicalize_name

from lock.models.bundled import Bundle, Component

BILL = re.compile(r"[^/]+\.dist-info/sboms/(?P<file>.+[^/])")
# In bytes. The largest that is known, of 1.7 MB, describes a build.
LARGEST = 1 << 26
DIGEST = re.compile(r"[0-9a-fA-F]{32}|[0-9a-fA-F]{40}|(?:[0-9a-fA-F]{32}){2,4}")


def read_bills(wheel: zipfile.ZipFile, name: str) -> Bundle:
    """Return what the bills in a wheel of a project list. Raises what reading an archive raises.

    The project itself, which many list, isn't among the components.
    """
    components: list[tuple[str, Component]] = []
    edges: list[tuple[int | None, int]] = []
    left_out: list[tuple[str, str]] = []
    for entry in sorted(wheel.infolist(), key=lambda entry: entry.filename):
        found = BILL.fullmatch(entry.filename)
        if found is None:
            continue
        problem, document = _document(wheel, entry)
        if problem:
            left_out.append((found["file"], problem))
            continue
        listed, inner = _content(document, name)
        first = len(components)
        components += [(found["file"], one) for one in listed]
        edges += [(None if one is None else first + one, first + other) for one, other in inner]
    return Bundle(tuple(components), tuple(edges), tuple(left_out))


def _document(wheel: zipfile.ZipFile, entry: zipfile.ZipInfo) -> tuple[str, Mapping[str, Any]]:
    """Return why a bill can't be taken, empty if it can, and its content."""
    if entry.file_size > LARGEST:
        return f"it has {entry.file_size >> 20} MB", {}
    try:
        data = json.loads(wheel.read(entry))
    except (ValueError, RecursionError):
        return "it isn't JSON", {}
    if not isinstance(data, dict) or data.get("bomFormat") != "CycloneDX":
        return "it isn't CycloneDX", {}
    return "", data


def _content(
    document: Mapping[str, Any], name: str
) -> tuple[Sequence[Component], Sequence[tuple[int | None, int]]]:
    """Return the components of a bill, and which needs which by their indexes."""
    root = _table(_table(document.get("metadata")).get("component"))
    # What bills call a component → its index; None for the project itself.
    index_of: dict[str, int | None] = {_text(root, "bom-ref"): None} if root else {}
    components: list[Component] = []
    for data in _flat(document.get("components")):
        one, reference = _component(data), _text(data, "bom-ref")
        if (reference and reference in index_of) or _is_project(one, name):
            index_of.setdefault(reference, None)
        elif one.name:
            index_of[reference] = len(components)
            components.append(one)
    index_of.pop("", None)
    edges = {
        (index_of[above], other)
        for entry in _tables(document.get("dependencies"))
        if (above := _text(entry, "ref")) in index_of
        for below in _list(entry.get("dependsOn"))
        if isinstance(below, str) and (other := index_of.get(below)) is not None
        if other != index_of[above]
    }
    # The project needs whatever nothing else needs.
    needed = {below for _, below in edges}
    edges |= {(None, index) for index in range(len(components)) if index not in needed}
    return components, sorted(edges, key=lambda edge: (edge[0] is not None, edge[0] or 0, edge[1]))


def _flat(listed: object) -> Iterator[Mapping[str, Any]]:
    """Yield components and those inside of them, however deep."""
    waiting = deque(_tables(listed))
    while waiting:
        data = waiting.popleft()
        yield data
        waiting.extendleft(reversed([*_tables(data.get("components"))]))


def _is_project(component: Component, name: str) -> bool:
    """Return whether a component is the project whose wheel this is."""
    if not component.purl:
        return False
    purl = PackageURL.from_string(component.purl)
    return purl.type == "pypi" and canonicalize_name(purl.name) == name and not purl.subpath


def _component(data: Mapping[str, Any]) -> Component:
    hashes = (
        (_text(one, "alg"), _text(one, "content").lower()) for one in _tables(data.get("hashes"))
    )
    return Component(
        name=_text(data, "name"),
        version=_text(data, "version"),
        group=_text(data, "group"),
        kind=_text(data, "type") or "library",
        purl=_purl(_text(data, "purl")),
        cpe=_text(data, "cpe"),
        hashes=tuple(sorted({pair for pair in hashes if DIGEST.fullmatch(pair[1])})),
        licenses=tuple(_licenses(data)),
    )


def _licenses(data: Mapping[str, Any]) -> Iterator[str]:
    """Yield the one expression of a component, or the names and ids of its licences."""
    listed = [*_tables(data.get("licenses"))]
    expressions = [text for one in listed if (text := _text(one, "expression"))]
    if expressions:
        yield expressions[0]
        return
    for one in listed:
        text = _text(_table(one.get("license")), "id") or _text(_table(one.get("license")), "name")
        if text:
            yield text


def _purl(text: str) -> str:
    """Return a package URL in its canonical form; empty for what is none."""
    try:
        return PackageURL.from_string(text).to_string()
    except ValueError:
        return ""


def _text(data: Mapping[str, Any], key: str) -> str:
    value = data.get(key)
    return value.strip() if isinstance(value, str) else ""


def _table(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: object) -> Sequence[Any]:
    return value if isinstance(value, list) else ()


def _tables(value: object) -> Iterator[Mapping[str, Any]]:
    for one in _list(value):
        if isinstance(one, dict):
            yield one

"""Which native libraries an environment has, borrows and lacks, as a text for a person."""

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from builder.library_check import Need, judge, native
from builder.nixpkgs_attributes import attribute

REMEDY = "add the package that has it to searchPaths.rpath"


def main(spec: dict[str, Any], out: Path) -> None:
    """Write the report on `spec["packages"]` to the file `out`."""
    notes = [(path, read_notes(path)) for path in spec["packages"]]
    natives = [native(path, summary) for path, summary in notes if summary["native"]["folders"]]
    judgement = judge(natives, spec["sitePackages"])
    wired = found_rows(
        (f"{summary['name']} {summary['version']}", patch["file"], met["soname"], met["attribute"])
        for _, summary in notes
        for patch in summary["native"]["patched"]
        for met in patch["met"]
    )
    parts = [
        section(f"Missing; {REMEDY}:", missing_rows(judgement.missing)),
        section(
            "Left to another package, which has to be imported before:",
            [
                (need.package, need.path, need.soname, need.owner or "")
                for need in judgement.preloaded
            ],
        ),
        section("Found in the package set:", wired),
    ]
    text = "\n".join(filter(None, parts)) or "No package needs a native library.\n"
    if not judgement.missing:
        text = f"No native library is missing.\n\n{text}" if wired or judgement.preloaded else text
    out.write_text(text, encoding="utf-8")


def read_notes(path: str) -> dict[str, Any]:
    """What `unpack` noted of the package at `path`."""
    notes: dict[str, Any] = json.loads(Path(path, "wheelhouse", "package.json").read_text("utf-8"))
    return notes


def missing_rows(missing: Iterable[Need]) -> list[tuple[str, ...]]:
    """Package, file, soname, and the attribute of nixpkgs that has it, where that is known."""
    return [
        (need.package, need.path, need.soname, f"nixpkgs: {found}" if found else "")
        for need in missing
        for found in [attribute(need.soname)]
    ]


def found_rows(found: Iterable[tuple[str, str, str, str]]) -> list[tuple[str, ...]]:
    """Package, file (or how many), soname and attribute of needs that are met, once a package."""
    files: dict[tuple[str, str, str], list[str]] = {}
    for package, file, soname, given in found:
        files.setdefault((package, soname, given), []).append(file)
    return [
        (package, paths[0] if len(paths) == 1 else f"{len(paths)} files", soname, given)
        for (package, soname, given), paths in sorted(files.items())
    ]


def section(title: str, rows: Sequence[tuple[str, ...]]) -> str:
    """A title and a table of aligned columns; nothing for no rows."""
    if not rows:
        return ""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = [
        "  ".join(f"{cell:<{width}}" for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]
    return "\n".join([title, *(f"  {line}" for line in lines), ""])

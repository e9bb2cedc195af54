"""Read the licence texts of distributions, and store each once and compressed."""

import base64
import json
import re
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from email.message import Message
from pathlib import Path

# Files of a `.dist-info` folder that tools take for licences where metadata names none.
LICENSE_FILE = re.compile(r"(?i)(.*[-_.])?(licen[cs]es?|copying|notice|copyright)([-_.].*)?")


@dataclass(frozen=True)
class LicenseText:
    """A licence file of a distribution: its name, and its text."""

    file: str
    text: str


@dataclass(frozen=True)
class Packed:
    """Texts as `Environment.texts` has them; by package, the file and number of each text."""

    data: str
    numbers: Mapping[str, tuple[tuple[str, int], ...]]


def read_texts(info: Path, metadata: Message) -> Iterator[LicenseText]:
    """Yield the licence files of a `.dist-info` folder, sorted by name (PEP 639, and before it)."""
    for file in sorted(_files(info, metadata)):
        text = file.read_text(encoding="utf-8", errors="replace")
        lines = "\n".join(line.rstrip() for line in text.splitlines()).strip("\n")
        if lines.strip():
            yield LicenseText(_shown(file.relative_to(info)), lines)


def _files(info: Path, metadata: Message) -> Iterator[Path]:
    # Before Metadata 2.4, the files lie in `.dist-info` itself or in a folder of the tool's choice.
    named = {
        place / str(name).strip()
        for name in metadata.get_all("License-File", [])
        for place in (info, info / "licenses", info / "license_files")
    }
    for file in info.rglob("*"):
        relative = file.relative_to(info)
        if file.is_file() and (
            file in named
            or relative.parts[0] in ("licenses", "license_files")
            or (len(relative.parts) == 1 and LICENSE_FILE.fullmatch(file.name))
        ):
            yield file


def _shown(path: Path) -> str:
    below = path.parts[1:] if path.parts[0] in ("licenses", "license_files") else path.parts
    return "/".join(below)


def pack(texts: Mapping[str, tuple[LicenseText, ...]]) -> Packed:
    """Return the texts of packages, each once: texts that differ in white space are the same."""
    kept: dict[str, int] = {}
    unique: list[str] = []
    numbers: dict[str, tuple[tuple[str, int], ...]] = {}
    for package, listed in texts.items():
        for one in listed:
            key = " ".join(one.text.split())
            if key not in kept:
                kept[key] = len(unique)
                unique.append(one.text)
            numbers[package] = (*numbers.get(package, ()), (one.file, kept[key]))
    return Packed(deflate(json.dumps(unique, ensure_ascii=False)), numbers)


def deflate(text: str) -> str:
    """Return a text deflated (RFC 1951, as browsers' `deflate-raw`) and in base64."""
    compressor = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    return base64.b64encode(compressor.compress(text.encode()) + compressor.flush()).decode()

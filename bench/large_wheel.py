"""Write a wheel of native libraries of any size, which need a library of the system."""

import base64
import hashlib
import os
import zipfile
from pathlib import Path

from tests.support.c_compiler import find_compiler

NAME = "large"
VERSION = "1"


def write(folder: Path, libraries: int, megabytes: int) -> Path:
    """Write a wheel with so many libraries of so many megabytes, stored, and return its path."""
    folder.mkdir()
    compiler = find_compiler(folder)
    zlib = compiler.library("libz.so.1")
    code = f"char filled[{megabytes * 1_000_000}] = {{ 1 }};"
    options = ("-shared", "-fPIC", "-Wl,--no-as-needed", str(zlib))
    file = compiler.compile("library.so", code, *options)
    members = {f"{NAME}/library_{number}.so": file for number in range(libraries)}
    path = folder / f"{NAME}-{VERSION}-py3-none-manylinux_2_17_{os.uname().machine}.whl"
    tag = path.stem.partition(f"-{VERSION}-")[2]
    info = f"{NAME}-{VERSION}.dist-info"
    texts = {
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {NAME}\nVersion: {VERSION}\n",
        f"{info}/WHEEL": f"Wheel-Version: 1.0\nRoot-Is-Purelib: false\nTag: {tag}\n",
    }
    with file.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").digest()
    record = [f"{member},{_field(digest)},{file.stat().st_size}" for member in members]
    record += [
        f"{member},{_field(hashlib.sha256(text.encode()).digest())},{len(text)}"
        for member, text in texts.items()
    ]
    texts[f"{info}/RECORD"] = "".join(f"{line}\n" for line in [*record, f"{info}/RECORD,,"])
    with zipfile.ZipFile(path, "w") as archive:
        for member in members:
            archive.write(file, member)
        for member, text in texts.items():
            archive.writestr(member, text)
    file.unlink()
    return path


def _field(digest: bytes) -> str:
    """Return a sha256 as RECORD has it (recording installed projects)."""
    return f"sha256={base64.urlsafe_b64encode(digest).rstrip(b'=').decode()}"

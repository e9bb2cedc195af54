"""Wheels made for a test: real archives with METADATA, WHEEL and RECORD."""

import base64
import csv
import hashlib
import io
import warnings
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class Wheel:
    """What goes into a wheel, and what of it shall be wrong.

    `files` are paths → contents; those in `executable` get the bits of a program. `metadata`
    replaces or, with None, removes a file of the `.dist-info` folder, RECORD included. `members`
    are added to the archive without being listed in RECORD, as often as they are named.
    """

    name: str = "demo"
    version: str = "1.0"
    files: Mapping[str, str | bytes] = field(default_factory=dict)
    executable: frozenset[str] = frozenset()
    tag: str = "py3-none-any"
    entry_points: str = ""
    wheel_version: str = "1.0"
    metadata: Mapping[str, str | bytes | None] = field(default_factory=dict)
    members: tuple[tuple[str, bytes], ...] = ()
    file_name: str | None = None

    @property
    def dist_info(self) -> str:
        """The name of the `.dist-info` folder."""
        return f"{self.name.replace('-', '_')}-{self.version}.dist-info"

    @property
    def archive_name(self) -> str:
        """The name of the wheel's file."""
        return self.file_name or f"{self.name.replace('-', '_')}-{self.version}-{self.tag}.whl"

    def contents(self) -> dict[str, bytes]:
        """Every member of the archive but those that RECORD does not list."""
        pure = "true" if self.tag.endswith("-any") else "false"
        info = {
            "METADATA": f"Metadata-Version: 2.1\nName: {self.name}\nVersion: {self.version}\n",
            "WHEEL": (
                f"Wheel-Version: {self.wheel_version}\nGenerator: tests\n"
                f"Root-Is-Purelib: {pure}\nTag: {self.tag}\n"
            ),
            **({"entry_points.txt": self.entry_points} if self.entry_points else {}),
            **self.metadata,
        }
        made = {path: encoded(content) for path, content in self.files.items()} | {
            f"{self.dist_info}/{name}": encoded(content)
            for name, content in info.items()
            if content is not None
        }
        if "RECORD" not in self.metadata:
            made[f"{self.dist_info}/RECORD"] = record(made, f"{self.dist_info}/RECORD")
        return made

    def write(self, folder: Path) -> Path:
        """Write the archive below `folder`, under a name as the store gives it."""
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"0123456789abcdfghijklmnpqrsvwxyz-{self.archive_name}"
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in (*self.contents().items(), *self.members):
                member = zipfile.ZipInfo(name, (2020, 1, 1, 0, 0, 0))
                member.compress_type = zipfile.ZIP_DEFLATED
                mode = 0o755 if name in self.executable else 0o644
                member.external_attr = (0o100000 | mode) << 16
                with warnings.catch_warnings():
                    # A duplicate may be just what the test wants.
                    warnings.simplefilter("ignore")
                    archive.writestr(member, content)
        return path


def encoded(content: str | bytes) -> bytes:
    """A text as UTF-8; bytes as they are."""
    return content.encode() if isinstance(content, str) else content


def record(files: Mapping[str, bytes], path: str) -> bytes:
    """The RECORD at `path` of these files."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    for name, content in files.items():
        writer.writerow([name, digest(content), len(content)])
    writer.writerow([path, "", ""])
    return text.getvalue().encode()


def digest(content: bytes) -> str:
    """The hash of a file as RECORD writes it."""
    value = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
    return f"sha256={value}"

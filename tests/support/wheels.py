"""Write wheels for a test, with METADATA, WHEEL and RECORD."""

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
    """The contents of a wheel, which may be invalid.

    `files` maps paths to contents; those in `executable` are marked as executable. `metadata`
    replaces files of the `.dist-info` folder, RECORD included, or removes those that are None.
    `members` are added to the archive but not to RECORD; they may be duplicates.
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
        """Return the name of the `.dist-info` folder."""
        return f"{self.name.replace('-', '_')}-{self.version}.dist-info"

    @property
    def archive_name(self) -> str:
        """Return the file name of the wheel."""
        return self.file_name or f"{self.name.replace('-', '_')}-{self.version}-{self.tag}.whl"

    def contents(self) -> dict[str, bytes]:
        """Return the files of the archive without `members`: path to content."""
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
        contents = {path: to_bytes(content) for path, content in self.files.items()} | {
            f"{self.dist_info}/{name}": to_bytes(content)
            for name, content in info.items()
            if content is not None
        }
        if "RECORD" not in self.metadata:
            path = f"{self.dist_info}/RECORD"
            contents[path] = build_record(contents, path)
        return contents

    def write(self, folder: Path) -> Path:
        """Write the archive into `folder`, under a name such as it has in the store."""
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"0123456789abcdfghijklmnpqrsvwxyz-{self.archive_name}"
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in (*self.contents().items(), *self.members):
                member = zipfile.ZipInfo(name, (2020, 1, 1, 0, 0, 0))
                member.compress_type = zipfile.ZIP_DEFLATED
                mode = 0o755 if name in self.executable else 0o644
                member.external_attr = (0o100000 | mode) << 16
                with warnings.catch_warnings():
                    # zipfile warns about duplicate members.
                    warnings.simplefilter("ignore")
                    archive.writestr(member, content)
        return path


def to_bytes(content: str | bytes) -> bytes:
    """Return text encoded as UTF-8, and bytes unchanged."""
    return content.encode() if isinstance(content, str) else content


def build_record(files: Mapping[str, bytes], path: str) -> bytes:
    """Return the content of the RECORD at `path` that lists `files`."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    for name, content in files.items():
        writer.writerow([name, record_hash(content), len(content)])
    writer.writerow([path, "", ""])
    return text.getvalue().encode()


def record_hash(content: bytes) -> str:
    """Return the hash of a file's content as RECORD writes it."""
    value = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
    return f"sha256={value}"

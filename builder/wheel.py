"""Reading a wheel: `installer`'s reader, with RECORD held against every byte on its way out."""

import hashlib
import os
from base64 import urlsafe_b64encode
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO
from zipfile import BadZipFile, ZipFile

from installer.destinations import WheelDestination
from installer.exceptions import InvalidWheelSource
from installer.records import Hash, RecordEntry
from installer.sources import WheelContentElement, WheelFile
from installer.utils import Scheme

from builder.errors import BuildError
from builder.record import Entry

CHUNK = 1 << 20


class RecordedWheel(WheelFile):
    """A wheel that tells which line of RECORD belongs to the file that it hands out."""

    recorded: RecordEntry | None = None

    def get_contents(self) -> Iterator[WheelContentElement]:
        """Every file of the wheel; `recorded` is its line of RECORD until the next is asked for."""
        for element in super().get_contents():
            self.recorded = RecordEntry.from_elements(*element[0])
            yield element
        self.recorded = None


@contextmanager
def open_wheel(path: Path, name: str) -> Iterator[RecordedWheel]:
    """A wheel whose file has the name `name`, wherever it lies.

    Raises BuildError for a file that is no wheel, or whose RECORD lacks one of its files.
    """
    try:
        with ZipFile(path) as archive:
            # `installer` holds the file's name against its content; the store adds a hash to it.
            archive.filename = name
            wheel = RecordedWheel(archive)
            check_record_is_complete(wheel, archive)
            yield wheel
    except (BadZipFile, EOFError) as error:
        raise BuildError(
            f"{name} is not a readable wheel ({error}); lock again, and if that gives the same "
            "file, its publisher has to mend it"
        ) from error
    except InvalidWheelSource as error:
        raise BuildError(f"{name} is not a valid wheel: {error}") from error


def check_record_is_complete(wheel: RecordedWheel, archive: ZipFile) -> None:
    """Raise BuildError where RECORD lacks a file (binary distribution format, «RECORD»)."""
    from installer.records import parse_record_file

    record = f"{wheel.dist_info_dir}/RECORD"
    if record not in archive.namelist():
        raise BuildError(f"{archive.filename} has no {record}; it is not a valid wheel")
    listed = {row[0] for row in parse_record_file(archive.read(record).decode().splitlines())}
    missing = sorted(
        name
        for name in archive.namelist()
        if not name.endswith("/")
        and name not in listed
        and not name.startswith((f"{record}.jws", f"{record}.p7s"))
    )
    if missing:
        raise BuildError(
            f"{archive.filename}: its RECORD does not list {', '.join(missing[:5])}"
            f"{f' and {len(missing) - 5} more' if len(missing) > 5 else ''}; "
            "it is not a valid wheel"
        )


class TreeDestination(WheelDestination):
    """Writes a wheel into a folder of its own: modules into `site`, all else into `extras`.

    What belongs elsewhere in an environment (scripts, data, headers) waits in `extras` until one
    is composed; entry points are kept as data.
    """

    def __init__(self, wheel: RecordedWheel, name: str, site: Path, extras: Path) -> None:
        self.wheel = wheel
        self.name = name
        self.roots = {
            "purelib": site,
            "platlib": site,
            "scripts": extras / "scripts",
            "data": extras / "data",
            "headers": extras / "headers",
        }
        self.entries: list[Entry] = []
        self.executables: list[Path] = []
        self.entry_points: list[dict[str, str]] = []
        self._folders: set[str] = set()

    def write_script(self, name: str, module: str, attr: str, section: str) -> RecordEntry:
        """Keep an entry point; its launcher is written where an environment is composed."""
        self.entry_points.append({"name": name, "module": module, "attr": attr, "section": section})
        return RecordEntry(name, None, None)

    def write_file(
        self,
        scheme: Scheme,
        path: "str | os.PathLike[str]",
        stream: BinaryIO,
        is_executable: bool,
    ) -> RecordEntry:
        """Write one file, hashing it on the way, and hold it against RECORD."""
        relative = os.path.normpath(path)
        if os.path.isabs(relative) or relative.split("/", 1)[0] == "..":
            raise BuildError(f"{self.name}: the file {os.fspath(path)!r} lies outside of the wheel")
        target = os.path.join(self.roots[scheme], relative)
        folder = os.path.dirname(target)
        if folder not in self._folders:
            os.makedirs(folder, exist_ok=True)
            self._folders.add(folder)
        recorded = self.wheel.recorded
        algorithm = recorded.hash_.name if recorded and recorded.hash_ else "sha256"
        hasher = hashlib.new(algorithm)
        size = 0
        descriptor = os.open(
            target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o755 if is_executable else 0o644
        )
        with open(descriptor, "wb") as file:
            while chunk := stream.read(CHUNK):
                hasher.update(chunk)
                file.write(chunk)
                size += len(chunk)
        digest = urlsafe_b64encode(hasher.digest()).rstrip(b"=").decode()
        if recorded is not None:
            self._compare(recorded, digest, size)
        if scheme in ("purelib", "platlib"):
            self.entries.append(Entry(relative, f"{algorithm}={digest}", size))
        return RecordEntry(relative, Hash(algorithm, digest), size)

    def _compare(self, recorded: RecordEntry, digest: str, size: int) -> None:
        wrong = recorded.hash_ is not None and recorded.hash_.value.rstrip("=") != digest
        if wrong or (recorded.size is not None and recorded.size != size):
            raise BuildError(
                f"{self.name}: {recorded.path} is not what RECORD says; the wheel is damaged or "
                "was changed after it was made. Require another version"
            )

    def finalize_installation(
        self,
        scheme: Scheme,  # noqa: ARG002
        record_file_path: str,
        records: Iterable[tuple[Scheme, RecordEntry]],  # noqa: ARG002
    ) -> None:
        """RECORD is written later, when native files have their last content."""
        self.entries.append(Entry(record_file_path))

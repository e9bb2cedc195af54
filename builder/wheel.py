"""Reading a wheel: `installer`'s reader, with RECORD held against every byte on its way out."""

import configparser
import hashlib
import io
import os
import stat
import sys
import zlib
from base64 import urlsafe_b64encode
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, cast
from zipfile import BadZipFile, ZipFile

from installer.destinations import WheelDestination
from installer.exceptions import InvalidWheelSource
from installer.records import Hash, InvalidRecordEntry, RecordEntry, parse_record_file
from installer.sources import WheelContentElement, WheelFile
from installer.utils import Scheme, parse_entrypoints

from builder.errors import BuildError
from builder.record import Entry

CHUNK = 1 << 20
# What is damaged, encrypted or packed in a way that the standard library can't undo.
UNREADABLE = (BadZipFile, EOFError, zlib.error, NotImplementedError, RuntimeError)


class RecordedWheel(WheelFile):
    """A wheel that tells which line of RECORD belongs to the file that it hands out.

    Raises BuildError for a file that is not laid out as the binary distribution format says.
    """

    def __init__(self, archive: ZipFile, name: str) -> None:
        self.archive = archive
        self.name = name
        # `installer` holds the file's name against its content; the store adds a hash to it.
        archive.filename = name
        try:
            super().__init__(archive)
        except ValueError:
            raise self.invalid("its file name is not that of a wheel") from None
        self.recorded: RecordEntry | None = None
        self.files = [file for file in archive.infolist() if not file.is_dir()]
        check_names(self, [file.filename for file in self.files])
        self.folder = f"{dist_info_folder(self)}/"
        self.records = read_records(self)
        check_complete(self)
        check_entry_points(self)

    def invalid(self, problem: str) -> BuildError:
        """The error that says what is wrong with this wheel."""
        return BuildError(
            f"{self.name}: {problem}; it is not a valid wheel. Require another version of it"
        )

    def text(self, name: str) -> str:
        """A file of the `.dist-info` folder."""
        try:
            return self.archive.read(self.folder + name).decode("utf-8")
        except KeyError:
            raise self.invalid(f"it has no {self.folder}{name}") from None
        except UnicodeDecodeError:
            raise self.invalid(f"its {self.folder}{name} is not UTF-8") from None

    def get_contents(self) -> Iterator[WheelContentElement]:
        """Every file of the wheel; `recorded` is its line of RECORD until the next is asked for."""
        for file in self.files:
            # Bytecode is compiled here, and the installer is who installs.
            if "__pycache__" in file.filename or file.filename == f"{self.folder}INSTALLER":
                continue
            self.recorded = self.records.get(file.filename)
            mode = file.external_attr >> 16
            executable = stat.S_ISREG(mode) and bool(mode & 0o111)
            with self.archive.open(file) as stream:
                yield (file.filename, "", ""), cast("BinaryIO", stream), executable
        self.recorded = None


@contextmanager
def open_wheel(path: Path, name: str) -> Iterator[RecordedWheel]:
    """A wheel whose file has the name `name`, wherever it lies.

    Raises BuildError for a file that is no wheel, or a damaged one.
    """
    try:
        with ZipFile(path) as archive:
            wheel = RecordedWheel(archive, name)
            try:
                yield wheel
            except InvalidWheelSource as error:
                raise wheel.invalid(str(error.args[-1]).rstrip(".")) from error
    except UNREADABLE as error:
        raise BuildError(
            f"{name} is not a readable wheel ({error}); lock again, and if that gives the same "
            "file, its publisher has to mend it"
        ) from error


def check_names(wheel: RecordedWheel, names: list[str]) -> None:
    """Raise BuildError for a file that is there twice, or lies outside of the wheel."""
    for name, count in Counter(names).items():
        if name.startswith("/") or ".." in name.split("/"):
            raise wheel.invalid(f"the file {name!r} lies outside of it")
        if count > 1:
            raise wheel.invalid(f"it holds {name} twice")


def dist_info_folder(wheel: RecordedWheel) -> str:
    """The name of the `.dist-info` folder, which is the one that the file's name promises."""
    folders = {file.filename.partition("/")[0] for file in wheel.files}
    found = sorted(folder for folder in folders if folder.endswith(".dist-info"))
    if len(found) != 1:
        raise wheel.invalid(f"it has {' and '.join(found) or 'no'} .dist-info folder, not one")
    try:
        return wheel.dist_info_dir
    except ValueError:
        raise wheel.invalid(f"its {found[0]} is another distribution's") from None


def read_records(wheel: RecordedWheel) -> dict[str, RecordEntry]:
    """RECORD, by path (binary distribution format, «RECORD»)."""
    try:
        rows = parse_record_file(io.StringIO(wheel.text("RECORD"), newline=""))
        return {row[0]: RecordEntry.from_elements(*row) for row in rows}
    except InvalidRecordEntry as error:
        row = ",".join(error.elements)
        raise wheel.invalid(
            f"its RECORD has the line {row!r}: {'; '.join(error.issues)}"
        ) from error


def check_complete(wheel: RecordedWheel) -> None:
    """Raise BuildError where RECORD lacks a file, or the wheel one that each has to have."""
    for name in ("METADATA", "WHEEL"):
        wheel.text(name)
    signatures = (f"{wheel.folder}RECORD.jws", f"{wheel.folder}RECORD.p7s")
    missing = sorted({file.filename for file in wheel.files} - wheel.records.keys() - {*signatures})
    if missing:
        more = f" and {len(missing) - 5} more" if len(missing) > 5 else ""
        raise wheel.invalid(f"its RECORD does not list {', '.join(missing[:5])}{more}")


def check_entry_points(wheel: RecordedWheel) -> None:
    """Raise BuildError where `entry_points.txt` can't be read."""
    path = f"{wheel.folder}entry_points.txt"
    if not any(file.filename == path for file in wheel.files):
        return
    try:
        for _ in parse_entrypoints(wheel.text("entry_points.txt")):
            pass
    except (configparser.Error, AssertionError) as error:
        # `installer` asserts what it wants of an entry.
        problem = str(error).replace("\n", " ") or "an entry is not `name = module:object`"
        raise wheel.invalid(f"its {path} can't be read ({problem})") from error


class TreeDestination(WheelDestination):
    """Writes a wheel into a folder of its own: modules into `site`, all else into `extras`.

    What belongs elsewhere in an environment (scripts, data, headers) waits in `extras` until one
    is composed; entry points are kept as data.
    """

    def __init__(self, wheel: RecordedWheel, site: Path, extras: Path) -> None:
        self.wheel = wheel
        self.roots = {
            "site": site,
            "scripts": extras / "scripts",
            "data": extras / "data",
            "headers": extras / "headers",
        }
        self.entries: dict[str, list[Entry]] = {place: [] for place in self.roots}
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
        place = "site" if scheme in ("purelib", "platlib") else scheme
        target = os.path.join(self.roots[place], relative)
        # Programs are run, whatever the archive says of them.
        mode = 0o755 if is_executable or place == "scripts" else 0o644
        recorded = self.wheel.recorded
        algorithm = recorded.hash_.name if recorded and recorded.hash_ else "sha256"
        try:
            hasher = hashlib.new(algorithm)
        except ValueError:
            raise self.wheel.invalid(f"its RECORD has hashes by {algorithm!r}") from None
        size = 0
        with self._create(target, relative, mode) as file:
            while chunk := stream.read(CHUNK):
                hasher.update(chunk)
                file.write(chunk)
                size += len(chunk)
        digest = urlsafe_b64encode(hasher.digest()).rstrip(b"=").decode()
        if recorded is not None:
            self._compare(recorded, digest, size)
        self.entries[place].append(Entry(relative, f"{algorithm}={digest}", size))
        return RecordEntry(relative, Hash(algorithm, digest), size)

    def _create(self, target: str, relative: str, mode: int) -> BinaryIO:
        folder = os.path.dirname(target)
        try:
            if folder not in self._folders:
                os.makedirs(folder, exist_ok=True)
                self._folders.add(folder)
            return open(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb")
        except (FileExistsError, NotADirectoryError):
            raise self.wheel.invalid(f"it puts two files into the place of {relative}") from None

    def _compare(self, recorded: RecordEntry, digest: str, size: int) -> None:
        wrong = recorded.hash_ is not None and recorded.hash_.value.rstrip("=") != digest
        if not wrong and recorded.size in (None, size):
            return
        problem = f"{self.wheel.name}: {recorded.path} is not what RECORD says; it was changed"
        # Some makers rewrite metadata and forget RECORD; the file itself is what the lock pinned.
        if recorded.path.startswith(f"{self.wheel.dist_info_dir}/"):
            print(f"wheelhouse: {problem} after the wheel was made", file=sys.stderr)
        else:
            raise BuildError(f"{problem} after it was made. Require another version of it")

    def finalize_installation(
        self,
        scheme: Scheme,  # noqa: ARG002
        record_file_path: str,
        records: Iterable[tuple[Scheme, RecordEntry]],  # noqa: ARG002
    ) -> None:
        """RECORD is written later, when native files have their last content."""
        self.entries["site"].append(Entry(record_file_path))

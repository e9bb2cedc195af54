"""Read a wheel with `installer`, and check each file against RECORD while it is unpacked."""

import hashlib
import io
import os
import stat
import sys
import zlib
from base64 import urlsafe_b64encode
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from zipfile import BadZipFile, ZipFile

from installer.destinations import WheelDestination
from installer.exceptions import InvalidWheelSource
from installer.records import Hash, InvalidRecordEntry, RecordEntry, parse_record_file
from installer.sources import WheelContentElement, WheelFile
from installer.utils import Scheme, parse_entrypoints

from builder.errors import BuildError
from builder.record import Entry

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import BinaryIO

# In bytes.
CHUNK_SIZE = 1 << 20
# Raised for an archive that is damaged, encrypted, or compressed by a method that this Python was
# built without or doesn't know.
READ_ERRORS = (BadZipFile, EOFError, ImportError, NotImplementedError, RuntimeError, zlib.error)


class RecordedWheel(WheelFile):
    """A wheel that gives the RECORD entry of each file with its content.

    Raises BuildError for a wheel that doesn't follow the binary distribution format.
    """

    def __init__(self, archive: ZipFile, name: str) -> None:
        self.archive = archive
        self.name = name
        # `installer` checks the archive's content by its file name, which has a hash in the store.
        archive.filename = name
        try:
            super().__init__(archive)
        except ValueError:
            raise self.error("its file name is not that of a wheel") from None
        self.current_entry: RecordEntry | None = None
        self.members = [member for member in archive.infolist() if not member.is_dir()]
        check_names(self, [member.filename for member in self.members])
        self.dist_info_prefix = f"{find_dist_info(self)}/"
        self.record = read_record(self)
        check_complete(self)
        check_entry_points(self)

    def error(self, problem: str) -> BuildError:
        """Return the error that says why this wheel is invalid."""
        return BuildError(
            f"{self.name}: {problem}; it is not a valid wheel. Require another version of it"
        )

    def read_text(self, name: str) -> str:
        """Return the content of a file in the `.dist-info` folder."""
        try:
            return self.archive.read(self.dist_info_prefix + name).decode("utf-8")
        except KeyError:
            raise self.error(f"it has no {self.dist_info_prefix}{name}") from None
        except UnicodeDecodeError:
            raise self.error(f"its {self.dist_info_prefix}{name} is not UTF-8") from None

    def get_contents(self) -> Iterator[WheelContentElement]:
        """Yield the files of the wheel; `current_entry` is the RECORD entry of the last file."""
        for member in self.members:
            # Both are written anew: bytecode for the target, and INSTALLER with our name.
            if (
                "__pycache__" in member.filename
                or member.filename == f"{self.dist_info_prefix}INSTALLER"
            ):
                continue
            self.current_entry = self.record.get(member.filename)
            mode = member.external_attr >> 16
            executable = stat.S_ISREG(mode) and bool(mode & 0o111)
            with self.archive.open(member) as stream:
                yield (member.filename, "", ""), stream, executable  # type: ignore[misc]
        self.current_entry = None


@contextmanager
def open_wheel(path: Path, name: str) -> Iterator[RecordedWheel]:
    """Open the wheel at `path`, whose file name is `name`.

    Raises BuildError for a file that isn't a wheel, or is a damaged one.
    """
    try:
        with ZipFile(path) as archive:
            wheel = RecordedWheel(archive, name)
            try:
                yield wheel
            except InvalidWheelSource as error:
                raise wheel.error(str(error.args[-1]).rstrip(".")) from error
    except Exception as error:
        if not is_of_damage(error):
            raise
        raise BuildError(
            f"{name} is not a readable wheel ({error}); lock again, and if that gives the same "
            "file, its publisher has to mend it"
        ) from error


def is_of_damage(error: Exception) -> bool:
    """Return whether reading an archive raises such an error for what is damaged in it."""
    # Known by name, so that no library for a rare method is imported for the sake of its error.
    of_rare_method = type(error).__name__ in ("LZMAError", "ZstdError")
    # `bz2` raises one that isn't the system's.
    of_bz2 = isinstance(error, OSError) and error.errno is None
    return isinstance(error, READ_ERRORS) or of_rare_method or of_bz2


def check_names(wheel: RecordedWheel, names: list[str]) -> None:
    """Raise BuildError for a file that is in the wheel twice, or would be written outside of it."""
    for name, count in Counter(names).items():
        if name.startswith("/") or ".." in name.split("/"):
            raise wheel.error(f"the file {name!r} lies outside of it")
        if count > 1:
            raise wheel.error(f"it holds {name} twice")


def find_dist_info(wheel: RecordedWheel) -> str:
    """Return the name of the `.dist-info` folder.

    Raises BuildError if there isn't exactly one, or if it doesn't match the wheel's file name.
    """
    folders = {member.filename.partition("/")[0] for member in wheel.members}
    dist_infos = sorted(folder for folder in folders if folder.endswith(".dist-info"))
    if len(dist_infos) != 1:
        raise wheel.error(f"it has {' and '.join(dist_infos) or 'no'} .dist-info folder, not one")
    try:
        return wheel.dist_info_dir
    except ValueError:
        raise wheel.error(f"its {dist_infos[0]} is another distribution's") from None


def read_record(wheel: RecordedWheel) -> dict[str, RecordEntry]:
    """Return the entries of RECORD by path (binary distribution format, «RECORD»).

    Raises BuildError for an invalid entry.
    """
    try:
        rows = parse_record_file(io.StringIO(wheel.read_text("RECORD"), newline=""))
        return {row[0]: RecordEntry.from_elements(*row) for row in rows}
    except InvalidRecordEntry as error:
        row = ",".join(error.elements)
        raise wheel.error(f"its RECORD has the line {row!r}: {'; '.join(error.issues)}") from error


def check_complete(wheel: RecordedWheel) -> None:
    """Raise BuildError if RECORD lacks a file, or the wheel lacks METADATA or WHEEL."""
    for name in ("METADATA", "WHEEL"):
        wheel.read_text(name)
    signatures = {f"{wheel.dist_info_prefix}RECORD.jws", f"{wheel.dist_info_prefix}RECORD.p7s"}
    names = {member.filename for member in wheel.members}
    missing = sorted(names - wheel.record.keys() - signatures)
    if missing:
        more = f" and {len(missing) - 5} more" if len(missing) > 5 else ""
        raise wheel.error(f"its RECORD does not list {', '.join(missing[:5])}{more}")


def check_entry_points(wheel: RecordedWheel) -> None:
    """Raise BuildError if `entry_points.txt` is invalid."""
    path = f"{wheel.dist_info_prefix}entry_points.txt"
    if not any(member.filename == path for member in wheel.members):
        return
    try:
        read_entry_points(wheel.read_text("entry_points.txt"))
    except ValueError as error:
        raise wheel.error(f"its {path} can't be read ({error})") from error


def read_entry_points(text: str) -> list[dict[str, str]]:
    """Return the programs that `entry_points.txt` declares (entry points specification).

    Raises ValueError, which says what is wrong with the text.
    """
    # Most wheels have no entry points.
    import configparser

    try:
        return [
            {"name": name, "module": module, "attr": attr, "section": section}
            for name, module, attr, section in parse_entrypoints(text)
        ]
    except (configparser.Error, AssertionError) as error:
        # `installer` checks the form of an entry with an assertion that has no message.
        problem = str(error).replace("\n", " ") or "an entry is not `name = module:object`"
        raise ValueError(problem) from error


def package_roots(site: Path, extras: Path) -> dict[str, Path]:
    """Return where a package in the store has its files, by location (see TreeDestination)."""
    return {
        "site": site,
        "scripts": extras / "scripts",
        "data": extras / "data",
        "headers": extras / "headers",
    }


class TreeDestination(WheelDestination):
    """A tree that a wheel is unpacked into.

    `entries` are the RECORD entries of the files written to each location. A location is "site" for
    purelib and platlib, else the name of the scheme (scripts, data, headers); `roots` are the
    folders of the locations. Entry points are collected in `entry_points`.
    """

    def __init__(self, wheel: RecordedWheel, roots: Mapping[str, Path]) -> None:
        self.wheel = wheel
        self.roots = roots
        self.entries: dict[str, list[Entry]] = {location: [] for location in self.roots}
        self.entry_points: list[dict[str, str]] = []
        self._created_folders: set[str] = set()

    def write_script(self, name: str, module: str, attr: str, section: str) -> RecordEntry:
        """Collect an entry point; its launcher is written when an environment is composed."""
        self.entry_points.append({"name": name, "module": module, "attr": attr, "section": section})
        return RecordEntry(name, None, None)

    def write_file(
        self,
        scheme: Scheme,
        path: "str | os.PathLike[str]",
        stream: "BinaryIO",
        is_executable: bool,
    ) -> RecordEntry:
        """Write a file, and check it against RECORD. Raises BuildError if it differs."""
        relative = os.path.normpath(path)
        location = "site" if scheme in ("purelib", "platlib") else scheme
        target = os.path.join(self.roots[location], relative)
        # Some wheels have scripts that are not marked as executable.
        mode = 0o755 if is_executable or location == "scripts" else 0o644
        recorded = self.wheel.current_entry
        algorithm = recorded.hash_.name if recorded and recorded.hash_ else "sha256"
        try:
            hasher = hashlib.new(algorithm)
        except ValueError:
            raise self.wheel.error(f"its RECORD has hashes by {algorithm!r}") from None
        size = 0
        created = self._create(target, relative, mode)
        with created or open(os.devnull, "wb") as file:
            while chunk := stream.read(CHUNK_SIZE):
                hasher.update(chunk)
                file.write(chunk)
                size += len(chunk)
        digest = urlsafe_b64encode(hasher.digest()).rstrip(b"=").decode()
        if recorded is not None:
            # Some build tools write hashes in hexadecimal.
            self._check_recorded(recorded, (digest, hasher.hexdigest()), size)
        if created:
            self.entries[location].append(Entry(relative, f"{algorithm}={digest}", size))
        elif not _has_digest(target, algorithm, hasher.digest()):
            raise self.wheel.error(f"it puts two files into the place of {relative}")
        return RecordEntry(relative, Hash(algorithm, digest), size)

    def _create(self, target: str, relative: str, mode: int) -> "BinaryIO | None":
        """Open a new file; None if there is a file, since some wheels have one in two schemes."""
        folder = os.path.dirname(target)
        try:
            if folder not in self._created_folders:
                os.makedirs(folder, exist_ok=True)
                self._created_folders.add(folder)
            return open(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb")
        except (FileExistsError, NotADirectoryError):
            if os.path.isfile(target):
                return None
            raise self.wheel.error(f"it puts two files into the place of {relative}") from None

    def _check_recorded(self, recorded: RecordEntry, digests: tuple[str, ...], size: int) -> None:
        hash_ = recorded.hash_
        hash_differs = hash_ is not None and hash_.value.rstrip("=") not in digests
        if not hash_differs and recorded.size in (None, size):
            return
        problem = f"{self.wheel.name}: {recorded.path} is not what RECORD says; it was changed"
        # Some build tools rewrite metadata but not RECORD. The lock has a hash of the whole wheel.
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
        """Add the entry of RECORD, which is written later, once no file changes any more."""
        self.entries["site"].append(Entry(record_file_path))


def _has_digest(path: str, algorithm: str, digest: bytes) -> bool:
    with open(path, "rb") as file:
        return hashlib.file_digest(file, algorithm).digest() == digest

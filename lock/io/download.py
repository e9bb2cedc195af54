"""Downloads files; an interrupted download is resumed."""

import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path, PurePosixPath

from lock.errors import UsageError
from lock.io import process
from lock.io.http_client import CutError, FileGoneError, HttpClient, StatusError, client_for
from lock.models.packages import File
from lock.models.requirements import Index

__all__ = ["FileGoneError", "download", "fetch", "read_through", "sha256_of"]

# Of a file whose download is cut again and again; one that brought so many bytes doesn't count.
ATTEMPTS = 3
MUCH = 1 << 20
BLOCK = 1 << 18
# Bytes that are sooner downloaded again than written each time.
SMALL = 1 << 25


def fetch(
    file: File, folder: Path, environment: Mapping[str, str], indexes: Sequence[Index] = ()
) -> Path:
    """Download a file of an index into a folder of its own; return its path.

    Raises UsageError if it can't be downloaded, or has another hash than the index gives.
    """
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / PurePosixPath(file.name).name
    digest = download(file.url, path, environment, indexes)
    if digest != file.sha256:
        raise UsageError(
            f"{file.url}: its sha256 is {digest}, but the index says {file.sha256}; "
            "ask whoever runs the index"
        )
    return path


def download(
    url: str,
    path: Path,
    environment: Mapping[str, str],
    indexes: Sequence[Index] = (),
    on_bytes: Callable[[int], None] = lambda _: None,
) -> str:
    """Download into a file, whose beginning may exist; return its sha256 (hexadecimal).

    `on_bytes` is called with the number of bytes of each block. Raises UsageError if the file can't
    be downloaded, FileGoneError if it no longer exists; the part that was downloaded stays. Raises
    OSError, with the file's name, if it can't be written.
    """
    part = _Part.of(path)
    _complete(client_for(environment, indexes), url, part, on_bytes)
    return part.digest.hexdigest()


def read_through(
    url: str,
    path: Path,
    size: int | None,
    environment: Mapping[str, str],
    indexes: Sequence[Index] = (),
    on_bytes: Callable[[int], None] = lambda _: None,
) -> tuple[str, int]:
    """Download a file and keep nothing of it; return its sha256 (hexadecimal) and its size.

    What was downloaded of it stays in the file `path` where the rest can't be, unless the file is
    small by the `size` that is expected; it may be there already. Raises what `download` raises.
    """
    part = _Part.of(path, is_kept=size is None or size > SMALL)
    _complete(client_for(environment, indexes), url, part, on_bytes)
    path.unlink(missing_ok=True)
    return part.digest.hexdigest(), part.size


def _complete(client: HttpClient, url: str, part: "_Part", on_bytes: Callable[[int], None]) -> None:
    """Download what a part lacks. Raises what `download` raises."""
    attempts = 0
    while True:
        before = part.size
        try:
            _download(client, url, part, on_bytes)
            return
        except OSError as error:
            # A write doesn't say of which file.
            error.filename = error.filename or str(part.path)
            raise
        except CutError:
            attempts = 0 if part.size - before >= MUCH else attempts + 1
            if attempts == ATTEMPTS:
                raise
        except StatusError as error:
            if not part.size or error.status != HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE:
                raise
            # The part is complete, or of another file than the server has now.
            part.clear()


def sha256_of(path: Path) -> str:
    """Return the sha256 of a file (hexadecimal). Raises OSError."""
    return _Part.of(path).digest.hexdigest()


@dataclass
class _Part:
    """The beginning of a file, with its hash."""

    path: Path
    # Whether it is written to the file, for a later run.
    is_kept: bool = True
    size: int = 0
    digest: "hashlib._Hash" = field(default_factory=hashlib.sha256)

    @classmethod
    def of(cls, path: Path, *, is_kept: bool = True) -> "_Part":
        """Return what a file has already."""
        part = cls(path, is_kept)
        if path.exists():
            with path.open("rb", buffering=0) as beginning:
                while block := beginning.read(BLOCK):
                    part.digest.update(block)
                    part.size += len(block)
        return part

    def clear(self) -> None:
        """Begin again with nothing."""
        self.path.unlink(missing_ok=True)
        self.size, self.digest = 0, hashlib.sha256()


def _download(client: HttpClient, url: str, part: _Part, on_bytes: Callable[[int], None]) -> None:
    """Download the rest of a file. Raises CutError where only some of it came."""
    # RFC 9110, section 14.2.
    headers = {"Range": f"bytes={part.size}-"} if part.size else {}
    with client.open(url, headers) as answer:
        goes_on = (
            answer.status == HTTPStatus.PARTIAL_CONTENT
            and re.match(rf"bytes {part.size}-", answer.header("Content-Range")) is not None
        )
        if part.size and not goes_on:
            part.clear()
        with part.path.open("ab") if part.is_kept else nullcontext() as stream:
            for block in answer.blocks(BLOCK):
                process.check_going_on()
                if stream is not None:
                    stream.write(block)
                part.digest.update(block)
                part.size += len(block)
                on_bytes(len(block))

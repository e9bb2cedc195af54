"""The hashes of files of which an index or another tool's lock gives no sha256."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath

from lock.errors import UsageError
from lock.io import parallel
from lock.models.packages import File
from lock.models.requirements import Index


@dataclass(frozen=True)
class FileHashes:
    """Hashes files, which are downloaded once into a temporary folder.

    `environment` holds the variables that downloads run with.
    """

    folder: Path
    environment: Mapping[str, str]
    indexes: Sequence[Index] = ()
    # The names of the files that were downloaded because nothing gives their hash.
    downloaded: set[str] = field(default_factory=set)

    def add(self, files: Collection[File]) -> dict[File, File]:
        """Return, by file, the same with its sha256 and size.

        Raises UsageError where one can't be had, or has another hash than is expected.
        """
        ordered = sorted(files, key=lambda file: (file.name, file.url))
        return dict(zip(ordered, parallel.map_threads(self._hashed, ordered), strict=True))

    def path_of(self, file: File) -> Path:
        """Return where a file lies on this machine. Raises UsageError where it can't be had."""
        if file.path is not None:
            return Path(file.path)
        # Imported here because they take a while, and most indexes give hashes.
        import hashlib

        from lock.io import download

        folder = self.folder / f"hashed-{hashlib.sha256(file.url.encode()).hexdigest()}"
        path = folder / PurePosixPath(file.name).name
        if not path.exists():
            folder.mkdir(exist_ok=True)
            download.download(file.url, path, self.environment, self.indexes)
        return path

    def _hashed(self, file: File) -> File:
        path, shown = self.path_of(file), file.path or file.url
        if file.path is None:
            self.downloaded.add(file.name)
        try:
            sha256 = digest(path, "sha256")
            size = path.stat().st_size
            algorithm, _, expected = (file.other_hash or "").partition(":")
            found = digest(path, algorithm) if expected else expected
        except OSError as error:
            raise UsageError(f"{shown}: {error.strerror}; put it there, or lock again") from None
        if found != expected.lower():
            raise UsageError(
                f"{shown}: its {algorithm} is {found}, but {expected} is expected; "
                "ask whoever runs the index"
            )
        return replace(file, sha256=sha256, size=size)


def digest(path: Path, algorithm: str) -> str:
    """Return the hash of a file, hexadecimal.

    Raises UsageError for an unknown algorithm, and OSError.
    """
    import hashlib

    if algorithm not in hashlib.algorithms_guaranteed or algorithm.startswith("shake"):
        raise UsageError(
            f"{path.name}: hashes of the kind {algorithm} are not known here; give its sha256"
        )
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, algorithm).hexdigest()

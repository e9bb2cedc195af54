"""Reads parts of a file at a URL (RFC 9110, section 14), as a file that can be sought in."""

import io
import re
from collections.abc import Mapping, Sequence
from http import HTTPStatus

from lock.errors import UsageError
from lock.io.http_client import client_for
from lock.models.requirements import Index

# Bytes that one request asks for at least; the directory of most archives fits into it.
BLOCK = 1 << 16


class _RemoteFile(io.RawIOBase):
    """A file of which each read is a request."""

    def __init__(self, url: str, environment: Mapping[str, str], indexes: Sequence[Index]) -> None:
        super().__init__()
        self.url = url
        self.client = client_for(environment, indexes)
        self.position = 0
        self.size = 0
        self._request(0, 1)

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self.position, io.SEEK_END: self.size}[whence]
        self.position = max(0, start + offset)
        return self.position

    def tell(self) -> int:
        return self.position

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        end = min(self.position + len(buffer), self.size)
        if end <= self.position:
            return 0
        data = self._request(self.position, end)
        buffer[: len(data)] = data
        self.position += len(data)
        return len(data)

    def _request(self, start: int, end: int) -> bytes:
        """Return the bytes up to an end. Raises UsageError where the server sends no parts."""
        with self.client.open(self.url, {"Range": f"bytes={start}-{end - 1}"}) as answer:
            span = re.fullmatch(r"bytes (\d+)-\d+/(\d+)", answer.header("Content-Range"))
            if answer.status != HTTPStatus.PARTIAL_CONTENT or not span or int(span[1]) != start:
                raise UsageError(f"{self.url}: the server sends no part of it")
            self.size = int(span[2])
            return b"".join(answer.blocks(end - start))


def open_remote(
    url: str, environment: Mapping[str, str], indexes: Sequence[Index] = ()
) -> io.BufferedReader:
    """Open a file at a URL. Raises UsageError, also while reading, where that isn't possible."""
    return io.BufferedReader(_RemoteFile(url, environment, indexes), BLOCK)

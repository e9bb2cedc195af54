"""Reads parts of a file at a URL (RFC 9110, section 14), as a file that can be sought in."""

import io
import re
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from http.client import HTTPException

from lock.errors import UsageError
from lock.io.download import build_opener, timeout
from lock.models.requirements import Index

# Bytes that one request asks for at least; the directory of most archives fits into it.
BLOCK = 1 << 16


class _RemoteFile(io.RawIOBase):
    """A file of which each read is a request."""

    def __init__(self, url: str, environment: Mapping[str, str], indexes: Sequence[Index]) -> None:
        super().__init__()
        self.url = url
        self.timeout = timeout(environment)
        self.opener = build_opener(url, environment, indexes)
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
        request = urllib.request.Request(self.url, headers={"Range": f"bytes={start}-{end - 1}"})
        try:
            with self.opener.open(request, timeout=self.timeout) as answer:
                span = re.fullmatch(
                    r"bytes (\d+)-\d+/(\d+)", answer.headers.get("Content-Range", "")
                )
                if answer.status != HTTPStatus.PARTIAL_CONTENT or not span or int(span[1]) != start:
                    raise UsageError(f"{self.url}: the server sends no part of it")
                self.size = int(span[2])
                return bytes(answer.read(end - start))
        except urllib.error.HTTPError as error:
            raise UsageError(f"{self.url}: {error.code} {error.reason}") from None
        except (OSError, HTTPException, ValueError) as error:
            reason = getattr(error, "reason", error)
            raise UsageError(f"{self.url}: can't be downloaded: {reason}") from None


def open_remote(
    url: str, environment: Mapping[str, str], indexes: Sequence[Index] = ()
) -> io.BufferedReader:
    """Open a file at a URL. Raises UsageError, also while reading, where that isn't possible."""
    return io.BufferedReader(_RemoteFile(url, environment, indexes), BLOCK)

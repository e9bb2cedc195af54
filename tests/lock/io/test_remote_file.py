"""Parts of files at URLs."""

import zipfile

import pytest

from lock.errors import UsageError
from lock.io.remote_file import open_remote
from tests.support.index_server import Index

WHEEL = "/files/alpha-1.0-py3-none-any.whl"


def test_a_member_of_an_archive_is_read_without_the_others(index: Index) -> None:
    index.wheel("alpha", "1.0", "beta", modules={"big.py": "#" * 1_000_000})
    with zipfile.ZipFile(open_remote(index.url + WHEEL, {})) as wheel:
        assert b"Requires-Dist: beta" in wheel.read("alpha-1.0.dist-info/METADATA")
        assert index.sent[WHEEL] < 200_000
        assert wheel.read("big.py") == b"#" * 1_000_000


def test_a_file_that_is_not_there_is_told(index: Index) -> None:
    with pytest.raises(UsageError, match=r"alpha-1\.0-py3-none-any\.whl: 404 Not Found"):
        open_remote(index.url + WHEEL, {})


def test_a_server_that_sends_no_parts_is_told(index: Index) -> None:
    index.wheel("alpha", "1.0")
    index.sends_parts = False
    with pytest.raises(UsageError, match="the server sends no part of it"):
        open_remote(index.url + WHEEL, {})

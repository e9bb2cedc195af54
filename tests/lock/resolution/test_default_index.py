"""The index that uv asks where none is named: what it has said once is not asked for again."""

from dataclasses import replace

import pytest
import yaml

from lock.models.requirements import Index as Named
from lock.resolution import default_index
from tests.support.index_server import Index, requiring
from tests.support.lock_app import LockApp

URL = "https://usual.example/simple"
DEFAULT = {default_index.VARIABLE: URL}
METADATA = "/files/alpha-1.0-py3-none-any.whl.metadata"


def sent(index: Index, path: str) -> int:
    """How often the content at a path was sent."""
    kind, _, content = index.respond(path, None)
    assert kind == 200
    return index.sent.get(path, 0) // len(content)


@pytest.fixture
def usual(lock: LockApp, index: Index) -> Index:
    """The index of the test as the one that uv asks where none is named."""
    index.wheel("alpha", "1.0")
    del lock.environment["UV_DEFAULT_INDEX"]
    lock.environment[default_index.VARIABLE] = index.simple
    return index


def test_a_file_of_the_default_index_is_asked_for_once(lock: LockApp, usual: Index) -> None:
    lock.write("alpha: '*'\n")
    lock.succeed("3.11")
    assert sent(usual, METADATA) == 1
    lock.succeed("--upgrade")
    assert sent(usual, METADATA) == 1


def test_a_new_version_is_seen_at_once(lock: LockApp, usual: Index) -> None:
    lock.write("alpha: '*'\n")
    lock.succeed("3.11")
    usual.wheel("alpha", "2.0")
    assert yaml.safe_load(lock.succeed("--upgrade"))["closure"] == {"alpha": "2.0"}


def test_a_build_asks_for_no_file_again(lock: LockApp, usual: Index) -> None:
    usual.sdist("gamma", "1.0", requiring("alpha"))
    lock.write("alpha: '*'\ngamma: '*'\n")
    assert yaml.safe_load(lock.succeed("3.11"))["builds"]
    assert sent(usual, METADATA) == 1


def test_only_builds_take_a_page_of_some_minutes_ago(lock: LockApp, usual: Index) -> None:
    usual.wheel("tool", "1.0")
    usual.sdist("gamma", "1.0", requiring("tool"))
    lock.write("alpha: '*'\ngamma: '*'\n")
    before = lock.succeed("3.11")
    assert [sent(usual, f"/simple/{name}/") for name in ("alpha", "tool")] == [1, 1]
    assert lock.succeed("--upgrade") == before
    assert [sent(usual, f"/simple/{name}/") for name in ("alpha", "tool")] == [2, 1]


def test_an_index_that_the_user_names_is_asked_as_its_server_says(
    lock: LockApp, usual: Index
) -> None:
    lock.write("alpha: '*'\n")
    named = {"UV_DEFAULT_INDEX": usual.simple}
    lock.succeed("3.11", **named)
    lock.succeed("--upgrade", **named)
    assert sent(usual, METADATA) == 2


def test_the_default_index_comes_after_those_that_are_named() -> None:
    other = Named("corp", "https://corp.example/simple")
    usual = Named(
        default_index.NAME, URL, default=True, files_cache_control=default_index.IMMUTABLE
    )
    assert default_index.with_default([other], DEFAULT) == [other, usual]
    aged = replace(usual, pages_cache_control=default_index.TEN_MINUTES)
    assert default_index.with_default([other], DEFAULT, fresh=False) == [other, aged]


def test_the_default_index_stays_out_where_another_is_the_default() -> None:
    default = Named("corp", "https://corp.example/simple", default=True)
    assert default_index.with_default([default], DEFAULT) == [default]
    for variable in default_index.REPLACING_VARIABLES:
        assert default_index.with_default([], {**DEFAULT, variable: default.url}) == []
    assert default_index.with_default([], {}) == []


def test_the_default_index_is_known_by_its_address_too() -> None:
    named = Named("public", f"{URL}/", default=True)
    [found] = default_index.with_default([named], DEFAULT)
    assert (found.name, found.files_cache_control) == ("public", default_index.IMMUTABLE)

"""The settings by which git moves a tag along in uv's cache."""

import pytest

from lock.models.requirements import Git
from lock.models.target import DEFAULT_SYSTEMS
from lock.resolution.git_tags import addresses, repositories, variables
from lock.resolution.request import Member, Origin, Request
from tests.support.uv_lock_texts import target

URL = "https://code.example/a.git"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"a @ git+{URL}", [URL]),
        (f"a[x] @ git+{URL}@v1.2#subdirectory=b ; os_name == 'nt'", [URL]),
        ("git+ssh://git@code.example:22/a@main", ["ssh://git@code.example:22/a"]),
        ("git+file:///a/b@v1", ["file:///a/b"]),
        (f"a @ {URL}", []),
        ("a >=1", []),
    ],
)
def test_a_requirement_names_the_address_without_revision(text, expected):
    assert addresses(text) == expected


def test_repositories_of_all_requirements_count():
    request = Request(
        "all",
        [f"a @ git+{URL}@v1"],
        [target(system) for system in DEFAULT_SYSTEMS],
        {"dev": ["b @ git+https://code.example/b"]},
        origins={"c": [Origin(None, reference=Git("https://code.example/c", "v1"))]},
        members=[Member("m", "m", ["d @ git+https://code.example/d@v2"])],
    )
    expected = ["https://code.example/a.git"] + [f"https://code.example/{one}" for one in "bcd"]
    assert repositories(request) == expected


def test_settings_stand_behind_the_user_s():
    assert variables({}, []) == {}
    found = variables({"GIT_CONFIG_COUNT": "2"}, ["x://a", "x://b"])
    assert found == {
        "GIT_CONFIG_COUNT": "4",
        "GIT_CONFIG_KEY_2": "remote.x://a.fetch",
        "GIT_CONFIG_VALUE_2": "+refs/tags/*:refs/tags/*",
        "GIT_CONFIG_KEY_3": "remote.x://b.fetch",
        "GIT_CONFIG_VALUE_3": "+refs/tags/*:refs/tags/*",
    }

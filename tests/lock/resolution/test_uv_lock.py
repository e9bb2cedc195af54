"""uv.lock: what it says, what each system installs of it, and why not the rest."""

import pytest

from lock.errors import LockError
from lock.models.filenames import filename_in_url
from lock.models.packages import File
from lock.resolution.uv_lock import parse
from lock.selection.installation import install, why_left_out
from tests.support.uv_lock_texts import ROOT, SHA256, file, installed, package, target, uv_lock

LINUX_ONLY = "marker = \"sys_platform == 'linux'\""
DARWIN_ONLY = "marker = \"sys_platform == 'darwin'\""


def left_out(text, system, name, version="1.0"):
    resolution, installation = installed(text, system)
    [found] = [p for p in resolution.packages if (p.name, p.version) == (name, version)]
    assert installation.packages.get(name) is not found
    return why_left_out(resolution, installation, found)


def test_files_have_name_url_hash_and_size():
    resolution, _ = installed(uv_lock('{ name = "a" }', package("a")))
    url = "https://index.example/files/a-1.0-py3-none-any.whl"
    assert resolution.packages[0].files == (File("a-1.0-py3-none-any.whl", url, SHA256, 1000),)


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        (
            '{ url = "https://i.example/a-1%2Bb.whl#x=1", hash = "sha256:00" }',
            File("a-1+b.whl", "https://i.example/a-1%2Bb.whl#x=1", "00", None),
        ),
        (
            '{ url = "https://i.example/a.whl" }',
            File("a.whl", "https://i.example/a.whl", None, None),
        ),
        (
            '{ url = "https://i.example/a.whl", hash = "md5:00" }',
            File("a.whl", "https://i.example/a.whl", None, None, other_hash="md5:00"),
        ),
    ],
)
def test_what_an_index_leaves_open_stays_open(entry, expected):
    text = uv_lock("", package("a").replace(file("a-1.0-py3-none-any.whl"), entry))
    assert parse(text, ROOT).packages[0].files == (expected,)


def test_local_files_are_no_files_that_nix_could_fetch():
    local = package("a").replace(file("a-1.0-py3-none-any.whl"), '{ path = "a.whl" }')
    assert parse(uv_lock("", local), ROOT).packages[0].files == ()


def test_edges_are_followed_where_their_markers_hold():
    text = uv_lock(
        f'{{ name = "a" }}, {{ name = "c", {DARWIN_ONLY} }}',
        package("a", needs=f'{{ name = "b", {LINUX_ONLY} }}'),
        package("b"),
        package("c"),
    )
    _, linux = installed(text, "x86_64-linux")
    assert list(linux.packages) == ["a", "b"]
    assert linux.dependency_names == {"a": {"b"}, "b": set()}
    _, darwin = installed(text, "aarch64-darwin")
    assert list(darwin.packages) == ["a", "c"]
    assert darwin.dependency_names == {"a": set(), "c": set()}


def test_extras_are_followed_through_others():
    extras = "[package.optional-dependencies]\n"
    text = uv_lock(
        '{ name = "a", extra = ["x"] }',
        package("a", more=f'{extras}x = [{{ name = "b", extra = ["y"] }}]\nz = [{{ name = "d" }}]'),
        package("b", more=f'{extras}y = [{{ name = "c" }}]'),
        package("c"),
        package("d"),
    )
    resolution, found = installed(text)
    assert found.dependency_names == {"a": {"b"}, "b": {"c"}, "c": set()}
    why = why_left_out(resolution, found, resolution.packages[3])
    assert why == "only a[z] needs it, not installed there either"


def test_an_extra_may_stand_for_others_of_the_same_package():
    extras = '[package.optional-dependencies]\nall = [{ name = "a", extra = ["x"] }]\n'
    text = uv_lock(
        '{ name = "a", extra = ["all"] }',
        package("a", more=f'{extras}x = [{{ name = "b" }}]'),
        package("b"),
    )
    assert installed(text)[1].dependency_names == {"a": {"b"}, "b": set()}


def test_an_extra_that_comes_later_is_followed_too():
    text = uv_lock(
        '{ name = "a" }, { name = "c" }',
        package("a", more='[package.optional-dependencies]\nx = [{ name = "b" }]'),
        package("b"),
        package("c", needs='{ name = "a", extra = ["x"] }'),
    )
    assert installed(text)[1].dependency_names == {"a": {"b"}, "b": set(), "c": {"a"}}


def test_an_extra_that_the_package_does_not_have_adds_nothing():
    text = uv_lock('{ name = "a", extra = ["x"] }', package("a"))
    assert list(installed(text)[1].packages) == ["a"]


def test_packages_that_need_each_other_end():
    text = uv_lock(
        '{ name = "a" }',
        package("a", needs='{ name = "b" }'),
        package("b", needs='{ name = "a" }'),
    )
    assert installed(text)[1].dependency_names == {"a": {"b"}, "b": {"a"}}


FORK = uv_lock(
    f'{{ name = "a", version = "1.0", {DARWIN_ONLY} }}, '
    f'{{ name = "a", version = "2.0", {LINUX_ONLY} }}',
    package("a", "1.0", needs='{ name = "b" }'),
    package("a", "2.0"),
    package("b"),
)


def test_systems_may_install_different_versions():
    assert installed(FORK, "x86_64-linux")[1].packages["a"].version == "2.0"
    assert installed(FORK, "x86_64-darwin")[1].packages["a"].version == "1.0"
    assert left_out(FORK, "x86_64-darwin", "a", "2.0") == "version 1.0 is installed there"


def test_who_needs_it_is_named_with_the_version_that_is_not_installed():
    assert left_out(FORK, "x86_64-linux", "b") == "only a 1.0 needs it, not installed there either"


def test_the_marker_that_leaves_a_package_out_is_told():
    text = uv_lock(
        f'{{ name = "a" }}, {{ name = "c", {DARWIN_ONLY} }}',
        package("a", needs=f'{{ name = "b", {DARWIN_ONLY} }}'),
        package("b", needs='{ name = "d" }'),
        package("c"),
        package("d", needs='{ name = "b" }'),
    )
    only = "only where sys_platform == 'darwin'"
    assert left_out(text, "x86_64-linux", "b") == f"a needs it {only}"
    assert left_out(text, "x86_64-linux", "c") == f"the requirements ask for it {only}"
    assert left_out(text, "x86_64-linux", "d") == "only b 1.0 needs it, not installed there either"


def test_a_package_without_an_edge_is_told_as_such():
    text = uv_lock('{ name = "a" }', package("a"), package("b"))
    assert left_out(text, "x86_64-linux", "b") == "nothing that is installed there needs it"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "version = ",
        "version = 2\npackage = []\n",
        "version = 1\npackage = [1]\n",
        "version = 1\n[[package]]\nname = 3\n",
    ],
)
def test_what_uv_does_not_write_is_refused_in_words(text):
    with pytest.raises(LockError, match=r"uv.*; (try|use) an"):
        parse(text, ROOT)


@pytest.mark.parametrize(
    "text",
    [
        uv_lock('{ name = "a" }'),
        uv_lock('{ name = "a" }', package("a", "1.0"), package("a", "2.0")),
        uv_lock('{ name = "a", marker = "nonsense" }', package("a")),
        uv_lock(
            '{ name = "a", version = "1.0" }, { name = "a", version = "2.0" }',
            package("a", "1.0"),
            package("a", "2.0"),
        ),
    ],
)
def test_a_lock_that_does_not_fit_together_is_refused_in_words(text):
    resolution = parse(text, ROOT)
    with pytest.raises(LockError, match="another version of uv"):
        install(resolution, target("x86_64-linux"))


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://i.example/files/a-1.whl", "a-1.whl"),
        ("https://i.example/a-1%2Bb.whl?token=/x#sha256=00", "a-1+b.whl"),
        ("../../files/a-1.whl#sha256=00", "a-1.whl"),
        ("https://i.example/files/a-\n1.whl", "a-1.whl"),
        ("https://i.example/files/", ""),
        ("https://i.example", ""),
        ("", ""),
    ],
)
def test_a_file_s_name_stands_last_in_its_address(url, expected):
    assert filename_in_url(url) == expected

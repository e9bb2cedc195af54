"""The file that each target gets of a package."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lock.models.filenames import name_and_version
from lock.models.packages import File, Package
from lock.selection.files import choose, file_of, why_none
from tests.support.uv_lock_texts import target


def files(*names):
    return [File(name, f"https://index.example/{name}", None, None) for name in names]


def best(system, *names, python="3.11"):
    found = choose(files(*names), target(system, python))
    return found and found.name


SDIST = "a-1.0.tar.gz"
PURE = "a-1.0-py3-none-any.whl"


@pytest.mark.parametrize(
    ("system", "names", "expected"),
    [
        ("x86_64-linux", [SDIST, PURE], PURE),
        ("x86_64-linux", [PURE, "a-1.0-cp311-cp311-manylinux_2_17_x86_64.whl"], 1),
        ("x86_64-linux", ["a-1.0-cp38-abi3-manylinux_2_28_x86_64.whl", PURE], 0),
        ("x86_64-linux", ["a-1.0-CP311-CP311-Manylinux_2_28_X86_64.whl", PURE], 0),
        ("x86_64-linux", ["a-1.0-py3-none-win32.any.whl"], 0),
        (
            "x86_64-linux",
            [
                "a-1.0-cp311-cp311-manylinux_2_17_x86_64.manylinux2014_x86_64.whl",
                "a-1.0-cp311-cp311-manylinux_2_34_x86_64.whl",
                "a-1.0-cp311-cp311-manylinux_2_39_x86_64.whl",
                "a-1.0-cp38-abi3-manylinux_2_34_x86_64.whl",
                "a-1.0-cp311-cp311-musllinux_1_2_x86_64.whl",
                SDIST,
            ],
            1,
        ),
        (
            "aarch64-darwin",
            [
                "a-1.0-cp311-cp311-macosx_10_9_x86_64.whl",
                "a-1.0-cp311-cp311-macosx_11_0_universal2.whl",
                "a-1.0-cp311-cp311-macosx_11_0_arm64.whl",
                "a-1.0-cp311-cp311-macosx_15_0_arm64.whl",
            ],
            2,
        ),
        ("x86_64-darwin", ["a-1.0-cp311-cp311-macosx_10_9_universal2.whl", SDIST], 0),
        ("aarch64-linux", ["a-1.0-cp311-cp311-manylinux1_x86_64.whl", SDIST], SDIST),
        ("aarch64-linux", ["a-1.0-cp311-cp311-manylinux1_x86_64.whl"], None),
        ("x86_64-linux", ["a-1.0.zip", "a-1.0.tar.bz2", SDIST], SDIST),
        ("x86_64-linux", ["a-1.0.tar.bz2", "a-1.0.zip"], "a-1.0.zip"),
        ("x86_64-linux", ["a-1.0.tar.bz2", "a-1.0.exe"], "a-1.0.tar.bz2"),
        ("x86_64-linux", [], None),
    ],
)
def test_the_best_file_is_chosen_whatever_the_order(system, names, expected):
    expected = names[expected] if isinstance(expected, int) else expected
    assert best(system, *names) == expected
    assert best(system, *reversed(names)) == expected


def test_of_equal_wheels_the_highest_build_number_is_chosen():
    names = ["a-1.0-py3-none-any.whl", "a-1.0-2-py3-none-any.whl", "a-1.0-10-py3-none-any.whl"]
    assert best("x86_64-linux", *names) == names[2]
    assert best("x86_64-linux", *names[:2]) == names[1]


def test_tags_count_more_than_the_build_number():
    assert best("x86_64-linux", "a-1.0-9-py3-none-any.whl", "a-1.0-py311-none-any.whl") == (
        "a-1.0-py311-none-any.whl"
    )


@pytest.mark.parametrize(
    "name",
    [
        "a-1.0-py3.11.egg",
        "a-1.0.win32.exe",
        "a-1.0.rpm",
        "a-1.0.whl",
        "a-x-py3-none-any.whl",
        "a-1.0-py3-none.whl",
        "a-1.0-py3-none-any-extra-parts-x.whl",
        "a-1.0-cp311-cp311-plan9_x86_64.whl",
        "a-1.0-pp39-pypy39_pp73-manylinux_2_17_x86_64.whl",
        "-.whl",
        "",
    ],
)
def test_names_and_tags_that_cannot_be_used_are_passed_over(name):
    assert best("x86_64-linux", name) is None
    assert best("x86_64-linux", name, SDIST) == SDIST


@given(st.text(max_size=20), st.sampled_from(["", ".whl", ".tar.gz", "-py3-none-any.whl"]))
def test_no_name_of_a_file_is_too_odd(text, suffix):
    choose(files(text + suffix), target("x86_64-linux"))
    name_and_version(text + suffix)


@pytest.mark.parametrize(
    ("python", "expected"), [("3.8", 0), ("3.9", 1), ("3.10", 2), ("3.13", 2), ("3.16", 2)]
)
def test_the_version_of_python_decides(python, expected):
    names = [
        "a-1.0-cp38-cp38-manylinux_2_17_x86_64.whl",
        "a-1.0-cp39-abi3-manylinux_2_17_x86_64.whl",
        "a-1.0-cp310-abi3-manylinux_2_17_x86_64.whl",
    ]
    assert best("x86_64-linux", *names, python=python) == names[expected]


@pytest.mark.parametrize(
    ("system", "names", "expected"),
    [
        ("x86_64-linux", ["a-1.0-cp311-cp311-manylinux_2_39_x86_64.whl"], "newer glibc than 2.35"),
        ("x86_64-darwin", ["a-1.0-cp311-cp311-macosx_15_0_x86_64.whl"], "newer macOS than 14.0"),
        ("x86_64-linux", ["a-1.0-cp310-cp310-manylinux_2_17_x86_64.whl"], "fits Python 3.11"),
        ("aarch64-linux", ["a-1.0-cp311-cp311-manylinux_2_39_x86_64.whl"], "fits Python 3.11"),
        ("x86_64-linux", [], "no file of it that can be downloaded"),
    ],
)
def test_why_no_file_fits_is_told(system, names, expected):
    package = Package("a", "1.0", tuple(files(*names)))
    assert expected in why_none(package, target(system))


@pytest.mark.parametrize(
    ("system", "python", "tag", "expected"),
    [
        (
            "x86_64-linux",
            "3.14t",
            "cp314-cp314-manylinux_2_17_x86_64",
            "fit Python 3.14, but not the free-threaded Python 3.14t",
        ),
        (
            "x86_64-linux",
            "3.15t",
            "cp39-abi3-manylinux_2_39_x86_64",
            "fit Python 3.15, but not the free-threaded Python 3.15t",
        ),
        (
            "x86_64-linux",
            "3.15",
            "cp315-abi3t-manylinux_2_17_x86_64",
            "fit the free-threaded Python 3.15t, but not Python 3.15",
        ),
        (
            "x86_64-linux",
            "3.14",
            "cp314-cp314-musllinux_1_2_x86_64",
            "need musl, and x86_64-linux has glibc",
        ),
        (
            "x86_64-linux-musl",
            "3.14",
            "cp39-abi3-manylinux1_x86_64",
            "need glibc, and x86_64-linux-musl has musl",
        ),
    ],
)
def test_wheels_for_the_other_kind_of_python_or_libc_are_told_so(system, python, tag, expected):
    package = Package("a", "1.0", tuple(files(f"a-1.0-{tag}.whl")))
    told = why_none(package, target(system, python))
    assert told == f"its wheels {expected}, and it has no source distribution"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Foo_Bar-1.0.0-py3-none-any.whl", ("foo-bar", "1")),
        ("foo_bar-1.0.tar.gz", ("foo-bar", "1")),
        ("foo-bar-1.2.zip", ("foo-bar", "1.2")),
        ("foo-bar-1.2.tar.bz2", ("foo-bar", "1.2")),
        ("foo-1.0.egg", None),
        ("foo.whl", None),
        ("foo.tar.gz", None),
    ],
)
def test_a_files_name_gives_its_package_away(name, expected):
    assert name_and_version(name) == expected


def test_what_is_never_built_has_no_source_distribution():
    linux = target("x86_64-linux", "3.11")
    package = Package("a", "1.0", tuple(files(SDIST)), no_build=True)
    assert file_of(package, linux) is None
    told = why_none(package, linux)
    assert told.endswith("there, and `only-binary` or `no-build` forbids to build it")
    assert (
        file_of(Package("a", "1.0", tuple(files(SDIST, PURE)), no_build=True), linux).name == PURE
    )

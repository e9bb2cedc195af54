"""Which names are meant by one that no index has."""

import pytest
from packaging.utils import canonicalize_name

from lock.resolution.suggestions import COMMON, PACKAGE_OF, near, unknown


@pytest.mark.parametrize(
    ("name", "known", "expected"),
    [
        ("sklearn", (), ["scikit-learn"]),
        ("crypto", (), ["pycryptodome"]),
        ("pil", (), ["pillow"]),
        ("requets", (), ["requests"]),
        ("zopeinterface", ("zope-interface",), ["zope-interface"]),
        ("my-own-thing", ("my-own-things",), ["my-own-things"]),
        ("my-own-thing", ("another",), []),
    ],
)
def test_the_likeliest_names_are_found(
    name: str, known: tuple[str, ...], expected: list[str]
) -> None:
    assert near(name, known) == expected


def test_no_name_is_meant_by_itself() -> None:
    assert "numpy" not in near("numpy", ["numpy"])


def test_unknown_names_are_read_with_and_without_extras() -> None:
    told = (
        "Because b-c was not found in the package registry and there are no versions of a[x], we "
        "can conclude that there are no versions of d."
    )
    assert unknown(told) == ["a", "b-c"]


def test_names_are_normalised() -> None:
    names = [*PACKAGE_OF, *PACKAGE_OF.values(), *COMMON]
    assert [canonicalize_name(name) for name in names] == names


def test_modules_are_listed_under_names_of_their_own() -> None:
    assert [name for name, package in PACKAGE_OF.items() if name == package] == []

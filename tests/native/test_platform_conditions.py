"""Conditions are decided for Linux where they are about the platform."""

import pytest

from native.platform_conditions import holds_in_c, holds_in_cmake


@pytest.mark.parametrize(
    ("expression", "truth"),
    [
        ("defined(_WIN32)", False),
        ("defined _WIN32 || defined(__APPLE__)", False),
        ("!defined(_WIN32)", True),
        ("defined(__linux__) && !defined(__ANDROID__)", True),
        ("defined(__linux__) && defined(HAVE_X)", None),
        ("_MSC_VER >= 1900", False),
        ("(defined(HAVE_X) || 1) && __APPLE__", False),
        ("HAVE_X > (1 + 2) || defined(_WIN32)", None),
        ("__has_include(<x.h>)", None),
        ("0", False),
        ("defined(", None),
    ],
)
def test_an_expression_of_c(expression: str, truth: bool | None) -> None:
    assert holds_in_c(expression) is truth


def test_a_macro_that_nothing_defines_is_known() -> None:
    assert holds_in_c("defined(USE_X)", never={"USE_X"}) is False


@pytest.mark.parametrize(
    ("condition", "truth"),
    [
        ("WIN32 OR APPLE", False),
        ("UNIX AND NOT APPLE", True),
        ("NOT X_FOUND", None),
        ("CMAKE_VERSION VERSION_LESS 3", None),
    ],
)
def test_a_condition_of_cmake(condition: str, truth: bool | None) -> None:
    assert holds_in_cmake(condition) is truth

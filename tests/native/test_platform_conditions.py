"""Conditions are decided for Linux where they are about the platform."""

import ast

import pytest

from native.platform_conditions import holds_in_c, holds_in_cmake, holds_in_python


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
        ("sys.platform == 'win32'", False),
        ("sys.platform != 'win32'", True),
        ("sys.platform.startswith('linux')", True),
        ("sys.platform in ('darwin', 'win32')", False),
        ("os.name == 'nt' or platform.system() == 'Darwin'", False),
        ("platform.system().lower() == 'linux'", True),
        ("not sys.platform.startswith('win') and use_x", None),
        ("use_x", None),
        ("sys.version_info >= (3, 8)", None),
    ],
)
def test_a_condition_of_python(condition: str, truth: bool | None) -> None:
    assert holds_in_python(ast.parse(condition, mode="eval").body) is truth


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

import pytest
from packaging.markers import Marker

from init.nixpkgs.conditions import ALWAYS, Condition, condition

LINUX = "stdenv.hostPlatform.isLinux"
DARWIN = "stdenv.hostPlatform.isDarwin"


@pytest.mark.parametrize(
    ("marker", "expected"),
    [
        ('python_version < "3.12"', 'pythonOlder "3.12"'),
        ('python_version <= "3.12"', 'pythonOlder "3.13"'),
        ('python_version > "3.12"', 'pythonAtLeast "3.13"'),
        ('python_version == "3.12"', 'pythonAtLeast "3.12" && pythonOlder "3.13"'),
        ('python_version != "3.12"', 'pythonOlder "3.12" || pythonAtLeast "3.13"'),
        # The one in development stands for those that are still to come.
        ('python_version < "3.16"', 'pythonOlder "3.16"'),
        ('python_version >= "3.16"', 'pythonAtLeast "3.16"'),
        # nixpkgs has the last patch release of each version.
        ('python_full_version < "3.12.4"', 'pythonOlder "3.12"'),
        ('sys_platform == "linux"', LINUX),
        ('platform_system == "Darwin"', DARWIN),
        (
            'platform_machine == "x86_64" or platform_machine == "AMD64"',
            "stdenv.hostPlatform.isx86_64",
        ),
        # Python's name of that machine on macOS is arm64.
        ('platform_machine == "aarch64"', f"{LINUX} && stdenv.hostPlatform.isAarch64"),
        ('platform_python_implementation != "PyPy"', "!isPyPy"),
        ('implementation_name == "pypy"', "isPyPy"),
        (
            'sys_platform == "darwin" and python_version < "3.12"',
            f'{DARWIN} && pythonOlder "3.12"',
        ),
        (
            'sys_platform == "darwin" or python_version < "3.12"',
            f'{DARWIN} || pythonOlder "3.12"',
        ),
        (
            '(sys_platform == "darwin" or sys_platform == "win32") and python_version < "3.12"',
            f'{DARWIN} && pythonOlder "3.12"',
        ),
        (
            'sys_platform == "linux" and platform_python_implementation == "CPython" '
            'or sys_platform == "darwin"',
            f"({LINUX} && !isPyPy) || {DARWIN}",
        ),
    ],
)
def test_a_marker_is_a_condition_of_nixpkgs(marker: str, expected: str) -> None:
    assert condition([Marker(marker)]) == Condition(expected)


@pytest.mark.parametrize(
    "marker",
    [
        'python_version >= "3.8"',
        'sys_platform != "win32"',
        'os_name == "posix"',
        'python_version < "3.13" or python_version >= "3.13"',
    ],
)
def test_what_always_holds_in_nixpkgs_is_no_condition(marker: str) -> None:
    assert condition([Marker(marker)]) == ALWAYS


@pytest.mark.parametrize(
    "marker",
    ['python_version < "3.11"', 'sys_platform == "win32"', 'extra == "dev"', 'os_name == "nt"'],
)
def test_what_never_holds_in_nixpkgs_is_left_out(marker: str) -> None:
    assert condition([Marker(marker)]) is None


def test_markers_that_complement_each_other_are_no_condition() -> None:
    markers = [Marker('python_version < "3.13"'), Marker('python_version >= "3.13"')]
    assert condition(markers) == ALWAYS


def test_an_extra_that_is_asked_for_holds() -> None:
    marker = Marker('extra == "http2" and python_version < "3.12"')
    assert condition([marker], ("http2",)) == Condition('pythonOlder "3.12"')


def test_the_arguments_of_a_condition_are_known() -> None:
    found = condition([Marker('sys_platform == "darwin" and python_version < "3.12"')])
    assert found is not None
    assert found.names == ["pythonOlder", "stdenv"]

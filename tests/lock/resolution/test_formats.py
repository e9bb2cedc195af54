"""pip's options that choose formats and pre-releases: what is locked under them."""

from typing import Any

import pytest
import yaml

from tests.support.index_server import Index, requiring
from tests.support.lock_app import LockApp

LINUX_WHEEL = "cp311-cp311-manylinux_2_17_x86_64.manylinux2014_x86_64"


def locked(lock: LockApp, text: str, *arguments: str) -> Any:
    """Return the lock of a requirements.txt."""
    lock.write(text, "requirements.txt")
    return yaml.safe_load(lock.succeed(*arguments, "3.11", "requirements.txt"))


def files(data: Any) -> list[str]:
    """Return the names of a lock's files."""
    return [link["name"] for link in data["links"]]


@pytest.fixture
def stocked(index: Index) -> None:
    """Fill the index: `alpha` needs `beta`, and both have wheels and source distributions."""
    index.wheel("alpha", "1.0", "beta")
    index.sdist("alpha", "1.0")
    index.wheel("beta", "1.0")
    index.sdist("beta", "1.0")


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ("", ["alpha-1.0-py3-none-any.whl", "beta-1.0-py3-none-any.whl"]),
        # It holds for what only another package requires.
        ("--no-binary beta", ["alpha-1.0-py3-none-any.whl", "beta-1.0.tar.gz"]),
        ("--no-binary :all:", ["alpha-1.0.tar.gz", "beta-1.0.tar.gz"]),
        (
            "--no-binary :all:\n--only-binary alpha",
            ["alpha-1.0-py3-none-any.whl", "beta-1.0.tar.gz"],
        ),
        (
            "--only-binary :all:\n--no-binary alpha",
            ["alpha-1.0.tar.gz", "beta-1.0-py3-none-any.whl"],
        ),
        (
            "--no-binary :all:\n--no-binary :none:",
            ["alpha-1.0-py3-none-any.whl", "beta-1.0-py3-none-any.whl"],
        ),
    ],
)
@pytest.mark.usefixtures("stocked")
def test_the_formats_of_files_are_chosen(lock: LockApp, options: str, expected: list[str]) -> None:
    assert files(locked(lock, f"{options}\nalpha\n")) == expected


@pytest.mark.parametrize("names", [":all:", "alpha"])
@pytest.mark.parametrize("exception", ["", "\n--no-binary gamma"])
def test_a_version_without_the_format_is_not_taken(
    lock: LockApp, index: Index, names: str, exception: str
) -> None:
    index.wheel("alpha", "1.0")
    index.sdist("alpha", "2.0")
    assert locked(lock, f"--only-binary {names}{exception}\nalpha\n")["closure"] == {"alpha": "1.0"}
    assert locked(lock, "alpha\n", "--upgrade")["closure"] == {"alpha": "2.0"}


@pytest.mark.parametrize("names", [":all:", "alpha"])
@pytest.mark.parametrize("exception", ["", "\n--only-binary gamma"])
def test_a_version_that_can_t_be_built_is_not_taken(
    lock: LockApp, index: Index, names: str, exception: str
) -> None:
    index.sdist("alpha", "1.0")
    index.wheel("alpha", "2.0")
    assert locked(lock, f"--no-binary {names}{exception}\nalpha\n")["closure"] == {"alpha": "1.0"}


def test_a_system_without_a_wheel_takes_an_older_version_or_none(
    lock: LockApp, index: Index
) -> None:
    index.wheel("alpha", "2.0", tag=LINUX_WHEEL)
    index.sdist("alpha", "2.0")
    index.wheel("alpha", "1.0")
    text = "--only-binary alpha\nalpha\n"
    assert files(locked(lock, text, "--system", "aarch64-linux")) == ["alpha-1.0-py3-none-any.whl"]
    found = files(locked(lock, text, "--upgrade", "--system", "x86_64-linux"))
    assert found == [f"alpha-2.0-{LINUX_WHEEL}.whl"]
    index.pages["/simple/alpha/"].pop()
    arguments = ["3.11", "requirements.txt", "--upgrade", "--glibc", "2.5"]
    message = lock.fail(1, *arguments, "--system", "x86_64-linux")
    assert "its wheels need a newer glibc than 2.5" in message


def test_what_only_a_build_needs_has_the_format_too(lock: LockApp, index: Index) -> None:
    index.sdist("alpha", "1.0", requiring("tool"))
    index.wheel("tool", "1.0")
    index.sdist("tool", "2.0")
    data = locked(lock, "--only-binary tool\nalpha\n")
    assert data["builds"][0]["closure"] == [{"name": "tool", "version": "1.0"}]


def test_a_direct_reference_keeps_its_format(lock: LockApp, index: Index) -> None:
    index.sdist("alpha", "1.0")
    index.wheel("beta", "1.0")
    address = f"{index.url}/files"
    both = f"alpha @ {address}/alpha-1.0.tar.gz\nbeta @ {address}/beta-1.0-py3-none-any.whl\n"
    expected = ["alpha-1.0.tar.gz", "beta-1.0-py3-none-any.whl"]
    assert files(locked(lock, f"--only-binary :all:\n{both}")) == expected
    assert files(locked(lock, f"--no-binary :all:\n{both}")) == expected


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ("", {"alpha": "1.0", "beta": "1.0"}),
        ("--pre", {"alpha": "2.0a1", "beta": "2.0b1"}),
        ("--all-releases :all:", {"alpha": "2.0a1", "beta": "2.0b1"}),
        ("--all-releases beta", {"alpha": "1.0", "beta": "2.0b1"}),
        ("--pre\n--only-final alpha", {"alpha": "1.0", "beta": "2.0b1"}),
    ],
)
def test_pre_releases_are_taken_where_they_are_asked_for(
    lock: LockApp, index: Index, options: str, expected: dict[str, str]
) -> None:
    for version in ("1.0", "2.0a1"):
        index.wheel("alpha", version, "beta")
    for version in ("1.0", "2.0b1"):
        index.wheel("beta", version)
    data = locked(lock, f"{options}\nalpha\n")
    assert data["closure"] == expected
    # They are kept like all others.
    index.wheel("beta", "2.0b2")
    assert locked(lock, f"{options}\nalpha\n")["closure"] == expected


def test_only_final_releases_are_taken_where_that_is_asked_for(lock: LockApp, index: Index) -> None:
    index.wheel("alpha", "1.0a1")
    assert locked(lock, "alpha\n")["closure"] == {"alpha": "1.0a1"}
    lock.write("--only-final :all:\nalpha\n", "requirements.txt")
    lock.fail(1, "3.11", "requirements.txt", "--upgrade")


def test_a_build_has_no_pre_releases(lock: LockApp, index: Index) -> None:
    index.sdist("alpha", "1.0", requiring("tool"))
    index.wheel("tool", "1.0")
    index.wheel("tool", "2.0a1")
    data = locked(lock, "--pre\nalpha\n")
    assert data["builds"][0]["closure"] == [{"name": "tool", "version": "1.0"}]


@pytest.mark.parametrize(
    ("option", "told"),
    [
        (
            "--only-binary :all:",
            "Wheels are required for `alpha` because building from source is disabled for all "
            "packages (`--only-binary`, `no-build`)",
        ),
        (
            "--no-binary beta",
            "A source distribution is required for `beta` because using pre-built wheels is "
            "disabled for `beta` (`--no-binary`)",
        ),
    ],
)
def test_the_option_that_rules_every_version_out_is_told(
    lock: LockApp, index: Index, option: str, told: str
) -> None:
    index.sdist("alpha", "1.0")
    index.wheel("beta", "1.0")
    name = "alpha" if "only" in option else "beta"
    lock.write(f"{option}\n{name}\n", "requirements.txt")
    assert told in lock.fail(1, "3.11", "requirements.txt")

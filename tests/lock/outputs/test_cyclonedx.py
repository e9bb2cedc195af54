"""A lock as a bill of materials (CycloneDX 1.6)."""

import hashlib
import json
import warnings
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from lock.errors import UsageError
from lock.lockfile.reader import Lock
from lock.models.nix_base32 import from_hex
from lock.outputs import render
from tests.support.lock_data import DARWIN, LINUX, item, link, lock_of, wheel
from tests.support.uv_lock_texts import SHA256

COMMIT = "6a6e7c4a5a8d5a4d2f1b0c9e8d7f6a5b4c3d2e1f"
ANOTHER = hashlib.sha256(b"another").hexdigest()
ROOT = "python-environment"


def written(lock: Lock) -> Any:
    """Return the bill of materials of a lock, after a check that it is valid."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        text = render(lock, "cyclonedx")
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(text) is None
    return json.loads(text)


def by_name(data: Any) -> dict[str, Any]:
    return {component["name"]: component for component in data["components"]}


def sha256(digest: str) -> list[dict[str, str]]:
    return [{"alg": "SHA-256", "content": digest}]


LOCK = lock_of(
    [
        item("alpha", "beta", {"name": "mac", "systems": [DARWIN]}),
        item("beta", version="1.0", systems=[DARWIN]),
        item("beta", version="2.0", systems=[LINUX]),
        item("mac", systems=[DARWIN]),
        item("tester", "alpha"),
    ],
    [
        wheel("alpha", tag="cp311-cp311-macosx_11_0_arm64", systems=[DARWIN]),
        link("alpha-1.0.tar.gz", systems=[LINUX], sha256=from_hex(ANOTHER)),
        wheel("beta", systems=[DARWIN]),
        wheel("beta", version="2.0", systems=[LINUX]),
        wheel("mac", systems=[DARWIN]),
        wheel("tester"),
    ],
    groups={"default": ["alpha"], "dev": ["tester"]},
)


def test_each_version_of_a_package_is_a_component_with_its_files() -> None:
    components = {component["bom-ref"]: component for component in written(LOCK)["components"]}
    assert [*components] == [
        "pkg:pypi/alpha@1.0",
        "pkg:pypi/beta@1.0",
        "pkg:pypi/beta@2.0",
        "pkg:pypi/mac@1.0",
        "pkg:pypi/tester@1.0",
    ]
    assert components["pkg:pypi/alpha@1.0"] == {
        "bom-ref": "pkg:pypi/alpha@1.0",
        "type": "library",
        "name": "alpha",
        "version": "1.0",
        "purl": "pkg:pypi/alpha@1.0",
        "scope": "required",
        "externalReferences": [
            {
                "type": "distribution",
                "url": "https://index.example/alpha-1.0-cp311-cp311-macosx_11_0_arm64.whl",
                "comment": f"for {DARWIN}",
                "hashes": sha256(SHA256),
            },
            {
                "type": "distribution",
                "url": "https://index.example/alpha-1.0.tar.gz",
                "comment": f"for {LINUX}",
                "hashes": sha256(ANOTHER),
            },
        ],
    }
    assert components["pkg:pypi/beta@1.0"]["hashes"] == sha256(SHA256)
    assert components["pkg:pypi/beta@1.0"]["properties"] == [
        {"name": "wheelhouse:system", "value": DARWIN}
    ]


def test_what_only_other_groups_need_is_optional() -> None:
    components = by_name(written(LOCK))
    assert components["mac"]["scope"] == "required"
    assert components["tester"]["scope"] == "optional"
    assert components["tester"]["properties"] == [{"name": "wheelhouse:group", "value": "dev"}]


def test_the_graph_begins_at_what_is_asked_for() -> None:
    graph = {entry["ref"]: entry.get("dependsOn", []) for entry in written(LOCK)["dependencies"]}
    assert graph == {
        ROOT: ["pkg:pypi/alpha@1.0", "pkg:pypi/tester@1.0"],
        "pkg:pypi/alpha@1.0": ["pkg:pypi/beta@1.0", "pkg:pypi/beta@2.0", "pkg:pypi/mac@1.0"],
        "pkg:pypi/beta@1.0": [],
        "pkg:pypi/beta@2.0": [],
        "pkg:pypi/mac@1.0": [],
        "pkg:pypi/tester@1.0": ["pkg:pypi/alpha@1.0"],
    }
    without_groups = written(lock_of([item("a"), item("b")]))["dependencies"]
    assert {"ref": ROOT, "dependsOn": ["pkg:pypi/a@1.0", "pkg:pypi/b@1.0"]} in without_groups


def test_it_tells_its_python_and_its_systems_and_no_time() -> None:
    metadata = written(LOCK)["metadata"]
    assert "timestamp" not in metadata
    assert [tool["name"] for tool in metadata["tools"]["components"]] == ["wheelhouse"]
    assert metadata["component"]["properties"] == [
        {"name": "wheelhouse:python", "value": "3.11"},
        {"name": "wheelhouse:system", "value": DARWIN},
        {"name": "wheelhouse:system", "value": LINUX},
    ]


def test_its_serial_number_is_that_of_what_is_in_it() -> None:
    serial = written(LOCK)["serialNumber"]
    assert written(replace(LOCK, file=Path("elsewhere/sources.yaml")))["serialNumber"] == serial
    assert written(replace(LOCK, python="3.12"))["serialNumber"] != serial


def test_what_comes_from_no_index_is_not_taken_for_what_does(tmp_path: Path) -> None:
    file = "local-1.0-py3-none-any.whl"
    (tmp_path / file).write_bytes(b"wheel")
    names = ("company", "folder", "local", "repository", "thing")
    tarball = "https://forge.example/thing/archive/v1.tar.gz"
    repository = "https://forge.example/repository"
    lock = lock_of(
        [item(name) for name in names],
        [
            wheel("company"),
            link("folder-1.0", path="libs/a folder"),
            link(file, path=file),
            link("repository-1.0", git=repository, rev=COMMIT),
            link("v1.tar.gz", "thing", url=tarball),
        ],
        file=tmp_path / "sources.yaml",
        requested={
            "indexes": [{"name": "ours", "url": "https://index.example/ours", "use": "explicit"}],
            "index-of": {"company": "ours"},
        },
    )
    components = by_name(written(lock))
    assert {name: components[name].get("purl") for name in names} == {
        "company": "pkg:pypi/company@1.0?repository_url=https://index.example/ours",
        "folder": None,
        "local": None,
        "repository": f"pkg:pypi/repository@1.0?vcs_url=git%2B{repository}%40{COMMIT}",
        "thing": f"pkg:pypi/thing@1.0?download_url={tarball}",
    }
    references = {
        name: [
            (reference["type"], reference["url"])
            for reference in components[name]["externalReferences"]
        ]
        for name in names
    }
    assert references == {
        "company": [("distribution", "https://index.example/company-1.0-py3-none-any.whl")],
        "folder": [("distribution", "libs/a%20folder")],
        "local": [("distribution", file)],
        "repository": [("vcs", repository)],
        "thing": [("distribution", tarball)],
    }
    assert components["repository"]["externalReferences"][0]["comment"] == f"commit {COMMIT}"


def test_a_lock_of_nothing_is_a_bill_of_nothing() -> None:
    assert "components" not in written(lock_of([]))


def test_an_address_that_is_none_is_an_error() -> None:
    lock = lock_of([item("a")], [link("a-1.0.tar.gz", url="https://x/y:z/a b:c#d#e")])
    with pytest.raises(UsageError, match=r"sources.yaml: .* CycloneDX \("):
        render(lock, "cyclonedx")


def test_licences_of_the_lock_are_those_of_the_components() -> None:
    licenses = {
        "alpha": "MIT OR Apache-2.0",
        "beta==1.0": "MIT",
        "beta==2.0": "LicenseRef-Own",
        "mac": "unknown: BSD License",
        "tester": "unknown",
    }
    components = {
        component["bom-ref"].removeprefix("pkg:pypi/"): component.get("licenses")
        for component in written(replace(LOCK, licenses=licenses))["components"]
    }
    declared = {"acknowledgement": "declared"}
    assert components == {
        "alpha@1.0": [{"expression": "MIT OR Apache-2.0"} | declared],
        "beta@1.0": [{"license": {"id": "MIT"} | declared}],
        "beta@2.0": [{"license": {"name": "LicenseRef-Own"} | declared}],
        "mac@1.0": [{"license": {"name": "BSD License"} | declared}],
        "tester@1.0": None,
    }
    assert all("licenses" not in component for component in written(LOCK)["components"])

"""`lock export --bundled`: what wheels bundle, in a bill of materials."""

import json
import os
import re
from typing import Any

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from tests.lock.wheels.test_bills import AUDITWHEEL, ZLIB, cyclonedx
from tests.support.index_server import Index
from tests.support.lock_app import LockApp

EXPORT = ("export", "--format", "cyclonedx", "--bundled")
CRATE = {"bom-ref": "x", "name": "libc", "version": "0.2.177", "purl": "pkg:cargo/libc@0.2.177"}


def written(lock: LockApp, *arguments: str) -> Any:
    """Return the bill that is written, which must be valid."""
    done = lock.run(*EXPORT, *arguments)
    assert done.returncode == 0, done.stderr
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(done.stdout) is None
    return json.loads(done.stdout)


def sboms(**bills: Any) -> dict[str, str]:
    return {
        f"demo-1.0.dist-info/sboms/{name}.json": bill if isinstance(bill, str) else json.dumps(bill)
        for name, bill in bills.items()
    }


@pytest.fixture
def locked(lock: LockApp, index: Index) -> LockApp:
    """A lock of a package whose wheels for two systems bundle different things."""
    other = {**ZLIB, "version": "1.3", "purl": "pkg:rpm/almalinux/zlib@1.3"}
    for machine, bills in (
        ("x86_64", sboms(auditwheel=AUDITWHEEL, rust=cyclonedx(CRATE))),
        ("aarch64", sboms(auditwheel=cyclonedx(other), rust=cyclonedx(CRATE), spdx="{}")),
    ):
        # So that only parts of it are worth downloading.
        modules: dict[str, str | bytes] = {"demo/data.bin": bytes(200_000), **bills}
        index.wheel("demo", "1.0", tag=f"cp311-abi3-manylinux_2_28_{machine}", modules=modules)
    index.wheel("web", "1.0", "demo")
    lock.write("requirements:\n  web: '*'\n")
    lock.succeed("3.11", "--system", "x86_64-linux", "--system", "aarch64-linux")
    return lock


def test_what_wheels_bundle_is_below_their_package(locked: LockApp, index: Index) -> None:
    index.sent.clear()
    bill = written(locked)
    # The large wheels weren't downloaded as a whole.
    assert all(sent < 50_000 for path, sent in index.sent.items() if "/demo-" in path)
    packages = {one["name"]: one for one in bill["components"]}
    assert "components" not in packages["web"]
    above = "pkg:pypi/demo@1.0"
    assert packages["demo"]["components"] == [
        {
            "bom-ref": f"{above}#pkg:cargo/libc@0.2.177",
            "name": "libc",
            "properties": [{"name": "wheelhouse:sbom", "value": "rust.json"}],
            "purl": "pkg:cargo/libc@0.2.177",
            "type": "library",
            "version": "0.2.177",
        },
        *(
            {
                "bom-ref": f"{above}#pkg:rpm/almalinux/zlib@{version}",
                "name": "zlib",
                "properties": [
                    {"name": "wheelhouse:sbom", "value": "auditwheel.json"},
                    {"name": "wheelhouse:system", "value": system},
                ],
                "purl": f"pkg:rpm/almalinux/zlib@{version}",
                "type": "library",
                "version": version,
            }
            for version, system in (("1.2.11", "x86_64-linux"), ("1.3", "aarch64-linux"))
        ),
    ]
    edges = {one["ref"]: one.get("dependsOn") for one in bill["dependencies"]}
    assert edges[above] == [one["bom-ref"] for one in packages["demo"]["components"]]
    assert edges["pkg:pypi/web@1.0"] == [above]


def test_the_bill_is_the_same_again_and_without_the_index(locked: LockApp, index: Index) -> None:
    first = locked.run(*EXPORT)
    # A bill of another format is told, and so is why it isn't taken.
    assert re.fullmatch(
        r"demo-1\.0-cp311-abi3-manylinux_2_28_aarch64\.whl: its bill of materials spdx\.json is "
        r"left out: it isn't CycloneDX\n",
        first.stderr,
    )
    index.sent.clear()
    index.status = 503
    again = locked.run(*EXPORT, PYTHONHASHSEED="7")
    assert (again.stdout, again.stderr) == (first.stdout, first.stderr)
    assert index.sent == {}


def test_no_bill_is_written_where_a_wheel_can_t_be_read(locked: LockApp, index: Index) -> None:
    del index.files["/files/demo-1.0-cp311-abi3-manylinux_2_28_aarch64.whl"]
    message = locked.fail(2, *EXPORT, "-o", "sbom.json")
    assert message.startswith("what these wheels bundle isn't known:\n")
    assert "demo-1.0-cp311-abi3-manylinux_2_28_aarch64.whl" in message
    assert not (locked.folder / "sbom.json").exists()


def test_only_a_format_with_a_place_for_it_has_it(locked: LockApp) -> None:
    assert locked.fail(2, "export", "--bundled") == (
        "lock: --bundled: the format pylock has no place for it; leave it out, or write cyclonedx\n"
    )


@pytest.mark.index
def test_real_wheels_tell_what_they_bundle(lock: LockApp) -> None:
    del lock.environment["UV_DEFAULT_INDEX"]
    lock.environment = dict(os.environ) | lock.environment
    lock.write(
        "requirements: {cryptography: '==50.0.2', pillow: '==13.0.0', rpds-py: '==2026.9.1'}\n"
    )
    lock.succeed("3.12", "--system", "x86_64-linux", "--system", "aarch64-linux")
    bill = written(lock)
    found = {
        package["name"]: {(one["name"], one.get("version")) for one in package["components"]}
        for package in bill["components"]
        if "components" in package
    }
    assert sorted(found) == ["cryptography", "pillow", "rpds-py"]
    # By its own bill, by auditwheel's, and by maturin's.
    assert ("openssl", "4.0.3") in found["cryptography"]
    assert ("libXau", "1.0.9-3.el8") in found["pillow"]
    assert {("pyo3", "0.29.3"), ("rpds", "1.2.1")} <= found["rpds-py"]

"""What wheels bundle, by the bills of materials inside of them (PEP 770)."""

import io
import json
import zipfile
from typing import Any

from lock.inspection.bundled import left_out
from lock.models.bundled import Bundle, Component
from lock.wheels.bills import read_bills

FOLDER = "demo-1.0.dist-info/sboms"


def bundle(**bills: Any) -> Bundle:
    """Return what is read of a wheel with these bills."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr(f"{FOLDER}/", "")
        archive.writestr("demo/sboms/other.json", "{}")
        for name, bill in bills.items():
            data = bill if isinstance(bill, bytes) else json.dumps(bill).encode()
            archive.writestr(f"{FOLDER}/{name}.json", data)
    with zipfile.ZipFile(content) as archive:
        found = read_bills(archive, "demo")
    assert Bundle.from_json(json.loads(json.dumps(found.to_json()))) == found
    return found


def cyclonedx(*components: Any, **more: Any) -> dict[str, Any]:
    return {"bomFormat": "CycloneDX", "specVersion": "1.9", "components": [*components], **more}


# As auditwheel writes it.
DEMO = {
    "type": "library",
    "bom-ref": "pkg:pypi/demo@1.0?file_name=demo-1.0-cp311-cp311-manylinux_2_28_x86_64.whl",
    "name": "demo",
    "version": "1.0",
    "purl": "pkg:pypi/demo@1.0?file_name=demo-1.0-cp311-cp311-manylinux_2_28_x86_64.whl",
}
ZLIB = {
    "type": "library",
    "bom-ref": "pkg:rpm/almalinux/zlib@1.2.11#abc",
    "name": "zlib",
    "version": "1.2.11",
    "purl": "pkg:rpm/almalinux/zlib@1.2.11",
}
AUDITWHEEL = cyclonedx(
    DEMO,
    ZLIB,
    metadata={"component": DEMO, "tools": [{"name": "auditwheel", "version": "6.8.2"}]},
    dependencies=[
        {"ref": DEMO["bom-ref"], "dependsOn": [ZLIB["bom-ref"]]},
        {"ref": ZLIB["bom-ref"]},
    ],
)


def test_libraries_that_auditwheel_added_are_bundled() -> None:
    zlib = Component("zlib", "1.2.11", purl="pkg:rpm/almalinux/zlib@1.2.11")
    assert bundle(auditwheel=AUDITWHEEL) == Bundle((("auditwheel.json", zlib),), ((None, 0),))


def test_a_wheel_without_bills_bundles_nothing_that_is_known() -> None:
    assert bundle() == Bundle()


def test_what_needs_what_is_kept_of_each_bill() -> None:
    root = {"bom-ref": "path+file:///build#demo", "name": "demo-rust", "type": "library"}
    inner = {"bom-ref": "c", "name": "c", "version": "1"}
    rust = cyclonedx(
        {"bom-ref": "a", "name": "a", "version": "1"},
        {"bom-ref": "b", "name": "b", "version": "1", "components": [inner]},
        metadata={"component": root},
        dependencies=[
            {"ref": root["bom-ref"], "dependsOn": ["a", "gone"]},
            {"ref": "a", "dependsOn": ["b"]},
            {"ref": "gone", "dependsOn": ["b"]},
        ],
    )
    found = bundle(auditwheel=AUDITWHEEL, rust=rust)
    assert [(file, one.name) for file, one in found.components] == [
        ("auditwheel.json", "zlib"),
        ("rust.json", "a"),
        ("rust.json", "b"),
        ("rust.json", "c"),
    ]
    assert found.edges == ((None, 0), (None, 1), (None, 3), (1, 2))


def test_hashes_and_licences_are_kept_where_they_are_valid() -> None:
    hashes = [
        {"alg": "SHA-256", "content": "A" * 64},
        {"alg": "SHA-256", "content": "nothing"},
        {"alg": 5},
        "nothing",
    ]
    found = bundle(
        bill=cyclonedx(
            {"name": "x", "hashes": hashes, "purl": "no purl", "licenses": [{"expression": "MIT"}]},
            {"name": "y", "licenses": [{"license": {"id": "0BSD"}}, {"license": {"name": "own"}}]},
            {"version": "a name is missing"},
            "nothing",
        )
    )
    assert [one for _, one in found.components] == [
        Component("x", hashes=(("SHA-256", "a" * 64),), licenses=("MIT",)),
        Component("y", licenses=("0BSD", "own")),
    ]


def test_what_is_no_bill_is_left_out_and_told() -> None:
    found = bundle(
        a=b"\xff\xfe",
        b=b"[" * 100_000,
        c=[],
        d={"spdxVersion": "SPDX-2.3"},
        e={"bomFormat": "CycloneDX", "components": None, "metadata": []},
    )
    assert found == Bundle(
        left_out=(
            ("a.json", "it isn't JSON"),
            ("b.json", "it isn't JSON"),
            ("c.json", "it isn't CycloneDX"),
            ("d.json", "it isn't CycloneDX"),
        )
    )


def test_a_component_doesn_t_need_itself_and_other_things_than_lists_need_nothing() -> None:
    itself = {"ref": "a", "dependsOn": ["a"]}
    found = bundle(
        bill=cyclonedx(
            {"bom-ref": "a", "name": "a"},
            {"bom-ref": "b", "name": "b"},
            dependencies=[
                itself,
                {"ref": "b", "dependsOn": 5},
                {"ref": "b", "dependsOn": {"a": 1}},
            ],
        )
    )
    assert found.edges == ((None, 0), (None, 1))


def test_components_are_found_in_any_depth() -> None:
    inner: dict[str, Any] = {"name": "innermost"}
    text = '{"name": "x", "components": [' * 2000 + json.dumps(inner) + "]}" * 2000
    bill = f'{{"bomFormat": "CycloneDX", "components": [{text}, {{"name": "last"}}]}}'
    names = [one.name for _, one in bundle(bill=bill.encode()).components]
    assert (len(names), names[-2:]) == (2002, ["innermost", "last"])


def test_the_name_of_a_bill_doesn_t_control_the_terminal() -> None:
    found = Bundle(left_out=(("a\x1b[31m\r.json", "it isn't JSON"),))
    assert left_out({("demo.whl", ()): found}) == [
        "demo.whl: its bill of materials a [31m .json is left out: it isn't JSON"
    ]

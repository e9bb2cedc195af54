"""Locks that Makes wrote, or in any YAML, as the data that Nix reads."""

import json

import pytest
import yaml

from lock.errors import LockError
from lock.foreign.convert import main

LINK = {"sha256": "0" * 52, "url": "https://index.example/x"}
NAMES = [
    "Foo_Bar-1.0.0-cp311-cp311-manylinux_2_17_x86_64.whl",
    "Foo_Bar-1.0.0-cp311-cp311-manylinux_2_40_x86_64.whl",
    "Foo_Bar-1.0.0-cp311-cp311-macosx_11_0_arm64.whl",
    "Foo_Bar-2.0.0-cp311-cp311-manylinux_2_17_x86_64.whl",
    "foo_bar-1.0.0.tar.gz",
    "foo_bar-1.0.0.win32.exe",
]


def makes(**more):
    links = [{"name": name, **LINK} for name in NAMES]
    return {"closure": {"Foo-Bar": "1.0"}, "links": links, "python": "3.11", **more}


def read(tmp_path, data, system="x86_64-linux", floor=None):
    file, out = tmp_path / "sources.yaml", tmp_path / "out"
    file.write_text(data if isinstance(data, str) else yaml.safe_dump(data), encoding="utf-8")
    spec = {"file": str(file), "origin": "env: sources.yaml", "system": system}
    main(spec | {"floor": {"glibc": "2.35"} if floor is None else floor}, out)
    return json.loads(out.read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("system", "floor", "expected"),
    [
        ("x86_64-linux", {"glibc": "2.35"}, 0),
        ("x86_64-linux", {"glibc": "2.42"}, 1),
        ("x86_64-linux", {}, 0),
        ("aarch64-darwin", {"macos": "14.0"}, 2),
        ("aarch64-linux", {"glibc": "2.35"}, 4),
    ],
)
def test_of_makes_links_the_best_for_the_system_is_chosen(tmp_path, system, floor, expected):
    data = read(tmp_path, makes(), system, floor)
    assert data["links"] == [
        {"name": NAMES[expected], **LINK, "package": "foo-bar", "version": "1.0"}
    ]
    assert data["systems"] == {system: floor}
    assert data["wheelhouse"] == 1
    assert data["python"] == "3.11"


def test_scalars_are_read_as_texts(tmp_path):
    text = yaml.safe_dump(makes()).replace("'3.11'", "3.10").replace("cp311", "cp310")
    assert read(tmp_path, text)["python"] == "3.10"


def test_a_lock_of_ours_in_any_style_is_passed_on(tmp_path):
    ours = {"wheelhouse": 1, "python": "3.11", "systems": {}, "links": [{"name": "a", "size": 3}]}
    assert read(tmp_path, json.dumps(ours)) == ours
    first = {key: value for key, value in ours.items() if key != "wheelhouse"}
    assert read(tmp_path, first) == ours


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        ("a: [", "not readable as YAML"),
        ("- a", "a lock is a mapping"),
        ({"closure": {}, "links": []}, "'python' is missing"),
        (makes(extra=1), "'extra' is unknown"),
        (makes(links=[{"name": "x"}]), "lacks name, sha256 or url"),
        (makes(closure=[]), "closure is not a mapping"),
        (makes(closure={"absent": "1.0", "foo-bar": "3"}), "for absent 1.0, foo-bar 3; lock again"),
    ],
)
def test_what_cannot_be_used_is_told(tmp_path, data, problem):
    with pytest.raises(LockError, match=rf"^env: sources\.yaml: [\s\S]*{problem}"):
        read(tmp_path, data)


def test_a_system_that_is_not_known_is_told(tmp_path):
    with pytest.raises(LockError, match="mips64-linux is none of aarch64-darwin"):
        read(tmp_path, makes(), "mips64-linux")

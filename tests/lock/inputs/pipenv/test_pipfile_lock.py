"""Pipfile.lock as input: its versions and hashes are kept, and one that is stale is told."""

import hashlib
import json
import os
import sys

import pytest
import yaml

from lock.errors import UnsatisfiableError, UsageError
from lock.inputs import read
from lock.inputs.pipenv import pipfile_lock
from lock.models.nix_base32 import from_hex
from lock.pipeline.supported_targets import check_supported
from lock.selection.installation import install
from tests.support.project import ROOT
from tests.support.uv_lock_texts import target

PYTHON = f"{sys.version_info.major}.{sys.version_info.minor}"
SHA256 = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
SOURCE = {"name": "main", "url": "https://index.example/simple", "verify_ssl": True}


def package(version="==1.0", **more):
    return {"version": version, "hashes": [f"sha256:{SHA256}"], **more}


def lock_of(default, develop=None, meta=None, **categories):
    meta = {
        "hash": {"sha256": "0"},
        "pipfile-spec": 6,
        "requires": {"python_version": "3.11"},
        "sources": [SOURCE],
        **(meta or {}),
    }
    return json.dumps(
        {"_meta": meta, "default": default, "develop": develop or {}, **categories}, indent=4
    )


def groups(found):
    named = {group: [*map(str, listed)] for group, listed in found.groups.items()}
    return {"default": [*map(str, found.packages)], **named}


def parsed(tmp_path, *arguments, **categories):
    return pipfile_lock.parse(lock_of(*arguments, **categories), str(tmp_path / "Pipfile.lock"))


def test_categories_markers_extras_and_python_are_kept(tmp_path):
    found = parsed(
        tmp_path,
        {
            "A_x": package(extras=["Fast_x"], markers="python_version >= '3.9'"),
            "b": package(markers="os_name == 'nt'", sys_platform="== 'win32'"),
        },
        {"c": package("==2.0")},
        docs={"A_x": package()},
    )
    assert groups(found) == {
        "default": [
            'a-x[fast-x]==1.0 ; python_version >= "3.9"',
            'b==1.0 ; os_name == "nt" and sys_platform == "win32"',
        ],
        "dev": ["c==2.0"],
        "docs": ["a-x==1.0"],
    }
    assert (found.python, found.requires_python) == ("3.11", "==3.11.*")
    installed = install(found.locked.resolution, target("x86_64-linux", "3.11")).packages
    assert installed.keys() == {"a-x", "c"}
    with pytest.raises(UnsatisfiableError, match=r"so it can't be locked for 3\.12"):
        check_supported(found, [target("x86_64-linux", "3.12")], "Pipfile.lock")


def test_only_the_first_source_is_asked_for_packages_that_name_none(tmp_path):
    other = {"name": "other", "url": "https://$USER:${PASSWORD}@other.example/simple"}
    found = parsed(
        tmp_path,
        {"a": package(index="main"), "b": package(index="other"), "c": package()},
        None,
        {"sources": [SOURCE, {**other, "verify_ssl": False}]},
    )
    main, further = found.indexes
    assert (main.name, main.default, main.explicit) == ("main", True, False)
    assert (further.url, further.explicit) == ("https://other.example/simple", True)
    assert found.index_of == {"b": "other"}
    [note] = found.notes
    assert note.startswith(f"{tmp_path}/Pipfile.lock: _meta.sources: other: `verify_ssl` has no")


def test_systems_that_need_what_was_left_out_are_refused(tmp_path):
    left_out = {"version": "*", "markers": "sys_platform == 'darwin'"}
    found = parsed(tmp_path, {"a": package(), "b": left_out})
    assert groups(found) == {"default": ["a==1.0"]}
    check_supported(found, [target("x86_64-linux", "3.11")], "Pipfile.lock")
    with pytest.raises(UnsatisfiableError, match="the lock isn't for aarch64-darwin"):
        check_supported(found, [target("aarch64-darwin", "3.11")], "Pipfile.lock")
    windows = {"version": "*", "markers": "sys_platform == 'win32'"}
    assert parsed(tmp_path, {"a": package(), "b": windows}).locked.environments == ()


def test_pythons_to_come_that_need_what_was_left_out_are_refused(tmp_path):
    left_out = {"version": "*", "markers": "python_version >= '3.15'"}
    found = parsed(tmp_path, {"a": package(), "b": left_out}, None, {"requires": {}})
    check_supported(found, [target("x86_64-linux", "3.14")], "Pipfile.lock")
    for python in ("3.15", "3.27"):
        with pytest.raises(UnsatisfiableError, match="the lock isn't for x86_64-linux"):
            check_supported(found, [target("x86_64-linux", python)], "Pipfile.lock")
    left_out["markers"] = "python_version < '3.10'"
    found = parsed(tmp_path, {"a": package(), "b": left_out}, None, {"requires": {}})
    check_supported(found, [target("x86_64-linux", "3.27")], "Pipfile.lock")
    gone = {"version": "*", "markers": "python_version >= '4'"}
    assert parsed(tmp_path, {"a": package(), "b": gone}).locked.environments == ()


def test_folders_and_files_are_kept(tmp_path):
    (tmp_path / "lib").mkdir()
    (tmp_path / "lib" / "pyproject.toml").write_text('[project]\nname = "a"\nversion = "3"\n')
    (tmp_path / "c-1.0.zip").write_bytes(b"abc")
    address = f"https://f.example/b-2.0.zip#sha256={SHA256}"
    found = parsed(
        tmp_path,
        {
            "a": {"path": "./lib", "editable": True},
            "b": {"file": address},
            "c": {"file": "c-1.0.zip"},
        },
    )
    assert groups(found) == {"default": ["a==3", "b==2.0", "c==1.0"]}
    files = {one.name: one.files[0] for one in found.locked.resolution.packages}
    assert files["a"].path == str(tmp_path / "lib") and files["a"].is_folder
    assert (files["b"].url, files["b"].sha256) == ("https://f.example/b-2.0.zip", SHA256)
    assert (files["c"].path, files["c"].sha256) == (str(tmp_path / "c-1.0.zip"), SHA256)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "this is not what Pipenv writes; "),
        ("[]", "this is not what Pipenv writes; "),
        (lock_of({}, meta={"pipfile-spec": 7}), "_meta.pipfile-spec: format 7 is newer than what"),
        (lock_of({}, meta={"pipfile-spec": 5}), "this is not what Pipenv writes; "),
        (
            lock_of({"a": {"version": "*"}}),
            "default.a: the lock has no version of it, since the system that locked needs none; ",
        ),
        (lock_of({"a": package(hashes=[])}), "default.a: the lock has no sha256 of its files; "),
        (
            lock_of({"a": {"git": "https://g.example/r", "ref": "0" * 40}}),
            "default.a: the lock doesn't tell the version of what comes from a repository; ",
        ),
        (lock_of({"a": package(markers="x")}), "default.a: its marker is none of PEP 508; "),
        (
            lock_of({"a": package()}, {"a": package("==2.0")}),
            "a: 1.0 in default, 2.0 in develop; one environment can't have both",
        ),
        (lock_of({}, dev={"a": package()}), "dev: the group `dev` is what stands in"),
        (
            lock_of({}, meta={"sources": [{"name": "a", "url": "https://u:p@i.example"}]}),
            "_meta.sources.url: an address must not hold a password; ",
        ),
    ],
)
def test_what_cannot_be_kept_is_refused(tmp_path, text, problem):
    with pytest.raises(UsageError) as caught:
        pipfile_lock.parse(text, str(tmp_path / "Pipfile.lock"))
    assert str(caught.value).startswith(f"{tmp_path}/Pipfile.lock: {problem}")


PIPFILE = """\
[[source]]
name = "main"
url = "https://index.example/simple"
verify_ssl = true

[packages]
a = {version = ">=1", extras = ["x"]}

[dev-packages]
b = "*"

[docs]
c = "~=1.0"

[requires]
python_version = "3.11"

[scripts]
go = "python -V"
"""
# What Pipenv 2026.10.3 writes for it.
DIGEST = "865ff9529c1c6cfc8bdb1ab0073c6cdbfb41a3de789988f2e8398854995f1947"


def test_a_stale_lock_is_told(lock):
    lock.write(PIPFILE.replace(">=1", ">=2"), "Pipfile")
    lock.write(lock_of({"a": package()}, meta={"hash": {"sha256": DIGEST}}), "Pipfile.lock")
    told = lock.fail(1, "Pipfile.lock")
    assert told == "Pipfile.lock: it is stale, since the Pipfile has changed; run `pipenv lock`\n"


def test_a_lock_that_fits_its_pipfile_is_kept(tmp_path):
    (tmp_path / "Pipfile").write_text(PIPFILE)
    assert parsed(tmp_path, {"a": package()}, None, {"hash": {"sha256": DIGEST}}).packages


def test_its_files_are_found_by_their_hashes(lock, index):
    for version in ("1.0", "2.0"):
        index.wheel("a", version)
        index.sdist("a", version)
    files = ("a-1.0-py3-none-any.whl", "a-1.0.tar.gz")
    digests = [hashlib.sha256(index.files[f"/files/{file}"]).hexdigest() for file in files]
    entry = {"version": "==1.0", "hashes": [f"sha256:{digest}" for digest in digests]}
    sources = [{"name": "main", "url": index.simple, "verify_ssl": True}]
    lock.write(lock_of({"a": entry}, meta={"sources": sources}), "Pipfile.lock")
    del lock.environment["UV_DEFAULT_INDEX"]
    data = yaml.safe_load(lock.succeed("Pipfile.lock"))
    [link] = data["links"]
    assert data["python"] == "3.11"
    assert (link["name"], link["url"]) == (files[0], f"{index.url}/files/{files[0]}")
    assert link["sha256"] == from_hex(digests[0])


@pytest.mark.index
def test_what_pipenv_writes_is_kept(lock, tools, index):
    index.wheel("a", "1.0", "c>1")
    index.wheel("a", "2.0", "c>1", 'd; extra == "fast"', extras={"fast": []})
    index.wheel("b", "1.0")
    for version in ("1.0", "2.0", "3.0"):
        index.wheel("c", version)
    index.wheel("d", "1.0")
    lock.write(
        f'[[source]]\nname = "main"\nurl = "{index.simple}"\nverify_ssl = false\n'
        '[packages]\na = {version = ">1", extras = ["fast"]}\n'
        '[dev-packages]\nb = {version = "*", markers = "python_version < \'4\'"}\n'
        '[docs]\nc = "*"\n'
        f'[requires]\npython_version = "{PYTHON}"\n',
        "Pipfile",
    )
    lock.environment |= {"PIPENV_NOSPIN": "1", "PIPENV_CACHE_DIR": str(lock.folder.parent)}
    tools.run_tool("pipenv==2026.10.3", "lock", "--backend", "pure-python")
    written = json.loads((lock.folder / "Pipfile.lock").read_text("utf-8"))
    found = yaml.safe_load(lock.succeed("Pipfile.lock", PYTHONPATH=os.fspath(ROOT)))
    expected = {
        name: entry["version"].removeprefix("==")
        for category in ("default", "develop", "docs")
        for name, entry in written[category].items()
    }
    assert expected.keys() == {"a", "b", "c", "d"}
    assert {link["package"]: link["version"] for link in found["links"]} == expected
    assert {group: {*map(bare, listed)} for group, listed in found["groups"].items()} == {
        "default": {"a", "c", "d"},
        "dev": {"b"},
        "docs": {"c"},
    }
    assert read(lock.folder / "Pipfile.lock").python == PYTHON


def bare(name):
    return name.partition("[")[0]

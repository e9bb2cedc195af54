"""conda-lock.yml as input: its pip packages, where conda has nothing but Python."""

import pytest
import yaml

from lock.errors import UsageError
from lock.inputs.conda import conda_lock
from lock.models.nix_base32 import from_hex
from lock.selection.installation import install
from tests.support.uv_lock_texts import target

SHA256 = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
BOTH = ("linux-64", "osx-arm64")


def entry(name, manager="pip", version="1.0", platform="linux-64", category="main", **more):
    wheel = f"https://f.example/{platform}/{name}-{version}-py3-none-any.whl"
    return {
        "name": name,
        "version": version,
        "manager": manager,
        "platform": platform,
        "dependencies": {},
        "url": wheel if manager == "pip" else f"https://c.example/{name}-{version}-0.conda",
        "hash": {"md5": "0", "sha256": SHA256},
        "category": category,
        "optional": category != "main",
        **more,
    }


def python(platform="linux-64", version="3.12.4"):
    needs = {"openssl": ">=3", "__glibc": ">=2.17"}
    return [
        entry("python", "conda", version, platform, dependencies=needs),
        entry("openssl", "conda", "3.3", platform),
        entry("pip", "conda", "24", platform, dependencies={"setuptools": "", "python": ""}),
        entry("setuptools", "conda", "70", platform),
    ]


def lock_of(*entries, version=1):
    metadata = {"channels": [{"url": "conda-forge"}], "content_hash": {"linux-64": "0"}}
    return yaml.safe_dump({"version": version, "metadata": metadata, "package": [*entries]})


def groups(found):
    named = {group: [*map(str, listed)] for group, listed in found.groups.items()}
    return {"default": [*map(str, found.packages)], **named}


def test_pip_packages_categories_platforms_and_python_are_kept():
    entries = [
        *(one for platform in BOTH for one in python(platform)),
        *(entry("A_a", platform=platform, dependencies={"b": ">=1"}) for platform in BOTH),
        entry("b"),
        entry("b", version="2.0", platform="osx-arm64"),
        *(entry("c", platform=platform, category="dev") for platform in BOTH),
        entry("d", platform="win-64"),
    ]
    found = conda_lock.parse(lock_of(*entries), "conda-lock.yml")
    assert [one.split(" ;")[0] for one in groups(found)["default"]] == [
        "a-a==1.0",
        "b==1.0",
        "b==2.0",
    ]
    assert groups(found)["dev"] == ["c==1.0"]
    assert (found.python, found.requires_python) == ("3.12", "==3.12.*")
    assert found.systems == ("aarch64-darwin", "x86_64-linux")
    for system, version in (("x86_64-linux", "1.0"), ("aarch64-darwin", "2.0")):
        installed = install(found.locked.resolution, target(system, "3.12"))
        assert {name: one.version for name, one in installed.packages.items()} == {
            "a-a": "1.0",
            "b": version,
            "c": "1.0",
        }
        assert installed.dependency_names["a-a"] == {"b"}


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "this is not what conda-lock writes; "),
        ("version: 1\npackage:\n- name: a\n", "this is not what conda-lock writes; "),
        (lock_of(version=2), "version: format 2 is newer than what is known here, 1; "),
        (lock_of(*python()), "it has no package of the package index; "),
        (lock_of(entry("a", platform="win-64")), "none of its platforms can be locked for; linux"),
        (
            lock_of(*python(), entry("numpy", "conda"), entry("a")),
            "default: numpy is a package of conda, which can't be locked; ",
        ),
        (
            lock_of(*python(), entry("a", dependencies={"setuptools": ""})),
            "default: a needs setuptools on linux-64, which is locked as a package of conda; ",
        ),
        (lock_of(*python(), entry("a", hash={"md5": "0"})), "a: the lock has no sha256 of its"),
        (
            lock_of(*python(), entry("a", url="git+https://g.example/a.git@0")),
            "a: this is no address; ",
        ),
        (
            lock_of(
                *python(),
                *python("osx-arm64", "3.11.2"),
                entry("a"),
                entry("a", platform="osx-arm64"),
            ),
            "python: its platforms have Python 3.11, 3.12; ",
        ),
    ],
)
def test_what_cannot_be_kept_is_refused(text, problem):
    with pytest.raises(UsageError) as caught:
        conda_lock.parse(text, "conda-lock.yml")
    assert str(caught.value).startswith(f"conda-lock.yml: {problem}")


def test_a_category_with_other_versions_is_left_out_and_told():
    entries = [*python(), entry("a"), entry("a", version="2.0", category="dev")]
    found = conda_lock.parse(lock_of(*entries), "conda-lock.yml")
    assert groups(found) == {"default": ["a==1.0"]}
    assert found.notes == (
        "conda-lock.yml: the environment dev is left out: it has a 2.0, default has 1.0",
    )


def test_it_is_locked_for_its_platforms(lock):
    lock.write(lock_of(*python(), entry("a")), "conda-lock.yml")
    data = yaml.safe_load(lock.succeed("conda-lock.yml"))
    [link] = data["links"]
    assert (data["python"], [*data["systems"]]) == ("3.12", ["x86_64-linux"])
    assert link["url"] == "https://f.example/linux-64/a-1.0-py3-none-any.whl"
    assert link["sha256"] == from_hex(SHA256)

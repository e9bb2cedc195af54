"""pixi.lock as input: its packages of the package index, where conda has nothing but Python."""

import os
import subprocess
import sys

import pytest
import yaml

from lock.errors import UsageError
from lock.inputs.conda import pixi_lock
from lock.selection.installation import install
from tests.support.uv_lock_texts import target

SHA256 = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
COMMIT = "0123456789abcdef0123456789abcdef01234567"
MD5 = "900150983cd24fb0d6963f7d28e17f72"
PYTHON = "https://c.example/channel/{}/python-3.12.4-h0_0_cpython.conda"
OPENSSL = "https://c.example/channel/{}/openssl-3.3.1-h0_0.conda"


def wheel(name, version="1.0"):
    return f"https://f.example/{name}-{version}-py3-none-any.whl"


def pypi(place, name, version="1.0", requires=(), form=6, **more):
    place_keys = {"kind": "pypi", "url" if "://" in place else "path": place}
    package = {"pypi": place} if form > 5 else place_keys
    package |= {"name": name, "version": version, "sha256": SHA256, **more}
    return package | ({"requires_dist": [*requires]} if requires else {})


def conda(url, depends=(), form=6):
    name, version, build = url.rpartition("/")[2].removesuffix(".conda").split("-")
    named = {"name": name, "version": version, "build": build, "subdir": "linux-64"}
    package = {"conda": url} if form > 5 else {"kind": "conda", **named, "url": url}
    return package | {"sha256": SHA256, "md5": MD5, "depends": [*depends]}


def lock_of(environments, *packages, form=6):
    """Return a lock with Python in each environment and on each platform."""
    known = []
    listed = {}
    for environment, platforms in environments.items():
        found = {}
        for platform, places in platforms.items():
            own = [PYTHON.format(platform), OPENSSL.format(platform)]
            known += [conda(own[0], ["openssl >=3"], form), conda(own[1], ["__glibc"], form)]
            found[platform] = [{"conda": one} for one in own]
            found[platform] += [
                {"conda" if place.endswith(".conda") else "pypi": place} for place in places
            ]
        channels = [{"url": "https://c.example/channel/"}]
        indexes = ["https://index.example/simple"]
        listed[environment] = {"channels": channels, "indexes": indexes, "packages": found}
    unique = {str(package): package for package in (*known, *packages)}
    platforms = sorted({platform for found in environments.values() for platform in found})
    head = {"platforms": [{"name": name} for name in platforms]} if form > 6 else {}
    data = {"version": form, **head, "environments": listed, "packages": [*unique.values()]}
    return yaml.safe_dump(data, sort_keys=False)


def groups(found):
    named = {group: [*map(str, listed)] for group, listed in found.groups.items()}
    return {"default": [*map(str, found.packages)], **named}


def lock_of_form(form):
    return lock_of(
        {
            "default": {
                "linux-64": [wheel("a_x"), wheel("b")],
                "osx-arm64": [wheel("a_x"), wheel("b", "2.0")],
                "win-64": [wheel("w")],
            },
            "test": {"linux-64": [wheel("a_x"), wheel("b"), wheel("c")]},
        },
        pypi(wheel("a_x"), "a-x", requires=["b>=1", "w ; sys_platform == 'win32'"], form=form),
        pypi(wheel("b"), "b", form=form),
        pypi(wheel("b", "2.0"), "b", "2.0", form=form),
        pypi(wheel("c"), "c", requires=["d ; extra == 'x'"], form=form),
        pypi(wheel("w"), "w", form=form),
        form=form,
    )


@pytest.mark.parametrize("form", [5, 6, 7])
def test_packages_environments_platforms_and_python_are_kept(form):
    found = pixi_lock.parse(lock_of_form(form), "pixi.lock")
    names = {
        group: [one.split(" ;")[0] for one in listed] for group, listed in groups(found).items()
    }
    assert names == {
        "default": ["a-x==1.0", "b==1.0", "b==2.0"],
        "test": ["a-x==1.0", "b==1.0", "c==1.0"],
    }
    assert (found.python, found.requires_python) == ("3.12", "==3.12.*")
    assert found.systems == ("aarch64-darwin", "x86_64-linux")
    for system, versions in (
        ("x86_64-linux", {"a-x": "1.0", "b": "1.0", "c": "1.0"}),
        ("aarch64-darwin", {"a-x": "1.0", "b": "2.0"}),
    ):
        installed = install(found.locked.resolution, target(system, "3.12"))
        assert {name: one.version for name, one in installed.packages.items()} == versions
        assert installed.dependency_names["a-x"] == {"b"}
        assert installed.packages["a-x"].files[0].url == wheel("a_x")


# The library that Pixi reads and writes its locks with writes one again.
REWRITE = "import rattler, sys; rattler.LockFile.from_path(sys.argv[1]).to_path(sys.argv[2])"


@pytest.mark.index
@pytest.mark.parametrize("form", [5, 6])
def test_what_pixi_s_own_library_writes_is_kept(form, tmp_path, uv):
    before, after = tmp_path / "old.lock", tmp_path / "pixi.lock"
    before.write_text(lock_of_form(form))
    run = [uv, "run", "--no-project", "--python", sys.executable, "--with", "py-rattler==0.28.0"]
    subprocess.run(
        [*run, "python", "-c", REWRITE, before, after],
        cwd=tmp_path,
        env=os.environ | {"LD_LIBRARY_PATH": os.environ["WHEELHOUSE_LIBRARIES"]},
        check=True,
    )
    assert after.read_text().startswith("version: 7\n")
    found = [pixi_lock.parse(file.read_text(), "pixi.lock") for file in (before, after)]
    assert groups(found[0]) == groups(found[1])
    assert found[0].locked.resolution == found[1].locked.resolution


def test_repositories_folders_and_files_are_kept(tmp_path):
    places = [f"git+https://g.example/r?rev=v1#{COMMIT}", "./", "./vend/c-1.0.zip"]
    places.append("direct+https://f.example/d-1.0.zip")
    packages = [
        pypi(place, name, requires=["e @ file:./e"])
        for name, place in zip("abcd", places, strict=True)
    ]
    found = pixi_lock.parse(
        lock_of({"default": {"linux-64": places}}, *packages), str(tmp_path / "pixi.lock")
    )
    files = {one.name: one.files[0] for one in found.locked.resolution.packages}
    assert (files["a"].url, files["a"].commit) == ("https://g.example/r", COMMIT)
    assert files["b"].path == str(tmp_path) and files["b"].is_folder
    assert (files["c"].path, files["c"].sha256) == (str(tmp_path / "vend/c-1.0.zip"), SHA256)
    assert files["d"].url == "https://f.example/d-1.0.zip"


def with_one(*conda_places, requires=(), form=6, more=None):
    places = [wheel("a"), *conda_places]
    package = pypi(wheel("a"), "a", requires=requires) | (more or {})
    return lock_of({"default": {"linux-64": places}}, package, *map(conda, conda_places), form=form)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "this is not what Pixi writes; "),
        (with_one(form=8), "version: format 8 is newer than what is known here, 7; "),
        (with_one(form=6).replace("version: 6", "version: 3"), "version: format 3 is not known"),
        (
            with_one("https://c.example/channel/noarch/numpy-2.1.0-0.conda"),
            "default: numpy is a package of conda, which can't be locked; ",
        ),
        (
            with_one(requires=["openssl"]),
            "default: a needs openssl on linux-64, which is locked as a package of conda; ",
        ),
        (with_one(more={"sha256": None}), "a: the lock has no sha256 of its file; "),
        (lock_of({"default": {"linux-64": []}}), "it has no package of the package index; "),
    ],
)
def test_what_cannot_be_kept_is_refused(text, problem):
    with pytest.raises(UsageError) as caught:
        pixi_lock.parse(text.replace("sha256: null\n", "\n"), "pixi.lock")
    assert str(caught.value).startswith(f"pixi.lock: {problem}")


@pytest.mark.parametrize(
    "marker", ["python_version < '3.12'", "sys_platform == 'win32'", "extra == 'x'"]
)
def test_what_conda_has_matters_only_where_it_is_needed(marker):
    found = pixi_lock.parse(with_one(requires=[f"openssl ; {marker}"]), "pixi.lock")
    assert groups(found) == {"default": ["a==1.0"]}


def test_an_environment_with_other_versions_is_left_out_and_told():
    text = lock_of(
        {"default": {"linux-64": [wheel("a")]}, "old": {"linux-64": [wheel("a", "0.9")]}},
        pypi(wheel("a"), "a"),
        pypi(wheel("a", "0.9"), "a", "0.9"),
    )
    found = pixi_lock.parse(text, "pixi.lock")
    assert groups(found) == {"default": ["a==1.0"]}
    assert found.notes == (
        "pixi.lock: the environment old is left out: it has a 0.9, default has 1.0",
    )

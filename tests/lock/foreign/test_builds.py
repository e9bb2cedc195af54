"""What the source distributions of a lock of Makes are built with."""

import io
import json
import tarfile

import pytest

from lock.errors import LockError
from lock.foreign.builds import (
    Available,
    BuildNeeds,
    closure,
    dependencies_between,
    imported,
    main,
    missing,
)

LOCK = Available(
    wheels={"numpy": "1.24.4", "torch": "1.7.0", "wheel": "0.45"},
    sources={"docopt": "0.6.2"},
    given=frozenset({"cython"}),
    known=frozenset({"cython", "numpy", "setuptools", "setuptools-scm", "wheel"}),
    basics={"setuptools": "67.7.2", "wheel": "0.40.0"},
)
BASE = {"setuptools": "67.7.2", "wheel": "0.45"}


def needs(declared=(), imports=()):
    return BuildNeeds(frozenset(declared), frozenset(imports))


@pytest.mark.parametrize(
    ("asked", "wheels"),
    [
        (needs(["setuptools", "wheel"]), False),
        (needs(["setuptools"], ["cython"]), False),
        (needs(["setuptools"], ["setuptools-scm"]), False),
        (needs(["flit-core"]), False),
        (needs(["docopt"], ["docopt"]), False),
        (needs(["numpy"]), True),
        (needs(imports=["numpy"]), True),
        (needs(imports=["cv2"]), True),
    ],
)
def test_the_wheels_of_the_lock_join_where_one_of_them_may_be_needed(asked, wheels):
    assert closure(asked, [], LOCK) == (LOCK.wheels | BASE if wheels else BASE)


def test_source_distributions_join_by_name():
    assert closure(needs(["docopt"]), ["docopt"], LOCK) == {**BASE, "docopt": "0.6.2"}


def test_what_nothing_gives_is_missing():
    asked = needs(["poetry-core", "setuptools"], ["cython", "cv2", "docopt", "numpy"])
    assert missing(asked, LOCK) == ["cv2", "poetry-core"]


def test_a_circle_is_cut_where_an_import_would_close_it():
    edges = dependencies_between(
        {
            "a": needs(imports=["b"]),
            "b": needs(["c"]),
            "c": needs(["a"], ["c"]),
        }
    )
    assert edges == {"a": set(), "b": {"c"}, "c": {"a"}}


def test_imports_are_followed_through_a_projects_own_modules(tmp_path):
    files = {
        "setup.py": "import os, distutils.core\nfrom setuptools import setup\nimport helpers\n"
        "from own import version\nsetup(setup_requires=['pytest-runner>=2', 'a b'])\n",
        "helpers.py": "try:\n    from Cython.Build import cythonize\nexcept ImportError: pass\n",
        "own/__init__.py": "from . import sub\nimport helpers\nimport torch.nn\n",
        "unused.py": "import pandas\n",
    }
    for name, text in files.items():
        file = tmp_path / name
        file.parent.mkdir(exist_ok=True)
        file.write_text(text, encoding="utf-8")
    assert imported(tmp_path, tmp_path / "setup.py") == {"cython", "torch", "pytest-runner"}


def test_what_cannot_be_parsed_is_a_riddle(tmp_path):
    (tmp_path / "setup.py").write_text("print 'no'\n", encoding="utf-8")
    (riddle,) = imported(tmp_path, tmp_path / "setup.py")
    assert closure(needs(imports=[riddle]), [], LOCK) == LOCK.wheels | BASE


def sdist(folder, name, **files):
    path = folder / f"{name}-1.tar.gz"
    with tarfile.open(path, "w:gz") as archive:
        for file, text in files.items():
            member = tarfile.TarInfo(f"{name}-1/{file.replace('_', '.')}")
            member.size = len(text)
            archive.addfile(member, io.BytesIO(text.encode()))
    return path


def run(tmp_path, **archives):
    spec = {
        "sources": [
            {"package": package, "version": "1", "name": f"{package}-1.tar.gz", "path": str(path)}
            for package, path in archives.items()
        ],
        "wheels": {"numpy": "1.24.4", "idna": "3"},
        "origin": "environment x",
        "given": [],
        "flags": {"cython": ["withCython_0_29_24"], "numpy": ["withNumpy_1_21_2"]},
        "basics": {"setuptools": "67.7.2", "wheel": "0.40.0"},
    }
    main(spec, tmp_path / "out")
    return json.loads((tmp_path / "out").read_text(encoding="utf-8"))


def test_each_source_distribution_gets_the_item_of_its_build(tmp_path):
    toml = '[build-system]\nrequires = ["flit_core >=2", "a"]\nbuild-backend = "flit_core.buildapi"'
    a, b = run(
        tmp_path,
        a=sdist(tmp_path, "a", setup_py="import Cython"),
        b=sdist(tmp_path, "b", pyproject_toml=toml, setup_py="import numpy"),
    )
    basics = [{"name": "setuptools", "version": "67.7.2"}, {"name": "wheel", "version": "0.40.0"}]
    assert a["closure"] == basics
    assert a["requires"] == ["setuptools", "wheel"]
    assert "asks for cython, which is neither in the lock nor given by a flag" in a["advice"]
    assert "set withCython_0_29_24 = true, or lock again with wheelhouse" in a["advice"]
    assert b["closure"] == [{"name": "a", "version": "1"}, *basics]
    assert "asks for flit-core, which" in b["advice"]
    assert "set with" not in b["advice"]


def test_a_broken_source_distribution_is_named(tmp_path):
    path = tmp_path / "0000-a"
    path.write_bytes(b"no archive")
    with pytest.raises(LockError, match=r"^environment x: a-1\.tar\.gz can't be read"):
        run(tmp_path, a=path)

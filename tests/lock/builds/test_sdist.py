"""What source distributions say of their builds."""

import pytest

from lock.builds.sdist import (
    LEGACY,
    BuildSystem,
    archive_build_system,
    normalize_requirements,
    parse_build_system,
    unpack,
)
from lock.errors import LockError, UnsatisfiableError
from tests.support.index_server import archive

SUFFIXES = [".tar.gz", ".tar.bz2", ".zip"]
PYPROJECT = (
    '[build-system]\nrequires = ["Flit_Core >=2,<4"]\nbuild-backend = "flit_core.buildapi"\n'
)
FLIT = BuildSystem(frozenset({"flit-core<4,>=2"}), "flit_core.buildapi")


def written(folder, members, suffix=".tar.gz"):
    path = folder / f"alpha-1.0{suffix}"
    path.write_bytes(archive(members, suffix))
    return path


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_the_build_system_is_read_from_every_kind_of_archive(tmp_path, suffix):
    members = {
        "alpha-1.0/tests/pyproject.toml": "[[[",
        "alpha-1.0/pyproject.toml": PYPROJECT,
        "alpha-1.0/alpha.py": "",
    }
    assert archive_build_system(written(tmp_path, members, suffix)) == FLIT


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_without_a_pyproject_setuptools_builds(tmp_path, suffix):
    found = archive_build_system(written(tmp_path, {"alpha-1.0/setup.py": ""}, suffix))
    assert found == LEGACY
    assert found.requires == {"setuptools", "wheel"}
    assert found.backend == "setuptools.build_meta:__legacy__"


def test_a_folder_written_with_a_dot_is_the_archives_own(tmp_path):
    assert (
        archive_build_system(written(tmp_path, {"./alpha-1.0/pyproject.toml": PYPROJECT})) == FLIT
    )


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_broken_archive_is_told(tmp_path, suffix):
    path = tmp_path / f"alpha-1.0{suffix}"
    path.write_bytes(b"nothing of the kind")
    with pytest.raises(UnsatisfiableError, match=r"^alpha-1\.0\.\S+ can't be read: "):
        archive_build_system(path)
    with pytest.raises(UnsatisfiableError, match=r"^alpha-1\.0\.\S+ can't be unpacked: "):
        unpack(path, tmp_path / "new")


def test_an_archive_that_ends_early_is_told(tmp_path):
    path = written(tmp_path, {"alpha-1.0/setup.py": "x = 1\n" * 9999})
    path.write_bytes(path.read_bytes()[:-40])
    with pytest.raises(UnsatisfiableError, match=r"can't be read: "):
        archive_build_system(path)


def test_a_pyproject_without_a_build_system_leaves_the_default():
    assert parse_build_system("[project]\nname = 'alpha'\n") == LEGACY


def test_without_a_backend_setuptools_builds_with_what_is_required():
    assert parse_build_system("[build-system]\nrequires = ['Cython']\n") == BuildSystem(
        frozenset({"cython"}), LEGACY.backend
    )


def test_a_backend_may_stand_in_the_archive():
    text = "[build-system]\nrequires = []\nbuild-backend = 'own'\nbackend-path = ['.', 'tools']\n"
    assert parse_build_system(text) == BuildSystem(frozenset(), "own", (".", "tools"))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("build-system = 1", "no `requires`"),
        ("[build-system]\nbuild-backend = 'x'", "no `requires`"),
        ("[build-system]\nrequires = 'x'", "requires is not a list of texts"),
        ("[build-system]\nrequires = [1]", "requires is not a list of texts"),
        ("[build-system]\nrequires = ['a b']", '"a b" is no requirement'),
        ("[build-system]\nrequires = []\nbuild-backend = 1", "build-backend is not a text"),
        ("[build-system]\nrequires = []\nbackend-path = 'x'", "backend-path is not a list"),
    ],
)
def test_what_the_standards_forbid_is_told(tmp_path, text, told):
    with pytest.raises(LockError, match=told):
        parse_build_system(text)
    path = written(tmp_path, {"alpha-1.0/pyproject.toml": text})
    with pytest.raises(UnsatisfiableError, match=rf"^pyproject\.toml in alpha-1\.0\S+: .*{told}"):
        archive_build_system(path)


def test_a_pyproject_that_is_no_toml_is_told(tmp_path):
    path = written(tmp_path, {"alpha-1.0/pyproject.toml": "[[["})
    with pytest.raises(UnsatisfiableError, match=r"^pyproject\.toml in alpha-1\.0\.tar\.gz: "):
        archive_build_system(path)


def test_equal_requirements_are_written_alike():
    assert normalize_requirements(["Foo_Bar >= 2, <4", "foo.bar[B_x,a]<4,>=2"]) == {
        "foo-bar<4,>=2",
        "foo-bar[a,b-x]<4,>=2",
    }
    assert normalize_requirements(["a ;os_name=='nt'", "a"]) == {"a", 'a; os_name == "nt"'}


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_unpacking_gives_the_archives_folder(tmp_path, suffix):
    path = written(tmp_path, {"other/setup.py": "x", "other/a/b.py": "y"}, suffix)
    folder = unpack(path, tmp_path / "new")
    assert folder == tmp_path / "new" / "other"
    assert (folder / "a" / "b.py").read_text() == "y"


def test_an_archive_of_several_folders_is_refused(tmp_path):
    path = written(tmp_path, {"one/setup.py": "", "two/setup.py": ""})
    with pytest.raises(UnsatisfiableError, match="holds 2 folders"):
        unpack(path, tmp_path / "new")


def test_nothing_is_unpacked_outside_the_folder(tmp_path):
    path = written(tmp_path, {"alpha-1.0/setup.py": "", "../escaped": ""})
    with pytest.raises(UnsatisfiableError, match="can't be unpacked"):
        unpack(path, tmp_path / "new")
    assert not (tmp_path / "escaped").exists()

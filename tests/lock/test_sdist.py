"""How source distributions are had, and what they say of their builds."""

import base64
import hashlib
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from index_server import Index, archive

from lock.errors import LockError, UnsatisfiableError, UsageError
from lock.resolution import File
from lock.sdist import LEGACY, BuildSystem, build_system, fetch, normalize, parse, unpack

SUFFIXES = [".tar.gz", ".tar.bz2", ".zip"]
PYPROJECT = (
    '[build-system]\nrequires = ["Flit_Core >=2,<4"]\nbuild-backend = "flit_core.buildapi"\n'
)
FLIT = BuildSystem(frozenset({"flit-core<4,>=2"}), "flit_core.buildapi")


def written(folder, members, suffix=".tar.gz"):
    path = folder / f"alpha-1.0{suffix}"
    path.write_bytes(archive(members, suffix))
    return path


def served(index: Index, sha256=None) -> File:
    index.sdist("alpha", "1.0")
    content = index.files["/files/alpha-1.0.tar.gz"]
    digest = sha256 or hashlib.sha256(content).hexdigest()
    return File("alpha-1.0.tar.gz", f"{index.url}/files/alpha-1.0.tar.gz", digest, len(content))


def test_a_file_is_downloaded_under_its_own_name(index, tmp_path):
    path = fetch(served(index), tmp_path / "new", {})
    assert path == tmp_path / "new" / "alpha-1.0.tar.gz"
    assert path.read_bytes() == index.files["/files/alpha-1.0.tar.gz"]


def test_another_file_than_the_locked_one_is_refused(index, tmp_path):
    with pytest.raises(UsageError, match=r"alpha-1\.0\.tar\.gz: its sha256 is [0-9a-f]{64}, but"):
        fetch(served(index, "0" * 64), tmp_path / "new", {})


def test_a_file_that_is_gone_is_told(index, tmp_path):
    file = served(index)
    index.files.clear()
    with pytest.raises(UsageError, match=r"alpha-1\.0\.tar\.gz: 404 "):
        fetch(file, tmp_path / "new", {})


def test_a_server_that_is_gone_is_told(tmp_path):
    file = File("alpha-1.0.tar.gz", "http://127.0.0.1:9/alpha-1.0.tar.gz", "0" * 64, None)
    with pytest.raises(UsageError, match=r"alpha-1\.0\.tar\.gz: can't be downloaded: "):
        fetch(file, tmp_path / "new", {})


@pytest.fixture
def guarded() -> Iterator[str]:
    """The address of a file that only its user may have."""
    expected = "Basic " + base64.b64encode(b"ada:p@ss").decode()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            allowed = self.headers.get("Authorization") == expected
            self.send_response(200 if allowed else 401)
            if not allowed:
                self.send_header("WWW-Authenticate", 'Basic realm="index"')
            self.end_headers()
            self.wfile.write(b"content" if allowed else b"")

        def log_message(self, *_arguments):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/alpha-1.0.tar.gz"
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize(
    ("variable", "index"),
    [
        ("UV_DEFAULT_INDEX", "{}"),
        ("UV_INDEX", "http://other.example/simple own={}"),
        ("NETRC", None),
    ],
)
def test_an_index_with_a_password_is_asked_as_uv_asks(guarded, tmp_path, variable, index):
    digest = hashlib.sha256(b"content").hexdigest()
    file = File("alpha-1.0.tar.gz", guarded, digest, None)
    with pytest.raises(UsageError, match="401"):
        fetch(file, tmp_path / "stranger", {})
    known = tmp_path / "netrc"
    known.write_text("machine 127.0.0.1 login ada password p@ss\n", encoding="utf-8")
    address = guarded.replace("//", "//ada:p%40ss@").replace("alpha-1.0.tar.gz", "simple/")
    environment = {variable: index.format(address) if index else str(known)}
    assert fetch(file, tmp_path / "user", environment).read_bytes() == b"content"


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_the_build_system_is_read_from_every_kind_of_archive(tmp_path, suffix):
    members = {
        "alpha-1.0/tests/pyproject.toml": "[[[",
        "alpha-1.0/pyproject.toml": PYPROJECT,
        "alpha-1.0/alpha.py": "",
    }
    assert build_system(written(tmp_path, members, suffix)) == FLIT


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_without_a_pyproject_setuptools_builds(tmp_path, suffix):
    found = build_system(written(tmp_path, {"alpha-1.0/setup.py": ""}, suffix))
    assert found == LEGACY
    assert found.requires == {"setuptools", "wheel"}
    assert found.backend == "setuptools.build_meta:__legacy__"


def test_a_folder_written_with_a_dot_is_the_archives_own(tmp_path):
    assert build_system(written(tmp_path, {"./alpha-1.0/pyproject.toml": PYPROJECT})) == FLIT


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_broken_archive_is_told(tmp_path, suffix):
    path = tmp_path / f"alpha-1.0{suffix}"
    path.write_bytes(b"nothing of the kind")
    with pytest.raises(UnsatisfiableError, match=r"^alpha-1\.0\.\S+ can't be read: "):
        build_system(path)
    with pytest.raises(UnsatisfiableError, match=r"^alpha-1\.0\.\S+ can't be unpacked: "):
        unpack(path, tmp_path / "new")


def test_an_archive_that_ends_early_is_told(tmp_path):
    path = written(tmp_path, {"alpha-1.0/setup.py": "x = 1\n" * 9999})
    path.write_bytes(path.read_bytes()[:-40])
    with pytest.raises(UnsatisfiableError, match=r"can't be read: "):
        build_system(path)


def test_a_pyproject_without_a_build_system_leaves_the_default():
    assert parse("[project]\nname = 'alpha'\n") == LEGACY


def test_without_a_backend_setuptools_builds_with_what_is_required():
    assert parse("[build-system]\nrequires = ['Cython']\n") == BuildSystem(
        frozenset({"cython"}), LEGACY.backend
    )


def test_a_backend_may_stand_in_the_archive():
    text = "[build-system]\nrequires = []\nbuild-backend = 'own'\nbackend-path = ['.', 'tools']\n"
    assert parse(text) == BuildSystem(frozenset(), "own", (".", "tools"))


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
        parse(text)
    path = written(tmp_path, {"alpha-1.0/pyproject.toml": text})
    with pytest.raises(UnsatisfiableError, match=rf"^pyproject\.toml in alpha-1\.0\S+: .*{told}"):
        build_system(path)


def test_a_pyproject_that_is_no_toml_is_told(tmp_path):
    path = written(tmp_path, {"alpha-1.0/pyproject.toml": "[[["})
    with pytest.raises(UnsatisfiableError, match=r"^pyproject\.toml in alpha-1\.0\.tar\.gz: "):
        build_system(path)


def test_equal_requirements_are_written_alike():
    assert normalize(["Foo_Bar >= 2, <4", "foo.bar[B_x,a]<4,>=2"]) == {
        "foo-bar<4,>=2",
        "foo-bar[a,b-x]<4,>=2",
    }
    assert normalize(["a ;os_name=='nt'", "a"]) == {"a", 'a; os_name == "nt"'}


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

"""The lock app in a folder of its own, with a package index on this machine for it to ask."""

import itertools
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.support.index_server import Index, NewIndex, serve
from tests.support.lock_app import LockApp
from tests.support.other_tools import Tools
from tests.support.project import ROOT

NUMBERS = itertools.count(1)


@pytest.fixture(scope="session")
def indexes() -> Iterator[tuple[str, dict[str, Index]]]:
    """The address of a server of indexes, and the indexes by their names."""
    served: dict[str, Index] = {}
    with serve(served) as address:
        yield address, served


@pytest.fixture
def new_index(indexes: tuple[str, dict[str, Index]]) -> NewIndex:
    """Makes an empty index of the test's own, which answers at once."""
    address, served = indexes

    def make() -> Index:
        number = str(next(NUMBERS))
        served[number] = Index(f"{address}/{number}")
        served[number].responding.set()
        return served[number]

    return make


@pytest.fixture
def index(new_index: NewIndex) -> Index:
    """An empty index of the test's own, which answers at once."""
    return new_index()


@pytest.fixture(scope="session")
def uv() -> str:
    """The path of uv."""
    found = os.environ.get("WHEELHOUSE_UV") or shutil.which("uv")
    assert found, "no uv: put it on PATH, or set WHEELHOUSE_UV to its path"
    return found


@pytest.fixture(scope="session")
def uv_cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """uv's cache for all workers of the run, so that the interpreter is examined only once."""
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "uv-cache"
    folder.mkdir(exist_ok=True)
    return folder


@pytest.fixture
def lock(tmp_path: Path, index: Index, uv: str, uv_cache: Path) -> LockApp:
    """The lock app in an empty folder, asking the test's index."""
    folder = tmp_path / "project"
    scratch = tmp_path / "scratch"
    folder.mkdir()
    scratch.mkdir()
    return LockApp(
        folder,
        {
            "HOME": os.fspath(tmp_path),
            "PATH": os.environ["PATH"],
            "PYTHONPATH": os.fspath(ROOT),
            "TMPDIR": os.fspath(scratch),
            "UV_CACHE_DIR": os.fspath(uv_cache),
            "UV_DEFAULT_INDEX": index.simple,
            # What tests lock is nothing for the store, and few tests are about native libraries.
            "WHEELHOUSE_NIX_STORE": "",
            "WHEELHOUSE_NO_NATIVE": "1",
            "WHEELHOUSE_UV": uv,
        },
    )


@pytest.fixture
def tools(lock: LockApp, uv: str, tmp_path: Path) -> Tools:
    """The tools of others in the folder of the lock, with the index that the machine names."""
    del lock.environment["UV_DEFAULT_INDEX"]
    own = {"UV_TOOL_DIR": f"{tmp_path}/tools", "POETRY_CACHE_DIR": f"{tmp_path}/poetry"}
    lock.environment = dict(os.environ) | lock.environment | own | {"NO_COLOR": "1"}
    # Poetry takes seconds to start without bytecode.
    for name in ("PYTHONDONTWRITEBYTECODE", "PYTHONPATH", "VIRTUAL_ENV"):
        lock.environment.pop(name, None)
    # Poetry brings its own list of authorities, whatever the machine trusts.
    if "SSL_CERT_FILE" in os.environ:
        lock.environment.setdefault("REQUESTS_CA_BUNDLE", os.environ["SSL_CERT_FILE"])
    return Tools(lock, uv)


@pytest.fixture
def scratch(tmp_path: Path) -> Callable[[], list[str]]:
    """The names of what runs left in the folder of temporary files."""
    return lambda: sorted(path.name for path in (tmp_path / "scratch").iterdir())


@pytest.fixture
def looking(lock: LockApp) -> LockApp:
    """The lock app that looks at what files need of the system."""
    del lock.environment["WHEELHOUSE_NO_NATIVE"]
    return lock

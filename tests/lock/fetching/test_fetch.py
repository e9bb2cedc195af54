"""`lock fetch`: the files of a lock in the Nix store, ahead of builds."""

import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
import yaml

from lock.io.nix_store import store_path
from lock.models.nix_base32 import from_hex
from lock.models.target import SYSTEMS
from tests.support import made_up_file
from tests.support.index_server import Index
from tests.support.lock_app import LockApp
from tests.support.made_up_file import MadeUpFile

pytestmark = pytest.mark.nix

HERE = next(name for name, system in SYSTEMS.items() if system.is_here)
OTHER = "aarch64-darwin"
MEGABYTE = 1 << 20


class Store:
    """A Nix store of a test's own."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.variables = {"NIX_REMOTE": f"local?root={root}"}

    def invalid(self, paths: Sequence[str]) -> list[str]:
        """Return those paths that aren't valid."""
        done = subprocess.run(
            ["nix-store", "--check-validity", "--print-invalid", *paths],
            env=os.environ | self.variables,
            check=True,
            capture_output=True,
            text=True,
        )
        return done.stdout.split()

    def names(self) -> list[str]:
        """Return what lies in the store's folder."""
        folder = self.root / "nix" / "store"
        return sorted(path.name for path in folder.iterdir() if path.name != ".links")

    def remove(self) -> None:
        """Remove the store, whose files are read-only."""
        for folder, _, _ in os.walk(self.root):
            Path(folder).chmod(0o755)
        shutil.rmtree(self.root)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = Store(tmp_path / "root")
    yield made
    if made.root.exists():
        made.remove()


@pytest.fixture
def app(lock: LockApp, store: Store) -> LockApp:
    """The lock app with that store, and with a cache that nothing else uses."""
    del lock.environment["WHEELHOUSE_NIX_STORE"]
    own = {"XDG_CACHE_HOME": str(lock.folder.parent / "cache"), "WHEELHOUSE_BUILDER_SOURCES": ""}
    lock.environment |= store.variables | own
    return lock


def parts(app: LockApp) -> list[Path]:
    """Return the files that wait in the cache."""
    return sorted(
        path for path in Path(app.environment["XDG_CACHE_HOME"]).rglob("*") if path.is_file()
    )


def write_lock(app: LockApp, files: Sequence[tuple[str, str, int, str]]) -> list[str]:
    """Write a lock of files: URL, sha256, size and system; return their paths in the store."""
    packages = [url.rpartition("/")[2].partition("-")[0] for url, *_ in files]
    data = {
        "wheelhouse": 1,
        "python": "3.11",
        "systems": {HERE: {}, OTHER: {}},
        "packages": [
            {"name": package, "version": "1.0", "systems": [system]}
            for package, (*_, system) in zip(packages, files, strict=True)
        ],
        "links": [
            {
                "name": url.rpartition("/")[2],
                "url": url,
                "sha256": from_hex(sha256),
                "size": size,
                "package": package,
                "version": "1.0",
                "systems": [system],
            }
            for package, (url, sha256, size, system) in zip(packages, files, strict=True)
        ],
    }
    app.write(yaml.safe_dump(data), "sources.yaml")
    return [store_path(url.rpartition("/")[2], sha256) for url, sha256, *_ in files]


def file_of(
    index: Index, name: str, content: bytes, system: str = HERE
) -> tuple[str, str, int, str]:
    """Put a file on an index; return what `write_lock` wants of it."""
    file = f"{name}-1.0-py3-none-any.whl"
    index.files[f"/files/{file}"] = content
    digest = hashlib.sha256(content).hexdigest()
    return f"{index.url}/files/{file}", digest, len(content), system


def test_files_are_where_builds_look_for_them(app: LockApp, index: Index, store: Store) -> None:
    files = [file_of(index, f"alpha{number}", b"#" * number) for number in range(1, 40)]
    files.append(file_of(index, "other", b"for another system", OTHER))
    paths = write_lock(app, files)
    done = app.run("fetch")
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr == "fetched: 39 files; 0 were there\n"
    assert store.invalid(paths) == paths[-1:]
    assert len(index.connections) <= 4
    assert parts(app) == []
    index.sent.clear()
    done = app.run("fetch", "--system", HERE, "--system", OTHER)
    assert done.stderr == "fetched: 1 file; 39 were there\n"
    assert [*index.sent] == ["/files/other-1.0-py3-none-any.whl"]


@pytest.mark.parametrize(("python", "fetched"), [("3.11", 2), ("3.8", 3)])
def test_the_builders_own_files_come_along(
    app: LockApp, index: Index, python: str, fetched: int
) -> None:
    folder = app.folder / "builder"
    folder.mkdir()
    for version in ("3.11", "3.12"):
        write_lock(app, [file_of(index, f"builder{version[2:]}", version.encode())])
        (app.folder / "sources.yaml").rename(folder / f"{version}.yaml")
    write_lock(app, [file_of(index, "alpha", b"#")])
    file = app.folder / "sources.yaml"
    file.write_text(file.read_text("utf-8").replace("'3.11'", f"'{python}'"), "utf-8")
    done = app.run("fetch", WHEELHOUSE_BUILDER_SOURCES=str(folder))
    assert done.stderr == f"fetched: {fetched} files; 0 were there\n"


def test_machines_read_the_paths(app: LockApp, index: Index) -> None:
    good, gone = (file_of(index, name, name.encode()) for name in ("alpha", "beta"))
    paths = write_lock(app, [good, gone])
    del index.files["/files/beta-1.0-py3-none-any.whl"]
    done = app.run("fetch", "--json")
    assert done.returncode == 1
    files = json.loads(done.stdout)["files"]
    assert [file["path"] for file in files] == paths
    assert [file["ok"] for file in files] == [True, False]


def test_a_wrong_and_a_vanished_file_are_named_and_the_others_are_there(
    app: LockApp, index: Index, store: Store
) -> None:
    files = [file_of(index, name, name.encode() * 1000) for name in ("alpha", "beta", "gamma")]
    paths = write_lock(app, files)
    index.files["/files/alpha-1.0-py3-none-any.whl"] = b"another"
    del index.files["/files/beta-1.0-py3-none-any.whl"]
    done = app.run("fetch")
    assert done.returncode == 1
    told = done.stderr.splitlines()
    assert len(told) == 3
    assert f"{files[0][0]}: its sha256 is " in told[0]
    assert told[0].endswith(f", the lock says {files[0][1]}")
    assert told[1] == f"{files[1][0]}: 404 Not Found"
    assert told[2] == (
        "fetched: 1 file; 0 were there; 2 failed: lock again to take what the index has now"
    )
    assert store.invalid(paths) == paths[:2]
    assert parts(app) == []


def test_a_beginning_that_is_another_files_is_dropped(
    app: LockApp, index: Index, store: Store
) -> None:
    file = file_of(index, "alpha", b"#" * 1000)
    paths = write_lock(app, [file])
    folder = Path(app.environment["XDG_CACHE_HOME"], "wheelhouse", "fetch", file[1])
    folder.mkdir(parents=True)
    (folder / "alpha-1.0-py3-none-any.whl").write_bytes(b"x" * 10)
    assert app.run("fetch").returncode == 0
    assert store.invalid(paths) == []


def test_a_server_that_cuts_is_asked_for_the_rest_in_the_next_run(
    app: LockApp, index: Index, store: Store
) -> None:
    paths = write_lock(app, [file_of(index, "alpha", b"#" * 1000)])
    index.truncating = True
    done = app.run("fetch")
    assert done.returncode == 2
    assert "can't be downloaded: the connection ended after" in done.stderr
    (part,) = parts(app)
    assert part.stat().st_size == sum(index.sent.values()) < 1000
    index.truncating = False
    assert app.run("fetch").returncode == 0
    assert sum(index.sent.values()) == 1000
    assert store.invalid(paths) == []


def test_what_nobody_asked_for_in_two_weeks_is_removed(app: LockApp, index: Index) -> None:
    write_lock(app, [file_of(index, "alpha", b"#")])
    folder = Path(app.environment["XDG_CACHE_HOME"], "wheelhouse", "fetch")
    for name, days in (("a" * 64, 15), ("b" * 64, 13)):
        (folder / name).mkdir(parents=True)
        (folder / name / "part").write_bytes(b"x")
        then = time.time() - days * 24 * 3600
        os.utime(folder / name / "part", (then, then))
    (folder / ("c" * 64)).mkdir()
    assert app.run("fetch").returncode == 0
    assert [path.name for path in folder.iterdir()] == ["b" * 64]


def test_two_runs_at_once_download_each_file_once(app: LockApp, index: Index, store: Store) -> None:
    paths = write_lock(app, [file_of(index, "alpha", b"#" * 1000)])
    index.held = ".whl"
    index.responding.clear()
    first = app.start("fetch")
    assert index.requested.wait(30)
    second = app.start("fetch")
    while f"-> FLOCK  ADVISORY  WRITE {second.pid} " not in Path("/proc/locks").read_text("utf-8"):
        assert second.poll() is None
        time.sleep(0.01)
    index.responding.set()
    assert first.wait(30) == second.wait(30) == 0
    assert store.invalid(paths) == []
    assert index.sent == {"/files/alpha-1.0-py3-none-any.whl": 1000}


@pytest.fixture
def big(request: pytest.FixtureRequest) -> Iterator[MadeUpFile]:
    """A file of as many megabytes as the test says."""
    with made_up_file.serve(MadeUpFile(request.param * MEGABYTE)) as file:
        yield file


def size_of(file: Path) -> int:
    """Return the size of a file; -1 where it has just gone."""
    with suppress(FileNotFoundError):
        return file.stat().st_size
    return -1


@pytest.mark.parametrize("big", [40], indirect=True)
@pytest.mark.parametrize("kills", [4, pytest.param(20, marks=pytest.mark.large)])
def test_kills_lose_nothing_and_leave_nothing(
    app: LockApp, big: MadeUpFile, store: Store, kills: int
) -> None:
    big.pause = 0.01
    paths = write_lock(app, [(big.url, big.sha256, big.size, HERE)])
    had = 0
    for _ in range(kills):
        count, sent = len(big.starts), big.sent
        run = app.start("fetch")
        while len(big.starts) == count or big.sent - sent < MEGABYTE:
            assert run.poll() is None, run.stderr
            time.sleep(0.005)
        os.killpg(run.pid, signal.SIGKILL)
        run.wait()
        # It goes on with the very byte where the run before was killed.
        assert big.starts[count] == had
        had = sum(part.stat().st_size for part in parts(app))
        assert had > big.starts[count]
    big.pause = 0
    # While nix-store adds it, or just before.
    run = app.start("fetch")
    while run.poll() is None and not any(size_of(part) == big.size for part in parts(app)):
        time.sleep(0.005)
    os.killpg(run.pid, signal.SIGKILL)
    run.wait()
    assert app.run("fetch").returncode == 0
    assert store.invalid(paths) == []
    assert not Path(app.environment["XDG_CACHE_HOME"], "wheelhouse", "fetch").exists()
    assert [*Path(app.environment["TMPDIR"]).iterdir()] == []
    assert store.names() == [Path(path).name for path in paths]


# A process counts what the one that started it held before: a small one starts it, not the tests'.
PEAK_OF_CHILDREN = """
import resource, subprocess, sys
subprocess.run(sys.argv[1:], check=True)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""


@pytest.mark.parametrize("big", [150, pytest.param(2048, marks=pytest.mark.large)], indirect=True)
def test_memory_stays_small(app: LockApp, big: MadeUpFile, store: Store) -> None:
    paths = write_lock(app, [(big.url, big.sha256, big.size, HERE)])
    program = [sys.executable, "-c", PEAK_OF_CHILDREN, sys.executable, "-m", "lock", "fetch"]
    run = subprocess.run(
        program, cwd=app.folder, env=app.environment, capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stderr
    # Of the largest process, nix-store among them; Linux gives it in KiB.
    assert int(run.stdout) * (1 if sys.platform == "darwin" else 1024) < 100 * MEGABYTE
    assert store.invalid(paths) == []


@pytest.fixture
def mounted(app: LockApp) -> Callable[[str, str], subprocess.CompletedProcess[str]]:
    """Runs `lock fetch` where a folder is a small disk, and a script afterwards."""

    def run(folder: str, script: str) -> subprocess.CompletedProcess[str]:
        Path(folder).mkdir(parents=True, exist_ok=True)
        lines = [
            f"mount -t tmpfs -o size=3m none {folder}",
            f'"{sys.executable}" -m lock fetch || echo "exit $?"',
            script,
        ]
        return subprocess.run(
            ["unshare", "--mount", "--map-root-user", "bash", "-ec", "\n".join(lines)],
            cwd=app.folder,
            env=app.environment,
            capture_output=True,
            text=True,
            check=False,
        )

    return run


def test_a_full_cache_names_the_file_and_the_others_are_there(
    app: LockApp, index: Index, store: Store, mounted: Callable[..., Any]
) -> None:
    sizes = {"alpha": 1 * MEGABYTE, "beta": 4 * MEGABYTE, "gamma": 2 * MEGABYTE}
    files = [file_of(index, name, os.urandom(size)) for name, size in sizes.items()]
    paths = write_lock(app, files)
    cache = app.environment["XDG_CACHE_HOME"]
    done = mounted(cache, f"find {cache} -type f")
    assert done.stdout == "exit 2\n"
    assert done.stderr == (
        f"beta-1.0-py3-none-any.whl: no space is left in {cache}/wheelhouse/fetch for its "
        f"{4 * MEGABYTE} bytes; free some, or let XDG_CACHE_HOME name a folder on another disk\n"
        "fetched: 2 files; 0 were there; 1 failed: run it again for the rest\n"
    )
    assert store.invalid(paths) == paths[1:2]


def test_a_full_store_names_the_file_and_the_others_are_there(
    app: LockApp, index: Index, store: Store, mounted: Callable[..., Any]
) -> None:
    sizes = {"alpha": MEGABYTE // 2, "beta": 4 * MEGABYTE, "gamma": MEGABYTE // 4}
    files = [file_of(index, name, os.urandom(size)) for name, size in sizes.items()]
    paths = write_lock(app, files)
    done = mounted(str(store.root), f"nix-store --check-validity --print-invalid {' '.join(paths)}")
    assert done.stdout == f"exit 2\n{paths[1]}\n"
    told = [line for line in done.stderr.splitlines() if "nixbld" not in line]
    assert len(told) == 2
    assert told[1] == "fetched: 2 files; 0 were there; 1 failed: run it again for the rest"
    assert told[0].startswith("beta-1.0-py3-none-any.whl: the Nix store doesn't take it: ")
    assert "No space left on device" in told[0]
    # It isn't downloaded again, once there is space.
    assert [part.name for part in parts(app)] == ["beta-1.0-py3-none-any.whl"]
    index.sent.clear()
    assert app.run("fetch").returncode == 0
    assert "/files/beta-1.0-py3-none-any.whl" not in index.sent


def test_a_cache_that_cannot_be_written_is_told_once(app: LockApp, index: Index) -> None:
    write_lock(app, [file_of(index, name, b"#") for name in ("alpha", "beta")])
    told = app.run("fetch", XDG_CACHE_HOME="/proc/none").stderr
    assert told == (
        "/proc/none/wheelhouse/fetch: No such file or directory; set XDG_CACHE_HOME to a folder "
        "that can be written\n"
    )


def test_without_a_missing_file_no_cache_is_written(app: LockApp, index: Index) -> None:
    write_lock(app, [file_of(index, "alpha", b"#")])
    assert app.run("fetch").returncode == 0
    assert app.run("fetch", XDG_CACHE_HOME="/proc/none").stderr == "fetched: 0 files; 1 was there\n"


@pytest.mark.parametrize("count", [1, 6])
def test_an_interruption_ends_it_and_the_next_run_has_all(
    app: LockApp, index: Index, store: Store, count: int
) -> None:
    files = [file_of(index, f"alpha{number}", b"#" * (number + 1)) for number in range(count)]
    paths = write_lock(app, files)
    index.held = ".whl"
    index.responding.clear()
    run = app.start("fetch")
    assert index.requested.wait(30)
    run.send_signal(signal.SIGINT)
    out, told = run.communicate(timeout=30)
    assert (run.returncode, out) == (130, "")
    assert told == "lock: interrupted; every lock is as it was\n"
    assert [*Path(app.environment["TMPDIR"]).iterdir()] == []
    index.responding.set()
    assert app.run("fetch").returncode == 0
    assert store.invalid(paths) == []
    assert parts(app) == []


def test_without_a_store_that_is_told(app: LockApp, index: Index) -> None:
    write_lock(app, [file_of(index, "alpha", b"#")])
    told = "lock fetch: there is no nix-store on PATH; install Nix\n"
    assert app.run("fetch", PATH="/nowhere").stderr == told


def test_a_lock_for_other_machines_wants_a_system(app: LockApp) -> None:
    app.write(f"wheelhouse: 1\npython: '3.11'\nsystems: {{{OTHER}: {{}}}}\n", "sources.yaml")
    done = app.run("fetch")
    assert (done.returncode, done.stderr) == (
        2,
        f"sources.yaml: it isn't for this machine, only for {OTHER}; name one of them with "
        "--system\n",
    )
    assert app.run("fetch", "--system", "m68k-linux").returncode == 2

"""What builds of source distributions need of the system, against an index on this machine."""

from pathlib import Path

import pytest
import yaml

from lock.builds.cache import BuildCache
from lock.builds.source import Source, SourceFiles
from lock.models.packages import File
from native import revision
from native.build_needs import BuildNeeds
from tests.lock.builds.test_locked_builds import backend, read
from tests.support.index_server import Index, archive, requiring
from tests.support.lock_app import LockApp

pytestmark = pytest.mark.usefixtures("looking")

NEEDS = {"src/x.c": "#include <pcap.h>\n", "setup.py": 'run(["pkg-config", "--libs", "libpcap"])\n'}
ITEM = {
    "package": "alpha",
    "version": "1.0",
    "headers": ["pcap.h"],
    "pkg-config": ["libpcap"],
}


@pytest.mark.parametrize("suffix", [".tar.gz", ".zip"])
def test_what_a_build_needs_is_written(lock: LockApp, index: Index, suffix: str) -> None:
    index.sdist("alpha", "1.0", files=backend() | NEEDS, suffix=suffix)
    lock.write("alpha:\n")
    found = read(lock)
    assert [*found][-3:] == ["builds", "native", "links"]
    assert found["native"] == [ITEM]
    assert lock.run("--check", "3.11").returncode == 0


def test_a_build_that_needs_nothing_leaves_no_trace(lock: LockApp, index: Index) -> None:
    index.sdist("alpha", "1.0", files=backend() | {"x.c": "#include <stdio.h>\n"})
    lock.write("alpha:\n")
    assert "native" not in read(lock)


def test_what_the_code_of_a_source_distribution_opens_is_written(
    lock: LockApp, index: Index
) -> None:
    files = {
        "src/alpha/__init__.py": "from alpha.loader import magic\n",
        "src/alpha/loader.py": 'import ctypes.util\nmagic = ctypes.util.find_library("magic")\n',
        "src/alpha/extra.py": 'import ctypes\nzbar = ctypes.CDLL("libzbar.so.0")\n',
    }
    index.sdist("alpha", "1.0", files=backend() | files)
    lock.write("alpha:\n")
    assert read(lock)["native"] == [
        {"package": "alpha", "version": "1.0", "opened": ["libmagic.so"]}
    ]


def test_without_native_nothing_is_looked_at(lock: LockApp, index: Index) -> None:
    index.sdist("alpha", "1.0", files=backend() | NEEDS)
    lock.write("alpha:\n")
    assert "native" in read(lock)
    assert "native" not in read(lock, "--no-native", "3.11")
    assert "native" in read(lock)


def test_builds_of_builds_count(lock: LockApp, index: Index) -> None:
    index.sdist("beta", "1.0", files=backend() | NEEDS)
    index.sdist("alpha", "1.0", requiring("beta"), files=backend())
    lock.write("alpha:\n")
    assert [item["package"] for item in read(lock)["native"]] == ["beta"]


def test_a_program_that_the_build_requires_is_not_needed(lock: LockApp, index: Index) -> None:
    index.wheel("cmake", "4.0")
    setup = {"setup.py": 'subprocess.run(["cmake", "."])\n'}
    index.sdist("alpha", "1.0", files=backend() | setup)
    index.sdist("beta", "1.0", files=backend("return ['cmake']") | setup)
    lock.write("alpha:\nbeta:\n")
    assert read(lock)["native"] == [{"package": "alpha", "version": "1.0", "programs": ["cmake"]}]


def test_a_file_is_read_once(tmp_path: Path) -> None:
    cache = BuildCache(tmp_path / "cache")
    files = SourceFiles(tmp_path, {}, (), cache)
    content = "#include <pcap.h>\n"
    path = tmp_path / "alpha-1.0.tar.gz"
    path.write_bytes(archive({"alpha-1.0/x.c": content}, ".tar.gz"))
    source = Source("alpha", "1.0", File(path.name, "", "0" * 64, None, path=str(path)))
    needs = files.needs(source)
    assert needs == BuildNeeds(headers=frozenset(["pcap.h"]))
    path.unlink()
    assert files.needs(source) == needs


def test_an_answer_of_other_rules_is_not_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache = BuildCache(tmp_path)
    needs = BuildNeeds(headers=frozenset(["pcap.h"]))
    cache.store_build_needs("0" * 64, needs)
    cache.store_wheel_needs("0" * 64, "x86_64", {"files": []})
    assert cache.build_needs("0" * 64) == needs
    assert cache.wheel_needs("0" * 64, "x86_64") == {"files": []}
    monkeypatch.setattr("lock.builds.cache.revision", lambda *_: "another")
    assert cache.build_needs("0" * 64) is None
    assert not cache.wheel_needs("0" * 64, "x86_64")


def test_the_revision_changes_with_a_table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(revision, "__file__", str(tmp_path / "revision.py"))
    (tmp_path / "x.json").write_text("{}")
    first = revision.revision.__wrapped__()
    (tmp_path / "x.json").write_text('{"a": "b"}')
    assert revision.revision.__wrapped__() != first


def test_the_section_is_read_back(lock: LockApp, index: Index) -> None:
    from lock.lockfile import native_section

    index.sdist("alpha", "1.0", files=backend() | NEEDS)
    lock.write("alpha:\n")
    text = lock.succeed("3.11")
    needs = native_section.read(lock.folder / "sources.yaml")
    assert native_section.render(needs) == [ITEM]
    assert yaml.safe_load(text)["native"] == [ITEM]


LACKING = "raise SystemExit('fatal error: {}: No such file or directory')"


def notes(lock: LockApp, *arguments: str) -> str:
    """Return what locking tells the user."""
    lock.write("alpha:\n")
    done = lock.run(*arguments, "3.11")
    assert done.returncode == 0
    return done.stderr


def test_where_a_backend_lacks_what_the_lock_names_there_is_nothing_to_do(
    lock: LockApp, index: Index
) -> None:
    index.sdist("alpha", "1.0", files=backend(LACKING.format("pcap.h")) | NEEDS)
    assert (
        "pcap.h: No such file or directory); its build gets what `native` of the lock names\n"
    ) in notes(lock)
    line = "overrides.alpha.buildInputs = [ pkgs.libpcap ];\n"
    assert line in notes(lock, "--no-native")


def test_where_a_backend_lacks_something_else_the_line_to_paste_is_told(
    lock: LockApp, index: Index
) -> None:
    index.sdist("alpha", "1.0", files=backend(LACKING.format("yaml.h")) | NEEDS)
    assert "overrides.alpha.buildInputs = [ pkgs.libyaml ];\n" in notes(lock)

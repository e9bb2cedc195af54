"""What wheels need of the system stands in the lock."""

import hashlib
import io
import json
import secrets
import shutil
import struct
import subprocess
import zipfile
from collections.abc import Callable
from itertools import chain
from pathlib import Path
from typing import Any

import pytest
import yaml

from lock.builds import cache
from lock.io.nix_store import store_path
from lock.lockfile import native_section
from lock.lockfile.canonical import dump
from lock.models.needs import SystemNeeds
from lock.models.nix_base32 import to_hex
from lock.wheels import mentioned_modules, readers, wheel_needs, wheel_reading
from tests.support import format_one
from tests.support.c_compiler import Compiler
from tests.support.index_server import Index
from tests.support.lock_app import LockApp
from tests.support.project import ROOT

pytestmark = pytest.mark.usefixtures("looking")

LINUX = "cp311-cp311-manylinux_2_17_x86_64"
ARM = "cp311-cp311-manylinux_2_17_aarch64"
MAGIC = {"alpha.py": "from ctypes import CDLL\nlib = CDLL('libmagic.so.1')\n"}
# A module that importing the package doesn't reach.
DEEP = {
    "beta/__init__.py": "def start(): ...\n",
    "beta/deep.py": MAGIC["alpha.py"],
}


def locked(lock: LockApp, *arguments: str) -> dict[str, object]:
    """Return the lock that a run writes for x86_64-linux."""
    text = lock.succeed(*(arguments or ("3.11", "--system", "x86_64-linux")))
    found: dict[str, object] = yaml.safe_load(text)
    return found


def needing(compiler: Compiler, soname: str) -> bytes:
    """Return an extension module that needs a library."""
    library = compiler.library(soname)
    return compiler.library("libmodule.so.1", needed=library).read_bytes()


def test_libraries_that_no_package_has_are_written(
    lock: LockApp, index: Index, compiler: Compiler
) -> None:
    module, own = needing(compiler, "libpam.so.0"), needing(compiler, "libown.so.1")
    library = (compiler.folder / "libown.so.1").read_bytes()
    index.wheel("alpha", "1.0", "beta", tag=LINUX, modules={"_a.so": module, "_b.so": own})
    index.wheel("beta", "1.0", tag=LINUX, modules={"lib/libown.so.1": library})
    lock.write("alpha:\n")
    found = locked(lock)
    assert found["native"] == [{"package": "alpha", "version": "1.0", "libraries": ["libpam.so.0"]}]
    assert lock.run("--check", "3.11").returncode == 0


def test_what_large_wheels_need_is_written(lock: LockApp, index: Index, compiler: Compiler) -> None:
    module, large = needing(compiler, "libpam.so.0"), secrets.token_bytes(readers.WORTHWHILE)
    index.wheel("alpha", "1.0", tag=LINUX, modules={"_a.so": module, "data.bin": large})
    index.wheel("beta", "1.0", modules=DEEP)
    index.wheel("gamma", "1.0", modules={"gamma.py": "import beta.deep\n"})
    lock.write("alpha:\nbeta:\ngamma:\n")
    assert locked(lock)["native"] == [
        {"package": "alpha", "version": "1.0", "libraries": ["libpam.so.0"]},
        {"package": "beta", "version": "1.0", "opened": ["libmagic.so.1"]},
    ]


def test_explain_shows_what_a_package_needs(
    lock: LockApp, index: Index, compiler: Compiler
) -> None:
    modules = {"_a.so": needing(compiler, "libpam.so.0"), **MAGIC}
    index.wheel("alpha", "1.0", tag=LINUX, modules=modules)
    index.wheel("beta", "1.0")
    lock.write("alpha:\nbeta:\n")
    locked(lock)
    shown = lock.run("explain", "alpha").stdout
    assert shown.endswith(
        "alpha 1.0 needs of the system\n  libraries: libpam.so.0\n  opened: libmagic.so.1\n"
    )
    told = json.loads(lock.run("explain", "alpha", "--json").stdout)
    native = {"libraries": ["libpam.so.0"], "opened": ["libmagic.so.1"]}
    assert told["systems"]["x86_64-linux"]["native"] == native
    assert "needs of the system" not in lock.run("explain", "beta").stdout


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"native": [\n  {"package": "alpha"', '"native": [\n  {"package": "omega"'),
        ('"opened": ["libmagic.so.1"]', '"opened": "libmagic.so.1"'),
    ],
)
def test_a_lock_whose_needs_are_of_no_package_is_damaged(
    lock: LockApp, index: Index, old: str, new: str
) -> None:
    index.wheel("alpha", "1.0", modules=MAGIC)
    lock.write("alpha:\n")
    locked(lock)
    assert lock.run("--check", "3.11").returncode == 0
    file = lock.folder / "sources.yaml"
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")
    assert "the lock is damaged" in lock.fail(1, "--check", "3.11")


def test_what_code_opens_is_written_where_it_is_reached(lock: LockApp, index: Index) -> None:
    index.wheel("alpha", "1.0", modules=MAGIC)
    index.wheel("beta", "1.0", modules=DEEP)
    lock.write("alpha:\nbeta:\n")
    item = {"package": "alpha", "version": "1.0", "opened": ["libmagic.so.1"]}
    assert locked(lock)["native"] == [item]


def test_a_module_that_another_package_imports_is_reached(lock: LockApp, index: Index) -> None:
    index.wheel("alpha", "1.0", "beta", modules={"alpha.py": "import beta.deep\n"})
    index.wheel("beta", "1.0", modules=DEEP)
    lock.write("alpha:\n")
    item = {"package": "beta", "version": "1.0", "opened": ["libmagic.so.1"]}
    assert locked(lock)["native"] == [item]
    # The second time the cache knows it.
    assert locked(lock)["native"] == [item]


def test_a_lock_that_is_started_in_the_builders_folder_reads_wheels(
    lock: LockApp, index: Index
) -> None:
    index.wheel("alpha", "1.0", modules=MAGIC)
    requirements = lock.write("alpha:\n")
    arguments = ("3.11", "--system", "x86_64-linux", str(requirements))
    # The folder that Python is started in comes first of all that it imports from.
    app = LockApp(ROOT / "builder", lock.environment | {"PYTHONPATH": str(ROOT)})
    done = app.run(*arguments, str(lock.folder / "sources.yaml"))
    assert done.returncode == 0, done.stderr
    found = yaml.safe_load((lock.folder / "sources.yaml").read_text(encoding="utf-8"))
    assert [item["opened"] for item in found["native"]] == [["libmagic.so.1"]]


@pytest.mark.nix
def test_wheels_that_are_read_twice_are_downloaded_once(lock: LockApp, index: Index) -> None:
    # No earlier run has left them in the store.
    unique = {"build.txt": secrets.token_hex()}
    index.wheel("alpha", "1.0", "beta", modules={"alpha.py": "import beta.deep\n"} | unique)
    index.wheel("beta", "1.0", modules=DEEP | unique)
    lock.write("alpha:\n")
    program = shutil.which("nix-store")
    assert program is not None
    text = lock.succeed("3.11", "--system", "x86_64-linux", WHEELHOUSE_NIX_STORE=program)
    found = yaml.safe_load(text)
    item = {"package": "beta", "version": "1.0", "opened": ["libmagic.so.1"]}
    paths = [store_path(link["name"], to_hex(link["sha256"])) for link in found["links"]]
    sizes = {path: Path(path).stat().st_size for path in paths}
    subprocess.run([program, "--delete", *paths], check=True, capture_output=True)
    assert found["native"] == [item]
    sent = {Path(path).name: size for path, size in index.sent.items() if path.endswith(".whl")}
    assert sent == {path.partition("-")[2]: size for path, size in sizes.items()}


def test_wheels_that_do_not_go_into_the_store_are_downloaded_once(
    lock: LockApp, index: Index
) -> None:
    index.wheel("alpha", "1.0", "beta", modules={"alpha.py": "import beta.deep\n"})
    index.wheel("beta", "1.0", modules=DEEP)
    for file in chain(*index.pages.values()):
        file["size"] = len(index.files[f"/files/{file['filename']}"])
    lock.write("alpha:\n")
    item = {"package": "beta", "version": "1.0", "opened": ["libmagic.so.1"]}
    assert locked(lock)["native"] == [item]
    sizes = {path: len(data) for path, data in index.files.items() if path.endswith(".whl")}
    assert {path: size for path, size in index.sent.items() if path.endswith(".whl")} == sizes


def test_a_lock_of_pure_packages_is_the_same_as_without_looking(
    lock: LockApp, index: Index
) -> None:
    index.wheel("alpha", "1.0", "beta", modules={"alpha.py": "import beta\n"})
    index.wheel("beta", "1.0", modules={"beta.py": "import json\n"})
    lock.write("alpha:\n")
    assert lock.succeed("3.11") == lock.succeed("3.11", "--no-native")


def test_a_remembered_wheel_is_not_downloaded_again(
    lock: LockApp, index: Index, compiler: Compiler
) -> None:
    index.wheel("alpha", "1.0", tag=LINUX, modules={"_a.so": needing(compiler, "libpam.so.0")})
    lock.write("alpha:\n")
    first = locked(lock)
    sent = dict(index.sent)
    assert any(path.endswith(".whl") for path in sent)
    assert locked(lock) == first
    assert {path: index.sent[path] for path in sent if path.endswith(".whl")} == {
        path: size for path, size in sent.items() if path.endswith(".whl")
    }


def test_one_file_speaks_for_all_linux_systems(
    lock: LockApp, index: Index, compiler: Compiler
) -> None:
    modules = {"_a.so": needing(compiler, "libpam.so.0")}
    index.wheel("alpha", "1.0", tag=ARM, modules=modules)
    index.wheel("alpha", "1.0", tag=LINUX, modules=modules)
    lock.write("alpha:\n")
    both = locked(lock, "3.11", "--system", "aarch64-linux", "--system", "x86_64-linux")
    assert both["native"] == [{"package": "alpha", "version": "1.0", "libraries": ["libpam.so.0"]}]
    assert not any("aarch64" in path and path.endswith(".whl") for path in index.sent)


def test_macos_alone_needs_no_look(lock: LockApp, index: Index) -> None:
    index.wheel("alpha", "1.0", modules=MAGIC)
    lock.write("alpha:\n")
    assert "native" not in locked(lock, "3.11", "--system", "aarch64-darwin")
    assert not any(path.endswith(".whl") for path in index.sent)


def test_what_cannot_be_looked_at_stays_as_the_lock_has_it(
    lock: LockApp, index: Index, tmp_path: Path
) -> None:
    index.wheel("alpha", "1.0", modules=MAGIC)
    lock.write("alpha:\n")
    first = locked(lock)
    (wheel,) = (path for path in index.files if path.endswith(".whl"))
    del index.files[wheel]
    other = {"XDG_CACHE_HOME": str(tmp_path / "empty")}
    again = lock.run("3.11", "--system", "x86_64-linux", **other)
    assert again.returncode == 0, again.stderr
    assert "isn't known" not in again.stderr
    assert yaml.safe_load((lock.folder / "sources.yaml").read_text()) == first
    (lock.folder / "sources.yaml").unlink()
    fresh = lock.run("3.11", "--system", "x86_64-linux", **other)
    assert "what alpha 1.0 needs of the system isn't known: " in fresh.stderr
    assert "404" in fresh.stderr


def flagged(data: bytes, name: str, flag: int, method: int) -> bytes:
    """Return an archive of which one entry says that it is packed in another way."""
    changed = bytearray(data)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        local = archive.getinfo(name).header_offset
    central = data.index(name.encode(), archive.start_dir) - 46
    struct.pack_into("<HH", changed, local + 6, flag, method)
    struct.pack_into("<HH", changed, central + 8, flag, method)
    return bytes(changed)


@pytest.mark.parametrize(
    ("flag", "method"),
    [(1, zipfile.ZIP_STORED), (0, zipfile.ZIP_LZMA), (0, 99), (0, zipfile.ZIP_BZIP2)],
)
def test_a_wheel_with_a_file_that_cannot_be_unpacked_is_named(
    lock: LockApp, index: Index, flag: int, method: int
) -> None:
    index.wheel("alpha", "1.0", modules=MAGIC)
    index.wheel("beta", "1.0", modules=MAGIC)
    (path,) = (path for path in index.files if "beta" in path and path.endswith(".whl"))
    data = flagged(index.files[path], "alpha.py", flag, method)
    index.files[path] = data
    index.pages["/simple/beta/"][0]["hashes"] = {"sha256": hashlib.sha256(data).hexdigest()}
    lock.write("alpha:\nbeta:\n")
    result = lock.run("3.11", "--system", "x86_64-linux")
    assert result.returncode == 0, result.stderr
    assert result.stderr.count("what beta 1.0 needs of the system isn't known: ") == 1
    found = yaml.safe_load((lock.folder / "sources.yaml").read_text())
    assert [item["package"] for item in found["native"]] == ["alpha"]


def test_imports_that_could_not_be_read_are_not_remembered(lock: LockApp, index: Index) -> None:
    index.wheel("alpha", "1.0", modules={"alpha.py": "import beta.deep\n"})
    index.wheel("beta", "1.0", modules=DEEP)
    # What each needs is remembered, but not what both import.
    for name in ("alpha", "beta"):
        lock.write(f"{name}:\n")
        assert "native" not in locked(lock)
    lock.write("alpha:\nbeta:\n")
    (wheel,) = (path for path in index.files if "alpha" in path and path.endswith(".whl"))
    content = index.files.pop(wheel)
    result = lock.run("3.11", "--system", "x86_64-linux")
    assert result.returncode == 0, result.stderr
    assert result.stderr.count("what alpha 1.0 imports isn't known") == 1
    index.files[wheel] = content
    item = {"package": "beta", "version": "1.0", "opened": ["libmagic.so.1"]}
    assert locked(lock)["native"] == [item]


def test_what_code_opens_stays_while_imports_cannot_be_read(lock: LockApp, index: Index) -> None:
    index.wheel("alpha", "1.0", modules={"alpha.py": "import beta.deep, gamma\n"})
    index.wheel("beta", "1.0", modules=DEEP)
    deep = {path.replace("beta", "gamma"): text for path, text in DEEP.items()}
    index.wheel("gamma", "1.0", modules=deep)
    lock.write("gamma:\n")
    locked(lock)
    lock.write("alpha:\nbeta:\n")
    first = locked(lock)
    # A further module that it mentions is looked for.
    lock.write("alpha:\nbeta:\ngamma:\n")
    (wheel,) = (path for path in index.files if "alpha" in path and path.endswith(".whl"))
    content = index.files.pop(wheel)
    result = lock.run("3.11", "--system", "x86_64-linux")
    assert "what alpha 1.0 imports isn't known" in result.stderr
    assert yaml.safe_load((lock.folder / "sources.yaml").read_text())["native"] == first["native"]
    index.files[wheel] = content
    assert locked(lock)["native"] == first["native"]


def test_only_a_wheel_that_is_added_is_read_again(lock: LockApp, index: Index) -> None:
    index.wheel("alpha", "1.0", modules={"alpha.py": "import beta.deep\n"})
    index.wheel("beta", "1.0", modules=DEEP)
    index.wheel("gamma", "1.0", modules={"gamma.py": "import beta, json\n"})
    lock.write("alpha:\nbeta:\n")
    first = locked(lock)
    for path in [path for path in index.files if path.endswith(".whl") and "gamma" not in path]:
        del index.files[path]
    lock.write("alpha:\nbeta:\ngamma:\n")
    result = lock.run("3.11", "--system", "x86_64-linux")
    assert result.returncode == 0, result.stderr
    assert "isn't known" not in result.stderr
    assert yaml.safe_load((lock.folder / "sources.yaml").read_text())["native"] == first["native"]


def test_many_wheels_that_cannot_be_had_are_one_note(lock: LockApp, index: Index) -> None:
    names = ["alpha", "beta", "gamma", "delta", "epsilon"]
    for name in names:
        index.wheel(name, "1.0", modules=MAGIC)
    lock.write("".join(f"{name}:\n" for name in names))
    for path in [path for path in index.files if path.endswith(".whl")]:
        del index.files[path]
    result = lock.run("3.11", "--system", "x86_64-linux")
    assert result.returncode == 0, result.stderr
    assert result.stderr.count("needs of the system isn't known") == 1
    note = "what alpha 1.0 (and 4 other packages) needs of the system isn't known: "
    assert note in result.stderr


def test_what_was_found_by_another_reader_is_not_remembered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    modules = {module.__file__ for module in (mentioned_modules, wheel_needs, wheel_reading)}
    assert {str(file) for file in cache.WHEEL_READERS} == modules
    reader = tmp_path / "wheel_needs.py"
    reader.write_text("IN_MEMORY = 2\n", encoding="utf-8")
    remembered = cache.BuildCache(tmp_path / "cache")
    remembered.store_wheel_needs("0", "x86_64", {"files": []})
    remembered.store_wheel_imports("0", ["beta"], ["beta"])
    assert remembered.wheel_needs("0", "x86_64") == {"files": []}
    assert remembered.wheel_imports("0", ["beta"]) == ["beta"]
    monkeypatch.setattr(cache, "WHEEL_READERS", (reader,))
    assert remembered.wheel_needs("0", "x86_64") == {}
    assert remembered.wheel_imports("0", ["beta"]) is None


@pytest.mark.parametrize("listed", ['"libmagic.so.1"', "7"])
def test_needs_that_are_no_list_are_not_taken_from_a_lock(tmp_path: Path, listed: str) -> None:
    file = tmp_path / "sources.yaml"
    item = f'  - package: "alpha"\n    version: "1.0"\n    opened: {listed}\n'
    file.write_text(f"native:\n{item}", encoding="utf-8")
    assert native_section.read(file) == {}
    item = f'  {{"package": "alpha", "version": "1.0", "opened": {listed}}}'
    file.write_text(f'{{"wheelhouse": 2,\n"native": [\n{item}\n]\n}}\n', encoding="utf-8")
    assert native_section.read(file) == {}


@pytest.mark.parametrize("write", [dump, format_one.dump], ids=["format 2", "format 1"])
def test_needs_are_taken_from_a_lock_of_either_format(
    tmp_path: Path, write: Callable[[dict[str, Any]], str]
) -> None:
    file = tmp_path / "sources.yaml"
    item = {"package": "alpha", "version": "1.0", "opened": ["libmagic.so.1"]}
    file.write_text(write({"wheelhouse": 2, "native": [item], "links": [{"name": "a"}]}))
    assert native_section.read(file) == {("alpha", "1.0"): SystemNeeds(opened=("libmagic.so.1",))}


def test_an_index_that_sends_no_file_is_not_asked_for_each(lock: LockApp, index: Index) -> None:
    names = [f"alpha{number}" for number in range(12)]
    for name in names:
        index.wheel(name, "1.0")
    for path in [path for path in index.files if path.endswith(".whl")]:
        index.files[path] = b"another file"
    lock.write("".join(f"{name}:\n" for name in names))
    done = lock.run("3.11", "--system", "x86_64-linux")
    assert done.returncode == 0, done.stderr
    tried = [path for path in index.sent if path.endswith(".whl")]
    # Each of the threads may have begun one when the last one fails.
    assert 4 <= len(tried) < 12
    assert "isn't known" in done.stderr

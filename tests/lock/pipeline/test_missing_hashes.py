"""Indexes and locks that give no sha256 of their files: what is downloaded is pinned."""

import hashlib
from typing import Any

import pytest
import yaml

from lock.models.nix_base32 import from_hex
from tests.support.index_server import Index, requiring
from tests.support.lock_app import LockApp

WHEEL = "alpha-1.0-py3-none-any.whl"


def digest(index: Index, file: str, algorithm: str = "sha256") -> str:
    return hashlib.new(algorithm, index.files[f"/files/{file}"]).hexdigest()


def give(index: Index, file: str, **hashes: str) -> None:
    """Let an index give these hashes of a file, by algorithm, instead of its sha256."""
    [entry] = [
        entry for page in index.pages.values() for entry in page if entry["filename"] == file
    ]
    entry["hashes"] = hashes


def locked(lock: LockApp, *arguments: str) -> tuple[Any, str]:
    """The lock that a run writes, and what it says."""
    done = lock.run("3.11", *arguments)
    assert done.returncode == 0, done.stderr
    return yaml.safe_load((lock.folder / "sources.yaml").read_text("utf-8")), done.stderr


@pytest.mark.parametrize("algorithm", ["", "md5", "sha512"])
def test_a_file_is_hashed_where_its_index_gives_no_sha256(
    lock: LockApp, index: Index, algorithm: str
) -> None:
    index.wheel("alpha", "1.0")
    give(index, WHEEL, **({algorithm: digest(index, WHEEL, algorithm)} if algorithm else {}))
    lock.write("alpha:\n")
    data, told = locked(lock)
    [link] = data["links"]
    assert link["sha256"] == from_hex(digest(index, WHEEL))
    assert link["size"] == len(index.files[f"/files/{WHEEL}"])
    assert told.count("\n") == 2
    assert told.startswith(
        f"warning: requirements.yaml: no sha256 is given of {WHEEL}, so what was downloaded now "
        "is pinned; "
    )
    # Once for all systems.
    assert index.sent[f"/files/{WHEEL}"] == len(index.files[f"/files/{WHEEL}"])


@pytest.mark.parametrize("fragment", ["", "#md5={}"])
def test_a_page_without_sha256_is_no_obstacle(lock: LockApp, index: Index, fragment: str) -> None:
    index.wheel("alpha", "1.0")
    index.pages.clear()
    link = f"../../files/{WHEEL}{fragment.format(digest(index, WHEEL, 'md5'))}"
    index.files["/simple/alpha/"] = f'<a href="{link}">{WHEEL}</a>'.encode()
    lock.write("alpha:\n")
    [link] = locked(lock)[0]["links"]
    assert link["sha256"] == from_hex(digest(index, WHEEL))
    assert link["url"] == f"{index.url}/files/{WHEEL}"


def test_only_the_chosen_file_is_downloaded(lock: LockApp, index: Index) -> None:
    index.wheel("alpha", "1.0")
    other = "alpha-1.0-cp310-cp310-manylinux2014_x86_64.whl"
    index.wheel("alpha", "1.0", tag="cp310-cp310-manylinux2014_x86_64")
    give(index, WHEEL)
    give(index, other)
    lock.write("alpha:\n")
    locked(lock, "--system", "x86_64-linux")
    assert f"/files/{other}" not in index.sent


def test_a_file_that_isn_t_what_its_index_says_is_refused(lock: LockApp, index: Index) -> None:
    index.wheel("alpha", "1.0")
    give(index, WHEEL, md5="0" * 32)
    lock.write("alpha:\n")
    told = lock.fail(2, "3.11")
    expected = f"its md5 is {digest(index, WHEEL, 'md5')}, but {'0' * 32} is expected; ask"
    assert told.startswith("requirements.yaml: http://")
    assert expected in told


def test_what_a_build_needs_is_hashed_too(lock: LockApp, index: Index) -> None:
    index.sdist("alpha", "1.0", requiring("tool"))
    index.wheel("tool", "2.0")
    give(index, "tool-2.0-py3-none-any.whl")
    give(index, "alpha-1.0.tar.gz")
    lock.write("alpha:\n")
    data, told = locked(lock)
    [link] = data["build-links"]
    assert link["sha256"] == from_hex(digest(index, "tool-2.0-py3-none-any.whl"))
    assert "of alpha-1.0.tar.gz, tool-2.0-py3-none-any.whl, so" in told


def test_the_user_s_hashes_choose_among_files_without_any(lock: LockApp, index: Index) -> None:
    better = "alpha-1.0-2-py3-none-any.whl"
    index.wheel("alpha", "1.0")
    index.wheel("alpha", "1.0", build="2", modules={"alpha.py": ""})
    give(index, WHEEL)
    give(index, better)
    lock.write(f"alpha==1.0 --hash=sha256:{digest(index, WHEEL)}\n", "requirements.txt")
    data, _ = locked(lock, "requirements.txt")
    assert [link["name"] for link in data["links"]] == [WHEEL]


@pytest.mark.parametrize("algorithm", ["sha512", "blake2b"])
def test_another_hash_in_a_pylock_is_checked(lock: LockApp, index: Index, algorithm: str) -> None:
    index.wheel("alpha", "1.0")
    right = digest(index, WHEEL, algorithm)

    def pylock(hashes: str) -> str:
        return (
            'lock-version = "1.0"\ncreated-by = "x"\n[[packages]]\nname = "alpha"\n'
            f'version = "1.0"\nwheels = [{{ url = "{index.url}/files/{WHEEL}", '
            f"hashes = {{ {hashes} }} }}]\n"
        )

    lock.write(pylock(f'{algorithm} = "{right}"'), "pylock.toml")
    [link] = locked(lock, "pylock.toml")[0]["links"]
    assert link["sha256"] == from_hex(digest(index, WHEEL))
    (lock.folder / "sources.yaml").unlink()
    lock.write(pylock(f'{algorithm} = "{right[::-1]}"'), "pylock.toml")
    told = lock.fail(2, "3.11", "pylock.toml")
    assert f"its {algorithm} is {right}, but {right[::-1]} is expected" in told
    lock.write(pylock('newest = "00"'), "pylock.toml")
    told = lock.fail(2, "3.11", "pylock.toml")
    assert "hashes of the kind newest are not known here; give its sha256" in told

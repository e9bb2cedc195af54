"""The hashes of a requirements.txt: no other file is locked."""

import hashlib

import pytest
import yaml


def digest(index, file):
    return hashlib.sha256(index.files[f"/files/{file}"]).hexdigest()


def test_only_a_file_with_one_of_the_hashes_is_locked(lock, index):
    index.wheel("a", "1.0", "b")
    # It would be the better one: its build number is higher (PEP 427).
    index.wheel("a", "1.0", "b", build="2", modules={"a.py": ""})
    index.wheel("b", "1.0")
    wanted = digest(index, "a-1.0-py3-none-any.whl")
    lock.write(f"a==1.0 --hash=sha256:{wanted}\n", "requirements.txt")
    links = yaml.safe_load(lock.succeed("3.11", "requirements.txt"))["links"]
    assert [link["name"] for link in links] == ["a-1.0-py3-none-any.whl", "b-1.0-py3-none-any.whl"]


def test_a_package_without_such_a_file_is_named(lock, index):
    index.wheel("a", "1.0")
    lock.write(f"a==1.0 --hash=sha256:{'0' * 64}\n", "requirements.txt")
    told = lock.fail(1, "3.11", "requirements.txt")
    assert told.startswith(
        "requirements.txt: the index has no file with one of the given hashes for a 1.0"
    )


def other_digest(index, file, kind):
    return hashlib.new(kind, index.files[f"/files/{file}"]).hexdigest()


@pytest.mark.parametrize("kind", ["sha512", "sha384"])
def test_a_file_is_compared_with_hashes_that_no_index_gives(lock, index, kind):
    index.wheel("a", "1.0", "b")
    index.wheel("a", "1.0", "b", build="2", modules={"a.py": ""})
    index.wheel("b", "1.0")
    wanted = other_digest(index, "a-1.0-py3-none-any.whl", kind)
    lock.write(f"a==1.0 --hash={kind}:{wanted}\n", "requirements.txt")
    links = yaml.safe_load(lock.succeed("3.11", "requirements.txt"))["links"]
    assert [link["name"] for link in links] == ["a-1.0-py3-none-any.whl", "b-1.0-py3-none-any.whl"]
    assert lock.run("--check", "3.11", "requirements.txt").returncode == 0


def test_a_package_without_a_file_of_another_hash_is_named(lock, index):
    index.wheel("a", "1.0")
    lock.write(f"a==1.0 --hash=sha512:{'0' * 128}\n", "requirements.txt")
    told = lock.fail(1, "3.11", "requirements.txt")
    assert told.startswith(
        "requirements.txt: the index has no file with one of the given hashes for a 1.0"
    )


@pytest.mark.parametrize("kind", ["sha256", "md5", "sha1"])
def test_the_hash_of_an_address_is_compared(lock, index, kind):
    index.wheel("a", "1.0")
    file = "a-1.0-py3-none-any.whl"
    address = f"{index.url}/files/{file}"
    right = other_digest(index, file, kind)
    lock.write(f"{address}#{kind}={right}\n", "requirements.txt")
    [link] = yaml.safe_load(lock.succeed("3.11", "requirements.txt"))["links"]
    assert link["name"] == file
    lock.write(f"{address}#{kind}={'0' * len(right)}\n", "requirements.txt")
    told = lock.fail(1, "3.11", "requirements.txt")
    assert "no file with one of the given hashes for a 1.0" in told


def test_what_only_another_package_requires_must_have_a_hash_if_all_must(lock, index):
    index.wheel("a", "1.0", "b")
    index.wheel("b", "1.0")
    hashed = f"a==1.0 --hash=sha256:{digest(index, 'a-1.0-py3-none-any.whl')}\n"
    lock.write(f"--require-hashes\n{hashed}", "requirements.txt")
    told = lock.fail(1, "3.11", "requirements.txt")
    assert told.startswith(
        "requirements.txt: `--require-hashes` is there, and no hash is given of b, which others"
    )
    both = f"{hashed}b==1.0 --hash=sha256:{digest(index, 'b-1.0-py3-none-any.whl')}\n"
    lock.write(f"--require-hashes\n{both}", "requirements.txt")
    assert "1.0" in lock.succeed("3.11", "requirements.txt")

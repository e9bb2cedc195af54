"""The hashes of a requirements.txt: no other file is locked."""

import hashlib

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

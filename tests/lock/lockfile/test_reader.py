"""What is wrong with a lock is said in words, with the item."""

from pathlib import Path

import pytest

from lock.errors import UsageError
from lock.lockfile.reader import LOCK_AGAIN, parse

HEAD = 'wheelhouse: 1\npython: "3.12"\nsystems:\n  x86_64-linux:\n    glibc: "2.35"\n'


@pytest.mark.parametrize(
    ("rest", "problem"),
    [
        ("links: [{name: a-1.tar.gz, version: 1}]", "a-1.tar.gz in `links`: it has no `package`"),
        ("builds: [{version: '1'}]", "item 1 in `builds`: it has no `package`"),
        (
            "build-links: [{name: a, package: a, version: '1', sha256: 5, url: u}]",
            "a in `build-links`: a value is of another kind than lock writes",
        ),
        ("packages: [text]", "item 1 in `packages`: a value is of another kind than lock writes"),
        ("groups: {default: ['a b']}", "Expected"),
        ("licenses: [MIT]\npackages: []", "`licenses` is no mapping"),
        ("licenses: {a: 1}\npackages: []", "a in `licenses`: the licence is no text"),
        ("links: 5", "a value is of another kind than lock writes"),
    ],
)
def test_a_broken_item_is_named(rest: str, problem: str) -> None:
    with pytest.raises(UsageError) as raised:
        parse(HEAD + rest, Path("sources.yaml"))
    told = str(raised.value)
    assert told.startswith(f"sources.yaml: the lock is broken: {problem}")
    assert told.endswith(LOCK_AGAIN)
    assert "\n" not in told

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


@pytest.mark.parametrize(
    ("rest", "problem"),
    [
        ('"python": "3.12",\n"python": "3.12"\n}', "the key `python` stands twice in its mapping"),
        ('"groups": {"a": ["b"], "a": ["c"]}\n}', "the key `a` stands twice in its mapping"),
        ('<<<<<<< HEAD\n"python": "3.12"\n', "line 2: this is the mark of a merge conflict"),
        ('"python": "3.12"\n"links": []\n}', "line 3: this is not JSON: Expecting ',' delimiter"),
        ('"links": ' + "[" * 100_000, "this is nested too deeply"),
        ('"wheelhouse": 0\n}', "the key `wheelhouse` stands twice"),
        ('"links": 5\n}', "the lock is broken: it has no `systems`"),
    ],
)
def test_what_is_wrong_with_json_is_said_with_its_line(rest: str, problem: str) -> None:
    with pytest.raises(UsageError) as raised:
        parse('{"wheelhouse": 2,\n' + rest, Path("sources.yaml"))
    told = str(raised.value)
    assert told.startswith(f"sources.yaml: {problem}")
    assert told.endswith(LOCK_AGAIN)


@pytest.mark.parametrize("number", ["0", "true", '"2"', "1.0"])
def test_a_number_of_no_format_is_refused(number: str) -> None:
    with pytest.raises(UsageError, match="this is no lock of formats 1 to 2"):
        parse(f'{{"wheelhouse": {number}}}', Path("sources.yaml"))

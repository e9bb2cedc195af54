"""`--check` tells whether a lock is that of its requirements, without asking anybody."""

import json

import pytest
import yaml

from tests.support.format_one import as_format_one
from tests.support.index_server import Index
from tests.support.lock_app import LockApp

OFFLINE = {"UV_DEFAULT_INDEX": "http://127.0.0.1:9/", "WHEELHOUSE_UV": "/bin/false"}
DAMAGED = (
    1,
    "sources.yaml: the lock is damaged; run lock without --check to write it again\n",
)
WANTED = """\
requirements:
  alpha: {version: ">=1.0", extras: [fast], markers: "sys_platform == 'linux'"}
  beta: {build-requires: [gamma]}
"""


@pytest.fixture
def locked(lock: LockApp, index: Index) -> None:
    """The lock of `WANTED`; newer versions have come since."""
    for name in ("alpha", "beta", "gamma"):
        index.wheel(name, "1.0")
    lock.write(WANTED)
    lock.succeed("3.11")
    index.wheel("alpha", "2.0")


def check(lock: LockApp, *arguments: str) -> tuple[int, str]:
    before = lock.tree()
    done = lock.run("--check", *arguments, **OFFLINE)
    assert done.stdout == ""
    assert lock.tree() == before
    return done.returncode, done.stderr


@pytest.mark.usefixtures("locked")
def test_a_lock_of_the_same_requirements_is_fresh_though_newer_versions_exist(
    lock: LockApp,
) -> None:
    assert check(lock) == (0, "")
    lock.write(
        "# Another order, and other words.\nrequirements:\n  Beta: {build-requires: Gamma}\n"
        '  Alpha[Fast]: {version: " >=1.0", markers: sys_platform=="linux"}\n'
    )
    assert check(lock) == (0, "")


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (
            ">=1.0",
            ">=1.1",
            'requested.requirements.default: alpha[fast]>=1.0 ; sys_platform == "linux"'
            ' is not asked for any more; alpha[fast]>=1.1 ; sys_platform == "linux" is new',
        ),
        ("[gamma]", "[gamma, delta]", "requested.build-requires.beta: delta is new"),
        ("build-requires: [gamma]", "prefer-sdist: true", "requested.prefer-sdist: beta is new"),
        (
            "requirements:",
            "systems: [x86_64-linux]\nrequirements:",
            "systems.aarch64-linux.glibc: 2.35 is not asked for any more",
        ),
        (
            "requirements:",
            "python: 3.12\nrequirements:",
            "python: 3.11 is not asked for any more; 3.12 is new",
        ),
    ],
)
@pytest.mark.usefixtures("locked")
def test_a_change_of_the_requirements_makes_it_stale(
    lock: LockApp, old: str, new: str, told: str
) -> None:
    lock.write(WANTED.replace(old, new))
    code, messages = check(lock)
    assert code == 1
    first, *changes = messages.splitlines()
    assert first == (
        "sources.yaml: the lock is stale against requirements.yaml; "
        "run lock without --check to renew it"
    )
    assert f"  {told}" in changes


@pytest.mark.usefixtures("locked")
def test_another_python_on_the_command_line_makes_it_stale(lock: LockApp) -> None:
    assert check(lock, "3.11") == (0, "")
    assert check(lock, "3.12")[0] == 1


@pytest.mark.parametrize(
    "text", ["", "- a\n", "closure: [\n", 'wheelhouse: 1\nclosure:\n  a: "1"\n']
)
def test_what_is_no_lock_of_ours_is_stale(lock: LockApp, text: str) -> None:
    lock.write("alpha:\n")
    lock.write(text, "sources.yaml")
    code, messages = check(lock, "3.11")
    assert code == 1
    assert messages.endswith("\n  the lock doesn't tell what it was made from\n")


def test_a_lock_that_is_missing_is_stale(lock: LockApp) -> None:
    lock.write("alpha:\n")
    assert check(lock, "3.11") == (
        1,
        "sources.yaml: there is no lock yet; run lock without --check\n",
    )


@pytest.mark.usefixtures("locked")
@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('\n"links": ', '\n"links-of-old": '),
        ('"package": "beta"', '"package": "other"'),
        ('{"name": "beta", "version": "1.0"', '{"name": "beta", "version": "3.19"'),
        ('"links": [\n', '"links": [[\n'),
        ('\n"closure": ', '\n"closure": {},\n"closure": '),
    ],
    ids=["without links", "without a file", "another version", "broken", "a key twice"],
)
def test_a_damaged_lock_is_not_fresh(lock: LockApp, old: str, new: str) -> None:
    file = lock.folder / "sources.yaml"
    text = file.read_text(encoding="utf-8")
    assert text.count(old) == 1
    file.write_text(text.replace(old, new), encoding="utf-8")
    assert check(lock) == DAMAGED


@pytest.mark.usefixtures("locked")
@pytest.mark.parametrize(
    ("old", "new"),
    [("\nlinks:\n", "\nlinks-of-old:\n"), ("links:\n", "links: [\n")],
    ids=["without links", "broken"],
)
def test_a_damaged_lock_of_format_1_is_not_fresh(lock: LockApp, old: str, new: str) -> None:
    file = lock.folder / "sources.yaml"
    text = as_format_one(json.loads(file.read_text(encoding="utf-8")))
    assert text.count(old) == 1
    file.write_text(text.replace(old, new), encoding="utf-8")
    assert check(lock) == DAMAGED


@pytest.mark.usefixtures("locked")
def test_a_lock_that_was_cut_off_is_not_fresh(lock: LockApp) -> None:
    file = lock.folder / "sources.yaml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text[: text.index('\n"links":') + 40], encoding="utf-8")
    assert check(lock) == DAMAGED


@pytest.mark.usefixtures("locked")
def test_a_lock_of_other_requirements_that_was_cut_off_is_stale(lock: LockApp) -> None:
    file = lock.folder / "sources.yaml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text[: text.index('\n"links":') + 40], encoding="utf-8")
    lock.write(WANTED.replace(">=1.0", ">=1.1"))
    code, told = check(lock)
    assert code == 1
    assert "the lock is stale against requirements.yaml" in told


@pytest.mark.usefixtures("locked")
def test_the_style_of_a_lock_makes_it_no_staler(lock: LockApp) -> None:
    file = lock.folder / "sources.yaml"
    data = json.loads(file.read_text(encoding="utf-8"))
    for text in (
        as_format_one(data),
        json.dumps(data),
        f"# edited\n{json.dumps(data, indent=1)}",
        yaml.safe_dump(data),
    ):
        file.write_text(text, encoding="utf-8")
        assert check(lock) == (0, "")

"""Indexes that the requirements name: which one is asked, and who may know of it."""

from collections.abc import Callable
from typing import Any

import pytest
import yaml

from tests.support.index_server import Index, NewIndex
from tests.support.lock_app import LockApp

SECRET = "s3cr3t-word"
USER = "the-user"


@pytest.fixture
def private(new_index: NewIndex) -> Index:
    """An index with an older `beta` than the others, and newer of all else."""
    index = new_index()
    index.wheel("beta", "1.0")
    index.wheel("alpha", "9.0")
    return index


@pytest.fixture
def stocked(index: Index) -> None:
    index.wheel("alpha", "1.0", "beta")
    index.wheel("beta", "2.0")


def wanted(index: Index, more: str = "", use: str = "") -> str:
    return (
        f'requirements:\n  alpha:\n  beta: {{version: "*"{more}}}\n'
        f"indexes:\n  corp: {{url: {index.simple}{use}}}\n"
    )


def data(text: str) -> Any:
    return yaml.safe_load(text)


@pytest.mark.usefixtures("stocked")
def test_an_explicit_index_has_only_what_names_it(lock: LockApp, private: Index) -> None:
    lock.write(wanted(private, ", index: corp", ", explicit: true"))
    read = data(lock.succeed("3.11"))
    assert read["closure"] == {"alpha": "1.0", "beta": "1.0"}
    assert read["requested"]["index-of"] == {"beta": "corp"}
    assert read["requested"]["indexes"] == [
        {"name": "corp", "url": private.simple, "use": "explicit"}
    ]
    lock.write(wanted(private, "", ", explicit: true"))
    assert data(lock.succeed("--upgrade"))["closure"] == {"alpha": "1.0", "beta": "2.0"}


@pytest.mark.usefixtures("stocked")
def test_another_index_comes_before_the_default_one(lock: LockApp, private: Index) -> None:
    lock.write(wanted(private))
    assert data(lock.succeed("3.11"))["closure"] == {"alpha": "9.0", "beta": "1.0"}


@pytest.mark.usefixtures("stocked")
def test_the_version_of_another_index_is_kept(lock: LockApp, private: Index) -> None:
    lock.write(wanted(private))
    before = lock.succeed("3.11")
    private.wheel("beta", "1.5")
    assert lock.succeed() == before


def of_variables(lock: LockApp, _index: Index) -> None:
    lock.environment |= {"UV_INDEX_CORP_USERNAME": USER, "UV_INDEX_CORP_PASSWORD": SECRET}


def of_netrc(lock: LockApp, _index: Index) -> None:
    file = lock.folder.parent / ".netrc"
    file.write_text(f"machine 127.0.0.1\nlogin {USER}\npassword {SECRET}\n", encoding="utf-8")
    file.chmod(0o600)


def of_keyring(lock: LockApp, _index: Index) -> None:
    program = lock.folder.parent / "programs" / "keyring"
    program.parent.mkdir()
    program.write_text(f"#!/bin/sh\necho {SECRET}\n", encoding="utf-8")
    program.chmod(0o755)
    lock.environment |= {
        "PATH": f"{program.parent}:{lock.environment['PATH']}",
        "UV_INDEX_CORP_USERNAME": USER,
        "UV_KEYRING_PROVIDER": "subprocess",
    }


@pytest.mark.parametrize("give", [of_variables, of_netrc, of_keyring])
@pytest.mark.parametrize("source", [False, True], ids=["wheel", "sdist"])
@pytest.mark.usefixtures("stocked")
def test_a_password_opens_an_index_and_is_written_nowhere(
    lock: LockApp, private: Index, give: Callable[[LockApp, Index], None], source: bool
) -> None:
    private.login = (USER, SECRET)
    if source:
        private.pages.clear()
        private.sdist("beta", "1.0")
    give(lock, private)
    lock.write(wanted(private, ", index: corp", ", explicit: true"))
    done = lock.run("3.11")
    assert done.returncode == 0, done.stderr
    text = (lock.folder / "sources.yaml").read_text(encoding="utf-8")
    assert data(text)["closure"]["beta"] == "1.0"
    for written in (text, done.stdout, done.stderr):
        assert SECRET not in written
        assert USER not in written


@pytest.mark.usefixtures("stocked")
def test_a_password_in_a_variable_of_uv_is_not_shown_when_the_index_fails(
    lock: LockApp, private: Index
) -> None:
    private.status = 503
    url = private.simple.replace("//", f"//{USER}:{SECRET}@")
    lock.write("alpha:\n")
    message = lock.fail(2, "3.11", UV_DEFAULT_INDEX=url, UV_HTTP_RETRIES="0")
    assert SECRET not in message
    assert "503" in message


@pytest.mark.usefixtures("stocked")
def test_a_password_in_a_variable_of_uv_is_not_written(lock: LockApp, private: Index) -> None:
    private.login = (USER, SECRET)
    private.sdist("gamma", "1.0")
    lock.write("beta:\ngamma:\n")
    url = private.simple.replace("//", f"//{USER}:{SECRET}@")
    assert SECRET not in lock.succeed("3.11", UV_DEFAULT_INDEX=url)


def test_constraints_and_overrides_hold(lock: LockApp, index: Index) -> None:
    for version in ("1.0", "2.0", "3.0"):
        index.wheel("alpha", version, "beta<1.5")
        index.wheel("beta", version)
    lock.write("requirements:\n  alpha:\nconstraints:\n  alpha: <3\noverrides:\n  beta: <3\n")
    assert data(lock.succeed("3.11"))["closure"] == {"alpha": "2.0", "beta": "2.0"}


def test_files_of_later_are_not_seen(lock: LockApp, index: Index) -> None:
    for version, day in (("1.0", "01"), ("1.1", "02"), ("1.2", "03")):
        index.wheel("alpha", version, uploaded=f"2026-05-{day}T12:00:00Z")
    lock.write("requirements:\n  alpha:\nexclude-newer: 2026-05-02\n")
    text = lock.succeed("3.11", TZ="Asia/Tokyo")
    assert data(text)["closure"] == {"alpha": "1.1"}
    assert data(text)["requested"]["exclude-newer"] == "2026-05-03T00:00:00Z"
    # The versions of a lock of the same time are kept.
    lock.write("requirements:\n  alpha: <1.1\nexclude-newer: 2026-05-02\n")
    lock.succeed()
    lock.write("requirements:\n  alpha:\nexclude-newer: 2026-05-02\n")
    assert data(lock.succeed())["closure"] == {"alpha": "1.0"}
    # The command line comes first.
    text = lock.succeed("-U", "--exclude-newer", "2026-05-01T14:00:00+01:00")
    assert data(text)["closure"] == {"alpha": "1.0"}
    assert data(text)["requested"]["exclude-newer"] == "2026-05-01T13:00:00Z"


@pytest.mark.parametrize("text", ["", "yesterday", "2026-13-01", "2026-05-01T12:00:00"])
def test_a_time_that_is_none_is_refused(lock: LockApp, text: str) -> None:
    lock.write("alpha:\n")
    message = lock.fail(2, "3.11", "--exclude-newer", text)
    assert message.startswith(f'lock: --exclude-newer: "{text}" is no time; write a date such as')


@pytest.mark.usefixtures("stocked")
def test_offline_asks_nobody(lock: LockApp, index: Index) -> None:
    lock.write("alpha:\n")
    message = lock.fail(2, "3.11", "--offline")
    assert message.startswith(
        "requirements.yaml: uv is offline, and its cache lacks what is needed"
    )
    assert not index.requested.is_set()
    before = lock.succeed("3.11")
    index.requested.clear()
    assert lock.succeed("--offline") == before
    assert not index.requested.is_set()


@pytest.mark.parametrize("option", ["--index-url", "--extra-index-url"])
@pytest.mark.parametrize("source", [False, True], ids=["wheel", "sdist"])
@pytest.mark.usefixtures("stocked")
def test_a_password_in_a_variable_of_requirements_txt_is_written_nowhere(
    lock: LockApp, private: Index, option: str, source: bool
) -> None:
    private.login = (USER, SECRET)
    if source:
        private.pages.clear()
        private.sdist("beta", "1.0")
    url = private.simple.replace("//", f"//{USER}:${{TOKEN}}@")
    lock.write(f"{option} {url}\nbeta\n", "requirements.txt")
    if option == "--index-url":
        del lock.environment["UV_DEFAULT_INDEX"]
    done = lock.run("3.11", "requirements.txt", TOKEN=SECRET)
    assert done.returncode == 0, done.stderr
    text = (lock.folder / "sources.yaml").read_text(encoding="utf-8")
    assert data(text)["closure"] == {"beta": "1.0"}
    for written in (text, done.stdout, done.stderr):
        assert SECRET not in written
        assert USER not in written
    assert SECRET not in lock.run("3.11", "requirements.txt", "-U", TOKEN=f"{SECRET}x").stderr


@pytest.mark.usefixtures("stocked")
def test_the_rule_of_several_indexes_is_told(lock: LockApp, private: Index) -> None:
    lock.write(f"--extra-index-url {private.simple}\nbeta\n", "requirements.txt")
    done = lock.run("3.11", "requirements.txt")
    [told] = [line for line in done.stderr.splitlines() if line.startswith("warning: ")]
    assert told.startswith("warning: requirements.txt: several indexes are named; a package is ")
    assert told.endswith(f": {private.simple}, the default index")
    assert data((lock.folder / "sources.yaml").read_text())["closure"] == {"beta": "1.0"}


@pytest.mark.usefixtures("stocked")
def test_no_index_is_asked_where_that_is_said(lock: LockApp, index: Index) -> None:
    address = f"{index.url}/files/beta-2.0-py3-none-any.whl"
    lock.write(f"--no-index\n{address}\n", "requirements.txt")
    assert data(lock.succeed("3.11", "requirements.txt"))["closure"] == {"beta": "2.0"}
    assert not any(path.startswith("/simple/") for path in index.sent)
    lock.write("--no-index\nalpha\n", "requirements.txt")
    lock.fail(1, "3.11", "requirements.txt", "-U")
    assert not any(path.startswith("/simple/") for path in index.sent)


@pytest.mark.usefixtures("stocked")
def test_a_constraint_may_be_an_address(lock: LockApp, index: Index) -> None:
    index.wheel("beta", "1.5")
    address = f"{index.url}/files/beta-1.5-py3-none-any.whl"
    lock.write(f"beta @ {address}\n", "limits.txt")
    lock.write("-c limits.txt\nalpha\n", "requirements.txt")
    assert data(lock.succeed("3.11", "requirements.txt"))["closure"] == {
        "alpha": "1.0",
        "beta": "1.5",
    }

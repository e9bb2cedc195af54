"""private_apt.py: lists of a Debian suite, fetched without a change of the machine's apt."""

from __future__ import annotations

import os
import time
from pathlib import Path

import private_apt
import pytest
from architectures import ARCHITECTURES
from private_apt import PrivateApt, SuiteError, for_suite, mirror_of

UNREACHABLE = "http://127.0.0.1:1/debian/"


def with_lists(folder: Path) -> PrivateApt:
    """Return lists that were fetched long ago."""
    names = tuple(one.name for one in ARCHITECTURES.values())
    apt = PrivateApt(folder / "suites/testing", "testing", names)
    lists = apt.folder / "state/lists"
    lists.mkdir(parents=True)
    for name in ("binary-amd64_Packages", "binary-arm64_Packages", "source_Sources"):
        (lists / f"mirror_dists_testing_main_{name}").write_text(f"Package: {name}\n")
    (lists / "mirror_dists_testing_InRelease").touch()
    (apt.folder / "checked").touch()
    os.utime(apt.folder / "checked", (0, 0))
    return apt


def test_the_first_mirror_that_has_whole_suites_serves() -> None:
    targets = [
        "Other main stable http://other/",
        "Debian contrib bookworm http://contrib/",
        "Debian main bookworm-security http://security/",
        "Debian main bookworm http://mirror/debian/",
        "Debian main bookworm-updates http://second/",
    ]
    assert mirror_of(targets) == "http://mirror/debian/"
    assert mirror_of(["Ubuntu main noble http://ubuntu/", ""]) is None


@pytest.mark.parametrize("name", ["", "Testing", "../testing", "a b", "-testing", "testing/x"])
def test_what_cannot_name_a_suite_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(SuiteError, match="the name of a Debian suite"):
        for_suite(tmp_path, name)


def test_each_architecture_has_its_own_list(tmp_path: Path) -> None:
    apt = with_lists(tmp_path)
    assert apt.packages("amd64") == "Package: binary-amd64_Packages\n"
    assert apt.packages("arm64") == "Package: binary-arm64_Packages\n"
    assert apt.packages("riscv64") == ""
    assert apt.sources() == "Package: source_Sources\n"
    assert len(apt.files()) == 3


def test_without_network_the_lists_of_last_time_serve_for_an_hour(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(private_apt, "find_mirror", lambda: UNREACHABLE)
    apt = with_lists(tmp_path)
    before = apt.files()
    apt.update()
    told = capsys.readouterr().err
    assert told.count("\n") == 1
    assert "testing can't be fetched" in told
    assert "fetched last" in told
    apt.update()
    assert capsys.readouterr().err == ""
    checked = apt.folder / "checked"
    assert 22 * 3600 < time.time() - checked.stat().st_mtime < 24 * 3600
    assert apt.files() == before


def test_without_network_and_lists_there_is_an_error_and_nothing_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(private_apt, "find_mirror", lambda: UNREACHABLE)
    apt = for_suite(tmp_path, "testing")
    with pytest.raises(SuiteError, match=r"suite testing can't be fetched: .*127"):
        apt.update()
    assert not apt.folder.exists()


def test_lists_that_were_never_whole_do_not_serve(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(private_apt, "find_mirror", lambda: UNREACHABLE)
    apt = with_lists(tmp_path)
    (apt.folder / "checked").unlink()
    with pytest.raises(SuiteError, match="can't be fetched"):
        apt.update()
    assert not apt.folder.exists()


def test_a_cache_that_cannot_be_written_is_no_missing_apt(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(private_apt, "find_mirror", lambda: UNREACHABLE)
    apt = for_suite(tmp_path, "testing")
    apt.folder.parent.mkdir()
    apt.folder.write_text("no folder")
    with pytest.raises(OSError, match="testing"):
        apt.update()


def test_lists_of_today_are_not_fetched_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    apt = with_lists(tmp_path)
    (apt.folder / "checked").touch()
    monkeypatch.setattr(PrivateApt, "_fetch", lambda _: pytest.fail("fetched"))
    apt.update()


@pytest.mark.index
def test_a_suite_that_the_mirror_lacks_is_told(tmp_path: Path) -> None:
    with pytest.raises(SuiteError, match="no suite of that name"):
        for_suite(tmp_path, "no-such-suite").update()
    assert os.listdir(tmp_path / "suites") == ["lock"]  # noqa: PTH208

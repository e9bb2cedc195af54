"""Wrong arguments of `report` get one error, and nothing is built or written."""

from pathlib import Path

import pytest

from report.program import main


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    # No Nix is asked: these refusals come before.
    monkeypatch.setenv("PATH", "/usr/bin-without-nix")
    (tmp_path / "sources.yaml").write_text("wheelhouse: 1\n", encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["missing.yaml"], "missing.yaml: there is no lock; name one, or make one with `lock`"),
        (["-o", "mine.html"], "mine.html: the file is there, and is no report of this program"),
        (["-o", "."], ".: this is no regular file; name the page to write"),
        (["-o", "sources.yaml"], "sources.yaml: the report is made from what stands in this file"),
        (["-o", "no/report.html"], "no/report.html: there is no folder"),
        (["--vulnerabilities", "osv.json"], "osv.json: there is no such file"),
        (["--against", "sources.yaml"], "sources.yaml: the lock is broken"),
        (["--against-commit", "v1"], "sources.yaml: git isn't on PATH"),
    ],
)
def test_a_refusal_says_what_to_do(
    folder: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], message: str
) -> None:
    (folder / "mine.html").write_text("mine", encoding="utf-8")
    assert main(arguments) == 2
    printed = capsys.readouterr()
    assert printed.err.startswith(message)
    assert printed.err.count("\n") == 1
    assert printed.out == ""
    assert (folder / "mine.html").read_text(encoding="utf-8") == "mine"
    assert not (folder / "report.html").exists()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("six: '*'\n", "sources.yaml: the key 'six' is unknown; the key 'closure' is missing"),
        ("- six\n", "sources.yaml: a lock is a mapping with closure, links and python"),
        ("{", "sources.yaml: not readable as YAML"),
    ],
)
def test_what_is_no_lock_is_told_before_anything_is_built(
    folder: Path, capsys: pytest.CaptureFixture[str], text: str, message: str
) -> None:
    (folder / "sources.yaml").write_text(text, encoding="utf-8")
    assert main([]) == 2
    assert capsys.readouterr().err.startswith(message)


def test_two_things_to_compare_with_are_refused(folder: Path) -> None:
    with pytest.raises(SystemExit) as exit_:
        main(["--against", "a.yaml", "--against-commit", "HEAD"])
    assert exit_.value.code == 2
    assert folder.exists()

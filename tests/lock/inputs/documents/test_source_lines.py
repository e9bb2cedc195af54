"""Which lines of the user's own files name some packages."""

from pathlib import Path

import pytest

from lock.inputs.documents.source_lines import MAX_LINE_LENGTH, lines_naming


@pytest.mark.parametrize(
    ("file", "text", "expected"),
    [
        ("r.yaml", "# alpha\nAl_pha: '*'\n", ["2: Al_pha: '*'"]),
        ("r.yaml", "alpha2: '*'\nbeta: {extras: [alpha]}\n", ["2: beta: {extras: [alpha]}"]),
        ("r.yaml", "constraints:\n  alpha: '<2'\n", ["2: alpha: '<2'"]),
        ("r.yaml", "alpha[x]: 1\nalpha: 2\n", ["1: alpha[x]: 1"]),
        ("p.toml", 'dev = ["gamma", "alpha>=1"]', ['1: dev = ["gamma", "alpha>=1"]']),
        ("p.toml", "dev = ['beta', 'Al.pha ; x']", ["1: dev = ['beta', 'Al.pha ; x']"]),
        ("p.toml", 'dependencies = [\n  "alpha>=1",\n]', ['2: "alpha>=1",']),
        ("p.toml", 'keywords = ["alpha"]\nrequires = ["beta"]\nalpha = "*"', ['3: alpha = "*"']),
        ("r.txt", "gamma\nalpha==1 # why\n", ["2: alpha==1 # why"]),
        ("r.txt", f"alpha=={'1' * 200}", [f"1: alpha=={'1' * (MAX_LINE_LENGTH - 7)}"]),
    ],
)
def test_the_first_line_that_names_a_package_is_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, file: str, text: str, expected: list[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path(file).write_text(text, "utf-8")
    assert lines_naming(file, {"alpha", "al-pha", "beta"}) == [
        f"{file}:{line}" for line in expected
    ]


def test_included_files_are_looked_through(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("in").mkdir()
    Path("in/r.txt").write_text("-r more.txt\n--constraint=../c.txt\n-r absent.txt\ngamma\n")
    Path("in/more.txt").write_text("\nalpha\n-r r.txt\n")
    Path("c.txt").write_text("beta<2\n")
    assert lines_naming("in/r.txt", {"alpha", "beta", "gamma"}) == [
        "in/more.txt:2: alpha",
        "in/../c.txt:1: beta<2",
        "in/r.txt:4: gamma",
    ]


@pytest.mark.parametrize("content", [None, b"\xff\xfe"])
def test_a_file_that_cannot_be_read_has_no_lines(tmp_path: Path, content: bytes | None) -> None:
    file = tmp_path / "r.yaml"
    if content:
        file.write_bytes(content)
    assert lines_naming(str(file), {"alpha"}) == []

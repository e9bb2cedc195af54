"""requirements.txt: encodings, variables and the options that need the whole file."""

import codecs
from pathlib import Path

import pytest

from lock.errors import UsageError
from lock.inputs import read
from lock.inputs.pip.requirements_txt import parse
from lock.models.requirements import Index

TEXT = "# Größe\na==1 # é\nb\n"


@pytest.mark.parametrize(
    "data",
    [
        codecs.BOM_UTF8 + TEXT.encode(),
        TEXT.encode("utf-16"),
        codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"),
        TEXT.encode("utf-32"),
        b"# -*- coding: latin-1 -*-\n" + TEXT.encode("latin-1"),
        b"\n# vim: set fileencoding=cp1252 :\n" + TEXT.encode("cp1252"),
    ],
    ids=["utf-8-sig", "utf-16", "utf-16-be", "utf-32", "latin-1", "cp1252"],
)
def test_a_file_has_the_encoding_that_it_tells(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "r.txt").write_bytes(b"-r base.txt\n")
    (tmp_path / "base.txt").write_bytes(data)
    assert [*map(str, read(tmp_path / "r.txt").packages)] == ["a==1", "b"]


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (TEXT.encode("latin-1"), "the file is not UTF-8; save it as UTF-8, or name its encoding"),
        (b"# coding: nonsense\na\n", "the file is not NONSENSE; save it as UTF-8"),
        (b"# coding: hex\na\n", "the file is not HEX; save it as UTF-8"),
        (codecs.BOM_UTF16_LE + b"a", "the file is not UTF-16-LE; save it as UTF-8"),
    ],
)
def test_another_encoding_is_told(tmp_path: Path, data: bytes, told: str) -> None:
    file = tmp_path / "r.txt"
    file.write_bytes(data)
    with pytest.raises(UsageError) as caught:
        read(file)
    assert str(caught.value).startswith(f"{file}: {told}")


def test_variables_are_those_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOST_1", "i.example")
    monkeypatch.setenv("lower", "x")
    found = parse(
        "-i https://${HOST_1}/simple/\n${HOST_1}\na @ https://a.example/$X-1.tar.gz\n", "r.txt"
    )
    assert found.indexes[0].url == "https://i.example/simple/"
    assert [package.name for package in found.packages] == ["a", "i-example"]


@pytest.mark.parametrize("value", ["", None])
def test_a_variable_that_is_not_set_is_told(
    monkeypatch: pytest.MonkeyPatch, value: str | None
) -> None:
    monkeypatch.delenv("NO_SUCH", raising=False)
    if value is not None:
        monkeypatch.setenv("NO_SUCH", value)
    with pytest.raises(UsageError) as caught:
        parse("a\nb==${NO_SUCH}\n", "r.txt")
    assert str(caught.value) == "r.txt:2: the variable `${NO_SUCH}` isn't set; set it"


def test_a_variable_may_bring_the_password_of_an_index(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOKEN", "s3cr3t-word")
    found = parse("-i https://u:${TOKEN}@i.example/simple/\na\n", "r.txt")
    assert found.indexes == (
        Index("main", "https://u:s3cr3t-word@i.example/simple/", default=True),
    )


@pytest.mark.parametrize(
    "line",
    [
        "a @ https://u:${TOKEN}@i.example/a-1.0.tar.gz",
        "git+https://${TOKEN}@i.example/a.git#egg=a",
        "a==${TOKEN}",
        "--${TOKEN}",
        "-r ${TOKEN}.txt",
        "./${TOKEN}",
        "-i https://u:${TOKEN} @i.example/",
    ],
)
def test_no_message_has_the_value_of_a_variable(monkeypatch: pytest.MonkeyPatch, line: str) -> None:
    monkeypatch.setenv("TOKEN", "s3cr3t-word")
    with pytest.raises(UsageError) as caught:
        parse(f"{line}\n", "r.txt")
    assert "s3cr3t-word" not in str(caught.value)
    assert str(caught.value).startswith("r.txt:1: ")


def test_without_indexes_and_links_no_index_is_asked() -> None:
    found = parse(
        "--no-index\n-i https://i.example/\na @ https://a.example/a-1.0.tar.gz\n", "r.txt"
    )
    assert (found.indexes, found.settings.no_index) == ((), True)


def test_no_index_leaves_only_the_links() -> None:
    found = parse(
        "-i https://i.example/\n--extra-index-url https://e.example/\n--no-index\n"
        "-f https://l.example/\na\n",
        "r.txt",
    )
    assert [index.url for index in found.indexes] == ["https://l.example/"]
    assert found.notes == (
        "r.txt: `--no-index` is there, so no index is asked, but only the `--find-links`",
    )


@pytest.mark.parametrize(
    ("text", "order"),
    [
        ("-i https://i.example/", None),
        ("", None),
        ("--extra-index-url https://e.example/", "https://e.example/, the default index"),
        (
            "-i https://i.example/\n--extra-index-url https://e.example/",
            "https://e.example/, https://i.example/",
        ),
    ],
)
def test_the_rule_of_several_indexes_is_told_once(text: str, order: str | None) -> None:
    found = parse(f"{text}\na\nb\n", "r.txt").notes
    assert len(found) == (1 if order else 0)
    for line in found:
        assert line.startswith("r.txt: several indexes are named; a package is taken from")
        assert line.endswith(f": {order}")


def test_an_option_without_effect_is_told_once() -> None:
    found = parse(
        "--trusted-host x\n--trusted-host y\n--prefer-binary\n--use-feature z\na\n", "r.txt"
    ).notes
    assert [line.split(": ")[1] for line in found] == [
        "`--trusted-host` has no effect",
        "`--prefer-binary` has no effect",
        "`--use-feature` has no effect",
    ]


def test_pip_s_abbreviations_of_options_are_known() -> None:
    found = parse("--index https://i.example/\n--extra=https://e.example/\na\n", "r.txt")
    assert [index.name for index in found.indexes] == ["extra-1", "main"]

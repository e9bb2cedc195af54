"""What the lock app says about wrong requirements: file, line, key, what is wrong, what to do."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lock.commands.main import main
from tests.support.lock_app import LockApp

LONG = 'requirements:\n  alpha: "*"\n'


@dataclass(frozen=True)
class Ending:
    """How a run of the app in this process ended."""

    code: int
    messages: str


Run = Callable[[str], Ending]


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs the app on a text; there is no uv, so that requirements which are good end there."""
    monkeypatch.setenv("WHEELHOUSE_UV", "/nonexistent/uv")
    monkeypatch.chdir(tmp_path)

    def main_on(text: str) -> Ending:
        (tmp_path / "wanted.yaml").write_bytes(text.encode("utf-8", "surrogatepass"))
        code = main([*([] if "python" in text else ["3.11"]), "wanted.yaml"])
        assert [file.name for file in tmp_path.iterdir()] == ["wanted.yaml"]
        return Ending(code, capsys.readouterr().err)

    return main_on


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("alpha: nonsense", [r"1: alpha: .*nonsense"]),
        ("alpha: '>>1'", [r"1: alpha: .*>>1"]),
        ("alpha: '<=1 || >=3'", [r"1: alpha: .*the gaps between"]),
        ("alpha: '1.0.x'", [r"1: alpha: .*1\.0\.x"]),
        ("alpha: ^1.*", [r"1: alpha: "]),
        ("alpha: 1.0 beta", [r"1: alpha: "]),
        ("alpha: true", [r"1: alpha: "]),
        ("alpha: 2001-01-01", [r"1: alpha: "]),
        ("'al pha': 1", [r"1: al pha: .*name"]),
        ("-alpha: 1", [r"1: -alpha: .*name"]),
        ("alpha>=1: ''", [r"1: alpha>=1: .*name"]),
        ("alpha @ http://x: ''", [r"1: alpha @ http://x: .*name"]),
        ("älpha: ''", [r"1: älpha: .*name"]),
        ("'': ''", [r"1: .*name"]),
        ("alpha[: ''", [r"1: "]),
        ("alpha_: ''", [r"1: alpha_: .*name"]),
        ("alpha[x_]: ''", [r"1: alpha\[x_\]: .*name"]),
        ("alpha[x,,y]: ''", [r"1: alpha\[x,,y\]: .*name"]),
        ("alpha\u0660: ''", [r"1: alpha\u0660: .*name"]),
        ("alpha: 1\nAlpha: 2", [r"2: Alpha: .*alpha.* line 1"]),
        ("a-b: 1\na_b: 2\nA.B: 3", [r"2: a_b: .*a-b.* line 1", r"3: A\.B: .*a-b.* line 1"]),
        ("alpha: 1\nbeta: 1\nalpha: 2", [r"3: alpha: .*twice.* line 1"]),
        ("alpha[x]: 1\nalpha[y]: 2", [r"2: alpha\[y\]: .* line 1"]),
        ("alpha: nonsense\nbeta: ok\n'': 1", [r"1: alpha: ", r"2: beta: ", r"3: .*name"]),
        ("alpha: [1, 2]", [r"1: alpha: "]),
        ("alpha: {version: '*', foo: 1}", [r"1: alpha\.foo: unknown key"]),
        ("alpha: {version: '*', version: 1}", [r"1: .*version: .*twice"]),
        ("alpha: {extras: ['no good']}", [r"1: alpha: .*no good"]),
        ("alpha: {extras: []}", [r"1: alpha: .*empty"]),
        ("alpha: {markers: nonsense}", [r"1: alpha: .*marker"]),
        ("alpha: {markers: \"extra == 'x'\"}", [r"1: alpha: .*extra"]),
        ("alpha: {markers: \"sys_platform = 'x'\"}", [r"1: alpha: .*marker"]),
        ("alpha: {version: {a: b}}", [r"1: alpha: "]),
        ("{[a, b]: 1}", [r"1: .*key"]),
        ("? {a: b}\n: 1", [r"1: .*key"]),
        ("python: 3.12t\nalpha: ''", [r"1: python: .*3\.12t.* write 3\.12"]),
        ("python: 3.11.4\nalpha: ''", [r"1: python: .*3\.11\.4.* write 3\.11"]),
        ("python: 2.7\nalpha: ''", [r"1: python: .*2\.7"]),
        ("python: [3.11]\nalpha: ''", [r"1: python: "]),
        ("python:\nalpha: ''", [r"1: python: "]),
        ("python: '>=3.8'\nalpha: ''", [r"1: python: "]),
        ("python: 3.11", [r"1: no package"]),
        (f"{LONG}python: 3.12t", [r"3: python: .*3\.12t"]),
        (f"{LONG}systems: [x86_64-windows]", [r"3: systems: .*x86_64-windows.*x86_64-linux"]),
        (f"{LONG}systems: []", [r"3: systems: .*empty"]),
        (f"{LONG}systems:\n", [r"3: systems: "]),
        (f"{LONG}sistems: [x86_64-linux]", [r"3: sistems: unknown key.*systems"]),
        (f"{LONG}alpha: 1", [r"3: alpha: unknown key.*requirements"]),
        (f"{LONG}  Alpha: 1\n", [r"3: Alpha: .*alpha.* line 2"]),
        ("requirements: {}", [r"1: no package"]),
        ("systems: [x86_64-linux]\nalpha: ''", [r"1: systems: .*requirements:"]),
        ("requirements:\npython: 3.11", [r"1: .*"]),
        ("", [r"1: .*empty"]),
        ("# nothing\n", [r"1: .*empty"]),
        ("---\n", [r"1: .*empty"]),
        ("null", [r"1: .*empty"]),
        ("- alpha", [r"1: .*mapping"]),
        ("alpha", [r"1: .*mapping"]),
        ("Django>3.2", [r"1: .*mapping"]),
        ("alpha: 1\n---\nbeta: 1", [r"\d: .*"]),
        ("alpha: *", [r"1: .*double quotes"]),
        ("beta: 1\nalpha: *\n", [r"2: .*double quotes"]),
        ("alpha: >3.2", [r"1: .*double quotes"]),
        ("beta: 1\nDjango: >3.2\nalpha: 1\n", [r"2: .*double quotes"]),
        ("alpha: >\n  3.2\n", [r"1: alpha: .*double quotes"]),
        ("alpha: !=3.2", [r"1: .*double quotes"]),
        ("alpha: !foo 3.2", [r"1: .*double quotes"]),
        ("alpha: *x", [r"1: .*double quotes"]),
        ("alpha: %1", [r"1: .*double quotes"]),
        ("alpha: '1", [r"\d: .*YAML"]),
        ("alpha: 1: 2", [r"1: .*YAML"]),
        ("\talpha: 1", [r"1: .*spaces"]),
        ("requirements:\n\talpha: 1", [r"2: .*spaces"]),
        ("alpha: \x07", [r"1: .*U\+0007"]),
        ("beta: 1\nalpha: \x00", [r"2: .*U\+0000"]),
        ("alpha: 1\n ]", [r"1: alpha: .*\]"]),
        ("alpha: [1", [r"1: .*YAML"]),
        ("alpha: 99999999999999999999999", [r"1: alpha: .*too large"]),
    ],
)
def test_each_error_is_a_line_with_file_line_and_key(
    run: Run, text: str, expected: list[str]
) -> None:
    ending = run(text)
    assert ending.code == 2
    told = ending.messages.splitlines()
    assert len(told) == len(expected), told
    for line, pattern in zip(told, expected, strict=True):
        assert re.match(f"wanted.yaml:{pattern}", line), line
        assert ";" in line, f"no remedy: {line}"


@pytest.mark.parametrize(
    ("content", "part"),
    [
        (b"\xff\xfea\x00l\x00", "UTF-8"),
        ("älpha: 1".encode("latin-1"), "UTF-8"),
    ],
)
def test_other_encodings_are_told(lock: LockApp, content: bytes, part: str) -> None:
    (lock.folder / "wanted.yaml").write_bytes(content)
    told = lock.fail(2, "3.11", "wanted.yaml")
    assert told.startswith("wanted.yaml: ")
    assert part in told


@pytest.mark.parametrize("content", [b"\xef\xbb\xbfalpha: nonsense", b"#\r\nalpha: nonsense\r\n"])
def test_byte_order_marks_and_carriage_returns_are_read(lock: LockApp, content: bytes) -> None:
    (lock.folder / "wanted.yaml").write_bytes(content)
    assert ": alpha: " in lock.fail(2, "3.11", "wanted.yaml")


PIECES = st.sampled_from(
    [
        *"*&!%@`|>-?:{}[],#'\"\\ \n\t~^=<.0123456789",
        *("alpha", "Alpha", "python", "requirements", "systems", "version", "extras", "markers"),
        *("3.11", ">=1", "^0.0", "||", "x86_64-linux", ": ", "\n  ", "- ", "---\n", "!!int ", "<<"),
        *("null", "yes", "0x1f", "1_000", "1e3", "2001-01-01", "[x]", "sys_platform == 'linux'"),
        *("\ufeff", "\u2028", "\x85", "\x00", "é", "😀", "!!binary ", "!!python/name:os", "...\n"),
    ]
)
TEXTS = st.one_of(
    st.lists(PIECES, max_size=25).map("".join),
    st.lists(st.tuples(PIECES, st.lists(PIECES, max_size=4)), max_size=6).map(
        lambda pairs: "".join(f"{key}: {''.join(values)}\n" for key, values in pairs)
    ),
    st.text(max_size=40),
)


@settings(
    max_examples=300,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(text=TEXTS)
def test_no_text_brings_a_traceback(text: str, run: Run) -> None:
    ending = run(text)
    assert ending.code == 2
    assert ending.messages.startswith(("wanted.yaml:", "/nonexistent/uv", "lock: which Python?"))


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("a: " * 2000, id="colons"),
        pytest.param("[" * 5000, id="deep lists"),
        pytest.param("{" * 5000, id="deep mappings"),
        pytest.param("alpha: &a [*a]", id="list in itself"),
        pytest.param("alpha: &a {version: *a}", id="mapping in itself"),
        pytest.param("&a alpha: *a", id="key as value"),
        pytest.param("alpha: {<<: {version: 1}}", id="merge key"),
        pytest.param(f"alpha: '{'1' * 5000}'", id="long number"),
        pytest.param(f"alpha: '==1!{'9' * 6000}'", id="long number after an epoch"),
        pytest.param(f"alpha: '=={'9' * 6000}!1'", id="long epoch"),
        pytest.param(f"alpha: '==1.post{'9' * 6000}'", id="long post release"),
        pytest.param(f"alpha: '{'.'.join('1' * 5000)}'", id="many numbers"),
        pytest.param(f"alpha: {{markers: '{'(' * 5000}'}}", id="open marker"),
        pytest.param(
            f"alpha: {{markers: \"{'(' * 500}os_name == 'x'{')' * 500}\"}}", id="deep marker"
        ),
        pytest.param(f"alpha{'[x]' * 50}: 1", id="many extras"),
        pytest.param(f"python: '3.{'1' * 6000}'\nalpha: 1", id="long Python"),
    ],
)
def test_no_monster_brings_a_traceback(text: str, run: Run) -> None:
    ending = run(text)
    assert ending.code == 2
    assert ending.messages.startswith("wanted.yaml:")
    assert len(ending.messages.splitlines()) == 1

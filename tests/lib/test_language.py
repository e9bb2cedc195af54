"""No file of Nix uses what newer Nix and Lix warn of, or refuse, in the language.

Lix names these deprecated features (release notes of 2.91 to 2.95); Nix 2.34 can report three.
"""

import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.nix_code import split
from tests.support.project import ROOT

FILES = [
    path
    for path in sorted(ROOT.rglob("*.nix"))
    if not any(part.startswith(".") or part == "data" for part in path.relative_to(ROOT).parts)
]
INTERNAL = "null|true|false|__sub|__mul|__div|__lessThan|__nixPath|__findFile|__curPos"
# Deprecated feature → what stands in code without its strings and comments.
IN_CODE = {
    "ancient-let": r"\blet\s*\{",
    "rec-set-overrides": r"\b__overrides\b",
    "floating-without-zero": r"(?<![\w.)\]}\"/-])\.\d",
    "url-literals": r"\b[a-zA-Z][\w+.-]*:[\w/~@]",
    "or-as-identifier": r"\bor\s*(=(?!=)|:|;)",
    "shadow-internal-symbols": rf"\b({INTERNAL})\s*(=(?!=)|:|\?)",
    "tokens-no-whitespace": r"\"\"[\w\"]|\"\$\"[\w\"]|(?<![\w.\"$])\d+[a-zA-Z_]|\w\"\"",
    "builtins.toPath": r"\btoPath\b",
}
# A name in braces or with interpolations, where an attribute begins.
DYNAMIC = r"(?:^|;)\s*(?:[\w'-]+\.)*(?:\$\{|\"\$\")"
# What has a meaning behind a backslash.
ESCAPES = 'nrt\\"$'


def recursive_sets(code: str) -> Iterator[str]:
    """Return what stands in each `rec { … }`, without what is nested in braces."""
    for match in re.finditer(r"\brec\s*\{", code):
        depth, kept = 1, []
        for character in code[match.end() :]:
            opened = character == "{"
            depth += {"{": 1, "}": -1}.get(character, 0)
            if depth == 0:
                break
            if depth == 1 or (depth == 2 and opened):
                kept.append(character)
        yield "".join(kept)


def problems(text: str) -> list[str]:
    """Return the deprecated features that a file uses."""
    parts = split(text)
    found = [name for name, pattern in IN_CODE.items() if re.search(pattern, parts.code)]
    if any(re.search(DYNAMIC, inner) for inner in recursive_sets(parts.code)):
        found.append("rec-set-dynamic-attrs")
    for string in parts.quoted:
        if any(one not in ESCAPES and one != "\n" for one in re.findall(r"\\(.)", string)):
            found.append("broken-string-escape")
    for string in parts.indented:
        if any(one not in ESCAPES for one in re.findall(r"''\\(.)", string)):
            found.append("broken-string-escape")
        first, *others = string.split("\n")
        if others and first.strip():
            found.append("broken-string-indentation")
        if any("\t" in re.split(r"\S", line)[0] for line in others):
            found.append("broken-string-indentation")
    if "\r" in text:
        found.append("cr-line-endings")
    if "\0" in text:
        found.append("nul-bytes")
    return found


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(ROOT)))
def test_a_file_uses_nothing_deprecated(file: Path) -> None:
    assert problems(file.read_bytes().decode()) == []


@pytest.mark.parametrize(
    ("code", "feature"),
    [
        ("let { body = 1; }", "ancient-let"),
        ("rec { __overrides = { }; }", "rec-set-overrides"),
        ("[ .5 ]", "floating-without-zero"),
        ("{ url = https://a.example/x; }", "url-literals"),
        ("{ or = 1; }", "or-as-identifier"),
        ("let true = 1; in true", "shadow-internal-symbols"),
        ('f "a""b"', "tokens-no-whitespace"),
        ("[ 0a ]", "tokens-no-whitespace"),
        ("builtins.toPath ./.", "builtins.toPath"),
        ("rec { ${name} = 1; }", "rec-set-dynamic-attrs"),
        ('rec { "a-${name}" = 1; }', "rec-set-dynamic-attrs"),
        (r'"a\.b"', "broken-string-escape"),
        ("''a\n  b''", "broken-string-indentation"),
        ("{\r\n}", "cr-line-endings"),
    ],
)
def test_what_is_deprecated_is_found(code: str, feature: str) -> None:
    assert feature in problems(code)


@pytest.mark.nix
@pytest.mark.skipif("WHEELHOUSE_NEWEST_NIX" not in os.environ, reason="the newest Nix is not there")
def test_the_newest_nix_reports_nothing() -> None:
    """Of URLs and short paths without quotes, and in the library of absolute paths."""
    parser = Path(os.environ["WHEELHOUSE_NEWEST_NIX"]).with_name("nix-instantiate")
    checks = {
        "lint-url-literals": FILES,
        "lint-short-path-literals": FILES,
        "lint-absolute-path-literals": [file for file in FILES if ROOT / "lib" in file.parents],
    }
    for setting, files in checks.items():
        command: list[str | Path] = [parser, "--parse", "--option", setting, "fatal", *files]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        assert "unknown setting" not in done.stderr

"""Writes docs/other-tools.md: what the comparison with other tools gives, no number by hand."""

from collections.abc import Iterable, Mapping

from tests.support.differences import Result
from tests.support.project import ROOT
from tests.support.real_files import SYSTEMS, Case, Difference

FILE = ROOT / "docs" / "other-tools.md"
HEAD = """\
# Compared with other tools

```console
$ scripts/other-tools
```

locks files of real projects with `lock`. It asks the tool that each file belongs to what it \
installs, and writes this page. The files come from the projects' source distributions. \
[The list](../tests/lock/data/real-files.yaml) names each one and its sha256. The tests compare \
them again, the large ones with `scripts/test --large`.

Compared are, for each system and each group or extra: the names, the versions, the extras that \
are asked for, and the origin. For a file on an index, our sha256 must be one that the tool takes. \
For a direct reference, the address must be the same. `poetry export` doesn't tell extras, only \
what they install.

- `uv export`, `poetry export` and `pdm export` read the project's own lock. So does `lock`.
- `uv pip compile` resolves for each system by itself. `lock` resolves once for all of them.
- `uv lock` resolves a `pyproject.toml`, and `uv export` lists each group of the result.

Where something is resolved, files that were uploaded after a fixed time are ignored.

"""
COLUMNS = (
    "project",
    "file",
    "what makes it interesting",
    "compared with",
    "Python",
    "systems",
    "groups",
    "packages",
    "result",
)
DIFFERING_COLUMNS = ("project", "package", "what", "`lock`", "the tool", "where", "why")
EQUAL = "equal"


def render(cases: Iterable[Case], rows: Mapping[str, str]) -> str:
    """Return the whole document, with the lines of cases by their `start`."""
    listed = list(cases)
    found = [rows[start(case)] for case in listed if start(case) in rows]
    lines = [_row(COLUMNS), _row(["---"] * len(COLUMNS)), *found]
    differing = [line for case in listed for line in differing_rows(case)]
    if differing:
        lines += ["", "## What differs", "", _row(DIFFERING_COLUMNS)]
        lines += [_row(["---"] * len(DIFFERING_COLUMNS)), *differing]
    else:
        lines += ["", "Nothing differs."]
    return HEAD + "\n".join(lines) + "\n"


def rows_of(text: str, cases: Iterable[Case]) -> dict[str, str]:
    """Return the line of each case that a document has, by its `start`."""
    lines = text.splitlines()
    return {start(case): line for case in cases for line in lines if line.startswith(start(case))}


def start(case: Case) -> str:
    """Return what the line of a case begins with, as that of no other does."""
    return f"| {case.project} {case.version} | `{case.file}` | {case.why} | "


def row(result: Result) -> str:
    """Return the line of a case."""
    case, count = result.case, len(result.differences)
    kinds = "difference" if count == 1 else "differences"
    return _row(
        [
            f"{case.project} {case.version}",
            f"`{case.file}`",
            case.why,
            f"`{case.tool}`",
            case.python,
            "all four" if case.systems == SYSTEMS else ", ".join(case.systems),
            str(len(result.selections)),
            str(result.packages),
            f"[{count} {kinds}](#what-differs)" if count else EQUAL,
        ]
    )


def differing_rows(case: Case) -> list[str]:
    """Return a line for each expected difference of a case."""
    return [
        _row(
            [
                f"{case.project} {case.version}",
                one.package,
                one.what,
                one.ours,
                one.theirs,
                _where(case, one),
                why,
            ]
        )
        for one, why in case.differences.items()
    ]


def _where(case: Case, difference: Difference) -> str:
    groups = ", ".join(sorted(difference.groups))
    if difference.systems == {*case.systems}:
        return groups
    return f"{groups} on {', '.join(sorted(difference.systems))}"


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"

"""Compare locks of real projects' files with other tools, and write docs/other-tools.md.

Arguments are parts of cases' names; without any, all cases are compared. Lines of the others stay.
"""

import os
import sys
import tempfile
from pathlib import Path

from tests.support import differences, other_tools_document, real_files
from tests.support.reference_tools import Tools


def main(names: list[str]) -> int:
    """Write the document; return 1 where a case fails, which then has no line, 2 for none."""
    cases = real_files.cases()
    unknown = [name for name in names if not any(name in str(case) for case in cases)]
    if unknown:
        known = ", ".join(map(str, cases))
        print(f"{unknown[0]} is part of no case; known are {known}", file=sys.stderr)
        return 2
    file = other_tools_document.FILE
    rows = other_tools_document.rows_of(file.read_text("utf-8") if file.exists() else "", cases)
    failed = False
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        tools = Tools.with_caches(os.environ["WHEELHOUSE_UV"], folder)
        for number, case in enumerate(cases):
            if names and not any(part in str(case) for part in names):
                continue
            start = other_tools_document.start(case)
            rows.pop(start, None)
            try:
                result = differences.compare(case, folder / str(number), tools)
                told = differences.explain(case, result.differences)
            except AssertionError as error:
                told = f"{case}: {error}"
            print(told or f"{case}: as expected", file=sys.stderr)
            if told:
                failed = True
            else:
                rows[start] = other_tools_document.row(result)
            file.write_text(other_tools_document.render(cases, rows), encoding="utf-8")
    return int(failed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

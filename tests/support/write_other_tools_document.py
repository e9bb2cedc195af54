"""Compare the locks of real projects' files with other tools, and write docs/other-tools.md."""

import os
import sys
import tempfile
from pathlib import Path

from tests.support import differences, other_tools_document, real_files
from tests.support.reference_tools import Tools


def main() -> int:
    """Write the document; return 1, and write nothing, where a difference isn't expected."""
    results, told = [], []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        tools = Tools.with_caches_in(folder / "tools", os.environ["WHEELHOUSE_UV"], folder / "uv")
        for number, case in enumerate(real_files.cases()):
            print(case, file=sys.stderr)
            result = differences.compare(case, folder / str(number), tools)
            results.append(result)
            told += [text for text in [differences.explain(case, result.differences)] if text]
    if told:
        print("\n".join(told), file=sys.stderr)
        return 1
    other_tools_document.FILE.write_text(other_tools_document.render(results), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())

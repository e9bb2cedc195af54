"""The step `imports` imports all modules of a package, and reports those that fail."""

import os
from pathlib import Path
from typing import Any

from tests.support.builder_steps import RUNNING_PYTHON, Builder, error_message

MODULES = {
    "single.py": "",
    "package/__init__.py": "",
    "namespace/inner/module.py": "",
    "data/table.csv": "1,2",
    "demo-1.0.dist-info/METADATA": "",
    "not-a-name.py": "raise SystemExit('never imported')",
    "hook.pth": "",
}


def run_imports(builder: Builder, folder: Path, modules: dict[str, str]) -> Any:
    """Run the step on a package of these modules, with an interpreter that finds them."""
    package = folder / "package"
    for name, text in modules.items():
        (package / "site" / name).parent.mkdir(parents=True, exist_ok=True)
        (package / "site" / name).write_text(text)
    python = folder / "python"
    code = f"import sys; sys.path.insert(0, {str(package / 'site')!r}); exec(sys.argv[1])"
    python.write_text(f'#!/bin/sh\nshift 2\nexec {RUNNING_PYTHON.executable} -I -c "{code}" "$@"\n')
    python.chmod(0o755)
    spec = {
        "python": os.fspath(python),
        "sitePackages": "site",
        "packages": [{"name": "demo", "path": os.fspath(package)}],
    }
    return builder.run_step("imports", spec, folder / "out")


def test_every_importable_name_is_imported(builder: Builder, tmp_path: Path) -> None:
    done = run_imports(builder, tmp_path, MODULES)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "out").read_text().splitlines() == [
        "demo: namespace",
        "demo: package",
        "demo: single",
    ]


def test_all_failures_are_reported_with_their_reason(builder: Builder, tmp_path: Path) -> None:
    broken = {
        "one.py": "import missing_one",
        "two.py": "1 / 0",
        "three.py": "import os; os._exit(3)",
    }
    message = error_message(run_imports(builder, tmp_path, {**MODULES, **broken}))
    assert message.splitlines() == [
        "3 of 6 modules can't be imported:",
        "  demo: import one: ModuleNotFoundError: No module named 'missing_one'",
        "  demo: import three: the interpreter ended with 3",
        "  demo: import two: ZeroDivisionError: division by zero",
    ]

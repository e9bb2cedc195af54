"""The project's own locks are those of their requirements."""

import ast
import subprocess
import sys
from importlib.metadata import packages_distributions

import pytest
import yaml
from packaging.utils import canonicalize_name

from tests.support.project import ROOT

OWN = [
    *(
        (folder, "sources/{python}.yaml", python)
        for folder in ("book", "builder", "lock", "tests")
        for python in sorted(path.stem for path in (ROOT / "builder" / "sources").iterdir())
    ),
    *(
        (f"examples/{path.name}", "sources.yaml", None)
        for path in sorted((ROOT / "examples").iterdir())
        if path.is_dir()
    ),
]


@pytest.mark.parametrize(("folder", "sources", "python"), OWN)
def test_an_own_lock_is_fresh(folder: str, sources: str, python: str | None) -> None:
    lock = ROOT / folder / sources.replace("{python}", python or "")
    systems = yaml.safe_load(lock.read_text(encoding="utf-8"))["systems"]
    arguments = [*([python] if python else []), "requirements.yaml", sources]
    arguments += [option for system in systems for option in ("--system", system)]
    done = subprocess.run(
        [sys.executable, "-m", "lock", "--check", *arguments],
        cwd=ROOT / folder,
        env={"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_the_lock_app_asks_for_what_it_imports() -> None:
    imported = set()
    for file in [*(ROOT / "lock").rglob("*.py"), *(ROOT / "native").rglob("*.py")]:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                imported |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                imported.add(node.module.partition(".")[0])
    own = {"builder", "lock", "native"}
    distributions = packages_distributions()
    needed = {
        canonicalize_name(distributions[name][0])
        for name in imported - own - sys.stdlib_module_names
    }
    with (ROOT / "lock" / "requirements.yaml").open(encoding="utf-8") as file:
        asked = {canonicalize_name(name) for name in yaml.safe_load(file)["requirements"]}
    assert needed == asked

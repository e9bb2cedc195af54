"""Editable projects: their modules are those of a working tree, the rest is built."""

import json
import os
import subprocess
from pathlib import Path

import pytest

from tests.support.builder_steps import RUNNING_PYTHON, Builder, Environment, error_message
from tests.support.project import ROOT
from tests.support.wheels import Wheel

DEMO = Wheel(
    files={
        "demo/__init__.py": "where = 'built'\n",
        "demo/_version.py": "version = '1.0'\n",
        "demo/sub/__init__.py": "",
        "demo/sub/made.py": "made = True\n",
        "demo/data.txt": "built",
        "single.py": "where = 'built'\n",
        "only_built.py": "where = 'built'\n",
    },
    entry_points="[console_scripts]\nrun = demo:main\n",
)


def write_tree(folder: Path, source: str = "src", where: str = "tree") -> Path:
    """Write a working tree without the files that only the build makes."""
    package = folder / source / "demo"
    (package / "sub").mkdir(parents=True)
    (package / "__init__.py").write_text(f"where = {where!r}\n\n\ndef main():\n    print(where)\n")
    (package / "sub" / "__init__.py").touch()
    (package / "data.txt").write_text(where)
    (folder / source / "single.py").write_text(f"where = {where!r}\n")
    return folder


def try_compose(builder: Builder, source: Path) -> "subprocess.CompletedProcess[str]":
    """Compose the project, editable; it may fail."""
    package = builder.unpack(DEMO)
    spec = {
        "name": "example",
        "python": RUNNING_PYTHON.spec(),
        "start": None,
        "packages": [
            {
                "name": "demo",
                "version": "1.0",
                "path": os.fspath(package.path),
                "editable": os.fspath(source),
            }
        ],
        "template": "",
        "strict": False,
        "ignoreCollisions": [],
        "editableModule": os.fspath(ROOT / "runtime" / "_wheelhouse_editable.py"),
    }
    return builder.run_step("compose", spec, builder.scratch / "environment")


@pytest.fixture(params=["src", "."], ids=["src layout", "flat layout"])
def environment(
    builder: Builder, tmp_path: Path, request: pytest.FixtureRequest
) -> tuple[Environment, Path]:
    """An environment with an editable project, and a working tree of it."""
    done = try_compose(builder, write_tree(tmp_path / "source", request.param))
    assert done.returncode == 0, done.stderr
    tree = write_tree(tmp_path / "tree", request.param)
    return Environment(builder.scratch / "environment", RUNNING_PYTHON), tree


def test_modules_and_data_come_from_the_working_tree(environment: tuple[Environment, Path]) -> None:
    made, tree = environment
    variables = {"WHEELHOUSE_EDITABLE": f"other=/nowhere:demo={tree}"}
    code = (
        "import demo, single, importlib.resources as r, importlib.metadata as m; "
        "print(demo.where, single.where, r.files('demo').joinpath('data.txt').read_text(), "
        "m.version('demo'))"
    )
    assert made.evaluate(code, env=variables) == "tree tree tree 1.0"
    assert made.run("run", env=variables).stdout == "tree\n"


def test_what_only_the_build_makes_comes_from_it(environment: tuple[Environment, Path]) -> None:
    made, tree = environment
    variables = {"WHEELHOUSE_EDITABLE": f"demo={tree}"}
    code = (
        "import only_built, demo._version as v; from demo.sub import made; "
        "print(only_built.where, v.version, made.made)"
    )
    assert made.evaluate(code, env=variables) == "built 1.0 True"


def test_a_module_that_is_gone_from_the_tree_is_gone(environment: tuple[Environment, Path]) -> None:
    made, tree = environment
    next(tree.glob("**/single.py")).unlink()
    variables = {"WHEELHOUSE_EDITABLE": f"demo={tree}"}
    code = "import importlib.util; print(importlib.util.find_spec('single'))"
    assert made.evaluate(code, env=variables) == "None"


def test_without_the_variable_the_built_modules_are_used(
    environment: tuple[Environment, Path],
) -> None:
    made, _ = environment
    assert made.evaluate("import demo, single; print(demo.where, single.where)") == "built built"


def test_the_tree_s_folder_is_a_plain_entry_before_site_packages(
    environment: tuple[Environment, Path],
) -> None:
    made, tree = environment
    variables = {"WHEELHOUSE_EDITABLE": f"demo={tree}"}
    listed = json.loads(
        made.evaluate("import json, sys; print(json.dumps(sys.path))", "-I", env=variables)
    )
    assert listed.index(os.fspath(next(tree.glob("**/single.py")).parent)) < listed.index(
        os.fspath(made.site)
    )


def test_a_project_of_which_nothing_is_found_is_refused(builder: Builder, tmp_path: Path) -> None:
    (tmp_path / "source").mkdir()
    message = error_message(try_compose(builder, tmp_path / "source"))
    assert message.startswith(
        "demo can't be editable: its wheel has demo, only_built.py, single.py"
    )
    assert "Leave it out of `editable`" in message

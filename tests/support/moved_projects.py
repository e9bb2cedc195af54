"""Projects of other tools, as users bring them: the files that their own tool wrote."""

from collections.abc import Mapping

from tests.support.project import ROOT

MODULE = '"""A thing."""\n\n\ndef main() -> None:\n    print("thing")\n'
TEST = "import thing\n\n\ndef test_it() -> None:\n    assert thing.main\n"
IDNA_PATCH = """--- a/idna/package_data.py
+++ b/idna/package_data.py
@@ -1,1 +1,2 @@
 __version__ = "3.10"
+PATCHED = True
"""
# What a project's owner writes into pyproject.toml to have cffi built.
BUILT_CFFI = '\n[tool.uv]\nno-binary-package = ["cffi"]\n'
_POETRY = """\
[tool.poetry]
name = "thing"
version = "1.0"
description = "A thing"
authors = ["A <a@example.org>"]
packages = [{ include = "thing", from = "src" }]

[tool.poetry.dependencies]
python = ">=3.12,<4"
idna = "3.10"
cffi = "2.0.0"
PyYAML = { version = "*", optional = true }

[tool.poetry.extras]
yaml = ["PyYAML"]

[tool.poetry.group.dev.dependencies]
pytest = "*"

[tool.poetry.scripts]
thing = "thing:main"

[build-system]
requires = ["poetry-core"]
build-backend = "poetry.core.masonry.api"
"""
_PROJECT = """\
[project]
name = "thing"
version = "1.0"
description = "A thing"
requires-python = ">=3.12"
dependencies = ["idna==3.10", "cffi==2.0.0", "click==8.1.8"]
optional-dependencies.yaml = ["PyYAML"]
scripts.thing = "thing:main"

[dependency-groups]
dev = ["pytest"]

[build-system]
requires = ["flit_core>=3.11,<4"]
build-backend = "flit_core.buildapi"
"""
_FILES = {"src/thing/__init__.py": MODULE, "tests/test_thing.py": TEST, "idna.patch": IDNA_PATCH}
# Of Poetry 2.5.1, without the files for other Pythons and systems.
_POETRY_LOCK = (ROOT / "tests" / "e2e" / "data" / "poetry.lock").read_text(encoding="utf-8")


# Name of the tool → its project's files, by their paths.
PROJECTS: Mapping[str, Mapping[str, str]] = {
    "poetry2nix": _FILES | {"pyproject.toml": _POETRY, "poetry.lock": _POETRY_LOCK},
    "uv2nix": _FILES | {"pyproject.toml": _PROJECT + BUILT_CFFI},
    "dream2nix": _FILES | {"pyproject.toml": _PROJECT + BUILT_CFFI},
    "mach-nix": {"requirements.txt": "PyYAML\nidna >= 3.4\n", "pyyaml.patch": ""},
}

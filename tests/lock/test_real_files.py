"""Real projects' files: our lock has what the file's own tool installs, group by group."""

import functools
import os
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support import differences, real_files
from tests.support.project import ROOT
from tests.support.real_files import Case
from tests.support.reference_tools import Tools

pytestmark = pytest.mark.index

CASES = real_files.cases()


@pytest.fixture(scope="module")
def tools(uv: str, uv_cache: Path, tmp_path_factory: pytest.TempPathFactory) -> Tools:
    """The tools, with the index that the machine names, and caches for all cases."""
    home = tmp_path_factory.mktemp("home")
    environment = dict(os.environ) | {
        "HOME": os.fspath(home),
        "NO_COLOR": "1",
        "PDM_CHECK_UPDATE": "false",
        "PDM_USE_VENV": "false",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONPATH": os.fspath(ROOT),
        "TMPDIR": os.fspath(tmp_path_factory.mktemp("scratch")),
        "UV_CACHE_DIR": os.fspath(uv_cache),
        "UV_PYTHON": sys.executable,
        "UV_PYTHON_DOWNLOADS": "never",
        "UV_TOOL_DIR": f"{home}/tools",
        "WHEELHOUSE_UV": uv,
        "XDG_CACHE_HOME": f"{home}/.cache",
    }
    environment.pop("VIRTUAL_ENV", None)
    # Poetry brings its own list of authorities, whatever the machine trusts.
    if "SSL_CERT_FILE" in os.environ:
        environment.setdefault("REQUESTS_CA_BUNDLE", os.environ["SSL_CERT_FILE"])
    return Tools(uv, environment)


@pytest.fixture(scope="module")
def registry(tools: Tools, tmp_path_factory: pytest.TempPathFactory) -> Callable[[], str]:
    """A function that returns the address of the index, as uv knows it."""

    @functools.cache
    def ask() -> str:
        folder = tmp_path_factory.mktemp("registry")
        project = '[project]\nname = "x"\nversion = "1"\ndependencies = ["idna"]\n'
        (folder / "pyproject.toml").write_text(project, encoding="utf-8")
        tools.run(folder, "lock")
        packages = tomllib.loads((folder / "uv.lock").read_text("utf-8"))["package"]
        found: str = next(one["source"]["registry"] for one in packages if one["name"] == "idna")
        return found

    return ask


@pytest.mark.parametrize(
    "case",
    [
        pytest.param(case, id=str(case), marks=[pytest.mark.large] if case.large else [])
        for case in CASES
    ],
)
def test_a_real_file_is_locked_as_its_tool_installs_it(
    case: Case, tmp_path: Path, tools: Tools, registry: Callable[[], str]
) -> None:
    result = differences.compare(case, tmp_path / "project", tools, registry)
    told = differences.explain(case, result.differences)
    assert not told, told

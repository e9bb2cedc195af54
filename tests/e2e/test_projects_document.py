"""Every command and every example of docs/projects.md does what it says."""

import os
import re

import pytest

from tests.support.documents import code_blocks, console_commands, run_commands
from tests.support.evaluation import value_of
from tests.support.project import ROOT

DOCUMENT = (ROOT / "docs" / "projects.md").read_text(encoding="utf-8")
MAKE, BUILD, RUN, CLOSURE, SHELL, CHECK = map(console_commands, code_blocks(DOCUMENT, "console"))
[MODULE] = code_blocks(DOCUMENT, "python")

pytestmark = [pytest.mark.nix, pytest.mark.index]


def test_from_uv_init_to_a_running_service(nix, tmp_path):
    lines = [*MAKE, f"cat >src/hello/__init__.py <<'END'\n{MODULE}END", *BUILD, *RUN]
    lines += [*CLOSURE, "nix develop -c python -c 'import hello; print(hello.__file__)'"]
    lines = [line.replace("PATH_OR_URL_OF_THIS_FLAKE", str(ROOT)) for line in lines]
    python = nix.build(".#tools") / "bin" / "python3"
    settings = [
        f"PATH=$PATH:{os.path.dirname(os.environ['WHEELHOUSE_UV'])}",  # noqa: PTH120
        f"export UV_PYTHON={python.resolve()} UV_PYTHON_DOWNLOADS=never",
    ]
    (tmp_path / "test_hello.py").write_text(
        "from hello import application\nfrom starlette.testclient import TestClient\n\n\n"
        "def test_it_greets():\n"
        "    assert TestClient(application).get('/you').text == 'Hello, you!\\n'\n"
    )
    lines.append(f"mkdir tests; cp {tmp_path}/test_hello.py tests; git add -A; {CHECK[0]}")
    # A job may not be the one that %1 names where there is no terminal.
    lines = [line.replace("kill %1", "kill $!") for line in lines]
    printed = run_commands(nix, [*settings, *lines], tmp_path, tmp_path / "bin").splitlines()
    assert printed[0] == "hello"
    assert "Hello, Nix!" in printed
    paths = {line.split()[0][44:] for line in printed if line.startswith("/nix/store/")}
    assert any(re.match(r"python3\.\d+-starlette-", path) for path in paths)
    assert not any("pytest" in path or "gcc-wrapper" in path for path in paths)
    assert printed[-1] == f"{tmp_path}/hello/src/hello/__init__.py"


def test_the_shell_s_command_is_the_one_that_runs():
    assert SHELL == ["nix develop"]


@pytest.mark.parametrize(
    "block",
    [block for block in code_blocks(DOCUMENT, "nix") if "library." in block or "checks" in block],
)
def test_attributes_are_valid(block):
    text = block.replace("./sources.yaml", f"{ROOT}/tests/lib/data/project/sources.yaml")
    assert value_of(f"builtins.isFunction (library: self: pkgs: environment: {{ {text} }})")

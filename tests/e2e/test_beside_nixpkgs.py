"""An environment stands where nixpkgs takes a package, and its variables reach every program."""

import json
import subprocess

import pytest

from tests.support.documents import code_blocks
from tests.support.nix import environment, write_user_flake
from tests.support.project import ROOT

pytestmark = [pytest.mark.nix, pytest.mark.index]

DOCUMENT = (ROOT / "docs" / "overrides.md").read_text(encoding="utf-8")
(BESIDE,) = [
    block
    for block in code_blocks(DOCUMENT.partition("\n## Beside nixpkgs\n")[2], "nix")
    if "mkShell" in block
]
OVERRIDES = """overrides.pygments.variables = {
  REPLACED = "/own";
  EXTENDED = [ "/own" ];
};"""
ENV = environment("env", OVERRIDES)
APPLICATION = ENV.replace(
    "makePythonPypiEnvironment {", "library.makePythonPypiApplication {"
).replace('name = "env";', 'name = "app"; package = "pygments"; mainProgram = "pygmentize";')
SHOW = "import os, json; print(json.dumps([os.environ['REPLACED'], os.environ['EXTENDED']]))"
# Pygments runs it: a lexer is loaded of any file.
LEXER = f"""import sys
from pygments.lexers import PythonLexer
class CustomLexer(PythonLexer):
    {SHOW.replace("print(", "sys.stderr.write(")}
"""


@pytest.fixture(scope="module")
def folder(nix, tmp_path_factory):
    """A user's flake with an environment, and what the document makes of it."""
    made = write_user_flake(
        tmp_path_factory.mktemp("beside") / "flake",
        f"""env = {ENV};
        app = {APPLICATION};
        wheelhouseShell = library.makeShell {{ environment = {ENV}; }};
        inherit (let env = {ENV}; in {BESIDE}) shell;""",
        requirements='pygments: "==2.19.2"\n',
    )
    (made / "report.py").write_text(SHOW, encoding="utf-8")
    (made / "lexer.py").write_text(LEXER, encoding="utf-8")
    nix.lock(made, "--system", "x86_64-linux", "3.12")
    return made


@pytest.mark.parametrize("shell", ["shell", "wheelhouseShell"])
def test_a_shell_has_the_environment_and_its_variables(nix, folder, shell):
    done = nix.run(
        "develop",
        f"path:.#{shell}",
        "-c",
        "python",
        "report.py",
        cwd=folder,
        environment={"EXTENDED": "/users"},
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == ["/own", "/own:/users"]


def test_programs_of_an_application_have_the_variables(nix, folder):
    app = nix.build("path:.#app", cwd=folder)
    done = subprocess.run(
        [app / "bin" / "pygmentize", "-x", "-l", folder / "lexer.py", folder / "report.py"],
        env={},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stderr) == ["/own", "/own"]

"""`lock fetch` downloads what builds need: these need no index afterwards."""

import os
import re
from pathlib import Path

import pytest

from tests.support.backends import backend
from tests.support.documents import code_blocks, console_commands, run_commands
from tests.support.index_server import IN_TREE, Index, serve
from tests.support.nix import environment
from tests.support.project import ROOT
from tests.support.wheels import Wheel

DOCUMENT = (ROOT / "docs" / "deployment.md").read_text(encoding="utf-8")
SECTION = DOCUMENT.partition("\n## Fetch files ahead of builds\n")[2].partition("\n## ")[0]
COMMANDS = [line for block in code_blocks(SECTION, "console") for line in console_commands(block)]

pytestmark = [pytest.mark.nix, pytest.mark.index]


def test_a_build_after_it_downloads_nothing(nix, user_flake, tmp_path):
    served: dict[str, Index] = {}
    # Nobody has this content in the store yet.
    salt = f"salt = {os.urandom(8).hex()!r}\n"
    folder = user_flake(f"env = {environment('fetched')};", requirements="alpha: '*'\nbeta: '*'\n")
    variables = {
        "XDG_CACHE_HOME": str(tmp_path / "cache"),
        "WHEELHOUSE_NO_NATIVE": "1",
        "PATH": f"{Path(nix.executable or '/usr/bin/nix').parent}:{os.environ['PATH']}",
    }

    def lock(*arguments: str | Path, **more: str) -> str:
        done = nix.run("run", ".#lock", "--", *arguments, environment=variables | more)
        assert done.returncode == 0, done.stderr
        return done.stderr

    with serve(served) as address:
        index = served["0"] = Index(f"{address}/0")
        index.responding.set()
        index.valid_wheel(Wheel("alpha", files={"alpha.py": salt}))
        index.valid_wheel(Wheel("helper", files={"helper.py": f"SOURCE = {salt!r}\n"}))
        pyproject = IN_TREE.replace("[]", "['helper']", 1)
        maker = backend("beta", "helper.SOURCE", "helper")
        index.sdist("beta", "1.0", pyproject, files={"backend.py": maker, "salt": salt})
        lock(
            "3.11", "--system", "x86_64-linux",
            folder / "requirements.yaml", folder / "sources.yaml",
            UV_DEFAULT_INDEX=index.simple, WHEELHOUSE_NIX_STORE="",
        )  # fmt: skip
        told = lock("fetch", folder / "sources.yaml")
        assert re.search(r"^fetched: ([3-9]) files; \d+ were there$", told, re.MULTILINE), told
        assert {path for path in index.sent if path.endswith((".whl", ".gz"))} >= {
            "/files/alpha-1.0-py3-none-any.whl",
            "/files/helper-1.0-py3-none-any.whl",
            "/files/beta-1.0.tar.gz",
        }
    # The index is gone, and Nix is told to use no network.
    built = nix.build("path:.#env", "--offline", cwd=folder)
    site = built / "lib" / "python3.11" / "site-packages"
    assert (site / "alpha.py").read_text("utf-8") == salt
    assert (site / "beta.py").read_text("utf-8") == salt


def test_the_commands_of_the_document(nix, user_flake, tmp_path):
    lock = ROOT / "examples" / "django" / "sources.yaml"
    folder = user_flake(f"default = {environment('django-example')};", sources=lock)
    app = nix.build(".#lock")
    printed = run_commands(nix, [f"PATH={app}/bin:$PATH", *COMMANDS], folder, tmp_path / "bin")
    assert "django" in printed.lower()

"""What users of Makes have: its lock files, its flags, its search paths, and the page for them."""

import json
import re
import subprocess
from pathlib import Path

import pytest
import yaml

from tests.support.documents import code_blocks, console_commands, run_commands
from tests.support.makes_locks import as_makes
from tests.support.nix import environment, sandbox_run
from tests.support.project import ROOT

PAGE = (ROOT / "docs" / "makes.md").read_text(encoding="utf-8")
FLAKE, PLAIN = code_blocks(PAGE, "nix")
BUILD, LOCK = map(console_commands, code_blocks(PAGE, "console"))
REQUIREMENTS = """\
cycler: "*"
numpy: ">=1.18.5"
pycocotools: {version: "==2.0", build-requires: [Cython, numpy]}
"""
MASK = "import numpy, pycocotools.mask as m; print(m.area(m.encode(numpy.eye(4, 4, 0, 'B', 'F'))))"

pytestmark = [pytest.mark.nix, pytest.mark.index]


def locked(nix, folder: Path, python: str, requirements: str) -> dict:
    """Write a lock of wheelhouse into a folder, and return its data."""
    (folder / "requirements.yaml").write_text(requirements, encoding="utf-8")
    nix.lock(folder, python, "requirements.yaml", "sources.yaml")
    return yaml.safe_load((folder / "sources.yaml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def makes_file(nix, tmp_path_factory) -> str:
    """A lock file as Makes writes it, with files of every platform."""
    lock = locked(nix, tmp_path_factory.mktemp("lock"), "3.8", REQUIREMENTS)
    for part in ["macosx", "manylinux", "aarch64", "x86_64", "-any.whl", ".tar.gz"]:
        assert any(part in link["name"] for link in lock["links"])
    assert not any("cython" in link["name"].lower() for link in lock["links"])
    return yaml.safe_dump(as_makes(lock))


@pytest.fixture
def project(tmp_path, makes_file) -> Path:
    """A user's folder, with the page's flake and a lock file of Makes."""
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "sources.yaml").write_text(makes_file, encoding="utf-8")
    (folder / "flake.nix").write_text(
        FLAKE.replace('url = "…"', 'url = "github:OWNER/wheelhouse"'), encoding="utf-8"
    )
    return folder


@pytest.mark.interpreter("3.8")
def test_the_call_of_makes_builds_and_computes(nix, project, tmp_path):
    assert run_commands(nix, BUILD, project, tmp_path / "bin") == "4\n"
    (build,) = nix.evaluate("path:.#default.sources", cwd=project)["builds"]
    # Its other build requirements are packages of flags, so it needs no wheel of the lock.
    assert [item["name"] for item in build["closure"]] == ["setuptools", "wheel"]


CALL = re.search(r"(makePythonPypiEnvironment \{.*?\n    \});", FLAKE, flags=re.DOTALL)


@pytest.mark.interpreter("3.8")
@pytest.mark.parametrize(
    ("lock", "program", "printed"),
    [
        pytest.param(None, "./program.py", "4\n", id="mask"),
        pytest.param(
            ROOT / "examples" / "ml-3.8" / "sources.yaml",
            '"${wheelhouse}/examples/ml-3.8/program.py"',
            "encoded a mask of 8",
            id="founding case",
            marks=pytest.mark.large,
        ),
    ],
)
def test_what_the_call_builds_computes_in_the_sandbox(
    nix, user_flake, makes_file, lock, program, printed
):
    text = makes_file
    if lock is not None:
        text = yaml.safe_dump(as_makes(yaml.safe_load(lock.read_text("utf-8"))))
    check = sandbox_run(CALL[1], f'"-I" "${{wheelhouse}}/examples/check.py" {program}')
    folder = user_flake(f"check = {check};", sources=text)
    (folder / "program.py").write_text(MASK, encoding="utf-8")
    assert printed in nix.build("path:.#check", cwd=folder).read_text()


@pytest.mark.interpreter("3.8")
def test_without_the_flags_the_build_says_what_it_lacks(nix, project):
    flake = project / "flake.nix"
    flake.write_text(re.sub(r"\bwith[A-Z]\w+ = true;", "", flake.read_text()), encoding="utf-8")
    result = nix.run("build", "--no-link", "path:.#default", cwd=project)
    assert result.returncode != 0
    assert "The lock, as Makes wrote it, says nothing of the build of pycocotools" in result.stderr
    assert "it asks for cython, which is neither in the lock nor given by a flag" in result.stderr
    assert "set withCython_0_29_24 = true, or lock again with wheelhouse" in result.stderr


@pytest.mark.interpreter("3.8")
def test_the_call_works_without_flakes(nix, project):
    expression = PLAIN.replace("./wheelhouse", str(ROOT)).replace(
        "…", f'name = "plain"; sourcesYaml = {project}/sources.yaml; withWheel_0_37_0 = true;'
    )
    printed = nix.output("eval", "--impure", "--raw", "--expr", f"({expression}).name")
    assert printed == "plain"


def test_the_lock_command_replaces_the_file_of_makes(nix, project, tmp_path):
    (project / "requirements.yaml").write_text(REQUIREMENTS, encoding="utf-8")
    lines = [line.replace("PATH_OR_URL_OF_THIS_FLAKE", str(ROOT)) for line in LOCK]
    run_commands(nix, lines, project, tmp_path / "bin")
    assert (project / "sources.yaml").read_text(encoding="utf-8").startswith('{"wheelhouse": 2,\n')


# The build adds to the module what it finds at build time.
PATCH = """\
--- a/setup.py
+++ b/setup.py
@@ -1,1 +1,6 @@
+import os, shutil, setuptools, wheel, Cython
+seen = [setuptools.__version__, wheel.__version__, Cython.__version__]
+seen += [os.environ.get("BOTH"), os.environ.get("RUNTIME"), shutil.which("probe") is not None]
+with open("docopt.py", "a") as stream:
+    stream.write("\\nSEEN = %r\\n" % seen)
 from setuptools import setup
"""
ENVIRONMENT = environment(
    "env",
    """
    overrides.docopt.patches = [ ./docopt.patch ];
    searchPaths.export = [ [ "BOTH" "common" "" ] ];
    searchPathsBuild.bin = [ (pkgs.runCommand "probe" { }
      "mkdir -p $out/bin; touch $out/bin/probe; chmod +x $out/bin/probe") ];
    searchPathsRuntime.export = [ [ "RUNTIME" "shell" "" ] ];
    withCython_0_29_24 = true;
    withSetuptools_67_7_2 = true;
    """,
)


def test_flags_and_search_paths_reach_the_builds_of_a_lock_of_wheelhouse(nix, user_flake):
    folder = user_flake(f"env = {ENVIRONMENT};")
    (folder / "docopt.patch").write_text(PATCH, encoding="utf-8")
    lock = locked(nix, folder, "3.11", 'docopt: "==0.6.2"\n')
    (build,) = lock["builds"]
    closure = {item["name"]: item["version"] for item in build["closure"]}
    assert "cython" not in closure
    assert closure["setuptools"] != "67.7.2"
    built = nix.build("path:.#env", cwd=folder)
    printed = subprocess.run(
        [
            "bash",
            "-c",
            f'. {built}/template; echo "$BOTH $RUNTIME"; type -P probe; '
            "python -c 'import docopt, json; print(json.dumps(docopt.SEEN))'; "
            "python -c 'import Cython'",
        ],
        env={"PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )
    shell, seen = printed.stdout.splitlines()
    assert shell == "common shell"
    assert json.loads(seen) == ["67.7.2", closure["wheel"], "0.29.24", "common", None, True]
    assert "No module named 'Cython'" in printed.stderr


def test_the_table_of_flags_is_true(nix):
    file = ROOT / "lib" / "makes" / "table.nix"
    table = json.loads(nix.output("eval", "--json", "--file", file))
    locks = sorted(
        (ROOT / "lib" / "makes" / "sources").glob("*.yaml"),
        key=lambda lock: int(lock.stem.partition(".")[2]),
    )
    rows = []
    for flag, item in table.items():
        pythons = [lock.stem for lock in locks if f'"{flag}": {{\n' in lock.read_text("utf-8")]
        rows.append((flag, f"{item['package']}=={item['version']}", ", ".join(pythons)))
    assert re.findall(r"^\| `(with\w+)` \| `(.*)` \| (.*) \|$", PAGE, flags=re.M) == rows


def test_the_page_is_linked_from_the_readme():
    assert "(docs/makes.md)" in (ROOT / "README.md").read_text(encoding="utf-8")

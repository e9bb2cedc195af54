"""Every key of an override is documented with an example, and the examples do what they say."""

import json
import re
from pathlib import Path

import pytest
import yaml

from tests.support.documents import code_blocks
from tests.support.evaluation import value_of
from tests.support.nix import Nix, environment, sandbox_run, write_user_flake
from tests.support.project import ROOT
from tests.support.wheels import Wheel, record_hash

pytestmark = [pytest.mark.nix, pytest.mark.index]

DOCUMENT = (ROOT / "docs" / "overrides.md").read_text(encoding="utf-8")
KEYS = DOCUMENT.partition("\n## Keys\n")[2].partition("\n## Several overrides\n")[0]
NIXPKGS = DOCUMENT.partition("\n## Packages from nixpkgs\n")[2].partition("\n## Leave a")[0]
EXAMPLES = [block for block in code_blocks(KEYS, "nix") if block.startswith("overrides.")]
OF_NIXPKGS = [block for block in code_blocks(NIXPKGS, "nix") if block.startswith("overrides.")]
REQUIREMENTS = """
cffi: {version: "==2.0.0", prefer-sdist: true}
docopt: "==0.6.2"
idna: "==3.10"
PyYAML: "==6.0.3"
six: "==1.17.0"
tkinter: {from: nixpkgs}
wrapt: {version: "==1.17.2", prefer-sdist: true}
"""
PATCH = """--- a/idna/package_data.py
+++ b/idna/package_data.py
@@ -1,1 +1,2 @@
 __version__ = "3.10"
+PATCHED = True
"""
SIX = Wheel("six", "1.17.0.post1", {"six.py": "OURS = True\n"}, tag="py2.py3-none-any")
# What each key's example does, as the sandbox sees it. Those of `wheel` and `report` are below.
PROGRAM = """
import ctypes, importlib.metadata, importlib.util, json, os
import cffi, docopt, idna.package_data, six, wrapt, yaml

def version(name):
    return importlib.metadata.version(name)

files = {str(file) for file in importlib.metadata.files("PyYAML")}
print(json.dumps({
    "patches": idna.package_data.PATCHED,
    "remove": importlib.util.find_spec("_yaml") is None and "_yaml/__init__.py" not in files,
    "postInstall": docopt.__version__ == "0.6.2+ours",
    "source": six.OURS,
    "version": version("six") == "1.17.0.post1",
    "runtimeLibraries": cffi.FFI().dlopen("libz.so.1") is not None,
    "env": importlib.util.find_spec("wrapt._wrappers") is None,
    "variables": os.environ["TCL_LIBRARY"].endswith("/lib/tcl8.6")
    and os.environ["XDG_DATA_DIRS"].endswith("/share"),
}), file=open(os.environ["out"], "w"))
"""
LISTED = " ".join(f"{{ {block} }}" for block in EXAMPLES)
BUILT = environment("built", f"overrides = map (example: example.overrides) [ {LISTED} ];")


def assigned(blocks: list[str]) -> list[str]:
    """Return the keys that some examples give, sorted."""
    listed = " ".join(f"({{ {block} }}).overrides" for block in blocks)
    return value_of(
        f"""let
          pkgs = {{ pkg-config = "/a"; libffi = "/b"; zlib = "/c"; tcl = "/d"; tk = "/e";
            gtk3 = "/f"; gobject-introspection = "/g"; glib.out = "/h";
            python311.pkgs.pygobject3 = "/i"; }};
          keys = overrides: builtins.concatMap builtins.attrNames (builtins.attrValues overrides);
        in builtins.attrNames (builtins.groupBy (key: key)
          (builtins.concatMap keys [ {listed} ]))"""
    )


@pytest.fixture(scope="module")
def folder(nix: Nix, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A user's flake with all examples in one environment, and its lock."""
    made = write_user_flake(
        tmp_path_factory.mktemp("overrides") / "flake",
        f"""env = {BUILT};
        check = {sandbox_run(BUILT)};
        refused = ({BUILT}).override {{ overrides.idna.preferSdist = true; }};
        wrong = ({BUILT}).override (old: {{
          overrides = old.overrides ++ [ {{ idna.patches = [ ./wrong.patch ]; }} ];
        }});
        fails = (({BUILT}).override {{ overrides.idna.postInstall = "false"; }}).packages.idna;
        ends = (({BUILT}).override {{ overrides.idna.postInstall = "exit 0"; }}).packages.idna;""",
        requirements=REQUIREMENTS,
    )
    (made / "idna.patch").write_text(PATCH, encoding="utf-8")
    (made / "wrong.patch").write_text(
        PATCH.replace('+1,2 @@\n __version__ = "3.10"', '+1,1 @@\n-__version__ = "0.1"'),
        encoding="utf-8",
    )
    (made / "program.py").write_text(PROGRAM, encoding="utf-8")
    SIX.write(made).rename(made / SIX.archive_name)
    nix.lock(made, "--system", "x86_64-linux", "3.11", "requirements.yaml", "sources.yaml")
    return made


def test_every_key_is_in_the_table_and_has_an_example() -> None:
    known = value_of(f"builtins.attrNames (import {ROOT}/lib/overrides/keys.nix)")
    assert re.findall(r"^\| `(\w+)` \|", KEYS, re.MULTILINE) == known
    assert assigned([*EXAMPLES, *OF_NIXPKGS]) == known


@pytest.fixture(scope="module")
def effects(nix: Nix, folder: Path) -> dict[str, bool]:
    """What the examples did, by key."""
    found: dict[str, bool] = json.loads(nix.build("path:.#check", cwd=folder).read_text())
    report = nix.build("path:.#env.report", cwd=folder).read_text()
    wheel = nix.build("path:.#env.packages.docopt.wheel", cwd=folder)
    libraries = re.search(r"^  cffi 2\.0\.0 .* libffi\.so\.\d+ +overrides\.cffi$", report, re.M)
    cffi = "path:.#env.packages.cffi.wheel.drvAttrs"
    locked = yaml.safe_load((folder / "sources.yaml").read_text(encoding="utf-8"))
    return found | {
        # The lock says what cffi needs, and its build gets nothing of it.
        "nativeLibraries": any(item["package"] == "cffi" for item in locked["native"])
        and not nix.evaluate(cffi, "--apply", "attrs: attrs ? C_INCLUDE_PATH", cwd=folder),
        "buildInputs": libraries is not None,
        # Without pkg-config the build doesn't find the headers that stand in `dev`.
        "nativeBuildInputs": libraries is not None,
        "configSettings": [file.name for file in wheel.iterdir()]
        == ["docopt-0.6.2-7-py2.py3-none-any.whl"],
        "preferSdist": True,
    }


@pytest.mark.parametrize("key", assigned(EXAMPLES))
def test_an_example_has_its_effect(effects: dict[str, bool], key: str) -> None:
    assert effects[key]


def test_an_edited_package_is_the_same_when_it_is_built_again(nix: Nix, folder: Path) -> None:
    for package in ("idna", "pyyaml", "docopt"):
        nix.build_twice(f"path:.#env.packages.{package}", cwd=folder)


def test_record_has_the_patched_file(nix: Nix, folder: Path) -> None:
    built = nix.build("path:.#env.packages.idna", cwd=folder)
    site = built / "lib/python3.11/site-packages"
    record = (site / "idna-3.10.dist-info" / "RECORD").read_text(encoding="utf-8")
    content = (site / "idna" / "package_data.py").read_bytes()
    assert f"idna/package_data.py,{record_hash(content)},{len(content)}\n" in record


@pytest.mark.parametrize(
    ("output", "message"),
    [
        ("refused", "overrides.idna.preferSdist asks for the source distribution of idna 3.10"),
        ("wrong", "wheelhouse: error: idna 3.10: the patch wrong.patch does not apply"),
        ("fails", "idna 3.10: the shell of `postInstall` ended with the status 1"),
    ],
)
def test_what_cannot_be_done_is_one_error(
    nix: Nix, folder: Path, output: str, message: str
) -> None:
    done = nix.run("build", "--no-link", f"path:.#{output}", cwd=folder)
    assert done.returncode != 0
    assert message in done.stderr
    assert "Traceback" not in done.stderr


def test_shell_that_ends_itself_ends_nothing_else(nix: Nix, folder: Path) -> None:
    built = nix.build("path:.#ends", cwd=folder)
    assert (built / "wheelhouse" / "package.json").exists()

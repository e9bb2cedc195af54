"""Debian's Python packages as nixpkgs names them, and what they load, in the sandbox."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.support import x_display
from tests.support.x_programs import GTK, TK

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable

    Build = Callable[..., subprocess.CompletedProcess[str]]
    Nix = Callable[..., subprocess.CompletedProcess[str]]

pytestmark = [pytest.mark.nix, pytest.mark.index]

# the interpreter that Debian's packages are for
DEBIANS = """
  pythons = map (name: pkgs.${name}) (builtins.filter
    (name: builtins.match "python3[0-9]+" name != null) (builtins.attrNames pkgs));
  python = builtins.head (builtins.filter (p: p.pkgs ? pygobject3) pythons);
"""

# with their Python dependencies, as a user of nixpkgs would set PYTHONPATH
RUN = f"""
let
  {DEBIANS}
  sites = package: [ "${{package}}/${{python.sitePackages}}" ]
    ++ builtins.concatMap sites (builtins.filter (p: p ? pythonModule)
      package.propagatedBuildInputs);
  run = package: environment: program:
    derivation ({{
      name = "run";
      system = "x86_64-linux";
      builder = python.interpreter;
      args = [ "-B" (builtins.toFile "program.py" program) ];
      PATH = "${{python}}/bin";
      xServer = pkgs.xorg-server;
      PYTHONPATH = builtins.concatStringsSep ":" (sites package);
      FONTCONFIG_FILE = pkgs.makeFontsConf {{ fontDirectories = [ pkgs.dejavu_fonts ]; }};
      XDG_CACHE_HOME = "/build";
      TCL_LIBRARY = "${{pkgs.tcl}}/lib/tcl8.6";
      TK_LIBRARY = "${{pkgs.tk}}/lib/tk8.6";
      GI_TYPELIB_PATH = builtins.concatStringsSep ":" (map (p: "${{p}}/lib/girepository-1.0") (
        with pkgs; [ at-spi2-core gdk-pixbuf gobject-introspection gtk3 harfbuzz pango ]));
    }} // environment);
in
"""

DISPLAY = f"{Path(x_display.__file__).read_text()}\nstart_server()\n"


MAIN_LOOP = r"""
import importlib.metadata, json, os
from gi.repository import Gio, GLib
loop, seen = GLib.MainLoop(), []
GLib.idle_add(lambda: (seen.append('idle'), loop.quit()))
loop.run()
seen += [Gio.File.new_for_path('/build').query_exists()]
seen += [importlib.metadata.version(name) for name in ('PyGObject', 'pycairo')]
open(os.environ['out'], 'w').write(json.dumps(seen))
"""

LOADED = r"""
import re
loaded = set(re.findall(r'/\S+\.so\b\S*', open('/proc/self/maps').read()))
names = [path.rpartition('/')[2] for path in loaded]
shown.append([name for name in names if names.count(name) > 1])
shown.append([path for path in loaded if not path.startswith('/nix/store/')])
"""

END = r"""
import json
open(os.environ['out'], 'w').write(json.dumps(shown))
"""


def result(build: Build, expression: str) -> Any:
    done = build(RUN + expression)
    assert done.returncode == 0, done.stderr
    return json.loads(Path(done.stdout).read_text())


def test_packages_say_what_nixpkgs_says(build: Build) -> None:
    told = result(
        build,
        """pkgs.writeText "told" (builtins.toJSON (builtins.mapAttrs (name: p: {
          inherit (p) pname version;
          same = p.pythonModule.outPath == python.outPath;
          propagated = map (p: p.pname) p.propagatedBuildInputs;
        }) python.pkgs // { python = python.version; }))""",
    )
    python = told.pop("python")
    assert all(package.pop("same") for package in told.values())
    assert told["tkinter"] == {
        "pname": "tkinter",
        "version": python,
        "propagated": ["python3"],
    }
    assert told["pygobject3"]["pname"] == "pygobject"
    assert told["pygobject3"]["propagated"] == ["python3", "pycairo", "gobject-introspection"]
    for name in ("pygobject3", "pycairo"):
        assert all(part.isdigit() for part in told[name]["version"].split("."))


def test_another_python_has_no_packages(build: Build) -> None:
    told = result(
        build,
        """pkgs.writeText "told" (builtins.toJSON {
          names = map (p: builtins.attrNames p.pkgs) pythons;
          same = pkgs.python3Packages == pkgs.python3.pkgs;
        })""",
    )
    assert ["pycairo", "pygobject3", "tkinter"] in told["names"]
    assert [] in told["names"] or len(told["names"]) == 1
    assert told["same"] is True


def test_tk_draws_a_window(build: Build) -> None:
    drawn = result(build, f"run python.pkgs.tkinter {{ }} ''{DISPLAY}{TK}{END}''")
    assert drawn == [100, 60, "123456", "ffffff", 10]


def test_a_main_loop_runs_and_typelibs_are_found(build: Build) -> None:
    seen = result(build, f"run python.pkgs.pygobject3 {{ }} ''{MAIN_LOOP}''")
    assert seen[:2] == ["idle", True]
    versions = result(build, """pkgs.writeText "versions" (builtins.toJSON [
      python.pkgs.pygobject3.version python.pkgs.pycairo.version ])""")  # fmt: skip
    assert seen[2:] == versions


def test_gtk_draws_a_window_with_one_copy_of_each_library(build: Build) -> None:
    drawn = result(build, f"run python.pkgs.pygobject3 {{ }} ''{DISPLAY}{GTK}{LOADED}{END}''")
    assert drawn == ["name", 100, "123456", [], []]


def test_a_typelib_names_its_libraries_by_path(build: Build) -> None:
    program = r"""
import json, os, re
found = {}
for folder in os.environ['folders'].split():
    for name in os.listdir(folder):
        content = open(folder + '/' + name, 'rb').read()
        start = int.from_bytes(content[52:56], 'little')
        names = content[start:content.index(b'\0', start)].decode() if start else ""
        found[name] = [os.path.exists(path) for path in names.split(',') if path]
open(os.environ['out'], 'w').write(json.dumps(found))
"""
    folders = """{ folders = map (p: "${p}/lib/girepository-1.0") (
      with pkgs; [ at-spi2-core gdk-pixbuf gobject-introspection gtk3 harfbuzz pango ]); }"""
    found = result(build, f"run python.pkgs.tkinter {folders} ''{program}''")
    names = ["Atk-1.0", "GLib-2.0", "GObject-2.0", "Gdk-3.0", "GdkPixbuf-2.0", "Gio-2.0",
             "Gtk-3.0", "HarfBuzz-0.0", "Pango-1.0", "PangoCairo-1.0", "cairo-1.0"]  # fmt: skip
    for name in names:
        assert found[f"{name}.typelib"], name
        assert all(found[f"{name}.typelib"]), name


def test_bytecode_is_the_interpreters_own(build: Build) -> None:
    program = r"""
import gi, json, os, sys, subprocess
ran = subprocess.run([sys.executable, '-v', '-c', 'import gi'], capture_output=True, text=True)
stale = [line for line in ran.stderr.splitlines()
         if line.startswith('# code object from') and line.rstrip("'").endswith('.py')]
open(os.environ['out'], 'w').write(json.dumps([gi.__spec__.cached is not None, stale]))
"""
    assert result(build, f"run python.pkgs.pygobject3 {{ }} ''{program}''") == [True, []]


@pytest.mark.parametrize("attribute", ["gtk3", "xorg-server", "python.pkgs.pygobject3"])
def test_they_are_reproducible(nix: Nix, build: Build, tmp_path: Path, attribute: str) -> None:
    expression = attribute if attribute.startswith("python") else f"pkgs.{attribute}"
    done = build(f"let {DEBIANS} in {expression}")
    assert done.returncode == 0, done.stderr
    again = nix("build", "--no-link", "--rebuild", f"path:{tmp_path}")
    assert again.returncode == 0, again.stderr

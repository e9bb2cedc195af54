"""Packages of the package set in an environment: they run, and those that don't fit are refused."""

import json
import re
import subprocess
from pathlib import Path

import pytest

from tests.support import x_display
from tests.support.nix import environment, sandbox_run, write_user_flake
from tests.support.x_programs import GTK, TK

pytestmark = [pytest.mark.nix, pytest.mark.index]

X_DISPLAY = Path(x_display.__file__).read_text(encoding="utf-8")

# A version of Python that the package set has these packages for, and the other versions.
PYTHONS = """
let
  inherit (import ./. { pkgs = import <nixpkgs> { }; }) toolchain;
  having = version: (toolchain.pythonPackages (toolchain.interpreter version)) ? pygobject3;
  own = builtins.head (builtins.filter having toolchain.pythonVersions);
in
[
  own
  (builtins.filter (
    version: version != own && builtins.match ".*t" version == null
  ) toolchain.pythonVersions)
]
"""

TKINTER = """
tkinter.variables = {
  TCL_LIBRARY = "${pkgs.tcl}/lib/tcl8.6";
  TK_LIBRARY = "${pkgs.tk}/lib/tk8.6";
};
"""
PYGOBJECT = """
pygobject = {
  package = python.pkgs.pygobject3;
  variables.GI_TYPELIB_PATH = map (package: "${package}/lib/girepository-1.0") [
    pkgs.at-spi2-core
    pkgs.gdk-pixbuf
    pkgs.gobject-introspection
    pkgs.gtk3
    pkgs.harfbuzz
    pkgs.pango
  ];
};
"""
# Tk and Gtk draw text, and there is no font in a sandbox.
SCREEN = """
  FONTCONFIG_FILE = pkgs.makeFontsConf { fontDirectories = [ pkgs.dejavu_fonts ]; };
  XDG_CACHE_HOME = "/build";
  MPLCONFIGDIR = "/build";
  xServer = pkgs.xorg-server;
"""

TKAGG = """
import matplotlib
matplotlib.use("TkAgg")
from matplotlib import pyplot
figure = pyplot.figure(figsize=(2, 1), dpi=100, facecolor="#123456")
window = figure.canvas.manager.window
window.geometry("+0+0")
pyplot.show(block=False)
window.update()
shown = [type(figure.canvas).__name__, pixel(20, 20)]
"""

MAIN_LOOP = """
import importlib.metadata
from gi.repository import Gio, GLib
loop, shown = GLib.MainLoop(), []
GLib.idle_add(lambda: (shown.append("idle"), loop.quit()))
loop.run()
shown += [Gio.File.new_for_path("/nix").query_exists()]
shown += [importlib.metadata.version(name) for name in ("PyGObject", "pycairo")]
"""

END = """
import json, os
with open(os.environ["out"], "w") as out:
    json.dump(shown, out)
"""


@pytest.fixture(scope="module")
def pythons(nix):
    """Return a version of Python that the package set has them for, and the other versions."""
    return json.loads(nix.output("eval", "--impure", "--json", "--expr", PYTHONS))


def interpreter(python: str) -> str:
    """Return the attribute of a version of Python."""
    return f"pkgs.python{python.replace('.', '')}"


def on_display(program: str) -> str:
    """Return a program that runs with an X server."""
    return f"{X_DISPLAY}\nstart_server()\n{program}"


def locked(nix, folder: Path, python: str, requirements: str, overrides: str, **programs: str):
    """Write and lock a user's flake: `env`, and an output that runs each program by it."""
    env = environment("env", f"overrides = {{ {overrides} }};")
    env = f"(let python = {interpreter(python)}; in {env})"
    checks = ""
    for name in programs:
        run = sandbox_run(env, f'"-I" ./{name}.py', SCREEN, name=name)
        checks += f"{name} = {run};"
    write_user_flake(folder, f"env = {env}; {checks}", requirements=requirements)
    for name, program in programs.items():
        (folder / f"{name}.py").write_text(f"{program}{END}", encoding="utf-8")
    nix.lock(folder, "--system", "x86_64-linux", python)
    return folder


@pytest.fixture(scope="module")
def flake(nix, pythons, tmp_path_factory):
    """Return a user's flake with packages of the index and of the package set."""
    return locked(
        nix,
        tmp_path_factory.mktemp("flake"),
        pythons[0],
        """
        matplotlib: "*"
        pygobject: {from: nixpkgs, version: ">=3.42"}
        tkinter: {from: nixpkgs}
        """,
        TKINTER + PYGOBJECT,
        tk=on_display(TK),
        tkagg=on_display(TKAGG),
        main_loop=MAIN_LOOP,
        gtk=on_display(GTK),
    )


def shown(nix, folder: Path, program: str):
    """Return what a program shows in the sandbox."""
    return json.loads(nix.build(f"path:.#{program}", cwd=folder).read_text())


@pytest.mark.one_nix
def test_tk_and_turtle_draw(nix, flake):
    assert shown(nix, flake, "tk") == [100, 60, "123456", "ffffff", 10]


@pytest.mark.one_nix
def test_matplotlib_draws_in_a_window_of_tk(nix, flake):
    assert shown(nix, flake, "tkagg") == ["FigureCanvasTkAgg", "123456"]


@pytest.mark.one_nix
def test_a_main_loop_runs_and_distributions_are_known(nix, flake):
    loop, exists, pygobject, pycairo = shown(nix, flake, "main_loop")
    assert (loop, exists) == ("idle", True)
    packages = nix.evaluate(
        "path:.#env.packages", "--apply", "builtins.mapAttrs (name: p: p.version)", cwd=flake
    )
    # The lock has no pycairo: it came along.
    assert {"pygobject": pygobject, "pycairo": pycairo}.items() <= packages.items()
    assert "tkinter" in packages


@pytest.mark.one_nix
def test_gtk_draws_by_its_typelibs(nix, flake):
    assert shown(nix, flake, "gtk") == ["name", 100, "123456"]


@pytest.mark.one_nix
def test_a_shell_has_the_variables(nix, flake):
    env = nix.build("path:.#env", cwd=flake)
    printed = subprocess.run(
        ["bash", "-euc", 'source "$1/template"; echo "$TCL_LIBRARY"; echo "$GI_TYPELIB_PATH"', "-",
         env],
        env={"PATH": "/usr/bin:/bin", "GI_TYPELIB_PATH": "/before"},
        capture_output=True, text=True, check=True,
    ).stdout.splitlines()  # fmt: skip
    assert re.fullmatch(r"/nix/store/[^:]*-tcl-[^:]*/lib/tcl8\.6", printed[0])
    folders = printed[1].split(":")
    assert len(folders) == 7
    assert folders[-1] == "/before"


@pytest.mark.one_nix
def test_modules_of_the_package_set_are_imported_with_the_others(nix, flake):
    imported = nix.build("path:.#env.tests.imports", cwd=flake).read_text().splitlines()
    assert {"tkinter: _tkinter", "pygobject: gi", "pycairo: cairo"} < set(imported)


PROJECT = """
[project]
name = "app"
version = "1.0"
dependencies = ["pygobject>=3.40", "tkinter"]
[project.scripts]
app = "app:main"
[build-system]
requires = ["setuptools"]
build-backend = "setuptools.build_meta"
"""
APP = """
def main():
    import os, tkinter
    import gi
    gi.require_version("Pango", "1.0")
    from gi.repository import Pango
    print(tkinter.Tcl().eval("info library") == os.environ["TCL_LIBRARY"])
    print(Pango.version_check(1, 0, 0))
"""


@pytest.mark.one_nix
def test_an_application_of_a_project_has_the_variables(nix, pythons, tmp_path):
    application = f"""
      let python = {interpreter(pythons[0])}; in library.makePythonPypiApplication {{
        sourcesYaml = ./sources.yaml;
        overrides = {{ {TKINTER} {PYGOBJECT} }};
      }}
    """
    folder = write_user_flake(
        tmp_path / "flake",
        f"app = {application};",
        requirements="""
        app: {path: .}
        pygobject: {from: nixpkgs}
        tkinter: {from: nixpkgs}
        """,
    )
    (folder / "pyproject.toml").write_text(PROJECT, encoding="utf-8")
    (folder / "app.py").write_text(APP, encoding="utf-8")
    nix.lock(folder, "--system", "x86_64-linux", pythons[0])
    done = subprocess.run(
        [nix.build("path:.#app", cwd=folder) / "bin" / "app"],
        env={}, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stdout.splitlines() == ["True", "None"]


def test_nothing_but_a_package_of_the_package_set_is_an_environment(nix, pythons, tmp_path):
    program = "import importlib.util\nshown = importlib.util.find_spec('_tkinter') is not None\n"
    folder = locked(
        nix, tmp_path / "flake", pythons[0], "tkinter: {from: nixpkgs}\n", "", find=program
    )
    assert shown(nix, folder, "find") is True


def refused(nix, user_flake, python: str, name: str, overrides: str, *required: str) -> str:
    """Return the error of an environment of a package of the package set, on one line."""
    ranges = " ".join(f'{{ specifier = "{specifier}"; }}' for specifier in required)
    sources = f"""
      sourcesRaw = {{
        wheelhouse = 1;
        python = "{python}";
        systems.x86_64-linux.glibc = "2.28";
        groups.default = [ "{name}" ];
        closure = {{ }};
        links = [ ];
        packages = [ {{
          name = "{name}"; version = "0"; from = "nixpkgs"; required = [ {ranges} ];
        }} ];
      }};
    """
    env = environment("env", f"overrides = {{ {overrides} }};", sources=sources)
    done = nix.run("eval", "path:.#env.drvPath", cwd=user_flake(f"env = {env};"))
    assert done.returncode != 0, done.stdout
    return re.sub(r"\s+", " ", done.stderr)


def test_a_package_for_another_python_is_refused(nix, user_flake, pythons):
    own, others = pythons
    package, of, other = f"{interpreter(own)}.pkgs.tkinter", own, others[0] if others else own
    if not others:
        # A machine with one version of Python has a package of another one by its word only.
        of = "3.99"
        python = f'{interpreter(own)} // {{ pythonVersion = "{of}"; sitePackages = ""; }}'
        package = f"({package} // {{ pythonModule = {python}; }})"
    error = refused(nix, user_flake, other, "tkinter", f"tkinter.package = {package};")
    assert f"tkinter of the package set is for Python {of}, but the environment's is {other}" in (
        error
    )


def test_a_package_that_the_package_set_lacks_is_refused(nix, user_flake, pythons):
    error = refused(nix, user_flake, pythons[0], "pygobject", "")
    assert "pygobject is to come from the package set, which has no package of that name" in error
    assert 'It has "pygobject3"' in error


def test_a_version_out_of_range_is_refused(nix, user_flake, pythons):
    override = f"pygobject.package = {interpreter(pythons[0])}.pkgs.pygobject3;"
    error = refused(nix, user_flake, pythons[0], "pygobject", override, ">=3", ">=99")
    assert re.search(
        r"pygobject of the package set is 3\.[\d.]+, but the requirements require >=99", error
    )

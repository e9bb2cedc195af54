"""The step `adopt` makes a Python package of the package set one of an environment."""

import os
import py_compile
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.builder.test_library_check import INIT, TAG
from tests.builder.test_reproducible import snapshot
from tests.support.builder_steps import RUNNING_PYTHON, Builder, Environment, error_message
from tests.support.c_compiler import Compiler
from tests.support.package_set import SHELL, adopt, try_adopt, write_package
from tests.support.record_check import record_mismatches
from tests.support.wheels import Wheel

SITE = RUNNING_PYTHON.site
DIST_INFO = f"{SITE}/demo-1.0.dist-info"
METADATA = "Metadata-Version: 2.1\nName: Demo\nVersion: 1.0\n"
DEMO: dict[str, str | bytes] = {
    f"{SITE}/demo/__init__.py": "def main():\n    print('launched')\n",
    f"{DIST_INFO}/METADATA": METADATA,
    f"{DIST_INFO}/entry_points.txt": "[console_scripts]\ndemo = demo:main\n",
    # As it was before nixpkgs wrapped the programs.
    f"{DIST_INFO}/RECORD": "demo/__init__.py,sha256=x,1\n../../../bin/demo,sha256=x,1\n",
    f"{DIST_INFO}/licenses/LICENSE": "text",
    "bin/demo": f"{SHELL}echo wrapped\n",
    "bin/.demo-wrapped": f"{SHELL}echo hidden\n",
    "bin/demo-tool": f"{SHELL}echo tool\n",
    "bin/.demo-tool-wrapped": f"{SHELL}echo hidden\n",
    "lib/demo/data": "data",
    "lib/girepository-1.0/Demo-1.0.typelib": "typelib",
    "include/demo.h": "int x;",
    "share/man/man1/demo.1": ".TH demo",
    "nix-support/propagated-build-inputs": "/nix/store/x",
}
NO_DISTRIBUTION: dict[str, str | bytes] = {
    f"{SITE}/tk.py": "value = 1\n",
    "share/tk/data": "data",
    "bin/tk": f"{SHELL}echo tk\n",
}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Return a package as nixpkgs has it."""
    return write_package(tmp_path / "store" / "demo", DEMO)


def names(folder: Path) -> list[str]:
    return sorted(entry.name for entry in folder.iterdir())


def test_nothing_is_copied(builder: Builder, path: Path) -> None:
    package = adopt(builder, path)
    own = [
        str(file.relative_to(package.path))
        for file in package.path.rglob("*")
        if file.is_file() and not os.path.realpath(file).startswith(f"{path}/")
    ]
    assert sorted(own) == [f"{DIST_INFO}/RECORD", "wheelhouse/package.json"]
    assert (package.path / SITE / "demo").is_symlink()
    assert (package.path / "wheelhouse" / "data" / "share").is_symlink()


def test_an_environment_has_its_modules_programs_and_data(builder: Builder, path: Path) -> None:
    environment = builder.compose([adopt(builder, path)])
    assert environment.run("demo").stdout == "launched\n"
    assert environment.run("demo-tool").stdout == "tool\n"
    assert [name for name in names(environment.path / "bin") if "demo" in name] == [
        "demo",
        "demo-tool",
    ]
    assert (environment.path / "share/man/man1/demo.1").read_text() == ".TH demo"
    assert (environment.path / "lib/girepository-1.0/Demo-1.0.typelib").exists()
    assert (environment.path / "include/demo.h").exists()
    assert "nix-support" not in names(environment.path)
    assert environment.evaluate("import demo, sys; print(sys.prefix)") == str(environment.path)


def test_its_metadata_is_that_of_any_distribution(builder: Builder, path: Path) -> None:
    package = adopt(builder, path)
    assert package.log == ""
    environment = builder.compose([package])
    assert record_mismatches(environment, "demo") == []
    code = (
        "from importlib.metadata import entry_points, files, version; "
        "print(version('demo'), len(entry_points(name='demo')), *sorted(map(str, files('demo'))))"
    )
    assert environment.evaluate(code).split() == [
        "1.0",
        "1",
        "../../../bin/demo",
        "../../../bin/demo-tool",
        "../../../include/demo.h",
        "../../../share/man/man1/demo.1",
        "../../demo/data",
        "../../girepository-1.0/Demo-1.0.typelib",
        "demo-1.0.dist-info/METADATA",
        "demo-1.0.dist-info/RECORD",
        "demo-1.0.dist-info/entry_points.txt",
        "demo-1.0.dist-info/licenses/LICENSE",
        "demo/__init__.py",
    ]


def test_folders_of_several_packages_are_merged(builder: Builder, path: Path) -> None:
    wheel = Wheel(
        "other",
        files={
            "demo/other.py": "",
            "other-1.0.data/data/share/man/man1/other.1": "",
            "other-1.0.data/data/lib/demo/other": "",
        },
    )
    environment = builder.compose([adopt(builder, path), builder.unpack(wheel)])
    environment.evaluate("import demo.other; demo.main()")
    assert names(environment.path / "share/man/man1") == ["demo.1", "other.1"]
    assert names(environment.path / "lib/demo") == ["data", "other"]


def test_bytecode_that_is_there_is_used(builder: Builder, path: Path) -> None:
    module = path / SITE / "top.py"
    module.write_text("value = 1\n")
    py_compile.compile(str(module))
    py_compile.compile(str(path / SITE / "demo" / "__init__.py"))
    package = adopt(builder, path)
    assert (package.path / SITE / "__pycache__").readlink() == module.parent / "__pycache__"
    environment = builder.compose([package])
    code = (
        "import importlib.util as util; print(util.cache_from_source(util.find_spec('top').origin))"
    )
    cached = Path(environment.evaluate(code))
    assert cached.samefile(module.parent / "__pycache__" / cached.name)
    assert ".pyc" not in (environment.path / DIST_INFO / "RECORD").read_text()
    assert record_mismatches(environment, "demo") == []


def test_modules_without_a_distribution_are_adopted(builder: Builder, tmp_path: Path) -> None:
    package = adopt(builder, write_package(tmp_path / "tk", NO_DISTRIBUTION), "tk", "0")
    assert package.notes["distInfo"] is None
    environment = builder.compose([package])
    assert environment.evaluate("import tk; print(tk.value)") == "1"
    assert environment.run("tk").stdout == "tk\n"
    assert (environment.path / "share/tk/data").exists()
    assert builder.report([package]) == "No package needs a native library.\n"


@pytest.mark.parametrize(
    "entry", ["demo-1.0.egg-info", f"demo-1.0-py{RUNNING_PYTHON.version}.egg-info/PKG-INFO"]
)
def test_an_egg_info_is_one_too(builder: Builder, tmp_path: Path, entry: str) -> None:
    files: dict[str, str | bytes] = {
        f"{SITE}/demo.py": DEMO[f"{SITE}/demo/__init__.py"],
        f"{SITE}/{entry}": METADATA,
    }
    if "/" in entry:
        points = f"{SITE}/{Path(entry).parent}/entry_points.txt"
        files |= {points: DEMO[f"{DIST_INFO}/entry_points.txt"], "bin/demo": SHELL}
    files["share/x"] = ""
    package = adopt(builder, write_package(tmp_path / "store", files))
    assert package.log == ""
    environment = builder.compose([package])
    assert environment.evaluate("from importlib.metadata import version; print(version('demo'))")
    if "/" in entry:
        assert environment.run("demo").stdout == "launched\n"


@pytest.mark.parametrize("content", [None, "Metadata-Version: 2.1\n"])
def test_one_that_does_not_tell_its_name_has_that_of_its_folder(
    builder: Builder, tmp_path: Path, content: str | None
) -> None:
    files = {name: text for name, text in DEMO.items() if name != f"{DIST_INFO}/METADATA"}
    files |= {} if content is None else {f"{DIST_INFO}/METADATA": content}
    package = adopt(builder, write_package(tmp_path / "demo", files))
    assert package.notes["distInfo"] == "demo-1.0.dist-info"
    assert package.notes["requires"] == []


def test_each_of_several_distributions_keeps_its_own(builder: Builder, path: Path) -> None:
    other = f"{SITE}/other-2.0.dist-info"
    write_package(
        path,
        {
            f"{SITE}/other.py": "def main(): print('other')\n",
            f"{other}/METADATA": "Metadata-Version: 2.1\nName: other\nVersion: 2.0\n",
            f"{other}/RECORD": "other.py,,\nother-2.0.dist-info/RECORD,,\n",
            f"{other}/entry_points.txt": "[console_scripts]\nother = other:main\n",
        },
    )
    environment = builder.compose([adopt(builder, path)])
    assert environment.run("other").stdout == "other\n"
    code = "from importlib.metadata import files; print(*files({!r}))"
    assert "other.py" not in environment.evaluate(code.format("demo"))
    assert environment.evaluate(code.format("other")) == "other.py other-2.0.dist-info/RECORD"
    assert record_mismatches(environment, "demo") == []


def test_another_name_than_the_lock_s_is_noted(builder: Builder, path: Path) -> None:
    log = adopt(builder, path, "opendemo").log
    assert "has the distribution demo, where opendemo was expected" in log


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({"lib/python3.6/site-packages/x.py": ""}, "is for another Python: it has lib/python3.6,"),
        ({"bin/x": SHELL}, "is no Python package: it has no lib/python"),
        ({}, "is no Python package"),
    ],
    ids=["another Python", "no Python", "nothing"],
)
def test_what_is_no_package_for_this_python_is_refused(
    builder: Builder, tmp_path: Path, files: dict[str, str | bytes], message: str
) -> None:
    path = write_package(tmp_path / "store", files)
    error = error_message(try_adopt(builder, path))
    assert error.startswith(f"demo 1.0: {path} {message}")
    assert SITE in error


def test_entry_points_that_can_t_be_read_are_named(builder: Builder, path: Path) -> None:
    (path / DIST_INFO / "entry_points.txt").unlink()
    (path / DIST_INFO / "entry_points.txt").write_text("[console_scripts]\ndemo")
    message = error_message(try_adopt(builder, path))
    assert f"demo 1.0: {path / DIST_INFO}/entry_points.txt can't be read" in message


def test_a_lib64_that_is_lib_and_links_in_circles_are_no_obstacle(
    builder: Builder, path: Path
) -> None:
    (path / "lib64").symlink_to("lib")
    (path / "share" / "circle").symlink_to(path / "share")
    (path / "share" / "gone").symlink_to("nowhere")
    environment = builder.compose([adopt(builder, path)])
    assert (environment.path / "lib64").readlink() == Path("lib")
    assert "circle/" not in (environment.path / DIST_INFO / "RECORD").read_text()
    assert record_mismatches(environment, "demo") == []


def test_a_lib64_of_its_own_is_data(builder: Builder, path: Path) -> None:
    write_package(path, {"lib64/x/data": "", f"lib64/python{RUNNING_PYTHON.version}/x": ""})
    environment = builder.compose([adopt(builder, path)])
    assert names(environment.path / "lib64") == ["x"]


def test_folders_that_are_links_themselves_count(builder: Builder, path: Path) -> None:
    (path / "share").rename(path.parent / "elsewhere")
    (path / "share").symlink_to(path.parent / "elsewhere")
    environment = builder.compose([adopt(builder, path)])
    assert (environment.path / "share/man/man1/demo.1").exists()
    assert record_mismatches(environment, "demo") == []


def test_a_wheel_finds_its_libraries(
    builder: Builder, compiler: Compiler, patchelf: str, path: Path
) -> None:
    low = compiler.library("liblow.so.1", 1)
    top = compiler.library("libtop.so.1", 100, needed=low, search_path="$ORIGIN/../../demo")
    shutil.copy(low, path / SITE / "demo" / "liblow.so.1")
    shutil.copy(low, path / "lib" / "demo" / "libdata.so.1")
    wheel = Wheel(
        "top",
        files={
            "top/__init__.py": INIT.format(library="libtop.so.1", function="top"),
            "top/lib/libtop.so.1": top.read_bytes(),
        },
        tag=TAG,
    )
    adopted = adopt(builder, path)
    assert adopted.notes["native"]["folders"] == ["lib/demo", f"{SITE}/demo"]
    assert adopted.notes["native"]["exportedSonames"] == ["liblow.so.1"]
    packages = [adopted, builder.unpack(wheel, patchelf=patchelf, libraries=[])]
    environment = builder.compose(packages, strict=True)
    assert environment.evaluate("import top; print(top.value)") == "101"
    assert builder.report(packages) == "No package needs a native library.\n"


def test_its_modules_are_imported_by_the_import_check(builder: Builder, path: Path) -> None:
    (path / SITE / "broken.py").write_text("nowhere\n")
    package = adopt(builder, path)
    environment = builder.compose([package])
    spec = {
        "python": str(environment.path / "bin" / "python"),
        "sitePackages": SITE,
        "packages": [{"name": "demo", "path": str(package.path)}],
    }
    out, first, second = (builder.scratch / name for name in ("imports", "first", "second"))
    first.mkdir()
    message = error_message(builder.run_step("imports", spec, out, cwd=first))
    assert message.startswith("1 of 2 modules can't be imported:\n  demo: import broken: Name")
    (path / SITE / "broken.py").unlink()
    package = adopt(builder, path, "again")
    spec["packages"] = [{"name": "demo", "path": str(package.path)}]
    second.mkdir()
    done = builder.run_step("imports", spec, out, cwd=second)
    assert done.returncode == 0, done.stderr
    assert out.read_text() == "demo: demo\n"


def test_an_application_is_made_of_it(builder: Builder, path: Path) -> None:
    package = adopt(builder, path)
    environment = builder.compose([package])
    spec: dict[str, Any] = {
        "environment": str(environment.path),
        "python": RUNNING_PYTHON.spec(),
        "package": {"name": "demo", "path": str(package.path)},
        "projects": [],
        "mainProgram": "demo-tool",
        "ignoreCollisions": [],
        "shell": None,
    }
    out = builder.scratch / "application"
    done = builder.run_step("application", spec, out)
    assert done.returncode == 0, done.stderr
    assert Environment(out, RUNNING_PYTHON).run("demo-tool").stdout == "tool\n"
    assert names(out / "bin") == ["demo", "demo-tool"]
    assert (out / "share/man/man1/demo.1").exists()


def test_a_collision_with_it_is_named(builder: Builder, path: Path) -> None:
    wheel = builder.unpack(Wheel("other", files={"demo/__init__.py": "other = 1\n"}))
    out = builder.scratch / "refused"
    message = error_message(builder.try_compose([adopt(builder, path), wheel], out))
    assert f"{SITE}/demo/__init__.py" in message
    assert "demo and other" in message


def test_adopting_twice_gives_the_same_tree(builder: Builder, path: Path) -> None:
    first = snapshot(adopt(builder, path).path)
    shutil.rmtree(builder.scratch / "adopted-demo")
    assert snapshot(adopt(builder, path).path) == first

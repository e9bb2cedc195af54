"""What is noted of an edited package follows the files that it has when it is finished."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from native.elf import read_elf
from tests.builder.test_edits import DEMO, HEADERS, SITE, compose, files
from tests.builder.test_reproducible import SEEDS, snapshot
from tests.support.builder_steps import RUNNING_PYTHON, Builder, Package, error_message
from tests.support.c_compiler import Compiler
from tests.support.edited_packages import Editor, changed_lines, new_file, path_with_patch
from tests.support.record_check import record_mismatches
from tests.support.record_files import read_record
from tests.support.wheels import Wheel, record_hash

X = Wheel(files={"x.py": "value = 1\n", "y.py": "", "package/__init__.py": ""})
PATCH = changed_lines("x.py", "value = 1", "value = 2")


def bytecode(package: Package) -> list[str]:
    tree = package.path / SITE
    return sorted(path.name.partition(".")[0] for path in tree.rglob("*.pyc"))


def record(package: Package, dist_info: str) -> dict[str, str]:
    return {
        entry.path: entry.hash for entry in read_record(package.path / SITE / dist_info / "RECORD")
    }


def test_record_and_bytecode_are_those_of_the_patched_files(editor: Editor) -> None:
    package = editor.unpack(X, patches=[PATCH], remove=[f"{SITE}/y.py"])
    assert record(package, X.dist_info)["x.py"] == record_hash(b"value = 2\n")
    assert bytecode(package) == ["__init__", "x"]
    environment = editor.builder.compose([package])
    code = "import x; print(x.value, x.__spec__.cached)"
    assert environment.evaluate(code).startswith("2 ")
    assert record_mismatches(environment, "demo") == []
    (compiled,) = (package.path / SITE / "__pycache__").glob("x.*")
    code = f"import marshal; exec(marshal.loads(open({str(compiled)!r}, 'rb').read()[16:]))"
    assert environment.evaluate(f"{code}; print(value)") == "2"


def test_a_patch_may_add_an_entry_point(editor: Editor) -> None:
    added = new_file(f"{X.dist_info}/entry_points.txt", "[console_scripts]\nvalue = x:main")
    main = new_file("x.py", "").replace("/dev/null", "a/x.py").replace("@@ -0,0 +1,0 @@\n", "")
    main += "@@ -1 +1,2 @@\n value = 1\n+def main(): print('patched in')\n"
    environment = editor.builder.compose([editor.unpack(X, patches=[added, main])])
    assert environment.run("value").stdout == "patched in\n"
    code = "from importlib.metadata import entry_points; print(*entry_points(name='value'))"
    assert "x:main" in environment.evaluate(code)


def test_entry_points_that_a_patch_broke_are_refused(editor: Editor) -> None:
    broken = new_file(f"{X.dist_info}/entry_points.txt", "[console_scripts]\nvalue")
    message = error_message(editor.try_unpack(X, patches=[broken]))
    assert "its edits left a demo-1.0.dist-info/entry_points.txt that can't be read" in message


def test_commands_see_the_package_as_an_environment_has_it(editor: Editor) -> None:
    package = editor.unpack(DEMO, post_install=True)
    staged = files(package.path)
    for path in ("bin/script", "bin/tool", "share/demo.txt", f"{HEADERS}/demo.h"):
        assert path in staged
    assert "wheelhouse/package.json" not in staged
    assert list(package.path.rglob("*.pyc")) == []


def test_without_a_command_the_result_is_that_of_unpack(editor: Editor) -> None:
    whole = snapshot(editor.unpack(DEMO, remove=["bin/tool"]).path)
    (editor.builder.scratch / "demo-1.0").rename(editor.builder.scratch / "whole")
    in_steps = snapshot(editor.run_commands(DEMO, "", remove=["bin/tool"]).path)
    assert {path for path in whole if not path.endswith(".pyc")} == {
        path for path in in_steps if not path.endswith(".pyc")
    }
    assert whole == in_steps


COMMANDS = f"""
headers=$out/{HEADERS}
mkdir -p $out/share/texts $out/bin $out/lib/pkg $headers
echo 'added = 1' > $site/added.py
echo 'value = 3' > $site/x.py
chmod 444 $site/x.py
rm $site/y.py
echo text > $out/share/texts/one
printf '#!/bin/sh\\necho ran "$@"\\n' > $out/bin/tool
printf '#!python\\nimport x\\nprint(x.value)\\n' > $out/bin/value
echo 'int x;' > $headers/x.h
echo library > $out/lib/pkg/data
chmod 555 $site/package $out/share/texts
"""


def test_everything_that_commands_write_is_in_the_environment_and_in_record(
    editor: Editor,
) -> None:
    package = editor.run_commands(X, COMMANDS)
    assert sorted(path.name for path in package.path.iterdir()) == ["lib", "wheelhouse"]
    assert bytecode(package) == ["__init__", "added", "x"]
    environment = editor.builder.compose([package])
    assert environment.evaluate("import added, x; print(added.added, x.value)") == "1 3"
    assert environment.run("tool", "it").stdout == "ran it\n"
    assert environment.run("value").stdout == "3\n"
    assert (environment.path / "share/texts/one").read_text() == "text\n"
    assert (environment.path / "lib/pkg/data").read_text() == "library\n"
    assert (environment.path / HEADERS / "x.h").exists()
    assert record_mismatches(environment, "demo") == []
    listed = set(record(Package("demo", "1.0", environment.path, ""), X.dist_info))
    assert {"../../../bin/tool", "../../../bin/value", "../../../share/texts/one"} <= listed
    assert {"added.py", "x.py"} <= listed
    assert "y.py" not in listed


def test_links_that_commands_make_lead_to_the_same_files(editor: Editor, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "file").write_text("other\n")
    commands = """
mkdir -p $out/share/a $out/bin $site/package/data
echo text > $out/share/a/text
printf '#!/bin/sh\\necho ran\\n' > $out/share/a/program
chmod +x $out/share/a/program
ln -s ../share/a/program $out/bin/relative
ln -s $out/share/a/program $out/bin/absolute
ln -s $out/share/a/text $site/package/text
ln -s $site/x.py $out/share/a/x.py
ln -s x.py $site/z.py
ln -s a $out/share/b
ln -s ../../../other/file $out/share/a/outside
"""
    package = editor.run_commands(X, commands)
    environment = editor.builder.compose([package])
    for name in ("relative", "absolute"):
        assert environment.run(name).stdout == "ran\n"
    assert (environment.site / "package" / "text").read_text() == "text\n"
    assert (environment.path / "share/a/x.py").read_text() == "value = 1\n"
    assert (environment.path / "share/b/text").read_text() == "text\n"
    assert (environment.path / "share/a/outside").read_text() == "other\n"
    assert environment.evaluate("import z; print(z.value)") == "1"
    assert record_mismatches(environment, "demo") == []
    assert {"z.py", "package/text"} <= set(record(package, X.dist_info))


@pytest.mark.parametrize(
    ("command", "problem"),
    [("ln -s nowhere $site/x", "leads nowhere"), ("ln -s /etc/hosts $site/x", "out of the store")],
)
def test_a_link_that_can_t_stay_is_refused(editor: Editor, command: str, problem: str) -> None:
    message = error_message(editor.try_commands(X, command))
    assert message.startswith(f"demo 1.0: its edits made the link {SITE}/x, which")
    assert problem in message


def test_a_program_of_the_user_takes_the_place_of_a_launcher(editor: Editor) -> None:
    commands = "printf '#!/bin/sh\\necho mine\\n' > $out/bin/demo"
    package = editor.run_commands(DEMO, commands)
    environment = editor.builder.compose([package])
    assert environment.run("demo").stdout == "mine\n"
    assert environment.run("other").stdout == "launched\n"
    assert record_mismatches(environment, "demo") == []


def test_bytecode_that_commands_left_is_replaced(editor: Editor) -> None:
    compile_all = f"{RUNNING_PYTHON.executable} -m py_compile x.py y.py"
    commands = f"cd $site && {compile_all} && test -d __pycache__ && rm y.py"
    package = editor.run_commands(X, commands)
    assert bytecode(package) == ["__init__", "x"]
    (compiled,) = (package.path / SITE / "__pycache__").iterdir()
    # Hash-based and unchecked (PEP 552).
    assert compiled.read_bytes()[4:8] == b"\x01\x00\x00\x00"


@pytest.mark.parametrize("command", ["rm -r $site/demo-1.0.dist-info", "rm $site/*/METADATA"])
def test_commands_must_leave_the_metadata(editor: Editor, command: str) -> None:
    message = error_message(editor.try_commands(X, command))
    assert "its edits removed demo-1.0.dist-info/METADATA" in message


def test_a_library_that_commands_add_finds_others(
    editor: Editor, compiler: Compiler, patchelf: str, tmp_path: Path
) -> None:
    folder = tmp_path / "libraries"
    folder.mkdir()
    two = compiler.library("libtwo.so.1", 2).rename(folder / "libtwo.so.1")
    one = compiler.library("libone.so.1", 1, needed=two)
    libraries = [{"attribute": "two", "directory": str(folder)}]
    package = editor.run_commands(
        X,
        f"cp {one} $site/package/ && chmod 444 $site/package/libone.so.1",
        patchelf=patchelf,
        libraries=libraries,
    )
    path = f"{SITE}/package/libone.so.1"
    elf = read_elf(package.path / path, path)
    assert elf is not None
    assert elf.rpath == (str(folder),)
    assert package.notes["native"]["exportedSonames"] == ["libone.so.1"]
    environment = editor.builder.compose([package])
    code = f"import ctypes; print(ctypes.CDLL({str(environment.path / path)!r}).one())"
    assert environment.evaluate(code) == "3"
    assert record_mismatches(environment, "demo") == []


def test_edits_are_bit_identical_each_time(editor: Editor, builder: Builder) -> None:
    names = ", ".join(f"'name{i}'" for i in range(50))
    commands = f'{COMMANDS}\necho "def main(x=None): return x in {{{names}}}" > $site/sets.py'
    snapshots = []
    for seed in SEEDS:
        out = builder.scratch / "demo-1.0"
        if out.exists():
            out.rename(builder.scratch / "first")
        spec = builder.unpack_spec(
            X,
            X.write(builder.scratch / "wheels"),
            edits=editor.edits([PATCH], [f"{SITE}/package/*"], post_install=True),
        )
        variables = {"PATH": path_with_patch(), "PYTHONHASHSEED": seed}
        assert builder.run_step("unpack", spec, out, variables).returncode == 0
        shell = {"out": str(out), "site": f"{out}/{SITE}", "PATH": "/usr/bin:/bin"}
        text = commands.replace("$site/package ", "")
        subprocess.run(["/bin/sh", "-eu", "-c", text], env=shell, check=True)
        done = builder.run_step("finish", spec, out, variables)
        assert done.returncode == 0, done.stderr
        snapshots.append(snapshot(out))
    assert "wheelhouse/edited.json" not in snapshots[0]
    assert snapshots[0] == snapshots[1]


def test_a_folder_that_unpack_did_not_leave_is_refused(builder: Builder) -> None:
    package = builder.unpack(X)
    spec: dict[str, Any] = json.loads((builder.scratch / "demo-1.0.json").read_text())
    message = error_message(builder.run_step("finish", spec, package.path))
    assert "is not a package that `unpack` left to be finished" in message


def test_an_environment_of_edited_packages_is_made_as_any(editor: Editor) -> None:
    environment = compose(editor, remove=["bin/tool"])
    assert environment.run("script").stdout == "script\n"


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ("Version: 1.0", "Version: 9.9", "the version 9.9"),
        ("Name: demo", "Name: other", "the name other"),
        ("Version: 1.0", "Summary: x", "no name or no version"),
    ],
)
def test_another_name_or_version_in_the_metadata_is_refused(
    editor: Editor, old: str, new: str, found: str
) -> None:
    lines = ["Metadata-Version: 2.1", "Name: demo", "Version: 1.0"]
    changed = [new if line == old else line for line in lines]
    patch = changed_lines(f"{X.dist_info}/METADATA", "\n".join(lines), "\n".join(changed))
    message = error_message(editor.try_unpack(X, patches=[patch]))
    assert f"demo 1.0: its edits left METADATA with {found}; leave both as they are" in message

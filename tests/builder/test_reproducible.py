"""The builder writes the same bytes for the same spec, whatever the process."""

import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.support.builder_bootstrap import LIBRARIES, repack_installed_wheel, run_bootstrap
from tests.support.builder_steps import Builder
from tests.support.c_compiler import Compiler
from tests.support.project import ROOT
from tests.support.wheels import Wheel

SEEDS = ("0", "1")


def snapshot(tree: Path) -> dict[str, tuple[int, str | bytes]]:
    """Return the mode and the content (or link target) of each path of a tree."""
    contents: dict[str, tuple[int, str | bytes]] = {}
    for path in sorted(tree.rglob("*")):
        name = str(path.relative_to(tree))
        if path.is_symlink():
            contents[name] = (0, str(path.readlink()))
        elif path.is_file():
            contents[name] = (path.stat().st_mode & 0o777, path.read_bytes())
        else:
            contents[name] = (path.stat().st_mode & 0o777, "folder")
    return contents


def run_twice(
    builder: Builder, step: str, spec: dict[str, Any], out: Path
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Run a step twice with different scratch folders and hash seeds; return both results."""
    snapshots = []
    for seed in SEEDS:
        shutil.rmtree(out, ignore_errors=True)
        scratch = out.with_name(f"scratch-of-{step}-{seed}")
        scratch.mkdir()
        variables = {"TMPDIR": str(scratch), "PYTHONHASHSEED": seed, "HOME": str(scratch)}
        done = builder.run_step(step, spec, out, env=variables)
        assert done.returncode == 0, done.stderr
        assert list(scratch.iterdir()) == []
        snapshots.append(snapshot(out))
    return snapshots[0], snapshots[1]


@pytest.fixture
def wheel(compiler: Compiler) -> Wheel:
    """Return a wheel with files of every kind."""
    folder = compiler.folder / "libraries"
    folder.mkdir()
    two = compiler.library("libtwo.so.1", 2).rename(folder / "libtwo.so.1")
    names = ", ".join(f"'name{i}'" for i in range(50))
    return Wheel(
        files={
            "demo/__init__.py": f"def main(x=None): return x in {{{names}}}\n",
            "demo/z.py": "z = frozenset({'x', 'y'})\n",
            "demo/a.py": "from demo import main\n",
            "demo/bad.py": "def",
            "demo/_x.so": compiler.library("libone.so.1", 1, needed=two).read_bytes(),
            "demo/_y.so": compiler.library(
                "libyes.so.1", 1, needed=two, search_path="$ORIGIN"
            ).read_bytes(),
            "demo-1.0.data/scripts/tool": "#!python\n",
            "demo-1.0.data/data/share/b": "b",
            "demo-1.0.data/data/share/a": "a",
        },
        tag="py3-none-linux_x86_64",
        entry_points="[console_scripts]\nz = demo:main\na = demo:main\n",
    )


def test_unpacking_and_composing_twice_give_the_same_trees(
    builder: Builder, wheel: Wheel, compiler: Compiler, patchelf: str
) -> None:
    libraries = [{"attribute": "two", "directory": str(compiler.folder / "libraries")}]
    spec = builder.unpack_spec(
        wheel, wheel.write(builder.scratch / "wheels"), patchelf=patchelf, libraries=libraries
    )
    out = builder.scratch / "demo-1.0"
    first, second = run_twice(builder, "unpack", spec, out)
    assert len([path for path in first if path.endswith(".pyc")]) == 3
    assert first == second

    packages = [{"name": "demo", "version": "1.0", "path": str(out)}]
    compose_spec = {
        "name": "example",
        "python": builder.python.spec(),
        "packages": packages,
        "template": "",
        "start": None,
        "strict": False,
        "ignoreCollisions": [],
    }
    first, second = run_twice(builder, "compose", compose_spec, builder.scratch / "environment")
    assert "bin/a" in first
    assert first == second


def test_the_order_of_packages_in_the_spec_is_irrelevant(builder: Builder) -> None:
    packages = [
        builder.unpack(Wheel(name, files={f"space/{name}.py": "", "space/__init__.py": ""}))
        for name in ("b", "a", "c")
    ]
    out = builder.scratch / "environment"
    first = snapshot(builder.compose(packages, out).path)
    shutil.rmtree(out)
    assert snapshot(builder.compose(reversed(packages), out).path) == first


def test_the_builder_itself_is_reproducible(tmp_path: Path) -> None:
    wheels = [repack_installed_wheel(name, tmp_path) for name in LIBRARIES]
    snapshots = []
    for _ in SEEDS:
        shutil.rmtree(tmp_path / "program", ignore_errors=True)
        done = run_bootstrap(ROOT, wheels, tmp_path / "program")
        assert done.returncode == 0, done.stderr
        snapshots.append(snapshot(tmp_path / "program"))
    assert snapshots[0] == snapshots[1]

"""What asks a build backend, without anything to install."""

import os
import sys
from pathlib import Path

import pytest

from lock.builds.backend import (
    HIDDEN_PROGRAMS,
    HookError,
    create,
    get_requires_for_build_wheel,
    path_without_hidden_programs,
)
from lock.builds.sdist import BuildSystem
from lock.resolution.uv import Resolver

VERSION = f"3.{sys.version_info.minor}"


@pytest.fixture
def resolver(tmp_path, uv):
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    given = {name: os.environ[name] for name in ("PATH", "HOME")}
    return Resolver(scratch, given | {"WHEELHOUSE_UV": uv, "UV_OFFLINE": "1", "CALLED": "yes"})


def answer(resolver, folder, hook, backend="own", path=("tools",)):
    source = folder / "source"
    (source / "tools").mkdir(parents=True)
    (source / "tools" / "own.py").write_text(
        f"def get_requires_for_build_wheel(config_settings=None):\n    {hook}\n", encoding="utf-8"
    )
    environment = create(resolver, "environment", VERSION)
    return get_requires_for_build_wheel(
        resolver, environment, source, BuildSystem(frozenset(), backend, path)
    )


def test_an_interpreter_is_looked_for_once(tmp_path, uv):
    program, calls = tmp_path / "uv", tmp_path / "calls"
    program.write_text(f'#!/bin/sh\necho "$5" >> {calls}\nexec {uv} "$@"\n', encoding="utf-8")
    program.chmod(0o755)
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    given = {name: os.environ[name] for name in ("PATH", "HOME")}
    resolver = Resolver(scratch, given | {"WHEELHOUSE_UV": str(program), "UV_OFFLINE": "1"})
    for number in range(3):
        create(resolver, f"environment-{number}", "3.99")
    create(resolver.in_folder("choice"), "environment", "3.99")
    looked_for, *others = calls.read_text(encoding="utf-8").split()
    assert looked_for == "cpython@3.99"
    assert others == [sys.executable] * 4


def commands(folder, *names):
    folder.mkdir()
    for name in names:
        (folder / name).write_text(f"#!/bin/sh\necho {folder.name}\n", encoding="utf-8")
        (folder / name).chmod(0o755)
    return folder


def test_an_answer_is_normalised(resolver, tmp_path):
    assert answer(resolver, tmp_path, "return ['Ninja >=1', 'a_b']") == {"ninja>=1", "a-b"}


def test_the_hook_runs_in_the_source_with_the_environments_python(resolver, tmp_path):
    hook = (
        "import os, sys; return [os.path.basename(os.getcwd()), os.path.basename(sys.prefix), "
        "os.environ['CALLED'], os.path.basename(os.environ['HOME'])]"
    )
    assert answer(resolver, tmp_path, hook) == {"source", "environment", "yes", "home"}


def test_a_backend_without_the_hook_asks_for_nothing(resolver, tmp_path):
    assert answer(resolver, tmp_path, "pass\ndel get_requires_for_build_wheel") == frozenset()


def test_a_hook_that_fails_is_told_by_its_last_line(resolver, tmp_path):
    with pytest.raises(HookError, match=r"^no gcc$") as told:
        answer(resolver, tmp_path, "print('noise'); raise SystemExit('no gcc')")
    assert told.value.missing is None


@pytest.mark.parametrize(
    ("hook", "backend"), [("import helper.more", "own"), ("return []", "helper.api")]
)
def test_a_module_that_is_missing_is_named(resolver, tmp_path, hook, backend):
    path = ("tools",) if backend == "own" else ()
    with pytest.raises(HookError, match="No module named 'helper'") as told:
        answer(resolver, tmp_path, hook, backend, path)
    assert told.value.missing == "helper"


def test_a_backend_outside_of_its_archive_is_refused(resolver, tmp_path):
    with pytest.raises(HookError, match="own: "):
        answer(resolver, tmp_path, "return []", "own", ("../..",))


def test_an_answer_that_is_none_is_told(resolver, tmp_path):
    with pytest.raises(HookError, match="own: "):
        answer(resolver, tmp_path, "return 1")


def test_without_a_python_of_the_target_uvs_own_takes_its_place(resolver):
    environment = create(resolver, "environment", "3.99")
    assert environment.target is not None
    assert environment.target.python == VERSION
    assert (environment.scripts / "python").exists()


def test_tools_that_the_sandbox_lacks_are_hidden_and_no_others(tmp_path):
    clean = commands(tmp_path / "clean", "gcc")
    mixed = commands(tmp_path / "mixed", "ninja", "cmake", "make", "gcc")
    links = tmp_path / "links"
    links.mkdir()
    path = path_without_hidden_programs(f"{mixed}:{clean}:{mixed}::/nowhere", links)
    first, *rest = path.split(":")
    assert rest == [str(clean), "/nowhere"]
    assert sorted(link.name for link in Path(first).iterdir()) == ["gcc", "make"]
    assert os.path.realpath(f"{first}/make") == str(mixed / "make")
    assert path_without_hidden_programs(f"{mixed}:{clean}:/nowhere", links) == path


def test_a_hook_does_not_see_the_users_tools(resolver, tmp_path):
    tools = commands(tmp_path / "tools", *HIDDEN_PROGRAMS, "seen")
    resolver.environment["PATH"] = f"{tools}:{resolver.environment['PATH']}"
    programs = [*sorted(HIDDEN_PROGRAMS), "seen"]
    hook = f"import shutil; return [n for n in {programs} if shutil.which(n)]"
    assert answer(resolver, tmp_path, hook) == {"seen"}

"""The step `application` lays the programs of one package into a folder of their own."""

import os
import subprocess
from pathlib import Path
from typing import Any

from tests.support.builder_steps import RUNNING_PYTHON, Builder, Environment, Package, error_message
from tests.support.record_check import record_mismatches
from tests.support.wheels import Wheel

DEMO = Wheel(
    files={
        "demo/__init__.py": "import lib, sys\n\n\ndef main():\n    print(lib.name, sys.prefix)\n",
        "demo-1.0.data/data/share/man/man1/demo.1": ".TH demo",
    },
    entry_points="[console_scripts]\ndemo = demo:main\nother = demo:main\n",
)
LIB = Wheel(
    "lib",
    files={"lib.py": "name = 'lib'\n", "shared/lib.py": ""},
    entry_points="[console_scripts]\nlib = lib:main\n",
)


def run(
    builder: Builder, packages: list[Package], projects: list[Package], **options: Any
) -> "subprocess.CompletedProcess[str]":
    """Make an application of demo, of an environment of some packages."""
    environment = builder.compose(packages, builder.scratch / f"{len(options)}" / "environment")
    paths = {package.name: os.fspath(package.path) for package in [*packages, *projects]}
    spec = {
        "environment": os.fspath(environment.path),
        "python": RUNNING_PYTHON.spec(),
        "package": {"name": "demo", "path": paths["demo"]},
        "projects": [{"name": one.name, "path": os.fspath(one.path)} for one in projects],
        "mainProgram": "demo",
        "ignoreCollisions": [],
        "shell": None,
        **options,
    }
    return builder.run_step("application", spec, builder.scratch / "application")


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def call(builder: Builder) -> list[str]:
    program = builder.scratch / "application" / "bin" / "demo"
    done = subprocess.run([program], env={}, capture_output=True, text=True, check=True)
    return done.stdout.split()


def test_it_has_the_package_s_programs_and_share_alone(builder: Builder) -> None:
    done = run(builder, [builder.unpack(DEMO), builder.unpack(LIB)], [])
    assert done.returncode == 0, done.stderr
    out = builder.scratch / "application"
    assert names(out) == ["bin", "share"]
    assert names(out / "bin") == ["demo", "other"]
    assert (out / "share" / "man" / "man1" / "demo.1").read_text() == ".TH demo"
    assert call(builder) == ["lib", os.fspath(builder.scratch / "0" / "environment")]


def test_projects_are_a_layer_on_the_environment_of_what_they_need(builder: Builder) -> None:
    done = run(builder, [builder.unpack(LIB)], [builder.unpack(DEMO)])
    assert done.returncode == 0, done.stderr
    layer = builder.scratch / "application" / "libexec" / "demo"
    assert names(builder.scratch / "application" / "bin") == ["demo", "other"]
    assert call(builder) == ["lib", os.fspath(layer)]
    site = layer / RUNNING_PYTHON.site
    assert names(site) == ["_wheelhouse_layer.pth", "demo", "demo-1.0.dist-info"]
    assert record_mismatches(Environment(layer, RUNNING_PYTHON), "demo") == []


def test_a_namespace_of_both_is_whole(builder: Builder) -> None:
    demo = Wheel(
        files={
            "shared/demo.py": "",
            "demo.py": "import shared.demo, shared.lib\n\n\ndef main():\n    print('both')\n",
        },
        entry_points="[console_scripts]\ndemo = demo:main\n",
    )
    done = run(builder, [builder.unpack(LIB)], [builder.unpack(demo)])
    assert done.returncode == 0, done.stderr
    assert call(builder) == ["both"]


def test_a_collision_with_what_it_needs_is_refused(builder: Builder) -> None:
    demo = Wheel(
        files={"lib.py": "name = 'mine'\n"}, entry_points="[console_scripts]\ndemo = lib:main\n"
    )
    packages = [builder.unpack(LIB)], [builder.unpack(demo)]
    message = error_message(run(builder, *packages))
    assert f"{RUNNING_PYTHON.site}/lib.py  demo and its dependencies" in message
    ignored = run(builder, [packages[0][0]], packages[1], ignoreCollisions=["*/lib.py"])
    assert ignored.returncode == 0, ignored.stderr


def test_programs_may_start_by_a_template(builder: Builder) -> None:
    done = run(builder, [builder.unpack(DEMO), builder.unpack(LIB)], [], shell="/bin/sh")
    assert done.returncode == 0, done.stderr
    # The builder's tests compose with this template.
    assert call(builder) == ["template", "lib", os.fspath(builder.scratch / "1" / "environment")]


def test_a_main_program_that_is_none_is_refused(builder: Builder) -> None:
    message = error_message(run(builder, [builder.unpack(DEMO)], [], mainProgram="dmo"))
    assert message == ("demo has no program dmo; give one of its own as `mainProgram`: demo, other")


def test_a_package_without_programs_is_refused(builder: Builder) -> None:
    message = error_message(run(builder, [builder.unpack(Wheel(files={"demo.py": ""}))], []))
    assert message.startswith("demo has no programs, so no application can be made of it")

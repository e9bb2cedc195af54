"""The step `compose` refuses packages that collide or don't fit, and names them all."""

import pytest

from tests.support.builder_steps import RUNNING_PYTHON, Builder, error_message
from tests.support.wheels import Wheel

MAIN = "def main(): print('x')\n"
SITE = RUNNING_PYTHON.site


def test_every_collision_is_reported_with_its_owners(builder: Builder) -> None:
    packages = [
        builder.unpack(
            Wheel(
                name,
                files={
                    "shared/one.py": name,
                    "shared/two.py": f"{name}{name}",
                    **{f"{name}/{number}.py": "" for number in range(3)},
                },
            )
        )
        for name in ("first", "second")
    ]
    done = builder.try_compose(packages, builder.scratch / "out", name="science")
    assert error_message(done).splitlines() == [
        'environment "science": packages bring different files to the same place:',
        f"  {SITE}/shared/one.py  first and second",
        f"  {SITE}/shared/two.py  first and second",
        "To let the first of them by name win, list the paths, or globs of them, in "
        "`ignoreCollisions`.",
    ]
    assert not (builder.scratch / "out").exists()


def test_many_collisions_in_one_folder_are_one_line(builder: Builder) -> None:
    packages = [
        builder.unpack(
            Wheel(
                name,
                files={
                    **{f"shared/data/{number}.txt": name for number in range(6)},
                    **{f"{name}/{number}.py": "" for number in range(7)},
                    f"{name}-1.0.data/data/etc/one": name,
                },
            )
        )
        for name in ("first", "second")
    ]
    message = error_message(builder.try_compose(packages, builder.scratch / "out"))
    assert message.splitlines()[1:3] == [
        f"  {'etc/one':<{len(SITE) + 14}}  first and second",
        f"  {SITE}/shared/data/*  first and second, 6 files",
    ]
    ignored = ["etc/one", f"{SITE}/shared/data/*"]
    builder.compose(packages, ignore_collisions=ignored)


def test_ignored_collisions_go_to_the_first_by_name(builder: Builder) -> None:
    packages = [
        builder.unpack(Wheel(name, files={"shared.py": f"print({name!r})\n"}))
        for name in ("second", "first")
    ]
    environment = builder.compose(packages, ignore_collisions=["*/shared.py"])
    assert environment.evaluate("import shared") == "first"


@pytest.mark.parametrize("scheme", ["", "{name}-1.0.data/data/"])
@pytest.mark.parametrize(
    "path",
    [
        "LICENSE",
        "README.md",
        "License.txt",
        "changelog.rst",
        "requirements.txt",
        "setup.py",
        "tests/__init__.py",
        "docs/conf.py",
    ],
)
def test_collisions_of_files_installed_by_mistake_are_ignored(
    builder: Builder, path: str, scheme: str
) -> None:
    packages = [
        builder.unpack(Wheel(name, files={scheme.format(name=name) + path: f"# {name}"}))
        for name in ("b", "a")
    ]
    environment = builder.compose(packages)
    folder = environment.path if scheme else environment.site
    assert (folder / path).read_text() == "# a"


@pytest.mark.parametrize(
    "path", ["licenses.py", "notice.py", "demo/LICENSE", "testing/__init__.py", "version.txt"]
)
def test_files_with_similar_names_collide(builder: Builder, path: str) -> None:
    packages = [builder.unpack(Wheel(name, files={path: f"# {name}"})) for name in ("b", "a")]
    assert f"{SITE}/{path}  a and b" in error_message(
        builder.try_compose(packages, builder.scratch / "out")
    )


@pytest.mark.parametrize("path", ["etc/LICENSE", "share/docs/README.md", "bin/tests/x", "demo.cfg"])
def test_data_that_programs_read_collide(builder: Builder, path: str) -> None:
    packages = [
        builder.unpack(Wheel(name, files={f"{name}-1.0.data/data/{path}": name}))
        for name in ("b", "a")
    ]
    assert f"  {path}  a and b" in error_message(
        builder.try_compose(packages, builder.scratch / "out")
    )


def test_two_versions_of_a_distribution_are_refused(builder: Builder) -> None:
    packages = [builder.unpack(Wheel(version=version)) for version in ("1.0", "2.0")]
    message = error_message(builder.try_compose(packages, builder.scratch / "out"))
    assert message.startswith("demo is there twice: ")
    for package in packages:
        assert str(package.path) in message


def test_a_package_of_another_python_is_refused(builder: Builder) -> None:
    other = {**RUNNING_PYTHON.spec(), "sitePackages": "lib/python3.1/site-packages"}
    package = builder.unpack(Wheel(), python=other)
    message = error_message(builder.try_compose([package], builder.scratch / "out"))
    assert message == f"demo was unpacked for another Python: it has no {SITE}"


def test_a_folder_without_notes_is_refused(builder: Builder) -> None:
    package = builder.unpack(Wheel())
    (package.path / "wheelhouse/package.json").unlink()
    message = error_message(builder.try_compose([package], builder.scratch / "out"))
    assert message == f"{package.path} is not a package that wheelhouse unpacked"


def test_an_entry_point_with_a_folder_in_its_name_is_refused(builder: Builder) -> None:
    entry_points = "[console_scripts]\na/b = demo:main\n"
    package = builder.unpack(Wheel(files={"demo.py": MAIN}, entry_points=entry_points))
    message = error_message(builder.try_compose([package], builder.scratch / "out"))
    assert message == "demo: its entry point 'a/b' can't be the name of a program"


def test_a_program_named_like_the_interpreter_is_a_collision(builder: Builder) -> None:
    entry_points = "[console_scripts]\npython = demo:main\n"
    package = builder.unpack(Wheel(files={"demo.py": MAIN}, entry_points=entry_points))
    message = error_message(builder.try_compose([package], builder.scratch / "out"))
    assert "  bin/python  demo and the environment itself" in message.splitlines()


def test_one_program_of_two_packages_is_a_collision(builder: Builder) -> None:
    entry_points = "[console_scripts]\nrun = {0}:main\n"
    packages = [
        builder.unpack(
            Wheel(name, files={f"{name}.py": MAIN}, entry_points=entry_points.format(name))
        )
        for name in ("one", "two")
    ]
    message = error_message(builder.try_compose(packages, builder.scratch / "out"))
    assert "  bin/run  one and two" in message.splitlines()


def test_an_interpreter_that_does_not_run_is_named(builder: Builder) -> None:
    package = builder.unpack(Wheel())
    spec = {
        "name": "example",
        "python": {**RUNNING_PYTHON.spec(), "executable": "/bin/false"},
        "packages": [{"name": "demo", "version": "1.0", "path": str(package.path)}],
        "template": "",
        "start": None,
        "strict": False,
        "ignoreCollisions": [],
    }
    message = error_message(builder.run_step("compose", spec, builder.scratch / "out"))
    assert message.startswith("/bin/false does not run")

"""A uv.lock as uv writes it for workspaces, scripts, and projects that something leads back to."""

import pytest

from lock.errors import UsageError
from lock.inputs.uv import uv_lock
from lock.selection.installation import install
from tests.support.uv_lock_texts import package, target

HEAD = 'version = 1\nrevision = 3\nrequires-python = ">=3.10"\n'


def groups(found):
    named = {group: [*map(str, listed)] for group, listed in found.groups.items()}
    return {"default": [*map(str, found.packages)], **named}


def installed(resolution, system="x86_64-linux", python="3.11"):
    return sorted(install(resolution, target(system, python)).packages)


def project(name, source, more=""):
    return f'[[package]]\nname = "{name}"\nversion = "1"\nsource = {{ {source} }}\n{more}\n'


def test_the_groups_of_a_workspace_s_root_that_is_no_project_are_kept():
    text = (
        HEAD
        + '[manifest.dependency-groups]\ndev = [{ name = "a", specifier = ">=1", extras = ["x"], '
        "marker = \"sys_platform == 'linux'\" }]\n"
        + package("a", more='[package.optional-dependencies]\nx = [{ name = "b" }]\n')
        + package("b")
    )
    found = uv_lock.parse(text, "uv.lock")
    assert groups(found) == {"default": [], "dev": ['a[x]==1.0 ; sys_platform == "linux"']}
    assert installed(found.locked.resolution) == ["a", "b"]
    assert installed(found.locked.resolution, "x86_64-darwin") == []


def test_the_requirements_of_a_script_are_the_default_group():
    text = HEAD + '[manifest]\nrequirements = [{ name = "a" }]\n' + package("a")
    assert groups(uv_lock.parse(text, "s.py.lock")) == {"default": ["a==1.0"]}


def test_a_requirement_of_no_project_has_a_version_for_each_fork():
    def fork(version, marker):
        return package("a", version).replace(
            "dependencies = []", f'resolution-markers = ["{marker}"]'
        )

    text = (
        HEAD
        + '[manifest]\nrequirements = [{ name = "a" }]\n'
        + fork("1.0", "sys_platform == 'linux'")
        + fork("2.0", "sys_platform != 'linux'")
    )
    found = uv_lock.parse(text, "s.py.lock").locked.resolution
    versions = {
        system: install(found, target(system)).packages["a"].version
        for system in ("x86_64-linux", "x86_64-darwin")
    }
    assert versions == {"x86_64-linux": "1.0", "x86_64-darwin": "2.0"}


@pytest.mark.parametrize("text", ["", "package = []\n"])
def test_a_lock_without_any_project_says_so(text):
    with pytest.raises(UsageError, match=r"^uv\.lock: it names no project .*; "):
        uv_lock.parse(HEAD + text, "uv.lock")


def test_a_script_without_requirements_has_no_package():
    found = uv_lock.parse(f"{HEAD}[manifest]\nrequirements = []\n", "s.py.lock")
    assert found.locked.resolution.packages == ()


@pytest.mark.parametrize(
    "members", ["", '[manifest]\nmembers = ["thing"]\n'], ids=["alone", "named"]
)
def test_an_editable_path_outside_the_workspace_is_a_dependency(members):
    text = (
        HEAD
        + members
        + project("thing", 'virtual = "."', 'dependencies = [{ name = "lib" }]')
        + project("lib", 'editable = "../lib"', 'dependencies = [{ name = "a" }]')
        + package("a")
    )
    found = uv_lock.parse(text, "uv.lock")
    assert groups(found) == {"default": ["lib"]}
    assert installed(found.locked.resolution) == ["a", "lib"]
    # It is no project of the lock, so it stays where only dependencies are asked for.
    assert groups(uv_lock.parse_dependencies(text, "uv.lock")) == {"default": ["lib"]}


@pytest.mark.parametrize("parse", [uv_lock.parse, uv_lock.parse_dependencies])
def test_a_dependency_that_leads_back_to_the_project_gets_what_that_needs(parse):
    text = (
        HEAD
        + project(
            "thing",
            'virtual = "."',
            'dependencies = [{ name = "a" }]\n[package.optional-dependencies]\n'
            'fast = [{ name = "c", marker = "os_name == \'posix\'" }]\n'
            '[package.dev-dependencies]\ndev = [{ name = "tester" }]\n',
        )
        + package("a")
        + package(
            "tester",
            needs='{ name = "thing", extra = ["fast"], marker = "sys_platform == \'linux\'" }',
        )
        + package("c")
    )
    found = parse(text, "uv.lock")
    (tester,) = [one for one in found.locked.resolution.packages if one.name == "tester"]
    assert sorted((edge.name, edge.marker) for edge in tester.dependencies) == [
        ("a", 'sys_platform == "linux"'),
        ("c", 'sys_platform == "linux" and os_name == "posix"'),
    ]
    assert installed(found.locked.resolution) == ["a", "c", "tester"]


def test_a_marker_on_the_project_s_own_extra_holds_for_what_it_adds():
    text = (
        HEAD
        + project(
            "thing",
            'virtual = "."',
            "[package.optional-dependencies]\n"
            'all = [{ name = "thing", extra = ["fast"], marker = "sys_platform == \'darwin\'" }]\n'
            'fast = [{ name = "a" }]\n',
        )
        + package("a")
    )
    found = uv_lock.parse(text, "uv.lock")
    assert groups(found)["all"] == ['a ; sys_platform == "darwin"']


def test_a_group_that_names_its_own_project_has_what_that_depends_on():
    text = (
        HEAD
        + project(
            "thing",
            'virtual = "."',
            'dependencies = [{ name = "a" }]\n'
            '[package.dev-dependencies]\ndev = [{ name = "thing" }, { name = "b" }]\n',
        )
        + package("a")
        + package("b")
    )
    assert groups(uv_lock.parse(text, "uv.lock")) == {"default": ["a"], "dev": ["a", "b"]}


def test_an_extra_called_as_the_default_group_is_a_group_of_its_own():
    text = (
        HEAD
        + project(
            "thing",
            'virtual = "."',
            'dependencies = [{ name = "a" }]\n'
            '[package.optional-dependencies]\ndefault = [{ name = "b" }]\n',
        )
        + package("a")
        + package("b")
    )
    found = uv_lock.parse(text, "uv.lock")
    assert groups(found) == {"default": ["a"], "default-group": ["b"]}


def test_one_version_from_several_indexes_is_told_apart():
    def of_index(index, needs=""):
        return package("torch", needs=needs).replace("https://index.example/simple", index)

    def edge(index, platform):
        return (
            f'{{ name = "torch", version = "1.0", source = {{ registry = "{index}" }}, '
            f"marker = \"sys_platform == '{platform}'\" }}"
        )

    text = (
        HEAD
        + project(
            "thing",
            'virtual = "."',
            f"dependencies = [{edge('https://cpu', 'darwin')}, {edge('https://cuda', 'linux')}]",
        )
        + of_index("https://cpu")
        + of_index("https://cuda", '{ name = "a" }')
        + package("a")
    )
    found = uv_lock.parse(text, "uv.lock").locked.resolution
    assert installed(found) == ["a", "torch"]
    assert installed(found, "aarch64-darwin") == ["torch"]

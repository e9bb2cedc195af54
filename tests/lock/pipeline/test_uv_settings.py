"""Versions that uv's settings decide: the lock has those of `uv lock` for the same project."""

import hashlib
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.support.index_server import IN_TREE, Index, NewIndex, requiring
from tests.support.lock_app import LockApp

PROJECT = (
    '[project]\nname = "thing"\nversion = "1"\nrequires-python = ">=3.11"\n'
    'dependencies = ["alpha"]\n'
)


@pytest.fixture
def other(new_index: NewIndex) -> Index:
    """An index with further versions, and a page of links to them."""
    index = new_index()
    index.wheel("alpha", "2.5", "beta")
    index.wheel("beta", "9.0")
    names = ("alpha-2.5-py3-none-any.whl", "beta-9.0-py3-none-any.whl")
    hashes = {name: hashlib.sha256(index.files[f"/files/{name}"]).hexdigest() for name in names}
    links = [f'<a href="../files/{name}#sha256={hashes[name]}">{name}</a>' for name in names]
    index.files["/links/"] = "".join(links).encode()
    return index


@pytest.fixture
def stocked(index: Index) -> Index:
    """The default index, with some versions of two packages."""
    for day, version in enumerate(("1.0", "2.0", "3.0", "4.0a1"), 1):
        uploaded = f"2026-01-0{day}T00:00:00Z"
        index.wheel("alpha", version, "beta", uploaded=uploaded)
        index.wheel("beta", version, uploaded=uploaded)
    return index


def locked(lock: LockApp, *arguments: str) -> Any:
    return yaml.safe_load(lock.succeed("3.11", *arguments, "pyproject.toml"))


def exported(lock: LockApp, uv: str) -> dict[str, str]:
    """Return the versions that uv locks and exports in a copy of the folder."""
    folder = lock.folder.parent / "of-uv"
    shutil.copytree(lock.folder, folder)
    options = ["--no-hashes", "--no-header", "--no-annotate", "--no-emit-project"]
    done = subprocess.run(
        [uv, "export", "--quiet", *options],
        cwd=folder,
        env=lock.environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return dict(re.findall(r"^([a-z-]+)==([^\s;]+)", done.stdout, re.MULTILINE))


CASES = {
    "none": ("", {"alpha": "3.0", "beta": "3.0"}),
    "lowest": ('resolution = "lowest"', {"alpha": "1.0", "beta": "1.0"}),
    "lowest-direct": ('resolution = "lowest-direct"', {"alpha": "1.0", "beta": "3.0"}),
    "prerelease": ('prerelease = "allow"', {"alpha": "4.0a1", "beta": "4.0a1"}),
    "prerelease-package": ('prerelease-package = {beta = "allow"}', {"beta": "4.0a1"}),
    "exclude-newer-package": (
        'exclude-newer = "2026-01-03T00:00:00Z"\n'
        'exclude-newer-package = {alpha = "2026-01-01T12:00:00Z", beta = false}',
        {"alpha": "1.0", "beta": "3.0"},
    ),
    "dependency-metadata": (
        'dependency-metadata = [{name = "alpha", requires-dist = ["beta<2"]}]',
        {"alpha": "3.0", "beta": "1.0"},
    ),
    "dependency-metadata-of-a-version": (
        'dependency-metadata = [{name = "alpha", version = "3.0", requires-dist = []}]',
        {"alpha": "3.0"},
    ),
    "exclude-dependencies": ('exclude-dependencies = ["beta"]', {"alpha": "3.0"}),
    "constraint-dependencies": ('constraint-dependencies = ["beta<3"]', {"beta": "2.0"}),
    "first-index": (
        'index = [{name = "other", url = "OTHER"}]',
        {"alpha": "2.5", "beta": "9.0"},
    ),
    "unsafe-best-match": (
        'index-strategy = "unsafe-best-match"\nindex = [{name = "other", url = "OTHER"}]',
        {"alpha": "3.0", "beta": "9.0"},
    ),
    "index-url": ('index-url = "OTHER"', {"alpha": "2.5"}),
    "extra-index-url": ('extra-index-url = ["OTHER"]', {"alpha": "2.5"}),
    "find-links": ('find-links = ["LINKS"]', {"alpha": "3.0", "beta": "9.0"}),
    "find-links-and-an-index": (
        'find-links = ["LINKS"]\nconstraint-dependencies = ["beta<5"]',
        {"alpha": "3.0", "beta": "3.0"},
    ),
    "no-index": ('no-index = true\nfind-links = ["LINKS"]', {"alpha": "2.5", "beta": "9.0"}),
    "no-sources": (
        'no-sources = true\nsources = {alpha = {index = "other"}}\n'
        'index = [{name = "other", url = "OTHER", explicit = true}]',
        {"alpha": "3.0"},
    ),
    "sources": (
        'sources = {alpha = {index = "other"}}\n'
        'index = [{name = "other", url = "OTHER", explicit = true}]',
        {"alpha": "2.5", "beta": "3.0"},
    ),
    "exclude-newer-of-an-index": (
        'index-strategy = "unsafe-best-match"\n'
        'index = [{name = "other", url = "OTHER", exclude-newer = "2025-01-01"}]',
        {"alpha": "3.0", "beta": "3.0"},
    ),
}


@pytest.mark.parametrize("case", CASES)
@pytest.mark.usefixtures("stocked")
def test_a_setting_decides_as_in_uv(lock: LockApp, uv: str, other: Index, case: str) -> None:
    tool, expected = CASES[case]
    # The index is named in the file: uv's variables would come before it.
    default = lock.environment.pop("UV_DEFAULT_INDEX")
    lock.environment["WHEELHOUSE_DEFAULT_INDEX"] = default
    table = tool.replace("OTHER", other.simple).replace("LINKS", f"{other.url}/links/")
    lock.write(f"{PROJECT}[tool.uv]\n{table}\n", "pyproject.toml")
    found = locked(lock)["closure"]
    assert found | expected == found
    named = {} if 'index-url = "' in tool else {"UV_INDEX_URL": default}
    lock.environment |= named
    assert exported(lock, uv) == found


@pytest.mark.usefixtures("stocked")
def test_a_project_s_own_requirements_are_direct_ones(lock: LockApp, uv: str) -> None:
    lock.write(f'{PROJECT}[tool.uv]\nresolution = "lowest-direct"\n{IN_TREE}', "pyproject.toml")
    found = locked(lock)
    assert [one["name"] for one in found["projects"]] == ["thing"]
    assert found["closure"] == {"alpha": "1.0", "beta": "3.0"} == exported(lock, uv)


@pytest.mark.parametrize(
    ("tool", "versions"),
    [
        ('resolution = "lowest"', ("2.0", "1.0")),
        ('prerelease = "allow"', ("2.0", "4.0a1")),
        ('fork-strategy = "fewest"', ("2.0", "3.0")),
        ('prerelease-package = {beta = "allow"}', ("2.0", "4.0a1")),
        ('exclude-newer-package = {beta = "2026-01-02"}', ("2.0", "2.0")),
    ],
)
@pytest.mark.usefixtures("stocked")
def test_the_versions_of_the_lock_are_kept(
    lock: LockApp, tool: str, versions: tuple[str, str]
) -> None:
    text = f"{PROJECT}[tool.uv]\n{tool}\n"
    lock.write(text.replace('"alpha"', '"alpha==2.0"'), "pyproject.toml")
    assert tuple(locked(lock)["closure"].values()) == versions
    lock.write(text, "pyproject.toml")
    assert tuple(locked(lock)["closure"].values()) == versions


@pytest.mark.usefixtures("stocked")
def test_a_change_of_a_setting_makes_the_lock_stale(lock: LockApp) -> None:
    lock.write(PROJECT, "pyproject.toml")
    locked(lock)
    for tool in (
        'resolution = "lowest"',
        "no-index = true",
        'exclude-newer-package = {beta = "7 days"}',
        'extra-build-dependencies = {alpha = [{requirement = "beta", match-runtime = true}]}',
        'find-links = ["https://links.example/"]',
        'build-constraint-dependencies = ["beta<2"]',
    ):
        lock.write(f"{PROJECT}[tool.uv]\n{tool}\n", "pyproject.toml")
        assert "the lock is stale against pyproject.toml" in lock.fail(
            1, "--check", "3.11", "pyproject.toml"
        )


@pytest.mark.usefixtures("stocked")
def test_an_address_in_a_variable_comes_before_that_of_the_file(
    lock: LockApp, uv: str, other: Index, new_index: NewIndex
) -> None:
    third = new_index()
    for name in ("alpha", "beta"):
        third.wheel(name, "1.5", *(["beta"] if name == "alpha" else []))
    del lock.environment["UV_DEFAULT_INDEX"]
    for tool, variable, expected in (
        ('index-url = "OTHER"', "UV_DEFAULT_INDEX", "1.5"),
        ('index-url = "OTHER"', "UV_INDEX_URL", "1.5"),
        ('extra-index-url = ["OTHER"]', "UV_EXTRA_INDEX_URL", "1.5"),
        ('extra-index-url = ["OTHER"]', "UV_INDEX", "1.5"),
        ('index = [{url = "OTHER"}]', "UV_EXTRA_INDEX_URL", "2.5"),
        ('index = [{url = "OTHER", default = true}]', "UV_INDEX_URL", "2.5"),
        ('index = [{url = "OTHER"}]', "UV_INDEX", "1.5"),
    ):
        table = tool.replace("OTHER", other.simple)
        lock.write(f"{PROJECT}[tool.uv]\n{table}\n", "pyproject.toml")
        before = dict(lock.environment)
        lock.environment[variable] = third.simple
        found = locked(lock, "--upgrade")["closure"]
        assert found["alpha"] == expected, (tool, variable)
        assert exported(lock, uv) == found, (tool, variable)
        shutil.rmtree(lock.folder.parent / "of-uv")
        lock.environment = before


@pytest.mark.usefixtures("stocked")
def test_systems_that_the_environments_rule_out_are_left_out(lock: LockApp) -> None:
    tool = "[tool.uv]\nenvironments = [\"sys_platform == 'linux'\"]\n"
    lock.write(PROJECT + tool, "pyproject.toml")
    done = lock.run("3.11", "pyproject.toml")
    assert done.returncode == 0
    assert (
        "warning: pyproject.toml: its `environments` rule aarch64-darwin, x86_64-darwin out, so "
        "the lock isn't for them" in done.stderr.splitlines()
    )
    text = (lock.folder / "sources.yaml").read_text("utf-8")
    assert [*yaml.safe_load(text)["systems"]] == ["aarch64-linux", "x86_64-linux"]
    assert lock.succeed("--system", "x86_64-linux", "3.11", "pyproject.toml")
    message = lock.fail(2, "--system", "x86_64-darwin", "3.11", "pyproject.toml")
    assert message == (
        "pyproject.toml: its `environments` rule x86_64-darwin out; name other systems, or mend "
        "`environments`\n"
    )
    lock.write(PROJECT + tool.replace("linux", "win32"), "pyproject.toml")
    assert "rule x86_64-linux out for Python 3.11; name another" in lock.fail(
        2, "3.11", "pyproject.toml"
    )


@pytest.mark.usefixtures("stocked")
def test_what_has_no_effect_is_told_once(lock: LockApp) -> None:
    lock.write(
        f'{PROJECT}[tool.uv]\nlink-mode = "copy"\nconfig-settings = {{a = "b"}}\n',
        "pyproject.toml",
    )
    done = lock.run("3.11", "pyproject.toml")
    assert done.returncode == 0
    told = [line for line in done.stderr.splitlines() if "effect" in line]
    assert told == [
        "warning: pyproject.toml: tool.uv.config-settings has no effect here; give the build what "
        "it needs by `overrides` in Nix",
        "warning: pyproject.toml: without effect on a lock: tool.uv.link-mode",
    ]


def builds(found: Any) -> dict[str, dict[str, str]]:
    """Return, by package that is built, the versions in its build."""
    return {
        build["package"]: {one["name"]: one["version"] for one in build.get("closure", ())}
        for build in found["builds"]
    }


@pytest.mark.usefixtures("stocked")
def test_builds_have_their_own_constraints(lock: LockApp, index: Index) -> None:
    index.sdist("gamma", "1.0", requiring("alpha"))
    text = PROJECT.replace('"alpha"', '"gamma"') + (
        '[tool.uv]\nbuild-constraint-dependencies = ["alpha<3"]\nresolution = "lowest"\n'
        'constraint-dependencies = ["beta<2"]\nexclude-dependencies = ["alpha"]\n'
        'dependency-metadata = [{name = "alpha", version = "2.0", requires-dist = ["beta<3"]}]\n'
    )
    lock.write(text, "pyproject.toml")
    found = locked(lock)
    assert found["closure"] == {"gamma": "1.0"}
    assert builds(found) == {"gamma": {"alpha": "2.0", "beta": "2.0"}}


@pytest.mark.usefixtures("stocked")
def test_a_build_has_what_runs_with_it(lock: LockApp, index: Index) -> None:
    index.sdist("gamma", "1.0", requiring("beta"))
    text = PROJECT.replace('"alpha"', '"gamma", "alpha<3"') + (
        "[tool.uv]\nextra-build-dependencies = "
        '{gamma = [{requirement = "alpha", match-runtime = true}, "delta"]}\n'
    )
    index.wheel("delta", "1.0")
    lock.write(text, "pyproject.toml")
    found = locked(lock)
    assert found["closure"]["alpha"] == "2.0"
    assert builds(found) == {"gamma": {"alpha": "2.0", "beta": "3.0", "delta": "1.0"}}
    assert "alpha==2.0" in found["builds"][0]["requires"]
    lock.write(text.replace('"gamma", "alpha<3"', '"gamma"'), "pyproject.toml")
    message = lock.fail(1, "3.11", "pyproject.toml")
    assert message == (
        "pyproject.toml: gamma 1.0: `match-runtime` asks for the version of alpha that is "
        "installed with it, and it isn't installed; require it, or leave `match-runtime` out\n"
    )


@pytest.mark.usefixtures("stocked")
def test_a_build_has_the_version_of_each_system(lock: LockApp, index: Index) -> None:
    index.sdist("gamma", "1.0", requiring())
    wanted = '"gamma", "alpha<2 ; sys_platform == \'linux\'", "alpha ; sys_platform != \'linux\'"'
    lock.write(
        PROJECT.replace('"alpha"', wanted) + "[tool.uv]\nextra-build-dependencies = "
        '{gamma = [{requirement = "alpha", match-runtime = true}]}\n',
        "pyproject.toml",
    )
    [build] = locked(lock)["builds"]
    assert {
        (one["version"], *one["systems"]) for one in build["closure"] if one["name"] == "alpha"
    } == {
        ("1.0", "aarch64-linux", "x86_64-linux"),
        ("3.0", "aarch64-darwin", "x86_64-darwin"),
    }


@pytest.mark.usefixtures("stocked")
def test_the_constraints_of_builds_in_uv_s_lock_hold(lock: LockApp, uv: str, index: Index) -> None:
    index.sdist("gamma", "1.0", requiring("alpha"))
    lock.write(
        PROJECT.replace('"alpha"', '"gamma"')
        + '[tool.uv]\nbuild-constraint-dependencies = ["alpha<3"]\n',
        "pyproject.toml",
    )
    done = subprocess.run([uv, "lock"], cwd=lock.folder, env=lock.environment, check=False)
    assert done.returncode == 0
    assert "build-constraints" in (lock.folder / "uv.lock").read_text("utf-8")
    found = yaml.safe_load(lock.succeed("3.11", "uv.lock"))
    assert builds(found) == {"gamma": {"alpha": "2.0", "beta": "3.0"}}


@pytest.mark.usefixtures("stocked")
def test_the_builds_of_uv_s_lock_have_the_settings_beside_it(
    lock: LockApp, uv: str, index: Index, other: Index
) -> None:
    index.sdist("gamma", "1.0", requiring("beta"))
    index.wheel("delta", "1.0")
    index.sdist("delta", "1.0")
    lock.write(
        PROJECT.replace('"alpha"', '"gamma", "delta"')
        + f'[tool.uv]\nextra-index-url = ["{other.simple}"]\nno-binary-package = ["delta"]\n'
        'extra-build-dependencies = {gamma = ["alpha"]}\nlink-mode = "copy"\n',
        "pyproject.toml",
    )
    done = subprocess.run([uv, "lock"], cwd=lock.folder, env=lock.environment, check=False)
    assert done.returncode == 0
    run = lock.run("3.11", "uv.lock")
    assert run.returncode == 0, run.stderr
    assert "tool.uv.link-mode" in run.stderr
    found = yaml.safe_load((lock.folder / "sources.yaml").read_text("utf-8"))
    assert builds(found) == {"delta": {}, "gamma": {"alpha": "2.5", "beta": "9.0"}}


def test_a_package_of_a_package_has_more_for_its_build(lock: LockApp, index: Index) -> None:
    index.wheel("alpha", "1.0", "gamma")
    index.sdist("gamma", "1.0", requiring())
    index.wheel("beta", "1.0")
    lock.write(
        f'{PROJECT}[tool.uv]\nextra-build-dependencies = {{gamma = ["beta"]}}\n',
        "pyproject.toml",
    )
    assert builds(locked(lock)) == {"gamma": {"beta": "1.0"}}


@pytest.mark.usefixtures("stocked")
def test_a_group_of_another_python_is_told(lock: LockApp) -> None:
    lock.write(
        f'{PROJECT}[dependency-groups]\ndev = ["beta"]\nlint = ["beta"]\n'
        '[tool.uv.dependency-groups]\ndev = {requires-python = ">=3.12"}\n',
        "pyproject.toml",
    )
    done = lock.run("3.11", "pyproject.toml")
    assert (
        "warning: pyproject.toml: nothing of the group dev is for Python 3.11 on these systems"
        in done.stderr.splitlines()
    )
    assert "lint" not in done.stderr


@pytest.mark.usefixtures("stocked")
def test_variables_that_would_decide_are_told(lock: LockApp) -> None:
    lock.write(PROJECT, "pyproject.toml")
    variables = {"UV_RESOLUTION": "lowest", "UV_NO_INDEX": "1", "UV_NO_BUILD": ""}
    done = lock.run("3.11", "pyproject.toml", **variables)
    assert done.returncode == 0
    assert done.stderr.startswith(
        "warning: UV_NO_INDEX, UV_RESOLUTION: without effect here; write that into the requirements"
    )


@pytest.mark.usefixtures("stocked")
def test_a_uv_toml_beside_has_the_index(lock: LockApp, other: Index) -> None:
    lock.write(PROJECT, "pyproject.toml")
    lock.write(f'extra-index-url = ["{other.simple}"]\n', "uv.toml")
    assert locked(lock)["closure"] == {"alpha": "2.5", "beta": "9.0"}


@pytest.mark.usefixtures("stocked")
def test_an_inspection_asks_the_same_indexes(lock: LockApp, other: Index) -> None:
    lock.write(f'{PROJECT}[tool.uv]\nfind-links = ["{other.url}/links/"]\n', "pyproject.toml")
    locked(lock)
    done = lock.run("explain", "beta")
    assert done.returncode == 0, done.stderr
    assert "beta-9.0-py3-none-any.whl" in done.stdout
    assert "alpha" not in done.stdout
    assert lock.run("outdated").returncode == 0


@pytest.mark.usefixtures("stocked")
def test_the_keyring_of_the_settings_is_asked(lock: LockApp, other: Index) -> None:
    other.login = ("reader", "s3cr3t")
    program = Path(lock.folder.parent, "programs", "keyring")
    program.parent.mkdir()
    program.write_text("#!/bin/sh\necho s3cr3t\n", encoding="utf-8")
    program.chmod(0o755)
    lock.environment |= {
        "PATH": f"{program.parent}{os.pathsep}{lock.environment['PATH']}",
        "UV_INDEX_CORP_USERNAME": "reader",
    }
    tool = '[tool.uv]\nkeyring-provider = "subprocess"\n[[tool.uv.index]]\nname = "corp"\n'
    lock.write(f'{PROJECT}{tool}url = "{other.simple}"\n', "pyproject.toml")
    assert locked(lock)["closure"] == {"alpha": "2.5", "beta": "9.0"}


@pytest.mark.parametrize("file", ["pyproject.toml", "uv.lock"])
def test_the_build_of_the_project_has_its_index(
    lock: LockApp, uv: str, index: Index, other: Index, file: str
) -> None:
    index.wheel("alpha", "9.9")
    index.wheel("beta", "9.9")
    lock.write(
        PROJECT.replace('["alpha"]', "[]")
        + requiring("alpha")
        + '[tool.uv.sources]\nalpha = {index = "corp"}\nbeta = {url = "https://x/b-1.zip"}\n'
        f'[[tool.uv.index]]\nname = "corp"\nurl = "{other.simple}"\nexplicit = true\n',
        "pyproject.toml",
    )
    lock.write("", "backend.py")
    if file == "uv.lock":
        done = subprocess.run([uv, "lock"], cwd=lock.folder, env=lock.environment, check=False)
        assert done.returncode == 0
    found = yaml.safe_load(lock.succeed("3.11", file))
    assert builds(found) == {"thing": {"alpha": "2.5", "beta": "9.9"}}


@pytest.mark.usefixtures("stocked")
def test_settings_beside_requirements_of_pip_are_told(lock: LockApp) -> None:
    lock.write("alpha\n", "requirements.txt")
    lock.write('index-url = "https://x.example"\nlink-mode = "copy"\n', "uv.toml")
    done = lock.run("3.11", "requirements.txt")
    assert done.returncode == 0
    assert (
        "warning: requirements.txt: the settings of uv.toml beside it have no effect on it: "
        "index-url; write them into it as options, such as `--index-url`"
    ) in done.stderr.splitlines()

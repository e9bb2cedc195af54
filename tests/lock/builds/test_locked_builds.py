"""The locked environments of builds, against an index on this machine."""

import platform
import subprocess
import sys
from typing import Any

import pytest
import yaml

from tests.support.index_server import Index, requiring
from tests.support.lock_app import LockApp

HERE = f"3.{sys.version_info.minor}"
HERE_SYSTEM = next(
    name
    for name, machine, kind in (
        ("aarch64-darwin", "arm64", "darwin"),
        ("aarch64-linux", "aarch64", "linux"),
        ("x86_64-darwin", "x86_64", "darwin"),
        ("x86_64-linux", "x86_64", "linux"),
    )
    if (machine, kind) == (platform.machine(), sys.platform)
)
# Builds a wheel that holds nothing.
BACKEND = """\
import pathlib, zipfile
{head}
METADATA = pathlib.Path("PKG-INFO").read_text()
STEM = METADATA.split()[3].replace("-", "_") + "-" + METADATA.split()[5]
WHEEL = "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n"


def build_wheel(folder, config_settings=None, metadata_directory=None):
    name = f"{{STEM}}-py3-none-any.whl"
    with zipfile.ZipFile(pathlib.Path(folder, name), "w") as archive:
        for member, text in (("METADATA", METADATA), ("WHEEL", WHEEL), ("RECORD", "")):
            archive.writestr(f"{{STEM}}.dist-info/{{member}}", text)
    return name


def get_requires_for_build_wheel(config_settings=None):
    {body}
"""


def backend(body: str = "return []", head: str = "") -> dict[str, str]:
    """A backend of the archive's own, with the body of its hook."""
    return {"backend.py": BACKEND.format(body=body, head=head)}


def read(lock: LockApp, *arguments: str, **environment: str) -> Any:
    return yaml.safe_load(lock.succeed(*(arguments or ("3.11",)), **environment))


def versions(build: Any) -> dict[str, str]:
    """The closure of a build."""
    return {item["name"]: item["version"] for item in build.get("closure", [])}


@pytest.fixture
def stocked(index: Index) -> Index:
    """An index with wheels of what builds need."""
    index.wheel("beta", "1.0", "gamma")
    index.wheel("beta", "2.0", "gamma")
    index.wheel("gamma", "1.0")
    return index


def test_the_environment_of_a_build_is_written_with_its_files(
    lock: LockApp, stocked: Index
) -> None:
    stocked.sdist("alpha", "1.0", requiring("Beta>=1"), files=backend())
    lock.write("alpha:\n")
    found = read(lock)
    assert list(found)[-3:] == ["builds", "links", "build-links"]
    assert found["builds"] == [
        {
            "package": "alpha",
            "version": "1.0",
            "requires": ["beta>=1"],
            "closure": [{"name": "beta", "version": "2.0"}, {"name": "gamma", "version": "1.0"}],
        }
    ]
    assert [link["name"] for link in found["links"]] == ["alpha-1.0.tar.gz"]
    assert [
        (link["name"], link["package"], link["version"], "systems" in link, len(link["sha256"]))
        for link in found["build-links"]
    ] == [
        ("beta-2.0-py3-none-any.whl", "beta", "2.0", False, 52),
        ("gamma-1.0-py3-none-any.whl", "gamma", "1.0", False, 52),
    ]
    assert found["closure"] == {"alpha": "1.0"}


def test_two_runs_write_the_same_bytes_and_leave_nothing(
    lock: LockApp, stocked: Index, scratch: Any
) -> None:
    for name in ("alpha", "delta"):
        files = backend("return ['gamma', 'beta']")
        stocked.sdist(name, "1.0", requiring("gamma"), files=files, suffix=".zip")
    lock.write("alpha:\ndelta:\n")
    first = lock.succeed("3.11")
    (lock.folder / "sources.yaml").unlink()
    assert lock.succeed("3.11") == first
    assert scratch() == []


def test_a_build_prefers_the_versions_of_the_environment(lock: LockApp, stocked: Index) -> None:
    stocked.sdist("alpha", "1.0", requiring("beta"), files=backend())
    lock.write("alpha:\nbeta: <2\n")
    found = read(lock)
    assert versions(found["builds"][0]) == {"beta": "1.0", "gamma": "1.0"}
    assert "build-links" not in found


def test_a_build_that_needs_another_version_than_the_environment_has_it(
    lock: LockApp, stocked: Index
) -> None:
    stocked.sdist("alpha", "1.0", requiring("beta>=2"), files=backend())
    lock.write("alpha:\nbeta: <2\n")
    found = read(lock)
    assert versions(found["builds"][0]) == {"beta": "2.0", "gamma": "1.0"}
    assert [link["name"] for link in found["build-links"]] == ["beta-2.0-py3-none-any.whl"]


def test_where_systems_differ_in_a_version_each_build_has_its_own(
    lock: LockApp, stocked: Index
) -> None:
    stocked.sdist("alpha", "1.0", requiring("beta"), files=backend())
    stocked.wheel("old", "1.0", 'beta<2; sys_platform == "linux"')
    lock.write("alpha:\nbeta:\nold:\n")
    found = read(lock, "3.11", "--system", "x86_64-linux", "--system", "aarch64-darwin")
    assert found["builds"][0]["closure"] == [
        {"name": "beta", "version": "1.0", "systems": ["x86_64-linux"]},
        {"name": "beta", "version": "2.0", "systems": ["aarch64-darwin"]},
        {"name": "gamma", "version": "1.0"},
    ]
    assert "build-links" not in found


def test_what_the_backend_asks_for_is_locked_too(lock: LockApp, stocked: Index) -> None:
    files = backend("import gamma; return ['beta<2']")
    stocked.wheel("gamma", "1.1", modules={"gamma.py": ""})
    stocked.sdist("alpha", "1.0", requiring("gamma"), files=files)
    lock.write("alpha:\n")
    [build] = read(lock)["builds"]
    assert build["requires"] == ["beta<2", "gamma"]
    assert versions(build) == {"beta": "1.0", "gamma": "1.1"}


def test_a_backend_is_asked_once_in_the_same_environment(lock: LockApp, stocked: Index) -> None:
    asked = lock.folder.parent / "asked"
    body = f"open({str(asked)!r}, 'a').write('x'); return ['beta<2']"
    stocked.sdist("alpha", "1.0", requiring("gamma"), files=backend(body))
    lock.write("alpha:\n")
    first = lock.succeed("3.11")
    (lock.folder / "sources.yaml").unlink()
    assert lock.succeed("3.11") == first
    assert asked.read_text() == "x"
    # Another version of what it runs with may answer something else.
    stocked.wheel("gamma", "1.5")
    [build] = read(lock, "3.11", "--upgrade")["builds"]
    assert versions(build) == {"beta": "1.0", "gamma": "1.5"}
    assert asked.read_text() == "xx"
    lock.succeed("3.11", UV_NO_CACHE="1")
    assert asked.read_text() == "xxx"


def test_a_cache_that_can_t_be_read_or_written_changes_nothing(
    lock: LockApp, stocked: Index
) -> None:
    stocked.sdist("alpha", "1.0", requiring("gamma"), files=backend("return ['beta<2']"))
    lock.write("alpha:\n")
    first = lock.succeed("3.11")
    cache = lock.folder.parent / ".cache" / "wheelhouse" / "builds"
    kept = [*cache.iterdir()]
    assert kept
    for file in kept:
        file.write_text("{")
    assert lock.succeed("3.11") == first
    assert lock.succeed("3.11", XDG_CACHE_HOME="/dev/null") == first


def test_a_guess_that_can_t_be_resolved_any_more_is_no_error(lock: LockApp, stocked: Index) -> None:
    body = "import gamma; return getattr(gamma, 'NEEDS', ['delta'])"
    stocked.wheel("gamma", "1.1", modules={"gamma.py": ""})
    stocked.wheel("delta", "1.0")
    stocked.sdist("alpha", "1.0", requiring("gamma"), files=backend(body))
    lock.write("alpha:\n")
    assert read(lock)["builds"][0]["requires"] == ["delta", "gamma"]
    stocked.wheel("gamma", "1.2", modules={"gamma.py": "NEEDS = ['beta']"})
    stocked.pages["/simple/delta/"].clear()
    assert read(lock, "3.11", "--upgrade")["builds"][0]["requires"] == ["beta", "gamma"]


def test_a_build_that_needs_nothing_has_neither_requirements_nor_a_closure(
    lock: LockApp, index: Index
) -> None:
    index.sdist("alpha", "1.0", files=backend())
    lock.write("alpha:\n")
    found = read(lock)
    assert found["builds"] == [{"package": "alpha", "version": "1.0"}]
    assert "build-links" not in found


def test_what_a_build_forgets_to_declare_stands_in_the_requirements(
    lock: LockApp, stocked: Index
) -> None:
    stocked.wheel("helper", "1.5", modules={"helper.py": ""})
    files = backend(head="import helper") | {
        "PKG-INFO": "Metadata-Version: 1.0\nName: alpha\nVersion: 1.0\n"
    }
    stocked.sdist("alpha", "1.0", files=files)
    lock.write("alpha:\n")
    told = lock.fail(1, "3.11")
    assert "requirements.yaml: " in told
    assert "`alpha: {build-requires: [helper]}`" in told
    for written in ("[helper ^1.2]", "{Helper: ^1.2}"):
        lock.write(f"alpha: {{build-requires: {written}}}\n")
        [build] = read(lock)["builds"]
        assert build["requires"] == ["helper<2,>=1.2"]
        assert versions(build) == {"helper": "1.5"}


def test_a_build_has_builds_of_its_own(lock: LockApp, index: Index) -> None:
    index.sdist("alpha", "1.0", requiring("beta"), files=backend())
    index.sdist("beta", "1.0", requiring("gamma"), files=backend())
    index.wheel("gamma", "1.0")
    lock.write("alpha:\n")
    found = read(lock)
    assert [(build["package"], versions(build)) for build in found["builds"]] == [
        ("alpha", {"beta": "1.0"}),
        ("beta", {"gamma": "1.0"}),
    ]
    names = [link["name"] for link in found["build-links"]]
    assert names == ["beta-1.0.tar.gz", "gamma-1.0-py3-none-any.whl"]


def test_builds_that_need_each_other_are_refused(lock: LockApp, index: Index) -> None:
    index.sdist("alpha", "1.0", requiring("beta"), files=backend())
    index.sdist("beta", "1.0", requiring("gamma"), files=backend())
    index.sdist("gamma", "1.0", requiring("beta"), files=backend())
    lock.write("alpha:\n")
    told = lock.fail(1, "3.11")
    assert "go round in a circle on aarch64-darwin" in told
    assert "beta 1.0, which needs gamma 1.0, which needs beta 1.0," in told
    assert "alpha" not in told


def test_builds_that_ask_for_each_other_are_refused(lock: LockApp, index: Index) -> None:
    index.sdist("alpha", "1.0", requiring("beta"), files=backend())
    index.sdist("beta", "1.0", files=backend("return ['alpha']"))
    lock.write("alpha:\n")
    told = lock.fail(1, "3.11")
    assert (
        "in a circle on aarch64-darwin: alpha 1.0, which needs beta 1.0, which needs alpha" in told
    )


def test_a_build_that_cannot_be_solved_is_told_by_name_with_the_reason(
    lock: LockApp, stocked: Index
) -> None:
    stocked.sdist("alpha", "1.0", requiring("beta>=3"), files=backend())
    stocked.sdist("also", "1.0", requiring("beta>=3"), files=backend())
    stocked.sdist("delta", "1.0", requiring("gamma"), files=backend())
    lock.write("alpha:\nalso:\ndelta:\n")
    told = lock.fail(1, "3.11")
    assert told.startswith(
        "requirements.yaml: alpha 1.0, also 1.0: what the build needs can't be resolved "
        "(beta>=3):\n"
    )
    assert "only beta<=2.0 is available" in told
    assert "delta" not in told


def test_what_the_backend_asks_for_and_nothing_has_is_told(lock: LockApp, index: Index) -> None:
    index.sdist("alpha", "1.0", files=backend("return ['nowhere']"))
    lock.write("alpha:\n")
    told = lock.fail(1, "3.11")
    assert "alpha 1.0: what the build needs can't be resolved (nowhere):" in told


def test_a_build_tool_without_a_file_for_a_system_is_told(lock: LockApp, index: Index) -> None:
    index.wheel("beta", "1.0", tag="cp311-cp311-macosx_11_0_arm64")
    index.sdist("alpha", "1.0", requiring("beta"), files=backend())
    lock.write("alpha:\n")
    told = lock.fail(1, "3.11")
    assert "alpha 1.0: what the build needs can't be" in told
    assert "beta" in told


def test_a_build_is_locked_for_the_systems_that_build(lock: LockApp, stocked: Index) -> None:
    stocked.wheel("alpha", "1.0", tag="cp311-cp311-manylinux_2_17_x86_64")
    requires = ["beta", "mac-only; sys_platform == 'darwin'"]
    stocked.sdist("alpha", "1.0", requiring(*requires), files=backend())
    # Of what x86_64-linux would need there is nothing, but it needs nothing.
    stocked.wheel("mac-only", "1.0", tag="cp311-cp311-macosx_11_0_universal2")
    lock.write("alpha:\nbeta: {version: '*', markers: 'sys_platform == \"darwin\"'}\n")
    found = read(lock)
    [build] = found["builds"]
    assert build["systems"] == ["aarch64-darwin", "aarch64-linux", "x86_64-darwin"]
    assert build["closure"] == [
        {"name": "beta", "version": "2.0"},
        {"name": "gamma", "version": "1.0"},
        {"name": "mac-only", "version": "1.0", "systems": ["aarch64-darwin", "x86_64-darwin"]},
    ]
    # A file that the environment has elsewhere is linked for the rest.
    served = {
        link["name"]: link["systems"]
        for link in found["build-links"]
        if link["package"] in ("beta", "gamma")
    }
    assert served == {
        "beta-2.0-py3-none-any.whl": ["aarch64-linux"],
        "gamma-1.0-py3-none-any.whl": ["aarch64-linux"],
    }


def test_every_file_of_a_closure_is_linked_once_for_each_system(
    lock: LockApp, stocked: Index
) -> None:
    stocked.sdist("alpha", "1.0", requiring("beta"), files=backend("return ['delta']"))
    stocked.sdist("delta", "1.0", requiring("gamma"), files=backend())
    lock.write("alpha:\ngamma: {version: '*', markers: 'sys_platform == \"linux\"'}\n")
    found = read(lock)
    everywhere = list(found["systems"])
    links = found["links"] + found["build-links"]
    for build in found["builds"]:
        for system in build.get("systems", everywhere):
            for item in build["closure"]:
                serving = [
                    link["name"]
                    for link in links
                    if (link["package"], link["version"]) == (item["name"], item["version"])
                    and system in link.get("systems", everywhere)
                ]
                assert len(serving) == 1, (build["package"], system, item, serving)


def test_a_backend_that_fails_here_is_a_note_and_what_is_declared_is_locked(
    lock: LockApp, stocked: Index
) -> None:
    files = backend("raise SystemExit('no compiler at all')")
    stocked.sdist("alpha", "1.0", requiring("beta"), files=files)
    lock.write("alpha:\n")
    done = lock.run("3.11")
    assert done.returncode == 0
    assert done.stderr.startswith("requirements.yaml: alpha 1.0: its build backend can't be asked")
    assert "(no compiler at all)" in done.stderr
    [build] = yaml.safe_load((lock.folder / "sources.yaml").read_text())["builds"]
    assert versions(build) == {"beta": "2.0", "gamma": "1.0"}


def test_a_module_that_the_backend_lacks_is_an_error_where_it_is_built(
    lock: LockApp, index: Index
) -> None:
    index.sdist("alpha", "1.0", files=backend("import helper.more"))
    lock.write("alpha:\n")
    told = lock.fail(1, HERE, "--system", HERE_SYSTEM)
    assert "alpha 1.0: the build of alpha needs the module helper, which it doesn't" in told
    assert "`alpha: {build-requires: [helper]}`" in told


def test_a_backend_that_is_not_there_is_told(lock: LockApp, stocked: Index) -> None:
    stocked.sdist("alpha", "1.0", '[build-system]\nrequires = ["gamma"]\nbuild-backend = "tool"\n')
    lock.write("alpha:\n")
    told = lock.fail(1, HERE, "--system", HERE_SYSTEM)
    assert "needs the module tool, which it doesn't declare" in told


def test_without_the_targets_python_the_one_at_hand_asks(lock: LockApp, index: Index) -> None:
    body = "import sys; return ['alpha-helper'] if 'helper' in sys.modules else []"
    for tag, version in ((f"cp{HERE.replace('.', '')}-none-any", "1.0"), ("cp38-none-any", "0.8")):
        index.wheel("helper", version, tag=tag, modules={"helper.py": ""})
    index.wheel("alpha-helper", "1.0")
    files = backend(body, head="import helper")
    index.sdist("alpha", "1.0", requiring("helper"), files=files)
    lock.write("alpha:\n")
    [build] = read(lock, "3.8", PATH="/nowhere")["builds"]
    assert build["requires"] == ["alpha-helper", "helper"]
    assert versions(build) == {"alpha-helper": "1.0", "helper": "0.8"}


def test_a_build_for_other_machines_only_is_asked_here(lock: LockApp, index: Index) -> None:
    index.sdist("alpha", "1.0", files=backend("return ['beta']"))
    index.wheel("beta", "1.0")
    lock.write("alpha:\n")
    other = next(name for name in ("aarch64-darwin", "x86_64-darwin") if name != HERE_SYSTEM)
    [build] = read(lock, "3.11", "--system", other)["builds"]
    assert versions(build) == {"beta": "1.0"}


def test_what_other_machines_build_first_is_not_built_here(lock: LockApp, index: Index) -> None:
    index.sdist("alpha", "1.0", requiring("beta"), files=backend())
    index.sdist("beta", "1.0", requiring("gamma"), files=backend())
    # Where uv would wait for ever, since there the two need each other.
    other = next(name for name in ("aarch64-darwin", "x86_64-darwin") if name != HERE_SYSTEM)
    machine = {"aarch64-darwin": "arm64", "x86_64-darwin": "x86_64"}[other]
    index.wheel("gamma", "1.0", tag=f"py3-none-macosx_11_0_{machine}")
    index.sdist("gamma", "1.0", requiring("beta"), files=backend())
    lock.write("alpha:\n")
    done = lock.run("3.11", "--system", other)
    assert done.returncode == 0, done.stderr
    assert "alpha 1.0: its build backend can't be asked here" in done.stderr
    assert "hint" not in done.stderr
    found = yaml.safe_load((lock.folder / "sources.yaml").read_text())
    assert [build["package"] for build in found["builds"]] == ["alpha", "beta"]


def test_a_wrong_file_is_refused(lock: LockApp, index: Index) -> None:
    index.sdist("alpha", "1.0", files=backend())
    # uv takes the metadata that an index serves apart; the build would take the file.
    index.wheel("other", "1.0")
    index.files["/files/alpha-1.0.tar.gz"] += b"more"
    lock.write("alpha:\n")
    assert "alpha" in lock.fail(1, "3.11")


def test_without_a_source_distribution_nothing_of_builds_is_imported(
    lock: LockApp, stocked: Index
) -> None:
    program = (
        "import sys; from lock.commands.main import main; code = main(['3.11']); "
        "print(sorted({'lock.builds.closure', 'pyproject_hooks', 'tarfile', 'lock.builds.sdist'} "
        "& {*sys.modules}), code)"
    )
    for requirements, expected in (
        ("gamma:\n", "[] 0\n"),
        ("alpha:\n", "['lock.builds.closure', "),
    ):
        stocked.pages.pop("/simple/alpha/", None)
        stocked.sdist("alpha", "1.0", files=backend())
        lock.write(requirements)
        command = [sys.executable, "-c", program]
        done = subprocess.run(
            command, cwd=lock.folder, env=lock.environment, capture_output=True, text=True
        )
        assert done.stdout.startswith(expected), (done.stdout, done.stderr)


def test_where_source_is_preferred_no_wheel_is_taken(lock: LockApp, stocked: Index) -> None:
    stocked.wheel("alpha", "1.0")
    stocked.sdist("alpha", "1.0", requiring("beta"), files=backend())
    stocked.wheel("delta", "1.0")
    stocked.sdist("delta", "1.0")
    lock.write("alpha: {prefer-sdist: true}\ndelta: {prefer-sdist: false}\n")
    found = read(lock)
    names = [link["name"] for link in found["links"]]
    assert names == ["alpha-1.0.tar.gz", "delta-1.0-py3-none-any.whl"]
    [build] = found["builds"]
    assert "systems" not in build
    assert versions(build) == {"beta": "2.0", "gamma": "1.0"}


def test_where_source_is_preferred_builds_take_it_too(lock: LockApp, stocked: Index) -> None:
    stocked.wheel("alpha", "1.0")
    stocked.sdist("alpha", "1.0", files=backend())
    stocked.sdist("delta", "1.0", requiring("alpha"), files=backend())
    lock.write("alpha: {prefer-sdist: true}\ndelta:\n")
    found = read(lock)
    assert [link["name"] for link in found["links"]] == ["alpha-1.0.tar.gz", "delta-1.0.tar.gz"]
    assert "build-links" not in found


def test_a_preferred_source_that_needs_itself_is_told(lock: LockApp, stocked: Index) -> None:
    stocked.wheel("alpha", "1.0")
    stocked.sdist("alpha", "1.0", requiring("alpha"), files=backend())
    lock.write("alpha: {prefer-sdist: true}\n")
    told = lock.fail(1, "3.11")
    assert "go round in a circle on aarch64-darwin: alpha 1.0, which needs alpha 1.0" in told
    assert "leave `prefer-sdist` or `no-binary` out of alpha" in told


def test_a_preferred_source_that_does_not_exist_is_told(lock: LockApp, index: Index) -> None:
    index.wheel("beta", "2.0")
    lock.write("beta: {prefer-sdist: true}\n")
    told = lock.fail(1, "3.11", "--system", "x86_64-linux")
    assert (
        "beta 2.0 has no file for x86_64-linux: it has no source distribution, "
        "which `prefer-sdist` or `no-binary` asks for" in told
    )

"""A package that comes from one index or another, by marker, as uv's guide has it for PyTorch."""

import subprocess

import pytest
import yaml

from lock import inputs
from lock.inputs.locks import pylock
from lock.models.requirements import Index as PackageIndex
from lock.models.requirements import Local
from lock.selection.installation import install
from tests.support.index_server import Index, NewIndex
from tests.support.lock_app import LockApp
from tests.support.uv_lock_texts import target

LINUX, MAC = "x86_64-linux", "aarch64-darwin"


@pytest.fixture
def builds(new_index: NewIndex, index: Index) -> tuple[Index, Index]:
    """Indexes of the builds of `torch` for CPUs and for CUDA, with local versions."""
    cpu, cuda = new_index(), new_index()
    for version in ("2.0", "2.1"):
        cpu.wheel("torch", f"{version}+cpu", "math")
        cuda.wheel("torch", f"{version}+cu124", "math", "driver")
        # The same version without a local one, of which one has more to install.
        cpu.wheel("vision", version)
        cuda.wheel("vision", version, "driver")
        index.wheel("torch", version)
        index.wheel("vision", version)
    index.wheel("math", "1.0")
    index.wheel("driver", "1.0")
    return cpu, cuda


def project(cpu: Index, cuda: Index, names: str = '"torch", "vision"') -> str:
    origins = (
        "[{ index = 'cpu', marker = \"sys_platform == 'darwin'\" },"
        " { index = 'cuda', marker = \"sys_platform == 'linux'\" }]"
    )
    return (
        f'[project]\nname = "app"\nversion = "1"\nrequires-python = ">=3.11"\n'
        f"dependencies = [{names}]\n"
        f"[tool.uv.sources]\ntorch = {origins}\nvision = {origins}\n"
        f"[[tool.uv.index]]\nname = 'cpu'\nurl = '{cpu.simple}'\nexplicit = true\n"
        f"[[tool.uv.index]]\nname = 'cuda'\nurl = '{cuda.simple}'\nexplicit = true\n"
    )


def files(text: str) -> dict[str, list[str]]:
    """Return, by system, the addresses of the files of what has several origins, and names."""
    read = yaml.safe_load(text)
    return {
        system: sorted(
            link["url"].split("//")[1].split("/", 1)[1]
            for link in read["links"]
            if system in link.get("systems", read["systems"])
        )
        for system in (LINUX, MAC)
    }


def test_each_system_has_the_build_of_its_index(lock: LockApp, builds: tuple[Index, Index]) -> None:
    cpu, cuda = builds
    lock.write(project(cpu, cuda), "pyproject.toml")
    text = lock.succeed("--system", LINUX, "--system", MAC, "3.11", "pyproject.toml")
    number = {name: one.simple.split("/")[-3] for name, one in (("cpu", cpu), ("cuda", cuda))}
    found = files(text)
    assert [url.rsplit("/", 1)[1] for url in found[LINUX]] == [
        "driver-1.0-py3-none-any.whl",
        "math-1.0-py3-none-any.whl",
        "torch-2.1+cu124-py3-none-any.whl",
        "vision-2.1-py3-none-any.whl",
    ]
    assert [url.rsplit("/", 1)[1] for url in found[MAC]] == [
        "math-1.0-py3-none-any.whl",
        "torch-2.1+cpu-py3-none-any.whl",
        "vision-2.1-py3-none-any.whl",
    ]
    for system, name in ((LINUX, "cuda"), (MAC, "cpu")):
        of_builds = [url for url in found[system] if "torch" in url or "vision" in url]
        assert {url.split("/")[0] for url in of_builds} == {number[name]}
    assert lock.run("--check").returncode == 0


def test_the_lock_of_uv_gives_the_same(lock: LockApp, builds: tuple[Index, Index], uv: str) -> None:
    lock.write(project(*builds), "pyproject.toml")
    options = ("--system", LINUX, "--system", MAC)
    of_project = files(lock.succeed(*options, "3.11", "pyproject.toml"))
    subprocess.run([uv, "lock"], cwd=lock.folder, env=lock.environment, check=True)
    assert files(lock.succeed(*options, "3.11", "uv.lock", "of-uv.yaml")) == of_project


def test_a_version_of_an_explicit_index_is_kept(lock: LockApp, builds: tuple[Index, Index]) -> None:
    cpu, _ = builds
    text = (
        "requirements:\n  torch: {index: cpu, version: '%s'}\n"
        f"indexes:\n  cpu: {{url: {cpu.simple}, explicit: true}}\n"
    )
    lock.write(text % "<2.1")
    assert "2.0+cpu" in lock.succeed("3.11")
    lock.write(text % "*")
    assert "2.0+cpu" in lock.succeed()


def test_a_version_is_kept_for_each_index(lock: LockApp, builds: tuple[Index, Index]) -> None:
    lock.write(project(*builds, '"torch<2.1", "vision"'), "pyproject.toml")
    before = files(lock.succeed("--system", LINUX, "--system", MAC, "3.11", "pyproject.toml"))
    lock.write(project(*builds), "pyproject.toml")
    assert files(lock.succeed()) == before
    assert files(lock.succeed("--upgrade")) != before


def test_a_list_of_one_source_is_that_source(lock: LockApp, builds: tuple[Index, Index]) -> None:
    cpu, _ = builds
    lock.write(
        '[project]\nname = "app"\nversion = "1"\ndependencies = ["torch"]\n'
        "[tool.uv.sources]\ntorch = [{ index = 'cpu' }]\n"
        f"[[tool.uv.index]]\nname = 'cpu'\nurl = '{cpu.simple}'\nexplicit = true\n",
        "pyproject.toml",
    )
    assert yaml.safe_load(lock.succeed("3.11"))["closure"]["torch"] == "2.1+cpu"


def test_members_of_a_workspace_have_the_sources_and_indexes_of_its_root(
    lock: LockApp, builds: tuple[Index, Index]
) -> None:
    cpu, _ = builds
    for name, more in (("lib", ""), ("tool", "\n[tool.uv]\npackage = true\n")):
        (lock.folder / name).mkdir()
        wanted = '"torch", "tool"' if name == "lib" else ""
        lock.write(
            f'[project]\nname = "{name}"\nversion = "1"\ndependencies = [{wanted}]\n{more}',
            f"{name}/pyproject.toml",
        )
    lock.write(
        "[tool.uv.sources]\ntorch = [{ index = 'cpu' }]\ntool = [{ workspace = true }]\n"
        "[tool.uv.workspace]\nmembers = ['lib', 'tool']\n"
        f"[[tool.uv.index]]\nname = 'cpu'\nurl = '{cpu.simple}'\nexplicit = true\n",
        "pyproject.toml",
    )
    found = inputs.read(lock.folder / "lib" / "pyproject.toml")
    wanted = {one.name: one for one in found.packages}
    assert wanted["torch"].index == "cpu"
    assert found.indexes == (PackageIndex("cpu", cpu.simple, explicit=True),)
    assert isinstance(wanted["tool"].reference, Local)
    assert wanted["tool"].reference.path == str(lock.folder / "tool")


def test_requirements_yaml_names_an_index_for_each_marker(
    lock: LockApp, builds: tuple[Index, Index]
) -> None:
    cpu, cuda = builds
    lock.write(
        "requirements:\n  torch:\n    index:\n      cpu: sys_platform == 'darwin'\n"
        "      cuda: sys_platform == 'linux'\nindexes:\n"
        f"  cpu: {{url: {cpu.simple}, explicit: true}}\n"
        f"  cuda: {{url: {cuda.simple}, explicit: true}}\n"
    )
    text = lock.succeed("--system", LINUX, "--system", MAC, "3.11")
    assert versions_of_torch(text) == {("2.1+cpu", MAC), ("2.1+cu124", LINUX)}
    assert lock.run("--check").returncode == 0


@pytest.mark.parametrize("standard", ["", 'dependencies = ["torch"]\n'], ids=["old", "beside"])
def test_poetry_s_list_names_a_source_for_each_marker(
    lock: LockApp, builds: tuple[Index, Index], standard: str
) -> None:
    cpu, cuda = builds
    project = f'[project]\nname = "app"\nversion = "1"\n{standard}' if standard else ""
    lock.write(
        f"{project}[tool.poetry]\npackage-mode = false\n[tool.poetry.dependencies]\ntorch = [\n"
        "  { version = '*', source = 'cpu', platform = 'darwin' },\n"
        "  { version = '*', markers = \"sys_platform == 'linux'\", source = 'cuda' }]\n"
        f"[[tool.poetry.source]]\nname = 'cpu'\nurl = '{cpu.simple}'\npriority = 'explicit'\n"
        f"[[tool.poetry.source]]\nname = 'cuda'\nurl = '{cuda.simple}'\npriority = 'explicit'\n",
        "pyproject.toml",
    )
    text = lock.succeed("--system", LINUX, "--system", MAC, "3.11", "pyproject.toml")
    assert versions_of_torch(text) == {("2.1+cpu", MAC), ("2.1+cu124", LINUX)}
    file = lock.folder / "pyproject.toml"
    file.write_text(file.read_text(encoding="utf-8").replace(", platform = 'darwin'", ""))
    told = lock.fail(2, "3.11", "pyproject.toml")
    assert "dependencies.torch: the source `cpu` has no marker" in told


def versions_of_torch(text: str) -> set[tuple[str, ...]]:
    """Return the versions of torch in a lock with their systems."""
    return {
        (one["version"], *one["systems"])
        for one in yaml.safe_load(text)["packages"]
        if one["name"] == "torch"
    }


def test_a_folder_beside_other_sources_is_refused(lock: LockApp) -> None:
    (lock.folder / "pk").mkdir()
    lock.write('[project]\nname = "pk"\nversion = "1"\n', "pk/pyproject.toml")
    lock.write(
        '[project]\nname = "app"\nversion = "1"\ndependencies = ["pk"]\n[tool.uv.sources]\n'
        "pk = [{ path = 'pk', marker = \"sys_platform == 'linux'\" },"
        " { git = 'https://g.example/pk', marker = \"sys_platform != 'linux'\" }]\n",
        "pyproject.toml",
    )
    told = lock.fail(2, "3.11", "pyproject.toml")
    assert told.startswith("pyproject.toml: tool.uv.sources.pk: a project's folder can't be one of")


def test_a_marker_that_is_none_is_refused(lock: LockApp, builds: tuple[Index, Index]) -> None:
    cpu, _ = builds
    lock.write(
        f"requirements:\n  torch: {{index: {{cpu: linux}}}}\nindexes:\n  cpu: {cpu.simple}\n"
    )
    assert 'torch.index.cpu: "linux" is no marker' in lock.fail(2, "3.11")


def test_the_export_of_each_system_has_its_build(
    lock: LockApp, builds: tuple[Index, Index]
) -> None:
    lock.write(project(*builds), "pyproject.toml")
    lock.succeed("--system", LINUX, "--system", MAC, "3.11", "pyproject.toml")
    done = lock.run("export", "--output", "pylock.toml")
    assert done.returncode == 0, done.stderr
    text = (lock.folder / "pylock.toml").read_text(encoding="utf-8")
    resolution = pylock.parse(text, "pylock.toml").locked.resolution
    installed = {
        system: install(resolution, target(system)).packages["torch"].version
        for system in (LINUX, MAC)
    }
    assert installed == {LINUX: "2.1+cu124", MAC: "2.1+cpu"}


# findings/uv-metadata-for-another-version-of-a-member.sh
@pytest.mark.parametrize(("version", "dependency"), [("1", "alpha"), ("2", "beta")])
def test_declared_metadata_of_another_version_is_not_that_of_a_member(
    lock: LockApp, index: Index, version: str, dependency: str
) -> None:
    for name in ("alpha", "beta"):
        index.wheel(name, "1.0")
    folder = lock.folder / "member"
    folder.mkdir()
    (folder / "pyproject.toml").write_text(
        '[project]\nname = "demo"\nversion = "2"\ndependencies = ["alpha"]\n[build-system]\n'
        'requires = []\nbuild-backend = "backend"\nbackend-path = ["."]\n',
        encoding="utf-8",
    )
    (folder / "backend.py").touch()
    lock.write(
        '[project]\nname = "root"\nversion = "1"\ndependencies = ["demo"]\n'
        "[tool.uv]\npackage = false\n[tool.uv.sources]\ndemo = {workspace = true}\n"
        '[tool.uv.workspace]\nmembers = ["member"]\n[[tool.uv.dependency-metadata]]\n'
        f'name = "demo"\nversion = "{version}"\nrequires-dist = ["beta"]\n',
        "pyproject.toml",
    )
    assert lock.run("3.12", "pyproject.toml").returncode == 0
    found = yaml.safe_load((lock.folder / "sources.yaml").read_text(encoding="utf-8"))
    demo = next(one for one in found["packages"] if one["name"] == "demo")
    assert demo["dependencies"] == [{"name": dependency}]

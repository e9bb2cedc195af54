"""Groups and extras that exclude each other: one lock has every choice among them."""

import subprocess
from typing import Any

import pytest
import yaml

from tests.support.index_server import Index, NewIndex
from tests.support.lock_app import LockApp

LINUX, MAC = "x86_64-linux", "aarch64-darwin"
SYSTEMS = ("--system", LINUX, "--system", MAC)


@pytest.fixture
def builds(new_index: NewIndex, index: Index) -> tuple[Index, Index]:
    """Indexes of the builds of `torch` for CPUs and for CUDA, with local versions."""
    cpu, cuda = new_index(), new_index()
    cpu.wheel("torch", "2.1+cpu", "math")
    cuda.wheel("torch", "2.1+cu124", "math", "driver ; sys_platform == 'linux'")
    index.wheel("torch", "2.1", "math")
    for name in ("math", "driver", "plain"):
        index.wheel(name, "1.0")
    index.wheel("app", "9")
    return cpu, cuda


def project(cpu: Index, cuda: Index, more: str = "") -> str:
    """Return the project that uv's guide has for PyTorch: an extra for each build."""
    return (
        '[project]\nname = "app"\nversion = "1"\nrequires-python = ">=3.11"\n'
        'dependencies = ["plain"]\n'
        '[project.optional-dependencies]\ncpu = ["torch"]\ncu124 = ["torch"]\n'
        "[tool.uv]\nconflicts = [[{ extra = 'cpu' }, { extra = 'cu124' }]]\n"
        f"{more}"
        "[tool.uv.sources]\ntorch = [{ index = 'cpu', extra = 'cpu' },"
        " { index = 'cuda', extra = 'cu124' }]\n"
        f"[[tool.uv.index]]\nname = 'cpu'\nurl = '{cpu.simple}'\nexplicit = true\n"
        f"[[tool.uv.index]]\nname = 'cuda'\nurl = '{cuda.simple}'\nexplicit = true\n"
    )


def versions(read: Any, choice: str, system: str) -> dict[str, str]:
    """Return name and version of what a system has under a choice."""
    return {
        one["name"]: one["version"]
        for one in read["packages"]
        if choice in one.get("choices", (choice,)) and system in one.get("systems", (system,))
    }


def check(read: Any) -> None:
    """Check that a lock has each build of torch under its choice."""
    plain = {"plain": "1.0"}
    assert versions(read, "", LINUX) == plain
    for system in (LINUX, MAC):
        of_cpu = plain | {"torch": "2.1+cpu", "math": "1.0"}
        assert versions(read, "cpu", system) == of_cpu
    of_cuda = plain | {"torch": "2.1+cu124", "math": "1.0"}
    assert versions(read, "cu124", LINUX) == of_cuda | {"driver": "1.0"}
    assert versions(read, "cu124", MAC) == of_cuda
    assert read["conflicts"] == ["cpu+cu124"]


def test_each_extra_has_its_own_build(lock: LockApp, builds: tuple[Index, Index]) -> None:
    lock.write(project(*builds), "pyproject.toml")
    check(yaml.safe_load(lock.succeed(*SYSTEMS, "3.11", "pyproject.toml")))
    assert lock.run("--check").returncode == 0
    assert lock.succeed() == (lock.folder / "sources.yaml").read_text(encoding="utf-8")


def test_the_lock_of_uv_gives_the_same(lock: LockApp, builds: tuple[Index, Index], uv: str) -> None:
    lock.write(project(*builds), "pyproject.toml")
    subprocess.run([uv, "lock", "--quiet"], cwd=lock.folder, env=lock.environment, check=True)
    check(yaml.safe_load(lock.succeed(*SYSTEMS, "3.11", "uv.lock")))


def test_the_markers_of_uv_s_conflicts_hold_where_their_group_is_chosen(
    lock: LockApp, index: Index, uv: str
) -> None:
    index.wheel("alpha", "1", "beta==1")
    index.wheel("alpha", "2", "beta==2")
    index.wheel("beta", "1", "gamma")
    index.wheel("beta", "2")
    index.wheel("gamma", "1")
    index.wheel("tool", "1", "alpha")
    lock.write(
        '[project]\nname = "app"\nversion = "1"\nrequires-python = ">=3.11"\n'
        'dependencies = ["tool"]\n'
        '[dependency-groups]\nold = ["alpha==1"]\nnew = ["alpha==2"]\n'
        "[tool.uv]\nconflicts = [[{ group = 'old' }, { group = 'new' }]]\n",
        "pyproject.toml",
    )
    subprocess.run([uv, "lock", "--quiet"], cwd=lock.folder, env=lock.environment, check=True)
    assert "extra ==" in (lock.folder / "uv.lock").read_text(encoding="utf-8")
    read = yaml.safe_load(lock.succeed("3.11", "uv.lock"))
    old = {"alpha": "1", "beta": "1", "gamma": "1", "tool": "1"}
    assert versions(read, "old", LINUX) == old
    assert versions(read, "new", LINUX) == {"alpha": "2", "beta": "2", "tool": "1"}
    # The choice of none has what uv's own export has.
    command = [uv, "export", "--frozen", "--no-hashes", "--no-header", "--no-annotate"]
    done = subprocess.run(
        command, cwd=lock.folder, env=lock.environment, check=True, capture_output=True, text=True
    )
    exported = dict(line.split("==") for line in done.stdout.splitlines())
    assert versions(read, "", LINUX) == exported


def test_groups_of_requirements_yaml_exclude_each_other(lock: LockApp, index: Index) -> None:
    for version in ("1", "2"):
        index.wheel("alpha", version)
    text = (
        "requirements:\n  alpha:\ngroups:\n  old: {alpha: '<2'}\n  new: {alpha: '>=2'}\n"
        "  docs: {alpha: '*'}\n"
    )
    lock.write(text)
    assert "no versions satisfy" in lock.fail(1, "3.11")
    lock.write(f"{text}conflicts: [[old, new]]\n")
    read = yaml.safe_load(lock.succeed("3.11"))
    found = {choice: versions(read, choice, LINUX)["alpha"] for choice in ("", "old", "new")}
    assert found == {"": "2", "old": "1", "new": "2"}


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("[[old, nwe]]", "requirements.yaml:5: conflicts: there is no group `nwe`; name one of"),
        ("[[old]]", "requirements.yaml:5: conflicts: one group excludes no other"),
        ("old", "requirements.yaml:5: conflicts: a list is expected here"),
    ],
)
def test_wrong_conflicts_are_refused(lock: LockApp, written: str, told: str) -> None:
    lock.write(
        "requirements:\n  alpha:\ngroups: {old: {alpha: '*'},\n  new: {alpha: '*'}}\n"
        f"conflicts: {written}\n"
    )
    assert told in lock.fail(2, "3.11")


def test_versions_stay_for_each_choice(lock: LockApp, index: Index) -> None:
    for version in ("1", "2", "3"):
        index.wheel("alpha", version)
    groups = "groups:\n  old: {alpha: '<2'}\n  new: {alpha: '<3'}\nconflicts: [[old, new]]\n"
    lock.write(f"requirements: {{}}\n{groups}")
    before = lock.succeed("3.11")
    lock.write(f"requirements: {{}}\n{groups}".replace("'<3'", "'*'").replace("'<2'", "'<3'"))
    after = yaml.safe_load(lock.succeed())
    assert after["packages"] == yaml.safe_load(before)["packages"]


def test_a_choice_that_cannot_be_had_is_named(lock: LockApp, index: Index) -> None:
    index.wheel("alpha", "1")
    lock.write(
        "requirements: {}\ngroups:\n  old: {alpha: '<1'}\n  new: {alpha: '*'}\n"
        "conflicts: [[old, new]]\n"
    )
    assert "requirements.yaml: with old: no versions satisfy" in lock.fail(1, "3.11")


def test_the_commands_show_each_group_by_itself(lock: LockApp, builds: tuple[Index, Index]) -> None:
    lock.write(project(*builds), "pyproject.toml")
    lock.succeed(*SYSTEMS, "3.11", "pyproject.toml")
    tree = lock.run("tree").stdout.splitlines()
    assert tree == [
        "cpu",
        "└── torch 2.1+cpu",
        "    └── math 1.0",
        "cu124",
        "└── torch 2.1+cu124",
        f"    ├── driver 1.0  ({LINUX})",
        "    └── math 1.0",
        "default",
        "└── plain 1.0",
    ]
    why = lock.run("why", "math").stdout
    assert "torch 2.1+cpu" in why
    assert "torch 2.1+cu124" in why


def test_an_export_is_of_one_choice(lock: LockApp, builds: tuple[Index, Index]) -> None:
    lock.write(project(*builds), "pyproject.toml")
    lock.succeed(*SYSTEMS, "3.11", "pyproject.toml")
    done = lock.run("export", "--format", "requirements")
    assert done.returncode == 2
    assert "the groups cpu and cu124 exclude each other; name those that are" in done.stderr
    done = lock.run("export", "--group", "cpu", "--group", "cu124")
    assert done.returncode == 2
    assert "the groups cpu and cu124 exclude each other; name one of them" in done.stderr
    options = ("--format", "requirements", "--group", "default", "--group", "cu124")
    done = lock.run("export", *options)
    assert done.returncode == 0, done.stderr
    assert "torch==2.1+cu124" in done.stdout
    assert "torch==2.1+cpu" not in done.stdout


def test_one_of_the_groups_may_be_locked_alone(lock: LockApp, builds: tuple[Index, Index]) -> None:
    lock.write(project(*builds), "pyproject.toml")
    read = yaml.safe_load(lock.succeed("3.11", "pyproject.toml", "--only-group", "cpu"))
    assert "conflicts" not in read
    assert read["closure"] == {"math": "1.0", "plain": "1.0", "torch": "2.1+cpu"}

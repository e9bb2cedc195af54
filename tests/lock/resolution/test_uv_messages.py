"""uv's messages, as uv 0.13 writes them, in terms of the user's file and systems."""

import pytest

from lock.models.target import DEFAULT_SYSTEMS
from lock.resolution.uv_messages import (
    explain,
    is_conflict,
    is_offline,
    missing_module,
    reason,
    without_files,
)
from tests.support.uv_lock_texts import target

TARGETS = [target(system) for system in DEFAULT_SYSTEMS]
SPLIT = (
    "python_full_version == '3.11.*' and implementation_name == 'cpython' and platform_machine == "
    "'aarch64' and platform_python_implementation == 'CPython' and sys_platform == 'linux'"
)
HEAD = (
    "Using CPython 3.11.7 interpreter at: /python\n"
    f"error: No solution found when resolving dependencies for split (markers: {SPLIT})\n"
)
VERSION_HINT = (
    "\nhint: While the active Python version is 3.11, the resolution failed for other Python "
    "versions supported by your project. Consider limiting your project's supported Python "
    "versions using `requires-python`.\n"
)
UNUSABLE = HEAD + (
    f"  cause: Because torch==1.7.0 has no `{SPLIT}`-compatible wheels and your project depends "
    "on torch==1.7.0, we can conclude that your project's requirements are unsatisfiable.\n"
)
BUILD = """\
error: Failed to build `pycocotools==2.0.0`
  cause: The build backend returned an error
  cause: Call to `setuptools.build_meta.get_requires_for_build_wheel` failed (exit status: 1)

         [stdout]
         running egg_info

         [stderr]
         Traceback (most recent call last):
           File "<string>", line 14, in <module>
             exec(code, locals())
             ^^^^^^^^^^^^^^^^^^^^
         ModuleNotFoundError: No module named 'Cython'

hint: `pycocotools` (v2.0.0) was included because `wheelhouse-requirements-root` (v0) depends on
`pycocotools==2.0`

hint: This error likely indicates that `pycocotools@2.0.0` depends on `Cython`, but doesn't declare
it as a build dependency. Either add it to your `pyproject.toml` under:

[tool.uv.extra-build-dependencies]
pycocotools = ["Cython"]
"""
NETWORK = """\
error: Request failed after 3 retries in 7.9s
  cause: Failed to fetch: `https://index.example/simple/a/`
  cause: Connection refused (os error 111)
"""
OLD_PYTHON = HEAD + (
    "  cause: Because the requested Python version (>=3.8) does not satisfy Python>=3.12 and "
    "a==1 depends on Python>=3.12, we can conclude that a==1 cannot be used.\n"
    "         And because your project depends on a==1, we can conclude that your project's "
    "requirements are unsatisfiable.\n" + VERSION_HINT
)


def test_an_unusable_package_is_told_with_its_system():
    assert explain(UNUSABLE + VERSION_HINT, "r.yaml", TARGETS) == (
        "Because torch==1.7.0 has no wheels for aarch64-linux and r.yaml depends on torch==1.7.0, "
        "we can conclude that the requirements in r.yaml are unsatisfiable."
    )


def test_requirements_of_a_command_line_are_the_user_s():
    assert explain(UNUSABLE + VERSION_HINT, "", TARGETS) == (
        "Because torch==1.7.0 has no wheels for aarch64-linux and you require torch==1.7.0, "
        "we can conclude that your requirements are unsatisfiable."
    )


def test_a_failed_build_is_told_by_its_last_line_and_who_wants_it():
    assert explain(BUILD, "r.yaml", TARGETS).split("\n")[:-1] == [
        "Failed to build `pycocotools==2.0.0`",
        "The build backend returned an error",
        "Call to `setuptools.build_meta.get_requires_for_build_wheel` failed (exit status: 1)",
        "ModuleNotFoundError: No module named 'Cython'",
        "`pycocotools` (v2.0.0) was included because r.yaml depends on `pycocotools==2.0`",
    ]
    assert not is_conflict(BUILD)


def test_a_python_that_is_too_old_is_told_by_the_users_version():
    told = explain(OLD_PYTHON, "r.yaml", TARGETS)
    assert told.startswith("Because Python 3.11 does not satisfy Python>=3.12 and a==1")
    assert "requires-python" not in told
    assert is_conflict(OLD_PYTHON)


def test_the_network_is_told_as_it_is():
    assert explain(NETWORK, "r.yaml", TARGETS) == (
        "Request failed after 3 retries in 7.9s\n"
        "Failed to fetch: `https://index.example/simple/a/`\n"
        "Connection refused (os error 111)"
    )
    assert not is_conflict(NETWORK)
    assert not is_offline(NETWORK)


def test_pre_releases_are_offered_without_uvs_flag():
    hint = (
        "\nhint: Pre-releases are available for `a` in the requested range (e.g., 2.0a1), but\n"
        "pre-releases weren't enabled (try: `--prerelease=allow`)\n"
    )
    told = explain(HEAD + "  cause: Because of a.\n" + hint, "r.yaml", TARGETS)
    assert told.endswith("weren't enabled (ask for one, as in `>=2.0a1`)")


@pytest.mark.parametrize("verb", ["build", "download and build"])
def test_a_build_that_imports_what_it_does_not_declare_gets_the_remedy(verb):
    told = explain(BUILD.replace("to build", f"to {verb}"), "r.yaml", TARGETS)
    assert told.splitlines()[-1] == (
        "the build of pycocotools needs the module Cython, which it doesn't declare; name the "
        "package that has it, as in `pycocotools: {build-requires: [Cython]}`"
    )


def test_a_build_that_fails_otherwise_gets_no_remedy():
    told = explain(BUILD.replace("ModuleNotFoundError: No", "OSError: no"), "r.yaml", TARGETS)
    assert "build-requires" not in told


@pytest.mark.parametrize(
    ("line", "module"),
    [
        ("ModuleNotFoundError: No module named 'a.b'", "a"),
        ("ImportError: No module named a", "a"),
        ("ImportError: cannot import name 'a' from 'b'", None),
    ],
)
def test_the_module_that_is_missing_is_found(line, module):
    assert missing_module(line) == module


def test_the_last_reason_is_no_hint():
    assert reason(BUILD) == "ModuleNotFoundError: No module named 'Cython'"
    assert reason(NETWORK) == "Connection refused (os error 111)"
    assert reason(VERSION_HINT) == "uv gave no reason"


def test_silence_is_told_too():
    assert explain("", "r.yaml", TARGETS) == "uv gave no reason"


def test_being_offline_is_recognised():
    assert is_offline("hint: Packages were unavailable because the network was disabled. When …")


@pytest.mark.parametrize(
    ("clause", "expected"),
    [
        (f"torch==1.7.0 has no `{SPLIT}`-compatible wheels", ("torch", "1.7.0")),
        (f"all versions of a-b have no `{SPLIT}`-compatible wheels", ("a-b", "(any version)")),
        (
            "a>=1.4,<=1.7 has no wheels with a matching Python version tag (e.g., `cp38`)",
            ("a", "(>=1.4,<=1.7)"),
        ),
        ("a==1.0 has no wheels with a matching platform tag", ("a", "1.0")),
        ("a==1.0+cpu has no usable wheels", ("a", "1.0+cpu")),
    ],
)
def test_packages_without_a_file_are_found(clause, expected):
    messages = f"{HEAD}  cause: Because {clause} and your project depends on a, we can conclude x."
    assert without_files(messages) == {expected}


def test_other_conflicts_name_no_package_without_a_file():
    assert without_files(OLD_PYTHON + BUILD + NETWORK) == set()


@pytest.mark.parametrize("first", ["And because x depends on flask>=3 and", "And because"])
def test_the_generated_workspace_is_not_told(first: str) -> None:
    told = explain(
        f"{HEAD}  cause: Because x is y.\n         {first} your workspace requires "
        "wheelhouse-requirements-root, we can conclude that your workspace's requirements are "
        "unsatisfiable.\n",
        "r.yaml",
        TARGETS,
    )
    start = "And so" if first == "And because" else "And because x depends on flask>=3,"
    assert told.splitlines()[-1] == (
        f"{start} we can conclude that the requirements in r.yaml are unsatisfiable."
    )

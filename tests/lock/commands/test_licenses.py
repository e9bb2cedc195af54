"""`lock licenses`, its policy, and licences in the lock."""

import json
from typing import Any

import pytest

from tests.support.index_server import Index
from tests.support.lock_app import LockApp

FORBIDDEN = """\
demo 1.0: MIT AND GPL-3.0-only is forbidden
  policy.yaml:2: `deny` has GPL-*, which GPL-3.0-only is
  needed by default: app 1.0 -> demo 1.0
"""


@pytest.fixture
def locked(lock: LockApp, index: Index) -> LockApp:
    """A lock of an application that needs a package, and of a tool in a group."""
    index.wheel("app", "1.0", "demo", headers=["License-Expression: Apache-2.0"])
    index.wheel("demo", "1.0", headers=["License: MIT and GPL-3.0-only"])
    index.wheel("tool", "2.0", headers=["License: see LICENSE"])
    lock.write("python: 3.11\nrequirements: {app: '*'}\ngroups:\n  dev: {tool: '*'}\n")
    lock.succeed("--system", "x86_64-linux")
    return lock


def packages(lock: LockApp, *arguments: str) -> list[dict[str, Any]]:
    done = lock.run("licenses", "--json", *arguments)
    listed: list[dict[str, Any]] = json.loads(done.stdout)["packages"]
    return listed


def test_the_table_tells_the_licence_and_where_it_was_told(locked: LockApp) -> None:
    done = locked.run("licenses")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == (
        "app   1.0  Apache-2.0  (License-Expression)\n"
        "demo  1.0  MIT AND GPL-3.0-only  (License)\n"
        "tool  2.0  unknown: see LICENSE  (License)\n"
    )


def test_groups_and_systems_are_chosen(locked: LockApp) -> None:
    assert [one["name"] for one in packages(locked, "--group", "dev")] == ["tool"]
    assert packages(locked, "--system", "x86_64-linux", "--group", "default")[0] == {
        "name": "app",
        "version": "1.0",
        "systems": ["x86_64-linux"],
        "license": "Apache-2.0",
        "from": "License-Expression",
        "text": "",
        "files": [],
    }
    done = locked.run("licenses", "--group", "docs")
    assert (done.returncode, done.stderr) == (
        2,
        "sources.yaml: there is no group docs; it has default, dev\n",
    )


def test_a_policy_fails_with_its_line_and_who_needs_the_package(locked: LockApp) -> None:
    locked.write("allow: [permissive]\ndeny: [GPL-*]\nunknown: allow\n", "policy.yaml")
    done = locked.run("licenses", "--policy", "policy.yaml")
    assert done.returncode == 1
    assert done.stderr == FORBIDDEN
    as_data = json.loads(locked.run("licenses", "--json", "--policy", "policy.yaml").stdout)
    assert as_data["forbidden"] == [
        {
            "name": "demo",
            "version": "1.0",
            "license": "MIT AND GPL-3.0-only",
            "rules": [
                {
                    "line": 2,
                    "license": "GPL-3.0-only",
                    "why": "`deny` has GPL-*, which GPL-3.0-only is",
                }
            ],
            "needed-by": ["default: app 1.0 -> demo 1.0"],
        }
    ]


def test_clarifications_are_shown_and_useless_ones_told(locked: LockApp) -> None:
    locked.write(
        "allow: [MIT, Apache-2.0]\n"
        "packages:\n"
        "  demo: {license: MIT, reason: the rest is a test}\n"
        "  tool: {accept: true}\n"
        "  gone: MIT\n",
        "policy.yaml",
    )
    done = locked.run("licenses", "--policy", "policy.yaml")
    assert done.returncode == 0, done.stderr
    assert "demo  1.0  MIT  (policy.yaml:3)\n" in done.stdout
    assert done.stderr == (
        "policy.yaml:5: packages.gone: sources.yaml has no such package; remove it\n"
    )


def test_a_wrong_policy_is_refused_before_anything_is_read(locked: LockApp, index: Index) -> None:
    locked.write("allow: [Mitt]\n", "policy.yaml")
    index.sent.clear()
    message = locked.fail(2, "licenses", "--policy", "policy.yaml")
    assert message.startswith("policy.yaml:1: allow: no SPDX licence is called 'Mitt'; ")
    assert locked.fail(2, "licenses", "--policy", "policies.yaml") == (
        "policies.yaml: there is no such file; write one, such as `allow: [permissive]`\n"
    )
    assert locked.fail(2, "licenses", "--policy", ".") == (
        ".: Is a directory; name a file with a policy\n"
    )
    assert index.sent == {}


def test_offline_says_what_is_missing(locked: LockApp, index: Index) -> None:
    locked.run("licenses", "--group", "default")
    index.status = 503
    done = locked.run("licenses", "--offline")
    assert done.returncode == 2
    assert done.stderr.startswith("tool 2.0: its licence isn't known: ")
    assert "it isn't downloaded while uv is offline" in done.stderr
    assert "app   1.0  Apache-2.0  (License-Expression)" in done.stdout
    assert "tool  2.0  ?" in done.stdout
    # What is accepted whatever its licence needs none.
    locked.write("deny: [AGPL-*]\npackages: {tool: {accept: true}}\n", "policy.yaml")
    accepted = locked.run("licenses", "--offline", "--policy", "policy.yaml")
    assert (accepted.returncode, accepted.stderr) == (0, "")


SECTION = """\
"licenses": {
  "app": "Apache-2.0",
  "demo": "MIT AND GPL-3.0-only",
  "tool": "unknown: see LICENSE"
},
"links": [
"""


def test_a_lock_keeps_its_licences_until_they_are_left_out(locked: LockApp, index: Index) -> None:
    plain = locked.succeed()
    licensed = locked.succeed("--licenses")
    assert SECTION in licensed
    assert licensed.replace(SECTION, '"links": [\n') == plain
    index.wheel("demo", "1.1", headers=["License: ISC"])
    upgraded = locked.succeed("--upgrade")
    assert '  "demo": "ISC",\n' in upgraded
    assert locked.succeed() == upgraded
    assert '\n"licenses": {\n' not in locked.succeed("--no-licenses")


def test_a_lock_with_licences_is_fresh_and_answers_without_network(
    locked: LockApp, index: Index
) -> None:
    locked.succeed("--licenses")
    index.status = 503
    assert locked.run("--check").returncode == 0
    assert locked.run("--check", "--licenses").returncode == 0
    assert locked.fail(1, "--check", "--no-licenses") == (
        "sources.yaml: the lock has the licences of its packages; run lock without --check to "
        "change that\n"
    )
    done = locked.run("licenses", "--offline", HOME="/nonexistent")
    assert (done.returncode, done.stderr) == (0, "")
    assert "app   1.0  Apache-2.0  (sources.yaml)\n" in done.stdout


@pytest.mark.parametrize("text", ["MIT AND", "MIT OR (ISC", "GPL", ""])
def test_a_licence_in_the_lock_that_is_no_expression_tells_nothing_and_is_read_again(
    locked: LockApp, text: str
) -> None:
    lines = locked.succeed("--licenses")
    locked.write(lines.replace('  "app": "Apache-2.0"', f'  "app": "{text}"'), "sources.yaml")
    locked.write("allow: ['*']\nunknown: deny\n", "policy.yaml")
    done = locked.run("licenses", "--policy", "policy.yaml", "--group", "default")
    shown = f"unknown: {text}" if text else "unknown"
    assert (done.returncode, done.stderr.splitlines()[0]) == (1, f"app 1.0: {shown} is forbidden")
    assert locked.succeed() == lines


def test_a_lock_without_licences_is_fresh_unless_they_are_asked_for(locked: LockApp) -> None:
    assert locked.run("--check").returncode == 0
    assert "the lock has no licences of its packages" in locked.fail(1, "--check", "--licenses")


def test_locking_tells_a_licence_that_cant_be_read_and_tries_again(
    locked: LockApp, index: Index
) -> None:
    path = "/files/tool-2.0-py3-none-any.whl"
    wheel = index.files.pop(path)
    done = locked.run("--licenses")
    assert done.returncode == 0
    assert "the licence of tool 2.0 isn't known: " in done.stderr
    assert "unknown: see" not in (locked.folder / "sources.yaml").read_text("utf-8")
    index.files[path] = wheel
    assert '  "tool": "unknown: see LICENSE"\n' in locked.succeed()


def test_a_format_without_licences_refuses_the_option(locked: LockApp) -> None:
    message = locked.fail(2, "--licenses", "--format", "pylock")
    assert message == (
        "lock: --licenses: the format pylock has no place for them; leave it out, or write "
        "sources or cyclonedx\n"
    )


def test_licences_of_a_project_come_from_its_folder(lock: LockApp, index: Index) -> None:
    index.wheel("demo", "1.0", headers=["License: MIT"])
    lock.write(
        '[project]\nname = "own"\nversion = "1"\nlicense = "EUPL-1.2"\nrequires-python = ">=3.11"\n'
        'dependencies = ["demo"]\n[build-system]\nrequires = []\nbuild-backend = "backend"\n'
        'backend-path = ["."]\n',
        "pyproject.toml",
    )
    text = lock.succeed("--licenses", "--system", "x86_64-linux", "3.11", "pyproject.toml")
    assert '\n"licenses": {\n  "demo": "MIT",\n  "own": "EUPL-1.2"\n}' in text
    del text
    lock.succeed("--no-licenses", "3.11", "pyproject.toml")
    assert [(one["name"], one["from"]) for one in packages(lock)] == [
        ("demo", "License"),
        ("own", "pyproject.toml"),
    ]

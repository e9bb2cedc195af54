"""Later parts of the index' formats: variants of wheels, the state of projects, attestations."""

import json

import pytest

from lock.inspection.simple_index import Page, parse_html, parse_json
from lock.models.filenames import variant_label
from tests.support.index_server import Index
from tests.support.lock_app import LockApp

PLATFORM = "cp311-cp311-manylinux_2_28_x86_64"
ARCHIVED = {"status": "archived", "reason": "use\nweb2 \x1b[31minstead"}


def told(lock: LockApp, *arguments: str) -> str:
    done = lock.run(*arguments)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


@pytest.fixture
def variants(index: Index) -> None:
    """A version with a plain wheel and variants of it, and one with variants only (PEP 825)."""
    index.wheel("demo", "1.0", tag=PLATFORM)
    for version in ("1.0", "2.0"):
        for label in ("x86_64_v3", "null"):
            index.wheel("demo", version, tag=f"{PLATFORM}-{label}")
        name = f"demo-{version}-variants.json"
        index.files[f"/files/{name}"] = b"{}"
        index.pages["/simple/demo/"].append(
            {"filename": name, "url": f"../../files/{name}", "hashes": {}}
        )


@pytest.mark.parametrize(
    ("name", "label"),
    [
        (f"demo-1.0-{PLATFORM}-x86_64_v3.whl", "x86_64_v3"),
        (f"demo-1.0-7b-{PLATFORM}-null.whl", "null"),
        ("demo-1.0-py3-none-any-cu12.8.whl", "cu12.8"),
        (f"demo-1.0-{PLATFORM}.whl", None),
        (f"demo-1.0-7b-{PLATFORM}.whl", None),
        ("demo-1.0-py3-none-any-label_of_17_chars.whl", None),
        ("demo-1.0-variants.json", None),
        ("demo.whl", None),
    ],
)
def test_the_label_of_a_variant_stands_behind_the_platform(name: str, label: str | None) -> None:
    assert variant_label(name) == label


@pytest.mark.usefixtures("variants")
def test_variants_of_wheels_are_never_taken_and_explain_says_so(lock: LockApp) -> None:
    lock.write("demo: '*'")
    assert f'"name": "demo-1.0-{PLATFORM}.whl"' in lock.succeed("3.11", "--system", "x86_64-linux")
    why = "it is a variant of a wheel (PEP 825), {}, which may not fit every machine"
    lines = told(lock, "explain", "demo").splitlines()[1:]
    assert dict(line.split(maxsplit=1)[1].split(": ") for line in lines) == {
        f"demo-1.0-{PLATFORM}.whl": "the best that fits",
        f"demo-1.0-{PLATFORM}-null.whl": why.format("null"),
        f"demo-1.0-{PLATFORM}-x86_64_v3.whl": why.format("x86_64_v3"),
        "demo-1.0-variants.json": "it lists variants of wheels (PEP 825), which aren't taken",
    }
    # The newer version has nothing that could be locked.
    assert told(lock, "outdated") == ""


@pytest.mark.usefixtures("variants")
def test_a_version_with_variants_only_can_t_be_locked(lock: LockApp) -> None:
    lock.write("demo: 2.0")
    message = lock.fail(1, "3.11", "--system", "x86_64-linux", UV_PREVIEW="1")
    assert message.splitlines()[-1] == (
        "  demo 2.0 has no wheel but variants (PEP 825), which may not fit every machine, so none "
        "is taken; name another version"
    )


@pytest.mark.usefixtures("variants")
def test_variants_in_another_tool_s_lock_are_not_taken(lock: LockApp, index: Index) -> None:
    stem, digest = f"{index.url}/files/demo-1.0-{PLATFORM}", "0" * 64
    wheels = [
        f'{{ url = "{stem}{label}.whl", hash = "sha256:{digest}" }}'
        for label in ("-x86_64_v3", "", "-null")
    ]
    lock.write(
        f"""\
version = 1
revision = 5
requires-python = ">=3.11"
[[package]]
name = "x"
version = "1"
source = {{ virtual = "." }}
dependencies = [{{ name = "demo" }}]
[[package]]
name = "demo"
version = "1.0"
source = {{ registry = "{index.simple}" }}
wheels = [{", ".join(wheels)}]
""",
        "uv.lock",
    )
    text = lock.succeed("3.11", "uv.lock", "--system", "x86_64-linux")
    assert text.count("demo-1.0-") == 2
    assert f'"name": "demo-1.0-{PLATFORM}.whl"' in text


def test_projects_that_aren_t_active_are_told(lock: LockApp, index: Index) -> None:
    for name in ("web", "old", "core"):
        index.wheel(name, "1.0")
    lock.write("requirements: {web: '*', old: '*', core: '*'}\n")
    lock.succeed("3.11", "--system", "x86_64-linux")
    index.page_keys = {
        "core": {"project-status": {"status": "active"}},
        "old": {"project-status": {"status": "deprecated"}},
        "web": {"project-status": ARCHIVED},
    }
    index.wheel("web", "1.5")
    assert told(lock, "outdated") == (
        "web 1.0 -> 1.5\nold is deprecated\nweb is archived: use web2 [31minstead\n"
    )
    assert json.loads(told(lock, "outdated", "--json"))["inactive"] == [
        {"name": "old", "status": "deprecated", "reason": ""},
        {"name": "web", "status": "archived", "reason": "use web2 [31minstead"},
    ]
    assert told(lock, "explain", "old").splitlines()[0] == "old is deprecated"
    assert json.loads(told(lock, "explain", "old", "--json"))["status"] == "deprecated"
    assert told(lock, "explain", "core").startswith("core 1.0 on x86_64-linux")


def test_a_quarantined_project_is_told_where_it_is_missed(lock: LockApp, index: Index) -> None:
    index.wheel("web", "1.0", "core")
    index.wheel("core", "1.0")
    lock.write("web: '*'")
    lock.succeed("3.11", "--system", "x86_64-linux")
    index.wheel("web", "1.5", "core")
    # Such a project has no files any more.
    index.pages["/simple/core/"].clear()
    index.page_keys["core"] = {"project-status": {"status": "quarantined", "reason": "malware"}}
    state = "core is quarantined: malware (says its index)"
    assert lock.fail(1).splitlines()[-1] == f"  {state}"
    done = lock.run("outdated")
    assert (done.returncode, done.stdout) == (2, "web 1.0 -> 1.5\n")
    assert done.stderr == f"sources.yaml: no index has core 1.0 any more; {state}\n"
    assert lock.fail(2, "explain", "core") == done.stderr


def test_no_index_is_asked_for_the_state_of_a_project_offline(lock: LockApp, index: Index) -> None:
    index.wheel("web", "1.0")
    index.page_keys["web"] = {"project-status": ARCHIVED}
    lock.write("web: '*'")
    lock.succeed("3.11", "--system", "x86_64-linux")
    lock.write("web: 2.0")
    assert "web is archived" in lock.fail(1)
    index.connections.clear()
    message = lock.fail(1, "--offline")
    assert "there is no version of web==2.0" in message
    assert "archived" not in message
    assert not index.connections


def test_a_project_that_is_gone_from_the_index_hides_no_other(lock: LockApp, index: Index) -> None:
    for name in ("web", "old", "q"):
        index.wheel(name, "1.0")
    lock.write("requirements: {web: '*', old: '*', q: '*'}\n")
    lock.succeed("3.11", "--system", "x86_64-linux")
    index.wheel("web", "1.5")
    del index.pages["/simple/old/"]
    # Its page is there, without the version.
    index.pages["/simple/q/"].clear()
    done = lock.run("outdated")
    assert (done.returncode, done.stdout) == (2, "web 1.0 -> 1.5\n")
    assert done.stderr == "".join(
        f"sources.yaml: no index has {name} 1.0 any more\n" for name in ("old", "q")
    )


def test_a_page_in_html_tells_the_state_too() -> None:
    content = (
        '<html><head><meta name="pypi:project-status" content="quarantined">'
        '<meta name="pypi:project-status-reason" content="malware"></head></html>'
    )
    assert parse_html(content, "") == Page([], "quarantined", "malware")
    assert parse_html("<html></html>", "") == Page([])


def test_keys_of_newer_versions_of_the_index_do_no_harm(lock: LockApp, index: Index) -> None:
    index.wheel("web", "1.0")
    index.page_keys["web"] = {
        "meta": {"api-version": "1.9", "tracks": []},
        "versions": ["1.0"],
        "alternate-locations": [],
        "colour": {"blue": True},
    }
    index.pages["/simple/web/"][0] |= {
        "provenance": f"{index.url}/integrity/web/provenance",
        "core-metadata": {"sha256": "0" * 64},
        "gpg-sig": False,
        "size": 7,
        "colour": ["blue"],
    }
    del index.files["/files/web-1.0-py3-none-any.whl.metadata"]
    index.pages["/simple/web/"][0]["core-metadata"] = False
    del index.pages["/simple/web/"][0]["size"]
    lock.write("web: '*'")
    text = lock.succeed("3.11", "--system", "x86_64-linux")
    # Attestations (PEP 740) aren't fetched, and nothing of them is in the lock.
    assert "provenance" not in text
    assert not any("integrity" in path for path in index.sent)
    index.wheel("web", "1.1")
    assert told(lock, "outdated") == "web 1.0 -> 1.1\n"
    assert "the best that fits" in told(lock, "explain", "web")


@pytest.mark.parametrize("state", [None, "archived", [], {"status": 5}, {"reason": "x"}])
def test_a_state_in_another_form_is_none(state: object) -> None:
    assert parse_json(json.dumps({"files": [], "project-status": state}).encode(), "") == Page([])


@pytest.mark.parametrize(
    "answer",
    [
        [],
        "files",
        {"files": ["web-1.0.tar.gz"]},
        {"files": [{"filename": 1, "url": "web-1.0.tar.gz"}]},
        {"files": [{"filename": "web-1.0.tar.gz", "url": ["web-1.0.tar.gz"]}]},
        {"files": [{"filename": "web-1.0.tar.gz", "url": "x", "requires-python": 3.9}]},
    ],
)
def test_json_in_another_form_is_refused(answer: object) -> None:
    with pytest.raises(TypeError):
        parse_json(json.dumps(answer).encode(), "")

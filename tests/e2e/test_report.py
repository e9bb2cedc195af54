"""The report of a real environment: by Nix, by the commands of docs/report.md, in a browser."""

import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from report.page import read_environment
from tests.support.browser import Browser, browser
from tests.support.documents import code_blocks, console_commands, run_commands
from tests.support.nix import Nix, write_user_flake
from tests.support.project import ROOT

DOCUMENT = (ROOT / "docs" / "report.md").read_text(encoding="utf-8")
COMMANDS = [
    command.replace("PATH_OR_URL_OF_THIS_FLAKE", str(ROOT))
    for block in code_blocks(DOCUMENT, "console")
    for command in console_commands(block)
]
LOCK = ROOT / "examples" / "django" / "sources.yaml"
ENVIRONMENT = 'env = makePythonPypiEnvironment { name = "env"; sourcesYaml = ./sources.yaml; };'
GIT = ("git", "-c", "user.name=test", "-c", "user.email=test@example.org")

pytestmark = [pytest.mark.nix, pytest.mark.index]


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with browser() as started:
        yield started


@pytest.fixture(scope="module")
def django() -> str:
    """Return the version of Django in the lock."""
    version: str = json.loads(LOCK.read_text(encoding="utf-8"))["closure"]["django"]
    return version


@pytest.fixture
def folder(tmp_path: Path, django: str) -> Path:
    """Return a user's repository, whose lock had an older Django in the commit before."""
    made = write_user_flake(tmp_path / "mine", ENVIRONMENT, sources=LOCK)
    sources = made / "sources.yaml"
    text = sources.read_text(encoding="utf-8")
    older = text.replace(f'"version": "{django}"', '"version": "5.0"')
    osv = {
        "package": {"name": "Django", "version": django, "ecosystem": "PyPI"},
        "vulnerabilities": [{"id": "OSV-1", "summary": "It leaks."}],
    }
    found = {"results": [{"packages": [osv]}]}
    (made / "osv.json").write_text(json.dumps(found), encoding="utf-8")
    (made / "other.yaml").write_text(older, encoding="utf-8")
    for content in (older, text):
        sources.write_text(content, encoding="utf-8")
        subprocess.run([*GIT, "init", "-q"], cwd=made, check=True)
        subprocess.run([*GIT, "add", "."], cwd=made, check=True)
        subprocess.run([*GIT, "commit", "-qm", "Lock"], cwd=made, check=True)
    return made


def added(page: Path, name: str) -> str:
    text = page.read_text(encoding="utf-8")
    return text.partition(f'id="{name}">')[2].partition("</script>")[0]


def test_the_commands_of_the_document(
    nix: Nix, folder: Path, tmp_path: Path, django: str, chromium: Browser
) -> None:
    seen = [f"cp report.html {index}.html" for index in range(len(COMMANDS))]
    lines = [line for pair in zip(COMMANDS, seen, strict=True) for line in pair]
    printed = f"nix run {ROOT}#report -- -o -"
    lines += [f"{printed} >printed.html", f"{printed} | head --lines 1 >first.txt"]
    run_commands(nix, lines, folder, tmp_path / "bin")
    assert (folder / "printed.html").read_bytes() == (folder / "0.html").read_bytes()
    assert not (folder / "-").exists()
    plain, against, of_commit, vulnerable, _ = (folder / f"{at}.html" for at in range(5))
    assert added(plain, "changes") == added(plain, "vulnerabilities") == "null"
    for page, label in ((against, "other.yaml"), (of_commit, "HEAD~1")):
        assert json.loads(added(page, "changes")) == {
            "against": label,
            "changes": [{"name": "django", "change": "up", "before": ["5.0"], "after": [django]}],
        }
    [finding] = json.loads(added(vulnerable, "vulnerabilities"))["found"]
    assert (finding["package"], finding["version"]) == ("django", django)
    built = read_environment((folder / "result").read_text(encoding="utf-8"))
    assert built == read_environment(plain.read_text(encoding="utf-8")) | {"name": "env"}
    chromium.open(vulnerable, "vulnerabilities")
    assert chromium.texts("#panel-vulnerabilities tbody th") == [f"django {django}"]
    assert chromium.complaints() == []


def test_the_report_of_a_large_environment(chromium: Browser) -> None:
    # It is the same derivation for each Nix.
    nix = Nix(os.environ.get("WHEELHOUSE_NIX"))
    page = nix.build(".#science.htmlReport")
    names = nix.evaluate(".#science.packages", "--apply", "builtins.attrNames")
    data = read_environment(page.read_text(encoding="utf-8"))
    assert [one["name"] for one in data["packages"]] == names
    assert [edge["name"] for edge in data["roots"]["default"]] == [
        "lxml",
        "matplotlib",
        "numpy",
        "pandas",
        "pillow",
        "pyyaml",
        "scikit-learn",
        "scipy",
    ]
    numpy = next(one for one in data["packages"] if one["name"] == "numpy")
    path = Path(nix.evaluate(".#science.packages.numpy.outPath"))
    sizes = [file.stat().st_size for file in (path / "lib").rglob("*") if file.is_file()]
    assert (numpy["size"], numpy["files"]) == (sum(sizes), len(sizes))
    assert numpy["native"]
    assert sorted(
        {
            row[3]
            for table in data["libraries"]["tables"]
            for row in table["rows"]
            if row[0] == f"numpy {numpy['version']}" and row[2] == "libstdc++.so.6"
        }
    ) == ["stdenv.cc.cc.lib"]
    chromium.open(page)
    assert f"{len(names)}packages8 asked for" in "".join(chromium.texts(".card"))
    for tab in chromium.all("[role=tab]"):
        tab.click()
        assert chromium.one("[role=tabpanel]:not([hidden])").text
    chromium.open(page, "package=scipy")
    chromium.all("#detail .text summary")[0].click()
    text = chromium.wait("document.querySelector('#detail pre').textContent.length > 1 "
                         "&& document.querySelector('#detail pre').textContent")  # fmt: skip
    assert "SciPy Developers" in text
    assert chromium.complaints() == []
    assert [url for url in chromium.requests() if not url.startswith("file:///")] == []


def test_a_lock_that_cannot_be_built_is_an_error_of_one_reason(
    nix: Nix, folder: Path, tmp_path: Path
) -> None:
    report = f"nix run {ROOT}#report --"
    done = run_commands(
        nix, [f"{report} --group none 2>&1 || echo exit $?"], folder, tmp_path / "bin"
    )
    assert "Traceback" not in done
    assert 'environment "mine": the lock has no group "none"' in done
    assert done.rstrip().endswith("exit 1")
    assert not (folder / "report.html").exists()

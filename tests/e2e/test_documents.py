"""What the documents name exists, and the commands of CONTRIBUTING do what it says."""

import os
import re
import subprocess
from importlib import import_module
from pathlib import Path

import pytest

from tests.support.documents import CLAIMED, PAGES, code_blocks, console_commands
from tests.support.project import ROOT

DOCUMENTS = [ROOT / page for page in PAGES]
CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
COMMANDS = [
    line for block in code_blocks(CONTRIBUTING, "console") for line in console_commands(block)
]
# Pages that a module of tests runs from top to bottom; it has the page's name.
WHOLE = {
    "docs/flake-parts.md": "tests/modules/test_with_checkouts.py",
    "docs/report.md": "tests/e2e/test_report.py",
    "docs/start.md": "tests/e2e/test_start_document.py",
    "docs/tutorial.md": "tests/e2e/test_guides.py",
    **{page: "tests/e2e/test_guides.py" for page in PAGES if page.startswith("docs/howto/")},
}
# Its tables name files of other projects.
OF_OTHERS = "other-tools.md"
# Guides name files that their reader writes.
GUIDES = ("docs/tutorial.md", "docs/howto/")
# Files of the repository, as documents write them; NAME stands for a name to choose.
PATH = re.compile(
    r"`((?!lib/python)(?:bench|book|builder|docs|examples|hostpkgs|init|lib|lock|modules|native"
    r"|report|run|runtime|scripts|templates|tests)/[\w./-]*)`"
)


def anchors(document: Path) -> set[str]:
    """Return the anchors of a document's headings, as they are derived on code hosts."""
    headings = re.findall(r"^#+ (.*)$", document.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("document", [ROOT / page for page in PAGES if not page.startswith(GUIDES)])
def test_files_that_a_document_names_exist(document: Path) -> None:
    text = document.read_text(encoding="utf-8")
    if document.name == OF_OTHERS:
        text = re.sub(r"^\|.*", "", text, flags=re.MULTILINE)
    named = PATH.findall(text)
    missing = [name for name in named if "NAME" not in name and not (ROOT / name).exists()]
    folders = [Path(name).parent for name in named if "NAME" in name]
    assert missing == []
    assert all((ROOT / folder).is_dir() for folder in folders)


@pytest.mark.parametrize("document", DOCUMENTS, ids=[*PAGES])
def test_links_of_a_document_lead_somewhere(document: Path) -> None:
    links = re.findall(r"\]\(([^)\s]+)\)", document.read_text(encoding="utf-8"))
    for link in links:
        if "://" in link:
            continue
        name, _, anchor = link.partition("#")
        target = (document.parent / name).resolve() if name else document
        assert target.exists(), link
        assert not anchor or anchor in anchors(target), link


def test_every_command_of_a_page_is_run_by_a_test() -> None:
    for file in sorted((ROOT / "tests").rglob("test_*.py")):
        if "console_commands" in file.read_text(encoding="utf-8"):
            import_module(".".join(file.relative_to(ROOT).with_suffix("").parts))
    unclaimed = [
        f"{page}:{PAGES[page][: place[1]].count(chr(10)) + 1}: {block.splitlines()[0]}"
        for page, text in PAGES.items()
        if page not in WHOLE
        for block in code_blocks(text, "console")
        for place in block.places
        if place[0] == page and place not in CLAIMED
    ]
    assert not unclaimed, "no test claims these blocks:\n" + "\n".join(unclaimed)


@pytest.mark.parametrize("page", [page for page in WHOLE if page in PAGES])
def test_a_page_that_a_module_runs_is_named_there(page: str) -> None:
    text = (ROOT / WHOLE[page]).read_text(encoding="utf-8")
    name = Path(page).stem.removeprefix("from-")
    assert re.search(rf"[\"/-]{name}(\.md)?\"", text)


@pytest.mark.parametrize("page", PAGES)
def test_commands_of_a_page_stand_in_console_blocks_behind_a_prompt(page: str) -> None:
    assert not re.findall(r"^ *```(?:bash|sh|shell|zsh)\b|^ +```console", PAGES[page], re.MULTILINE)
    for block in code_blocks(PAGES[page], "console"):
        assert block.startswith("$ "), block
        assert not re.search(r"^\$ .*\\$", block, re.MULTILINE), block


def test_the_commands_of_contributing_are_those_that_run() -> None:
    assert COMMANDS == [
        "nix develop",
        "scripts/test",
        "scripts/test --offline",
        "scripts/test tests/lock tests/builder",
        # tests/e2e/test_evaluate_nixpkgs.py
        "scripts/evaluate-nixpkgs PATH_OF_A_NIXPKGS",
        "scripts/test --checkouts FOLDER tests/e2e/test_evaluate_nixpkgs.py",
    ]


@pytest.mark.nix
def test_the_shell_has_the_test_tools_and_lock(nix) -> None:
    printed = nix.output(
        "develop", "-c", "bash", "-c", "python -m pytest --version; lock --version"
    )
    assert re.search(r"^pytest \d", printed, re.MULTILINE)
    assert re.search(r"^wheelhouse \d", printed, re.MULTILINE)


@pytest.mark.nix
def test_the_test_command_takes_folders_and_offline() -> None:
    result = subprocess.run(
        [ROOT / "scripts/test", "--offline", "tests/lock", "tests/lib", "--collect-only", "-q"],
        env={name: value for name, value in os.environ.items() if name != "WHEELHOUSE_NEWEST_NIX"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    collected = {line.partition("::")[0] for line in result.stdout.splitlines() if "::" in line}
    assert {"tests/lock/test_layers.py", "tests/lib/test_api.py"} <= collected
    assert "tests/lock/pipeline/test_real_index.py" not in collected
    assert not [file for file in collected if not file.startswith(("tests/lock/", "tests/lib/"))]

"""What the documents name exists, and the commands of CONTRIBUTING do what it says."""

import os
import re
import subprocess
from pathlib import Path

import pytest

from tests.support.documents import code_blocks, console_commands
from tests.support.project import ROOT

DOCUMENTS = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").glob("*.md"))]
CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
# Its tables name files of other projects.
OF_OTHERS = "other-tools.md"
# Files of the repository, as documents write them; NAME stands for a name to choose.
PATH = re.compile(
    r"`((?:bench|builder|docs|examples|hostpkgs|lib|lock|runtime|scripts|templates|tests)/[\w./-]*)`"
)


def anchors(document: Path) -> set[str]:
    """Return the anchors of a document's headings, as they are derived on code hosts."""
    headings = re.findall(r"^#+ (.*)$", document.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_files_that_a_document_names_exist(document: Path) -> None:
    text = document.read_text(encoding="utf-8")
    if document.name == OF_OTHERS:
        text = re.sub(r"^\|.*", "", text, flags=re.MULTILINE)
    named = PATH.findall(text)
    missing = [name for name in named if "NAME" not in name and not (ROOT / name).exists()]
    folders = [Path(name).parent for name in named if "NAME" in name]
    assert missing == []
    assert all((ROOT / folder).is_dir() for folder in folders)


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_links_of_a_document_lead_somewhere(document: Path) -> None:
    links = re.findall(r"\]\(([^)\s]+)\)", document.read_text(encoding="utf-8"))
    for link in links:
        if "://" in link:
            continue
        name, _, anchor = link.partition("#")
        target = (document.parent / name).resolve() if name else document
        assert target.exists(), link
        assert not anchor or anchor in anchors(target), link


def test_the_commands_of_contributing_are_those_that_run() -> None:
    commands = [line for block in code_blocks(CONTRIBUTING, "console")
                for line in console_commands(block)]  # fmt: skip
    assert commands == [
        "nix develop",
        "scripts/test",
        "scripts/test --offline",
        "scripts/test tests/lock tests/builder",
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

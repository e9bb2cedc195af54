"""A reader who does what the tutorial and the how-tos say sees what they show."""

import os
import re
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from uuid import uuid4

import pytest
import yaml

from tests.e2e.conftest import NIXES
from tests.support.guides import Block, blocks, reader
from tests.support.index_server import Index, serve
from tests.support.makes_locks import as_makes
from tests.support.moved_projects import PROJECTS
from tests.support.nix import Nix
from tests.support.project import ROOT
from tests.support.wheels import Wheel

DOCS = ROOT / "docs"
# A reader has the newest Nix.
NIX = Nix(NIXES.get("newest", NIXES["at hand"]))
# Page → why its commands can't run here, a block each.
NOT_RUN = {
    "tutorial.md": ["it changes the machine", "it changes the machine", "they have no Docker"],
    "howto/editor.md": ["they have no direnv"],
    "howto/pytorch-cuda.md": ["it downloads gigabytes and needs a GPU"],
}

pytestmark = [pytest.mark.nix, pytest.mark.index]


def text(name: str) -> str:
    """Return the text of a page of docs/."""
    return (DOCS / name).read_text(encoding="utf-8")


def pages() -> list[str]:
    """Return the tutorial and all how-tos."""
    return ["tutorial.md", *sorted(f"howto/{file.name}" for file in (DOCS / "howto").glob("*.md"))]


def test_only_what_can_t_run_here_is_left_out() -> None:
    found = {
        page: re.findall(r"^Not run by the tests, since (.*?)[:.]$", text(page), re.M)
        for page in pages()
    }
    assert {page: reasons for page, reasons in found.items() if reasons} == NOT_RUN
    left_out = [block for page in pages() for block in blocks(text(page)) if not block.is_run]
    assert len(left_out) == sum(map(len, NOT_RUN.values()))


def test_the_tutorial(tmp_path: Path) -> None:
    profiles = tmp_path / "profiles"
    profiles.mkdir()
    of_test = {"/nix/var/nix/profiles": str(profiles)}
    reader(NIX, tmp_path, of_test).follow(text("tutorial.md"))


@pytest.mark.parametrize("name", ["c-library", "ci", "container", "editor", "jupyter", "patch"])
def test_a_how_to(tmp_path: Path, name: str) -> None:
    guest = reader(NIX, tmp_path)
    if name == "editor":
        # A type checker that is installed elsewhere.
        guest.programs.mkdir()
        (guest.programs / "mypy").symlink_to(NIX.build(".#tools") / "bin" / "mypy")
    guest.follow(text(f"howto/{name}.md"))


@pytest.fixture
def indexes() -> Iterator[Mapping[str, Index]]:
    """Indexes on this machine, by name."""
    made: dict[str, Index] = {name: Index("") for name in ("company", "cpu", "cu126")}
    with serve(made) as url:
        for name, index in made.items():
            index.url = f"{url}/{name}"
            index.responding.set()
        yield made


def pricing(version: str) -> Wheel:
    """Return a wheel that no store has yet."""
    module = f'"""{uuid4()}"""\n\n\ndef price():\n    return 42\n'
    return Wheel("pricing", version, {"pricing.py": module})


def test_a_private_index(tmp_path: Path, indexes: Mapping[str, Index]) -> None:
    company = indexes["company"]
    company.login = ("reader", "s3cr3t")
    company.valid_wheel(pricing("1.0"))
    guest = reader(
        NIX,
        tmp_path,
        {
            "https://packages.example.org": company.url,
            "machine packages.example.org": "machine 127.0.0.1",
        },
    )
    guest.programs.mkdir()
    # What the program of the package keyring prints.
    keyring = guest.programs / "keyring"
    keyring.write_text("#!/bin/sh\necho s3cr3t\n", encoding="utf-8")
    keyring.chmod(0o755)
    printed = guest.follow(text("howto/private-index.md"))
    assert "s3cr3t" not in printed
    assert "reader" not in (guest.work / "sources.yaml").read_text(encoding="utf-8")

    # A machine that hasn't locked: it has no file of this version.
    company.valid_wheel(pricing("2.0"))
    netrc = guest.folder / "netrc"
    netrc.write_text("machine 127.0.0.1\nlogin reader\npassword s3cr3t\n", encoding="utf-8")
    netrc.chmod(0o600)
    locking = ("run", ".#lock", "--", "--upgrade", "--no-native")
    locked = NIX.run(*locking, cwd=guest.work, environment={"NETRC": str(netrc)})
    assert locked.returncode == 0, locked.stderr
    assert NIX.run("build", cwd=guest.work).returncode != 0
    NIX.output("build", "--option", "netrc-file", netrc, cwd=guest.work)


def test_pytorch_is_locked_and_evaluated(tmp_path: Path, indexes: Mapping[str, Index]) -> None:
    for name in ("cpu", "cu126"):
        wheel = Wheel("torch", f"2.9.0+{name}", {"torch.py": ""}, tag="py3-none-any")
        indexes[name].valid_wheel(wheel)
    addresses = {
        "https://…/whl/cu126": indexes["cu126"].simple,
        "https://…/whl/cpu": indexes["cpu"].simple,
    }
    # Nothing of the wheels, gigabytes, is looked at.
    variables = {"WHEELHOUSE_NO_NATIVE": "1"}
    reader(NIX, tmp_path, addresses, variables).follow(text("howto/pytorch-cuda.md"))


def is_nix(code: str) -> bool:
    """Return whether Nix reads code, as an expression or as attributes."""
    parameters = "{ config, lib, pkgs, ... }@arguments:"
    for expression in (f"({code})", f"{{ {code} }}"):
        done = subprocess.run(
            ["nix-instantiate", "--parse", "-E", f"{parameters} with arguments; {expression}"],
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode == 0:
            return True
    return False


@pytest.mark.parametrize("page", [page for page in pages() if "/from-" in page])
def test_what_was_written_for_another_tool_is_nix(page: str) -> None:
    before = [block for block in blocks(text(page)) if block.is_of_another_tool]
    assert before
    assert [block.text for block in before if not is_nix(block.text)] == []


def test_moving_from_makes(tmp_path: Path) -> None:
    guest = reader(NIX, tmp_path)
    guest.work.mkdir()
    (guest.work / "requirements.yaml").write_text('idna: "*"\n', encoding="utf-8")
    NIX.lock(guest.work, "3.11", "requirements.yaml", "sources.yaml")
    lock = guest.work / "sources.yaml"
    lock.write_text(yaml.safe_dump(as_makes(yaml.safe_load(lock.read_text("utf-8")))), "utf-8")
    guest.follow(text("howto/from-makes.md"))
    assert lock.read_text("utf-8").startswith('{"wheelhouse": 2,\n')


@pytest.fixture(scope="module")
def of_uv() -> Mapping[str, str]:
    """Environment variables of uv that name a Python which projects of the test allow."""
    python = (NIX.build(".#tools") / "bin" / "python3").resolve()
    return {"UV_PYTHON": str(python), "UV_PYTHON_DOWNLOADS": "never"}


@pytest.mark.parametrize("tool", ["dream2nix", "mach-nix", "poetry2nix", "uv2nix"])
def test_moving_from_another_tool(tmp_path: Path, of_uv: Mapping[str, str], tool: str) -> None:
    page = text(f"howto/from-{tool}.md")
    # The host package set has tkinter for one Python only. What asks for it is only locked.
    first, heading, rest = re.split(
        r"(^## (?:A package|Where packages come) from.*$)", page, flags=re.M
    )
    guest = reader(NIX, tmp_path)
    for name, content in PROJECTS[tool].items():
        file = guest.work / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content, encoding="utf-8")
    if tool == "uv2nix":
        subprocess.run(["uv", "lock", "-q"], cwd=guest.work, env=os.environ | of_uv, check=True)
    guest.follow(first)
    outputs = [block for block in blocks(page) if block.is_output]
    assert evaluated(outputs, guest.work) > len(outputs)
    guest.follow(heading + rest)


def evaluated(outputs: list[Block], folder: Path) -> int:
    """Write outputs into the `packages` of a template's flake, and return how many evaluate."""
    flake = folder / "flake.nix"
    before = flake.read_text(encoding="utf-8")
    written = "".join(block.text for block in outputs)
    after = re.sub(
        r"packages = each \(library: \{.*?\n      \}\);",
        lambda _: f"packages = each (library: rec {{\n{written}inherit (library) lock; }});",
        before,
        count=1,
        flags=re.DOTALL,
    )
    assert after != before
    flake.write_text(after, encoding="utf-8")
    paths = NIX.evaluate(
        "path:.#packages.x86_64-linux",
        "--apply",
        "builtins.mapAttrs (_name: made: made.drvPath)",
        cwd=folder,
    )
    return len(paths)


GUIDE = """
Write `greeting.txt`:

```
Hello
```

Change `greeting.txt`:

```diff
-Hello
+Hello, you
```

{before}

```console
$ cat greeting.txt
{shown}
$ {last}
```

```console
$ echo end
```
"""


@pytest.mark.parametrize(
    ("before", "shown", "last", "told"),
    [
        ("Read it:", "Hello, …", "true", None),
        ("The last one fails:", "Hello, you", "false", None),
        ("Read it:", "Goodbye", "true", "$ cat greeting.txt\nHello, you"),
        ("Read it:", "Hello", "true", "$ cat greeting.txt\nHello, you"),
        ("Read it:", "Hello, you", "false", "$ false"),
        ("The last one fails:", "Hello, you", "true", "$ true"),
    ],
)
def test_a_guide_that_shows_something_else_is_told(
    tmp_path: Path, before: str, shown: str, last: str, told: str | None
) -> None:
    guide = GUIDE.format(before=before, shown=shown, last=last)
    if told is None:
        reader(NIX, tmp_path).follow(guide)
        return
    with pytest.raises(pytest.fail.Exception, match=re.escape(told)):
        reader(NIX, tmp_path).follow(guide)


def test_a_change_of_lines_that_are_not_there_fails(tmp_path: Path) -> None:
    guide = GUIDE.format(before="Read it:", shown="Hello, you", last="true")
    with pytest.raises(pytest.fail.Exception, match="has these lines 0 times"):
        reader(NIX, tmp_path).follow(guide.replace("-Hello", "-Goodbye"))

"""What the lock app writes is what Nix reads: documents and hashes, many in one evaluation."""

import hashlib
import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from lock.lockfile.canonical import dump
from lock.models.nix_base32 import from_hex
from tests.support import format_one
from tests.support.project import ROOT

READER = ROOT / "lib" / "sources" / "canonical.nix"

pytestmark = pytest.mark.nix

# Nix' texts hold no NUL, which no lock has.
TEXT = st.text(
    st.characters(min_codepoint=1, max_codepoint=0xFFFF, exclude_categories=["Cs"]), max_size=12
)
# Names: what is normalised, and what YAML would take for something else.
KEY = st.from_regex(r"\A[a-z0-9][a-z0-9_.-]{0,9}\Z") | st.sampled_from(
    ["on", "no", "null", "y", "1.0", "1_0", "0x1f", "A b", "a: b", "- a", "#", "~", ""]
)
SCALAR = TEXT | st.integers(0, 2**62)


def item(name: str, others: dict[str, Any]) -> dict[str, Any]:
    """An item of a list: its name comes first."""
    return {"name": name} | {key: value for key, value in others.items() if key != "name"}


DOCUMENT = st.recursive(
    st.dictionaries(KEY, SCALAR, min_size=1, max_size=4),
    lambda inner: st.dictionaries(
        KEY,
        SCALAR | inner | st.lists(SCALAR | st.builds(item, TEXT, inner), min_size=1, max_size=3),
        min_size=1,
        max_size=4,
    ),
    max_leaves=12,
)


def evaluate(program: str | Path, expression: str) -> Any:
    """What an expression of Nix is, as JSON."""
    command = [program, "--eval", "--strict", "--json", "-"]
    done = subprocess.run(command, input=expression, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout)


def programs() -> list[str | Path]:
    """The Nix of the machine, and the newest one where there is one."""
    newest = os.environ.get("WHEELHOUSE_NEWEST_NIX")
    return ["nix-instantiate", *([Path(newest).with_name("nix-instantiate")] if newest else [])]


@pytest.mark.parametrize("program", programs(), ids=["nix", "newest"][: len(programs())])
@pytest.mark.parametrize("write", [dump, format_one.dump], ids=["format 2", "format 1"])
def test_the_reader_of_lib_reads_back_what_was_written(
    tmp_path: Path, program: str | Path, write: Callable[[dict[str, Any]], str]
) -> None:
    documents: list[dict[str, Any]] = []

    @settings(max_examples=150, deadline=None, database=None, phases=[Phase.generate])
    @given(document=DOCUMENT)
    def gather(document: dict[str, Any]) -> None:
        documents.append(document)

    gather()
    for number, document in enumerate(documents):
        (tmp_path / str(number)).write_text(write(document), encoding="ascii")
    read = evaluate(
        program,
        f"map (n: (import {READER}).parse (toString n) (builtins.readFile ({tmp_path} + "
        f'"/${{toString n}}"))) (builtins.genList (n: n) {len(documents)})',
    )
    assert len(documents) > 100
    for found, document in zip(read, documents, strict=True):
        assert found == document


@pytest.mark.parametrize("program", programs(), ids=["nix", "newest"][: len(programs())])
def test_real_locks_are_read_as_json_reads_them(program: str | Path) -> None:
    files = [*sorted(ROOT.glob("bench/sets/*/sources.yaml")), ROOT / "lib/makes/sources/3.8.yaml"]
    paths = " ".join(map(str, files))
    read = evaluate(
        program,
        f'map (file: (import {READER}).parse "lock" (builtins.readFile file)) [ {paths} ]',
    )
    assert read == [json.loads(file.read_text("ascii")) for file in files]


def test_hashes_are_what_nix_hash_writes() -> None:
    digests = [hashlib.sha256(str(number).encode()).hexdigest() for number in range(200)]
    command = ["nix-hash", "--type", "sha256", "--to-base32", *digests]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert [from_hex(digest) for digest in digests] == done.stdout.split()

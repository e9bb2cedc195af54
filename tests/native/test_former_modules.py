"""The table of modules that are gone is that of the interpreters of this machine."""

import subprocess
from itertools import pairwise

import pytest

from native.former_modules import FORMER_MODULES
from tests.support.interpreters import interpreters, or_skipped

# The first with a list of its modules.
LISTING = [python for python in interpreters() if int(python.version[2:]) >= 10]


@pytest.mark.parametrize(
    ("older", "newer"),
    or_skipped(list(pairwise(LISTING)), 2),
    ids=lambda python: python.version,
)
def test_every_public_module_that_a_version_removed_is_listed(older, newer) -> None:
    names = []
    for python in (older, newer):
        code = "import sys; print(*sys.stdlib_module_names)"
        done = subprocess.run(
            [python.executable, "-ISc", code], capture_output=True, text=True, check=True
        )
        names.append({name for name in done.stdout.split() if name[0] != "_"})
    minors = range(int(older.version[2:]) + 1, int(newer.version[2:]) + 1)
    owners = {f"Python 3.{minor}" for minor in minors}
    listed = {name for name, former in FORMER_MODULES.items() if former.owner in owners}
    assert names[0] - names[1] == listed

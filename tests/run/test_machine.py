"""Which Python runs: the one that is asked for, the package set's own, or one that fits."""

import pytest

from lock.errors import UsageError
from run.machine import Machine, choose_python, find

MACHINE = Machine("x86_64-linux", ("3.9", "3.11", "3.12", "3.13", "3.13t"), "3.12")


@pytest.mark.parametrize(
    ("asked", "required", "chosen"),
    [
        (None, None, "3.12"),
        (None, ">=3.9", "3.12"),
        (None, ">=3.13", "3.13"),
        (None, "<3.12", "3.11"),
        (None, "==3.9.*", "3.9"),
        ("3.13t", None, "3.13t"),
        ("3.11", ">=3.10", "3.11"),
    ],
)
def test_a_python_is_chosen(asked: str | None, required: str | None, chosen: str) -> None:
    assert choose_python(MACHINE, asked, required, "x.py", "script") == chosen


@pytest.mark.parametrize(
    ("asked", "required", "told"),
    [
        ("3.10", None, "script: --python: the package set has no Python 3.10; it has 3.9, 3.11,"),
        ("3.11.2", None, "names a patch release; write 3.11"),
        ("3.11", ">=3.12", "script: --python: x.py runs on Python >=3.12, not on 3.11; leave"),
        (None, ">=3.15", "x.py: it runs on Python >=3.15, and the package set has only 3.9,"),
    ],
)
def test_a_python_that_is_not_there_is_told(
    asked: str | None, required: str | None, told: str
) -> None:
    with pytest.raises(UsageError) as caught:
        choose_python(MACHINE, asked, required, "x.py", "script")
    assert told in str(caught.value)


def test_the_launcher_tells_what_there_is() -> None:
    found = find({"WHEELHOUSE_TARGET": "aarch64-darwin", "WHEELHOUSE_PYTHONS": "3.8 3.9"})
    assert found == Machine("aarch64-darwin", ("3.8", "3.9"), "3.9")

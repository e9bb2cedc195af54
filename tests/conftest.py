"""What holds for all tests: default signals, how many run at once, and which ones are left out."""

import os
import signal
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.support.c_compiler import Compiler

pytest.register_assert_rewrite("tests.support")


def pytest_configure() -> None:
    """Give children the default signals, whatever the run was started with (nohup, `&`)."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    for number in (signal.SIGHUP, signal.SIGQUIT, signal.SIGTERM):
        if signal.getsignal(number) is signal.SIG_IGN:
            signal.signal(number, signal.SIG_DFL)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add --large and --checkouts."""
    parser.addoption(
        "--large", action="store_true", help="run what takes long or downloads gigabytes, too"
    )
    parser.addoption("--checkouts", help="run what needs checkouts of other projects, in a folder")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out the large tests, and those of checkouts, where they aren't asked for."""
    unasked = [mark for mark in ("large", "checkouts") if not config.getoption(f"--{mark}")]
    left_out = {item for item in items for mark in unasked if item.get_closest_marker(mark)}
    config.hook.pytest_deselected(items=list(left_out))
    items[:] = [item for item in items if item not in left_out]


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """Return how many tests of folders run at once, for `-n auto`; 0, no workers, for fewer tests.

    Tests wait for Nix, the index and the disk: twice as many as cores, eight at most, keep them
    busy. Each worker imports all that it is given to choose from, which a few tests aren't worth.
    """
    # macOS has no affinity.
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    few = config.getoption("keyword") or not all(Path(given).is_dir() for given in config.args)
    return 0 if few else min(2 * (cores or 1), 8)


@pytest.fixture
def compiler(tmp_path: Path) -> "Compiler":
    """Return a C compiler."""
    from tests.support.c_compiler import find_compiler

    folder = tmp_path / "compiled"
    folder.mkdir()
    return find_compiler(folder)

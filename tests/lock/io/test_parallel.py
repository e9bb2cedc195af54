"""Several items at a time, and what happens where one fails."""

import os
import threading
import time
from pathlib import Path

import pytest

from lock.io import parallel, process


def test_threads_that_are_stuck_are_waited_for_together(monkeypatch: pytest.MonkeyPatch) -> None:
    stuck, waits, join = threading.Event(), list[float](), threading.Thread.join

    def noting_join(thread: threading.Thread, timeout: float) -> None:
        waits.append(timeout)
        join(thread, timeout)

    def work(item: int) -> None:
        if item == 0:
            raise ValueError
        stuck.wait()

    monkeypatch.setattr(threading.Thread, "join", noting_join)
    monkeypatch.setattr(parallel, "JOIN_TIMEOUT", 0.1)
    try:
        with pytest.raises(ValueError):
            parallel.map_threads(work, range(9), 8)
    finally:
        stuck.set()
        process.allow_new()
    assert len(waits) == 8
    assert sum(waits[1:]) <= 2 * 0.1


def test_after_a_failure_no_item_is_begun_also_of_calls_inside(tmp_path: Path) -> None:
    begun, inside = list[int](), threading.Event()

    def slow(item: int) -> None:
        begun.append(item)
        inside.set()
        time.sleep(0.02)

    def work(item: int) -> None:
        if item == 0:
            parallel.map_threads(slow, range(500))
        inside.wait()
        raise ValueError("the reason")

    with pytest.raises(ValueError, match="the reason"):
        parallel.map_threads(work, [0, 1])
    count = len(begun)
    time.sleep(0.1)
    assert len(begun) == count < 100
    assert process.run(["true"], tmp_path, os.environ, tmp_path / "messages") == (0, "")


def test_a_failure_in_a_call_inside_is_the_one_that_is_raised(tmp_path: Path) -> None:
    def fail(item: int) -> None:
        raise ValueError(f"the reason {item}")

    def work(item: int) -> None:
        if item == 0:
            parallel.map_threads(fail, [1, 2])
        while True:
            process.run(["true"], tmp_path, os.environ, tmp_path / str(item))

    with pytest.raises(ValueError, match="the reason"):
        parallel.map_threads(work, [0, 1])


def test_after_a_failure_processes_can_be_started(tmp_path: Path) -> None:
    def fail(item: int) -> None:
        raise ValueError(item)

    with pytest.raises(ValueError, match="1"):
        parallel.map_threads(fail, [1, 1])
    assert process.run(["true"], tmp_path, os.environ, tmp_path / "messages") == (0, "")

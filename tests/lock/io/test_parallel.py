"""Several items at a time, and what happens where one fails."""

import threading

import pytest

from lock.io import parallel


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
    assert len(waits) == 8
    assert sum(waits[1:]) <= 2 * 0.1

"""Runs a function on several items at a time, in threads that end on a signal."""

import threading
import time
from collections.abc import Callable, Sequence
from queue import Empty, SimpleQueue
from typing import TypeVar

from lock.io import process

DEFAULT_THREADS = 2
# As many connections: few, because lines delay new ones.
CONCURRENT_DOWNLOADS = 4
# Seconds for all threads to notice that their processes have ended.
JOIN_TIMEOUT = 1

# Seconds between looks at signals: one that comes just before a wait begins doesn't end the wait.
LOOK_INTERVAL = 0.1

Item = TypeVar("Item")
Result = TypeVar("Result")


def map_threads(
    work: Callable[[Item], Result], items: Sequence[Item], thread_count: int = DEFAULT_THREADS
) -> list[Result]:
    """Return what a function returns of each item, in their order.

    Raises the first exception of any; no thread begins another item then. All processes have ended,
    except where the call is made by a thread of another one, which ends them.
    """
    if len(items) < 2:
        return [work(item) for item in items]
    waiting: SimpleQueue[int] = SimpleQueue()
    done: SimpleQueue[BaseException | None] = SimpleQueue()
    results: dict[int, Result] = {}
    for number in range(len(items)):
        waiting.put(number)
    is_outermost = threading.current_thread() is threading.main_thread()
    if is_outermost:
        process.allow_new()
    has_failed = threading.Event()

    def take() -> None:
        while not has_failed.is_set():
            try:
                number = waiting.get_nowait()
            except Empty:
                return
            try:
                process.check_going_on()
                results[number] = work(items[number])
            except BaseException as error:
                done.put(error)
                return
            done.put(None)

    # Daemons: only the main thread receives signals, and it must not wait for a download.
    threads = [
        threading.Thread(target=take, daemon=True) for _ in range(min(thread_count, len(items)))
    ]
    try:
        for thread in threads:
            thread.start()
        for _ in items:
            error = _next(done)
            if error is not None:
                raise error
    except BaseException:
        has_failed.set()
        if is_outermost:
            _end(threads)
        raise
    return [results[number] for number in range(len(items))]


def _end(threads: Sequence[threading.Thread]) -> None:
    """End all processes, and wait for threads to notice."""
    process.terminate_all()
    end = time.monotonic() + JOIN_TIMEOUT
    for thread in threads:
        if thread.ident is not None:
            thread.join(max(0, end - time.monotonic()))
    # A thread that hasn't noticed yet must not start another process.
    if not any(thread.is_alive() for thread in threads):
        process.allow_new()


def _next(done: "SimpleQueue[BaseException | None]") -> BaseException | None:
    """Wait for the next item of a queue."""
    while True:
        try:
            return done.get(timeout=LOOK_INTERVAL)
        except Empty:
            continue

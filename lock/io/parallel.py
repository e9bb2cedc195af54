"""Work on several things at a time, that ends at once when the user ends it."""

import threading
from collections.abc import Callable, Sequence
from queue import Empty, SimpleQueue
from typing import TypeVar

from lock.io import process

AT_A_TIME = 2
# Seconds for a thread to notice that its processes have ended.
PATIENCE = 1

Item = TypeVar("Item")
Result = TypeVar("Result")


def each(
    work: Callable[[Item], Result], items: Sequence[Item], at_a_time: int = AT_A_TIME
) -> list[Result]:
    """What `work` makes of each item, in their order.

    Raises what the first of them raised; all processes that any of them started have then ended.
    """
    if len(items) < 2:
        return [work(item) for item in items]
    waiting: SimpleQueue[int] = SimpleQueue()
    done: SimpleQueue[BaseException | None] = SimpleQueue()
    results: dict[int, Result] = {}
    for number in range(len(items)):
        waiting.put(number)
    process.allow()

    def take() -> None:
        while True:
            try:
                number = waiting.get_nowait()
            except Empty:
                return
            try:
                results[number] = work(items[number])
            except BaseException as error:
                done.put(error)
                return
            done.put(None)

    # Daemons, since the main thread alone hears of signals and is not to wait for a download.
    threads = [
        threading.Thread(target=take, daemon=True) for _ in range(min(at_a_time, len(items)))
    ]
    try:
        for thread in threads:
            thread.start()
        for _ in items:
            error = done.get()
            if error is not None:
                raise error
    except BaseException:
        process.end_all()
        for thread in threads:
            if thread.ident is not None:
                thread.join(PATIENCE)
        raise
    return [results[number] for number in range(len(items))]

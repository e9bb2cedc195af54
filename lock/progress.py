"""What a person sees on a terminal while something takes longer than half a second."""

import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

# Seconds.
PATIENCE = 0.5


def is_seen() -> bool:
    """Whether there is a terminal that shows progress."""
    return sys.stderr.isatty()


@contextmanager
def status(text: str) -> Iterator[None]:
    """Shows on a terminal that something is being done, once it takes a while."""
    if not is_seen():
        yield
        return
    with ExitStack() as stack:
        ended = threading.Event()
        guard = threading.Lock()

        def show() -> None:
            # Loaded beside the work, and only if the work takes that long.
            from rich.console import Console
            from rich.text import Text

            shown = Console(stderr=True).status(Text(text))
            with guard:
                if not ended.is_set():
                    stack.enter_context(shown)

        timer = threading.Timer(PATIENCE, show)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()
            with guard:
                ended.set()
            # A thread that still loads when the interpreter ends would abort it.
            timer.join()


@contextmanager
def bar(text: str, total: int | None) -> Iterator[Callable[[int], None]]:
    """Shows on a terminal how much of `total` bytes is done; gives what is told of each block."""
    if not is_seen():
        yield lambda _: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn())
    with Progress(
        *columns, TimeRemainingColumn(), console=Console(stderr=True), transient=True
    ) as shown:
        task = shown.add_task(text, total=total)
        yield lambda size: shown.advance(task, size)

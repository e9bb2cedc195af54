"""Shows progress on a terminal, if the work takes longer than half a second."""

import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.live import Live
    from rich.progress import Progress

# Seconds until something is shown, and between refreshes.
DELAY = 0.5
PERIOD = 0.1


# What `status` shows.
_texts = [""]


def tell(text: str) -> None:
    """Replace the text that `status` shows, where it shows one."""
    _texts[0] = text


@contextmanager
def status(text: str) -> Iterator[None]:
    """Show a spinner with a text, until `tell` names another, while the context lasts."""
    tell(text)

    def make() -> "Live":
        from rich.console import Console
        from rich.live import Live
        from rich.spinner import Spinner
        from rich.text import Text

        class Following(Live):
            """A spinner that reads its text when it is refreshed."""

            def refresh(self) -> None:
                spinner.text = Text(_texts[0])
                super().refresh()

        spinner = Spinner("dots", Text(text), style="green")
        console = Console(stderr=True)
        return Following(spinner, console=console, auto_refresh=False, transient=True)

    with _shown(make):
        yield


@contextmanager
def bar(text: str, total: int | None) -> Iterator[Callable[[int], None]]:
    """Show a progress bar of `total` bytes; give a function to call with each block's bytes."""
    done = [0]
    guard = threading.Lock()

    def make() -> "Progress":
        from rich import progress
        from rich.console import Console

        class Following(progress.Progress):
            """A bar that reads how much is done when it is refreshed."""

            def refresh(self) -> None:
                for task in self.task_ids:
                    self.update(task, completed=done[0])
                super().refresh()

        made = Following(
            progress.TextColumn("{task.description}"),
            progress.BarColumn(),
            progress.DownloadColumn(),
            progress.TimeRemainingColumn(),
            console=Console(stderr=True),
            auto_refresh=False,
            transient=True,
        )
        made.add_task(text, total=total)
        return made

    def advance(size: int) -> None:
        with guard:
            done[0] += size

    with _shown(make):
        yield advance


@contextmanager
def _shown(make: "Callable[[], Live | Progress]") -> Iterator[None]:
    """Show something on a terminal until the context is left, if that takes a while.

    The thread that does so has ended by then: a thread that writes while the interpreter ends would
    abort it.
    """
    if not sys.stderr.isatty():
        yield
        return
    ended = threading.Event()

    def show() -> None:
        if not ended.wait(DELAY):
            # Imported in this thread, and only if the work takes that long.
            with make() as shown:
                while not ended.wait(PERIOD):
                    shown.refresh()

    thread = threading.Thread(target=show, daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()

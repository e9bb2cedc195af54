"""Puts files into the Nix store while others are still downloaded."""

import threading
from collections.abc import Callable
from pathlib import Path
from queue import SimpleQueue

from lock.io.nix_store import NixStore

# Files of one run of nix-store: a command line has a limit.
MOST = 500


class StoreQueue:
    """A thread that adds all files that wait, each time that it has added the ones before.

    `on_done` is called with each file, and why it couldn't be added: empty if it was.
    """

    def __init__(self, store: NixStore, on_done: Callable[[Path, str], None]) -> None:
        self.store = store
        self.on_done = on_done
        self._waiting: SimpleQueue[Path | None] = SimpleQueue()
        # A daemon: on a signal nobody waits for it, and nix-store ends by itself.
        self._thread = threading.Thread(target=self._add, daemon=True)
        self._thread.start()

    def put(self, file: Path) -> None:
        """Let a file be added; its name is the one that it gets."""
        self._waiting.put(file)

    def close(self) -> None:
        """Wait until all files are added."""
        self._waiting.put(None)
        self._thread.join()

    def _add(self) -> None:
        goes_on = True
        while goes_on:
            batch = [self._waiting.get()]
            while batch[-1] is not None and len(batch) < MOST and not self._waiting.empty():
                batch.append(self._waiting.get())
            goes_on = batch[-1] is not None
            files = [file for file in batch if file is not None]
            for file, problem in self.store.add_all(files).items():
                self.on_done(file, problem)

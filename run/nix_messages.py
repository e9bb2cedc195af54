"""Reads what Nix says while it works (`--log-format internal-json`): progress, and errors.

Source: Nix, src/libutil/logging.hh, the same since 2.4.
"""

import json
import re
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

PREFIX = "@nix "
# Kinds of activities, and of results.
FILE_TRANSFER, BUILD = 101, 105
LOG_LINE = 101
# Levels of messages: errors.
ERROR = 0
COLOR = re.compile(r"\x1b\[[0-9;]*m")
# Of messages that only say that another derivation failed, which has a message of its own.
FOLLOWS = re.compile(r"dependenc(y|ies) of derivation|^build of '|^Cannot build .*dependenc", re.S)
# Of a build that failed: Nix has said it in one way, and says it in another.
FAILED = re.compile(
    r"^(?:builder for '(?P<old>[^']*)' |Cannot build '(?P<new>[^']*)'\.\s*Reason: builder )"
    r"(?P<how>failed [^\n;.]*)"
)
TRACE_HINT = re.compile(r"\n*\(use '--show-trace'[^\n]*\)")
# Lines of a failed build's log that are shown.
SHOWN_LINES = 12
STORE_NAME = re.compile(r"/nix/store/[0-9a-z]{32}-(.*?)(\.drv)?$")


@dataclass
class Messages:
    """The messages of a run of Nix."""

    # Told in a few words what is done.
    progress: Callable[[str], None] | None = None
    _errors: list[str] = field(default_factory=list)
    # What isn't in the format, such as a message before it is set.
    _others: list[str] = field(default_factory=list)
    # Derivation → the number of the activity that builds it → the last lines of its log.
    _derivations: dict[str, int] = field(default_factory=dict)
    _logs: dict[int, deque[str]] = field(default_factory=dict)

    def read(self, line: str) -> None:
        """Read a line."""
        if not line.startswith(PREFIX):
            self._others.append(line.rstrip("\n"))
            return
        try:
            message = json.loads(line.removeprefix(PREFIX))
        except ValueError:
            # Nix was killed while it wrote.
            self._others.append(line.rstrip("\n"))
            return
        match message["action"]:
            case "msg" if message["level"] == ERROR:
                # A hint about options of Nix is a message of its own, of which nothing is left.
                self._errors += filter(None, [_text(message)])
            case "start":
                self._start(message, [str(one) for one in message.get("fields") or [""]])
            case "result" if message["type"] == LOG_LINE and message["id"] in self._logs:
                self._logs[message["id"]].append(COLOR.sub("", str(message["fields"][0])))

    def error(self) -> str:
        """Return why the run failed; empty where Nix doesn't say."""
        first = [text for text in self._errors if text and not FOLLOWS.search(text)]
        return "\n".join(map(self._shown, dict.fromkeys(first or self._errors or self._others)))

    def _start(self, message: dict[str, Any], fields: list[str]) -> None:
        if message["type"] == BUILD:
            self._derivations[fields[0]] = message["id"]
            self._logs[message["id"]] = deque(maxlen=SHOWN_LINES)
            self._tell(f"building {_name(fields[0])} ({len(self._derivations)})")
        elif message["type"] == FILE_TRANSFER:
            self._tell(f"downloading {fields[0].rpartition('/')[2]}")

    def _tell(self, text: str) -> None:
        if self.progress is not None:
            self.progress(text)

    def _shown(self, error: str) -> str:
        """Return an error; that of a build has the end of its log."""
        found = FAILED.search(error)
        if found is None:
            return error
        derivation = found["old"] or found["new"]
        log = self._logs.get(self._derivations.get(derivation, -1), ())
        return "\n".join(
            [
                f"building {_name(derivation)} {found['how']}:",
                *(f"  {line}" for line in log),
                f"the whole log: nix-store --read-log {derivation}",
            ]
        )


def _name(derivation: str) -> str:
    found = STORE_NAME.search(derivation)
    return found[1] if found else derivation


def _text(message: dict[str, Any]) -> str:
    """Return the text of an error without the place in Nix code where it came up."""
    text = COLOR.sub("", message.get("raw_msg") or message["msg"])
    return TRACE_HINT.sub("", text).strip().removeprefix("error:").strip()

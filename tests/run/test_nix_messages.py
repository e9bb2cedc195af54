"""What of Nix' messages is told where it fails."""

import json

from run.nix_messages import Messages


def told(*lines: str) -> str:
    messages = Messages()
    for line in lines:
        messages.read(line)
    return messages.error()


def message(text: str) -> str:
    return "@nix " + json.dumps(
        {"action": "msg", "level": 0, "msg": f"\x1b[31merror:\x1b[0m {text}"}
    )


def test_errors_are_told_without_colors_and_once() -> None:
    assert told(message("no"), message("no"), message("build of '/nix/store/x.drv' failed")) == "no"


def test_hints_about_options_of_nix_are_left_out() -> None:
    hint = "(use '--show-trace' to show detailed location information)"
    assert told(message("no"), message(hint)) == "no"


def test_a_line_that_nix_did_not_end_is_no_traceback() -> None:
    assert told(message("no"), '@nix {"action":"st') == "no"
    assert told("killed", '@nix {"action":"st') == 'killed\n@nix {"action":"st'

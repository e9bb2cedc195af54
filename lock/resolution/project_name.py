"""Asks uv for the name of a project that only its own metadata tells."""

import re
import shutil

from packaging.utils import canonicalize_name

from lock.errors import UsageError
from lock.io import credentials
from lock.resolution import git_tags, uv_messages
from lock.resolution.uv import Resolver

NAMED = re.compile(r"^([A-Za-z0-9][\w.-]*)(?:\[[^\]]*\])? @ ", re.MULTILINE)


def ask(resolver: Resolver, address: str) -> str:
    """Return the normalized name of the project at a direct reference (PEP 440).

    uv fetches it, and builds its metadata where it has to.

    Raises UsageError, with uv's reason, where that fails.
    """
    folder = resolver.folder / "name"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    resolver.write_settings(folder)
    (folder / "requirements.in").write_text(f"{address}\n", encoding="utf-8")
    options = ["--no-deps", "--no-header", "--no-annotate", "--config-file", "uv.toml"]
    options += ["--python", resolver.python, "-o", "found.txt"]
    messages = folder / "messages"
    command = [resolver.uv, "pip", "compile", *options, "requirements.in"]
    with resolver.running(command, folder, messages, git_tags.addresses(address)) as started:
        if started.wait() != 0:
            text = credentials.redact(messages.read_text(encoding="utf-8", errors="replace"))
            raise UsageError(
                f"uv can't find out the name of {credentials.redact(address)} "
                f"({uv_messages.reason(text)}); write `name @` before it"
            )
    found = NAMED.search((folder / "found.txt").read_text(encoding="utf-8"))
    if found is None:
        raise UsageError(f"{credentials.redact(address)} doesn't tell its name; write `name @`")
    return canonicalize_name(found[1])

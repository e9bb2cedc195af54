"""Runs again what was made before: one hash, a look at a few files, and the program.

This is all that a repeated run imports, so it imports little. In the cache folder (`folder`)

    calls/KEY         name the environment of a call, and the program that it runs by default;
    environments/KEY  link to environments in the Nix store, which the garbage collector spares;
    locks/KEY         have the sources.yaml that they are made of.
"""

import errno
import os
import sys

# hashlib loads OpenSSL.
from _blake2 import blake2b

# Python's own constant takes an import; type checkers know the name.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import NoReturn

# What decides about an environment beside what is asked for: the index, and the launcher's library.
DECIDING = (
    "UV_DEFAULT_INDEX",
    "UV_EXTRA_INDEX_URL",
    "UV_INDEX",
    "UV_INDEX_URL",
    "WHEELHOUSE_LIBRARY",
    "WHEELHOUSE_PACKAGE_SET",
    "WHEELHOUSE_SYSTEM",
)
# Names the variables that the launcher has set.
ADDED = "WHEELHOUSE_ADDED"
# Exit codes of a shell.
NOT_FOUND, NOT_EXECUTABLE = 127, 126
# Python ignores these two, and a program would inherit that.
IGNORED = ("SIGPIPE", "SIGXFSZ")


def folder(environment: "Mapping[str, str]") -> str:
    """Return the folder of the user's cache; it needn't exist (XDG Base Directory)."""
    cache = environment.get("XDG_CACHE_HOME", "")
    if not cache.startswith("/"):
        cache = f"{environment.get('HOME', '/')}/.cache"
    return os.path.join(cache, "wheelhouse", "run")


def key(parts: "Sequence[bytes]", environment: "Mapping[str, str]") -> str:
    """Return the key of a call: a hash of what is asked for and of all that decides about it."""
    version = "{}.{}".format(*sys.version_info[:2])
    deciding = [environment.get(name, "") for name in DECIDING]
    texts = [*parts, b"", *(os.fsencode(text) for text in (version, *deciding))]
    return blake2b(b"".join(b"%d:%s" % (len(text), text) for text in texts)).hexdigest()[:40]


def find(cache: str, call: str) -> tuple[str, str] | None:
    """Return the environment of a call, a path in the store, and its default program.

    Return None where it has none, or where it was removed.
    """
    file = os.path.join(cache, "calls", call)
    try:
        with open(file, encoding="utf-8") as stream:
            name, program = stream.read().splitlines()
        prefix = os.readlink(os.path.join(cache, "environments", name))
        os.stat(os.path.join(prefix, "bin", "python"))
    except (OSError, ValueError):
        return None
    # What isn't used for long is removed; from a read-only cache nothing is.
    try:  # noqa: SIM105 (contextlib takes an import)
        os.utime(file)
    except OSError:
        pass
    return prefix, program


def child_environment(prefix: str, environment: "Mapping[str, str]") -> dict[str, str]:
    """Return the variables of a program in an environment: the user's, and those of a venv."""
    added = {ADDED, *environment.get(ADDED, "").split()}
    kept = {name: value for name, value in environment.items() if name not in added}
    kept.pop("PYTHONHOME", None)
    path = environment.get("PATH", os.defpath)
    return kept | {"PATH": f"{prefix}/bin:{path}", "VIRTUAL_ENV": prefix}


def execute(
    name: str, prefix: str, command: "Sequence[str]", environment: "Mapping[str, str]"
) -> "NoReturn":
    """Become a program of an environment, or one on PATH; `name` is that of the caller.

    Exits with a shell's codes, and a message, where there is no such program.
    """
    # The module `signal` imports enumerations.
    import _signal as signal  # type: ignore[import-not-found]

    for ignored in IGNORED:
        if hasattr(signal, ignored):
            signal.signal(getattr(signal, ignored), signal.SIG_DFL)
    try:
        os.execvpe(command[0], [*command], child_environment(prefix, environment))
    except (OSError, ValueError) as error:
        # A ValueError is an empty name.
        number = getattr(error, "errno", errno.ENOENT)
        missing = number in (errno.ENOENT, errno.ENOTDIR)
        reason = f"{command[0]}: {os.strerror(number)}"
        if missing:
            reason = _not_found(command[0], prefix)
        print(f"{name}: {reason}", file=sys.stderr, flush=True)
        os._exit(NOT_FOUND if missing else NOT_EXECUTABLE)


def programs(prefix: str) -> list[str]:
    """Return the names of an environment's programs, without its Pythons."""
    found = sorted(os.listdir(os.path.join(prefix, "bin")))
    return [name for name in found if not name.lower().startswith(("python", "activate"))]


def _not_found(command: str, prefix: str) -> str:
    if os.path.isfile(command) and "/" in command:
        return f"{command}: its first line names an interpreter that isn't there"
    names = ", ".join(programs(prefix)) or "no programs but Python"
    where = "there is no such file" if "/" in command else "neither in the environment nor on PATH"
    return f"{command or 'an empty word'}: {where}; the environment has {names}"

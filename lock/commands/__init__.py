"""The command line: one module for each command, loaded when it is called.

Each has `parser() -> ArgumentParser` and `run(Namespace) -> int`, which returns the exit code and
raises LockError. They read arguments, call the other folders of lock/, and print.
"""

from collections.abc import Mapping

# The command that runs where none is named.
DEFAULT = "lock"
# Name → what it does, in the order of the help.
COMMANDS: Mapping[str, str] = {
    "add": "add packages to the requirements, and lock",
    "remove": "remove packages from the requirements, and lock",
    "tree": "show what needs what",
    "why": "show by which paths a package gets into the lock",
    "explain": "show every file of a package, taken or refused, and the reason",
    "outdated": "show which packages have newer versions",
    "licenses": "show the licences of the packages, and hold them against a policy",
    "verify": "download every file again and check its size and its hash",
    "fetch": "download every file into the Nix store, ahead of builds",
    "export": "write the lock as pylock.toml, requirements.txt or an SBOM",
    "completion": "print what completes the command line in a shell",
}

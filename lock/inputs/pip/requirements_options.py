"""The options in lines of requirements.txt (pip's "Requirements File Format")."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from packaging.utils import canonicalize_name

from lock.errors import UsageError
from lock.inputs.values.hashes import STRONG_HASHES, is_hash, normalize_hash
from lock.models.requirements import ALL

NONE = ":none:"
# pip's other names of an option → the one that is used here.
ALIASES: Mapping[str, str] = {
    "--config-setting": "--config-settings",
    "--pypi-url": "--index-url",
    "-C": "--config-settings",
    "-c": "--constraint",
    "-e": "--editable",
    "-f": "--find-links",
    "-i": "--index-url",
    "-r": "--requirement",
}
FLAGS = frozenset(
    {"--no-index", "--no-require-hashes", "--pre", "--prefer-binary", "--require-hashes"}
)
# What each option that stands on its own line is; docs/requirements-txt.md says more of each.
HONOURED = frozenset(
    {
        "--all-releases",
        "--constraint",
        "--editable",
        "--extra-index-url",
        "--find-links",
        "--index-url",
        "--no-binary",
        "--no-index",
        "--no-require-hashes",
        "--only-binary",
        "--only-final",
        "--pre",
        "--require-hashes",
        "--requirement",
    }
)
# Option → why it has no effect, and what to do instead.
WITHOUT_EFFECT: Mapping[str, str] = {
    "--prefer-binary": (
        "the newest version is taken, and its wheel where one fits; "
        "`--only-binary` asks for versions that have one"
    ),
    "--trusted-host": (
        "certificates are always checked; "
        "SSL_CERT_FILE names those of further authorities, UV_INSECURE_HOST a host to trust"
    ),
    "--use-feature": "it is about pip itself; leave it out",
}
# Options of a requirement → what to do instead.
REFUSED: Mapping[str, str] = {
    "--build-option": "leave it out; pip no longer knows it",
    "--config-settings": "leave it out; a build gets the settings that its project declares",
    "--global-option": "leave it out; pip no longer knows it",
    "--install-option": "leave it out; pip no longer knows it",
}
OF_REQUIREMENTS = frozenset({"--hash"})
KNOWN = frozenset({*HONOURED, *WITHOUT_EFFECT, *REFUSED, *OF_REQUIREMENTS})


def options(words: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield each option's long name and its value, empty for a flag.

    Raises UsageError for what is no option, and for one without its value.
    """
    waiting = iter(words)
    for word in waiting:
        name, equals, value = word.partition("=")
        if not name.startswith("--") and name[:2] in ALIASES:
            name, equals, value = name[:2], word[2:], word[2:].removeprefix("=")
        if not name.startswith("-"):
            raise UsageError(f'"{word}" is not understood here; write one requirement a line')
        name = _full_name(name)
        if not equals and name not in FLAGS:
            value = next(waiting, "")
            if not value:
                raise UsageError(f"`{name}` lacks its value; write it behind")
        yield name, value


def _full_name(name: str) -> str:
    """Return the name of an option that is used here; pip knows abbreviations, too.

    Raises UsageError for an unknown one.
    """
    if name in ALIASES or name in KNOWN:
        return ALIASES.get(name, name)
    meant = {ALIASES.get(known, known) for known in (*KNOWN, *ALIASES) if known.startswith(name)}
    if name in ("-", "--") or len(meant) != 1:
        raise UsageError(f"`{name}` is no option that is known here; mend it or leave it out")
    return meant.pop()


def check_hash(text: str) -> str:
    """Return the hash in the value of `--hash`: a sha256, or another one with its kind before it.

    Raises UsageError for anything else.
    """
    kind, _, digits = text.partition(":")
    if kind not in STRONG_HASHES or not is_hash(kind, digits):
        raise UsageError(
            f'"{text[:80]}" is no hash that pip takes; write `--hash=sha256:…` with 64 digits'
        )
    return normalize_hash(kind, digits)


@dataclass
class Choice:
    """Two sets of projects that exclude each other, as for `--no-binary` and `--only-binary`.

    A set may hold ALL; a project's own name goes before that.
    """

    first: set[str] = field(default_factory=set)
    second: set[str] = field(default_factory=set)

    def add(self, text: str, *, to_first: bool) -> None:
        """Add names, separated by commas; `:all:` and `:none:` empty the sets (pip's rules)."""
        added, other = (self.first, self.second) if to_first else (self.second, self.first)
        for name in text.split(","):
            if name == ALL:
                other.clear()
                added.clear()
                added.add(ALL)
            elif name == NONE:
                added.clear()
            elif name.strip():
                other.discard(canonicalize_name(name.strip()))
                added.add(canonicalize_name(name.strip()))

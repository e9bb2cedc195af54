"""What uv says when it fails, in terms of the user's requirements file and systems."""

import re
from collections.abc import Sequence

from packaging.markers import InvalidMarker, Marker

from lock.models.target import Target
from lock.resolution.uv import ROOT

# What uv says of a package when a target can use none of its files; the versions may be several.
NO_FILE = re.compile(
    r"(?P<all>all versions of )?\b(?P<name>[a-z0-9][a-z0-9._-]*)(?P<versions>[<>=!][^\s`]*)? "
    r"(?:has|have) no (?:`(?P<marker>[^`]*)`-compatible wheels"
    r"|wheels with a matching [\w ]+ tag|usable wheels)"
)
UNKNOWN_EXTRA = re.compile(
    r"The package `([^`=]+)==([^`]+)` does not have an extra named `([^`]+)`"
)
YANKED = re.compile(
    r"^warning: `([^`=]+)==([^`]+)` is yanked(?: \(reason: \"(.*)\"\))?", re.MULTILINE
)
UNREADABLE = re.compile(
    r"^WARN `([^`=]+)==([^`]+)` has an invalid package format: (.*)", re.MULTILINE
)
YANKED_AWAY = re.compile(r"\b([a-z0-9][a-z0-9._-]*)==([^\s,`]+) was yanked")
QUOTED_MARKER = re.compile(r"`([^`]*)`-compatible wheels")
# Of uv's hints, those that help someone who has no pyproject.toml.
HELPFUL_HINT = re.compile(r"Pre-releases are available|was included because")
# What uv does on the way, and that it tries to build its project when it can't read a requirement.
NOISE = re.compile(
    rf"Using C?Python|Resolved |warning:|WARN |Failed to build `{ROOT} @|No solution found"
)
HINT = re.compile(r"^\s*hint: ", re.MULTILINE)
FAILED_BUILD = re.compile(r"Failed to (?:download and )?build `([\w.-]+?)(?:[@=]=?[^`]*)?`")
MISSING_MODULE = re.compile(r"(?:ModuleNotFound|Import)Error: No module named '?(\w+)")


def is_conflict(messages: str) -> bool:
    """Whether uv searched all versions in vain, and not, for example, failed at a build."""
    return "No solution found" in messages


def is_offline(messages: str) -> bool:
    """Whether uv missed what it was not allowed to download."""
    return "the network was disabled" in messages


def unknown_extras(messages: str) -> set[tuple[str, str, str]]:
    """Of which packages uv says that they lack an extra: name, version and extra."""
    return set(UNKNOWN_EXTRA.findall(messages))


def yanked(messages: str) -> list[tuple[str, str, str]]:
    """What uv says is yanked (PEP 592): name, version and reason, which may be empty."""
    return sorted(set(YANKED.findall(messages)))


def yanked_away(messages: str) -> list[tuple[str, str]]:
    """The versions that would do if they weren't yanked: name and version."""
    return sorted(set(YANKED_AWAY.findall(messages)))


def unreadable(messages: str) -> list[tuple[str, str, str]]:
    """The versions that uv passes over for files that it can't read: name, version and reason."""
    return sorted(set(UNREADABLE.findall(messages)))


def without_files(messages: str) -> set[tuple[str, str]]:
    """The packages of which uv says that a target has no file: name, and version or versions."""
    found = set()
    for match in NO_FILE.finditer(messages):
        versions = match["versions"] or ""
        single = re.fullmatch(r"==([^,*]+)", versions)
        text = single[1] if single else f"({versions.rstrip(',')})" if versions else "(any version)"
        found.add((match["name"], text))
    return found


def missing_module(line: str) -> str | None:
    """The module that Python says it doesn't find."""
    match = MISSING_MODULE.search(line)
    return match[1] if match else None


def undeclared(name: str, module: str) -> str:
    """What to do about a build that imports what it doesn't declare."""
    return (
        f"the build of {name} needs the module {module}, which it doesn't declare; name the "
        f"package that has it, as in `{name}: {{build-requires: [{module}]}}`"
    )


def explain(messages: str, file: str, targets: Sequence[Target]) -> str:
    """uv's reasons, a line each, without what concerns only its own project and settings."""
    body, *hints = HINT.split(messages)
    lines = [
        *_reasons(body),
        *(" ".join(hint.split()) for hint in hints if HELPFUL_HINT.search(hint)),
    ]
    failed = FAILED_BUILD.search(body)
    modules = [module for line in _reasons(body)[-1:] if (module := missing_module(line))]
    lines += [undeclared(failed[1], module) for module in modules if failed]
    text = "\n".join(lines) or "uv gave no reason"
    text = QUOTED_MARKER.sub(lambda match: f"wheels for {_systems(match[1], targets)}", text)
    python = targets[0].python
    escaped = file.replace("\\", r"\\")
    for pattern, ours in (
        (r" \(e\.g\., `[^`]*`\)", ""),
        (r"the requested Python version \([^)]*\)", f"Python {python}"),
        (r"your project's requirements are", f"the requirements in {escaped} are"),
        (rf"`?{ROOT}:([\w.-]+)`?( \(v0\))?", rf"the group \g<1> of {escaped}"),
        (rf"your project|`{ROOT}` \(v0\)|{ROOT}(==0)?", escaped),
        (r"\(try: `--prerelease=allow`\)", "(ask for one, as in `>=2.0a1`)"),
    ):
        text = re.sub(pattern, ours, text)
    return text


def reason(messages: str) -> str:
    """The last of uv's reasons, without its hints; of a failed build, the build's last line."""
    return next(reversed(_reasons(HINT.split(messages)[0])), "uv gave no reason")


def _reasons(body: str) -> list[str]:
    """The lines of uv's error; of a failed build's output only the last, where the error stands."""
    head, *output = re.split(r"^\s*\[std(?:out|err)\]\s*$", body, flags=re.MULTILINE)
    lines = [re.sub(r"^\W+", "", line) for line in head.splitlines()]
    lines = [re.sub(r"^(error|cause|Caused by): ", "", line) for line in lines]
    kept = [line for line in lines if line and not NOISE.match(line)]
    last = [block.strip().splitlines()[-1].strip() for block in output if block.strip()]
    return kept + last[-1:]


def _systems(marker: str, targets: Sequence[Target]) -> str:
    """The systems where a marker holds, in words; the marker itself if it holds on none."""
    try:
        parsed = str(Marker(marker))
    except InvalidMarker:
        return marker
    return ", ".join(t.system.name for t in targets if t.satisfies(parsed)) or marker

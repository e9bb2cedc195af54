"""Reads uv's messages, and explains them in terms of the user's requirements and systems."""

import re
from collections.abc import Sequence

from packaging.markers import InvalidMarker, Marker

from lock.models.target import Target
from lock.resolution.uv_project import ROOT

# A target can use none of a package's files; one or several versions may be named.
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
GONE = re.compile(r"\bthere (?:is|are) no versions? of ([a-z0-9]+(?:-[a-z0-9]+)*)")
ONLY_VARIANTS = re.compile(
    r"\b([a-z0-9][a-z0-9._-]*)==([^\s,`]+) has only unsupported wheel variants"
)
# The hints of uv that help someone who has no pyproject.toml.
HELPFUL_HINT = re.compile(
    r"Pre-releases are available|was included because"
    r"|because (?:building from source|using pre-built wheels) is disabled"
)
# Lines about uv's progress, and about the generated project.
NOISE = re.compile(
    rf"Using C?Python|Resolved |warning:|WARN |Failed to build `{ROOT} @|No solution found"
)
HINT = re.compile(r"^\s*hint: ", re.MULTILINE)
FAILED_BUILD = re.compile(r"Failed to (?:download and )?build `([\w.-]+?)(?:[@=]=?[^`]*)?`")
FAILED_VERSION = re.compile(r"Failed to (?:download and )?build `([\w.-]+)==([^`]+)`")
MISSING_MODULE = re.compile(r"(?:ModuleNotFound|Import)Error: No module named '?(\w+)")


def is_conflict(messages: str) -> bool:
    """Return whether no versions satisfy the requirements; other failures are those of builds."""
    return "No solution found" in messages


def is_offline(messages: str) -> bool:
    """Return whether uv, offline, lacked something in its cache."""
    return "the network was disabled" in messages


def unknown_extras(messages: str) -> set[tuple[str, str, str]]:
    """Return the extras that packages don't have: name, version and extra."""
    return set(UNKNOWN_EXTRA.findall(messages))


def yanked(messages: str) -> list[tuple[str, str, str]]:
    """Return the versions that are yanked (PEP 592): name, version and reason, maybe empty."""
    return sorted(set(YANKED.findall(messages)))


def yanked_away(messages: str) -> list[tuple[str, str]]:
    """Return the versions that would satisfy the requirements if they weren't yanked."""
    return sorted(set(YANKED_AWAY.findall(messages)))


def unreadable(messages: str) -> list[tuple[str, str, str]]:
    """Return the versions that uv ignores since it can't read a file: name, version and reason."""
    return sorted(set(UNREADABLE.findall(messages)))


def describe_unreadable(messages: str) -> list[str]:
    """Say, a line each, which versions are ignored since uv can't read a file of them."""
    return [
        f"{name} {version} can't be taken, since its file can't be read ({reason}); if the "
        "connection was cut, lock again, else tell whoever keeps the index"
        for name, version, reason in unreadable(messages)
    ]


def gone(messages: str) -> list[str]:
    """Return the projects whose page on an index doesn't have any version that is asked for."""
    return sorted(set(GONE.findall(messages)))


def only_variants(messages: str) -> list[tuple[str, str]]:
    """Return the names and versions that have no wheel but variants (PEP 825), sorted."""
    return sorted(set(ONLY_VARIANTS.findall(messages)))


def without_files(messages: str) -> set[tuple[str, str]]:
    """Return the packages that have no file for a target: name, and version or versions."""
    packages = set()
    for match in NO_FILE.finditer(messages):
        versions = match["versions"] or ""
        single = re.fullmatch(r"==([^,*]+)", versions)
        text = single[1] if single else f"({versions.rstrip(',')})" if versions else "(any version)"
        packages.add((match["name"], text))
    return packages


def missing_module(line: str) -> str | None:
    """Return the module that a line of a traceback says is missing; None if it doesn't."""
    match = MISSING_MODULE.search(line)
    return match[1] if match else None


def undeclared(name: str, module: str) -> str:
    """Say what to do about a build that imports a module which it doesn't declare."""
    return (
        f"the build of {name} needs the module {module}, which it doesn't declare; name the "
        f"package that has it, as in `{name}: {{build-requires: [{module}]}}`"
    )


def explain(messages: str, file: str, targets: Sequence[Target]) -> str:
    """Return uv's reasons, a line each, in terms of the user's file and the targets' systems.

    `file` is empty for requirements of a command line, which are the user's own.
    """
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
    requirements = f"the requirements in {escaped}" if file else "your requirements"
    required = f"{escaped} depends on" if file else "you require"
    for pattern, replacement in (
        (r" \(e\.g\., `[^`]*`\)", ""),
        (r"the requested Python version \([^)]*\)", f"Python {python}"),
        # Only projects and packages of nixpkgs make it a workspace, which the user doesn't see.
        (rf" and your workspace requires {ROOT}, we", ", we"),
        (rf"because your workspace requires {ROOT}, we", "so we"),
        (r"your (?:project|workspace)'s requirements are", f"{requirements} are"),
        (rf"`?{ROOT}:([\w.-]+)`?( \(v0\))?", rf"the group \g<1> of {escaped or requirements}"),
        (rf"(?:your project|`{ROOT}` \(v0\)|{ROOT}(?:==0)?) depends on", required),
        (rf"your project|`{ROOT}` \(v0\)|{ROOT}(==0)?", escaped or requirements),
        (r"\(i\.e\., with `--no-build[^`]*`\)", "(`--only-binary`, `no-build`)"),
        (r"\(i\.e\., with `--no-binary[^`]*`\)", "(`--no-binary`)"),
        (r"\(try: `--prerelease=allow`\)", "(ask for one, as in `>=2.0a1`)"),
    ):
        text = re.sub(pattern, replacement, text)
    return text


def reason(messages: str) -> str:
    """Return the last of uv's reasons, without its hints; of a failed build, its last line."""
    return next(reversed(_reasons(HINT.split(messages)[0])), "uv gave no reason")


def _reasons(body: str) -> list[str]:
    """Return the lines of uv's error; of a failed build's output only the last, its error."""
    head, *output = re.split(r"^\s*\[std(?:out|err)\]\s*$", body, flags=re.MULTILINE)
    lines = [re.sub(r"^\W+", "", line) for line in head.splitlines()]
    lines = [re.sub(r"^(error|cause|Caused by): ", "", line) for line in lines]
    reasons = [line for line in lines if line and not NOISE.match(line)]
    last = [block.strip().splitlines()[-1].strip() for block in output if block.strip()]
    return reasons + last[-1:]


def _systems(marker: str, targets: Sequence[Target]) -> str:
    """Return the systems where a marker holds; the marker itself if it holds on none."""
    try:
        parsed = str(Marker(marker))
    except InvalidMarker:
        return marker
    return ", ".join(t.system.name for t in targets if t.satisfies(parsed)) or marker

"""Build a report with Nix, add what isn't in the store, and write it."""

import argparse
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from lock.errors import UsageError
from lock.foreign import convert
from lock.io import files, progress
from lock.io.messages import count
from lock.models.makes_lock import WHEELHOUSE_KEYS, check_shape
from report import comparison, page, vulnerabilities
from run import library

# As commands have it.
STANDARD_OUTPUT = Path("-")
EXPRESSION = """
{ library, name, sources, groups }:
(library.makePythonPypiEnvironment {
  inherit name groups;
  sourcesYaml = /. + sources;
}).htmlReport
"""


def write_report(parsed: argparse.Namespace, environment: Mapping[str, str]) -> str:
    """Write the report that arguments ask for; return what is said of it.

    Raises UsageError for wrong files, before anything is built, and NixError where the environment
    can't be built.
    """
    sources: Path = parsed.sources
    if not sources.is_file():
        raise UsageError(f"{sources}: there is no lock; name one, or make one with `lock`")
    _check_lock(sources)
    is_printed = parsed.output == STANDARD_OUTPUT
    if not is_printed:
        _check_output(parsed)
    findings = None
    if parsed.vulnerabilities is not None:
        findings = vulnerabilities.read(parsed.vulnerabilities)
    groups = parsed.groups or ["default"]
    compared = comparison.choose(sources, parsed.against, parsed.commit, environment, groups)
    name = parsed.name or sources.resolve().parent.name or "environment"
    arguments = {"name": name, "sources": str(sources.resolve()), "groups": groups}
    with progress.status("building the environment"):
        built = library.build(EXPRESSION, arguments, environment, progress=progress.tell)
    html = built.read_text(encoding="utf-8")
    data = page.read_environment(html)
    if compared is not None:
        html = page.add(html, "changes", compared.data(data["system"], groups))
    if findings is not None:
        html = page.add(html, "vulnerabilities", findings.data(_versions(data)))
    if is_printed:
        sys.stdout.write(html)
        sys.stdout.flush()
    else:
        files.write({parsed.output: html})
    return f"{parsed.output}: {count(len(data['packages']), 'package')}"


def _versions(data: Mapping[str, Any]) -> dict[str, str]:
    return {package["name"]: package["version"] for package in data["packages"]}


def _check_lock(sources: Path) -> None:
    """Raise LockError for what is no lock, which Nix would tell by the log of a build."""
    data = convert.load(sources.read_text(encoding="utf-8", errors="replace"), str(sources))
    if not WHEELHOUSE_KEYS & data.keys():
        check_shape(data, str(sources))


def _check_output(parsed: argparse.Namespace) -> None:
    """Raise UsageError where the page can't be written, or would replace another kind of file."""
    output: Path = parsed.output
    if output.exists() and not output.is_file():
        raise UsageError(f"{output}: this is no regular file; name the page to write")
    files.check_writable(output)
    for read in (parsed.sources, parsed.against, parsed.vulnerabilities):
        if read is not None:
            files.check_distinct(output, read, "report is made from what stands")
    if output.exists() and not parsed.force and not page.is_report(output):
        raise UsageError(
            f"{output}: the file is there, and is no report of this program; name another one, or "
            "replace it with --force"
        )

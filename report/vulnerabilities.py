"""Read known vulnerabilities: JSON of osv-scanner (OSV) or of pip-audit."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version

from lock.errors import UsageError

# Lowest score of CVSS → what it is called (CVSS 3.1, section 5).
LEVELS = ((9.0, "critical"), (7.0, "high"), (4.0, "medium"), (0.1, "low"))
WANTED = "give JSON of `osv-scanner --format json` or of `pip-audit --format json`"


@dataclass(frozen=True)
class Finding:
    """A vulnerability of a version of a package. `severity` and `url` may be empty."""

    id: str
    aliases: tuple[str, ...]
    package: str
    version: str
    severity: str
    summary: str
    # The versions that mend it.
    fixed: tuple[str, ...]
    url: str


@dataclass(frozen=True)
class Findings:
    """The vulnerabilities that a file names."""

    source: str
    findings: tuple[Finding, ...]

    def data(self, versions: Mapping[str, str]) -> dict[str, object]:
        """Return them as the page takes them: those of some packages' versions, and the others."""
        found = [one for one in self.findings if _same(versions.get(one.package), one.version)]
        others = [one for one in self.findings if one not in found]
        return {
            "source": self.source,
            "found": [*map(asdict, found)],
            "others": [*map(asdict, others)],
        }


def read(file: Path) -> Findings:
    """Return the vulnerabilities of a file. Raises UsageError for another kind of file."""
    try:
        data = json.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise UsageError(f"{file}: there is no such file; {WANTED}") from None
    except (ValueError, RecursionError):
        raise UsageError(f"{file}: this is not JSON; {WANTED}") from None
    try:
        found = [*dict.fromkeys(_findings(data, file))]
    except KeyError as error:
        fault = f"something has no `{error.args[0]}`"
        raise UsageError(f"{file}: it isn't as the tool writes it: {fault}; {WANTED}") from None
    except (AttributeError, TypeError, ValueError):
        fault = "a value is of another kind"
        raise UsageError(f"{file}: it isn't as the tool writes it: {fault}; {WANTED}") from None
    key = lambda one: (one.package, one.version, one.id)  # noqa: E731
    return Findings(file.name, tuple(sorted(found, key=key)))


def _findings(data: Any, file: Path) -> Iterator[Finding]:
    if isinstance(data, dict) and "results" in data:
        return _of_osv(data["results"] or [])
    if isinstance(data, dict) and "dependencies" in data:
        return _of_pip_audit(data["dependencies"])
    if isinstance(data, list) and all(isinstance(one, dict) and "name" in one for one in data):
        return _of_pip_audit(data)
    raise UsageError(f"{file}: it has neither `results` nor `dependencies`; {WANTED}")


def _of_pip_audit(dependencies: list[dict[str, Any]]) -> Iterator[Finding]:
    for one in dependencies:
        for found in one.get("vulns") or ():
            yield Finding(
                _text(found["id"]),
                _texts(found.get("aliases")),
                canonicalize_name(_text(one["name"])),
                _text(one["version"]),
                "",
                _line(_text(found.get("description") or "")),
                _texts(found.get("fix_versions")),
                "",
            )


def _of_osv(results: list[dict[str, Any]]) -> Iterator[Finding]:
    for item in (item for result in results for item in result.get("packages") or ()):
        package = item["package"]
        if package.get("ecosystem") != "PyPI":
            continue
        records = {_text(record["id"]): record for record in item.get("vulnerabilities") or ()}
        # Records of the same vulnerability, by several databases, are a group.
        groups = item.get("groups") or []
        grouped = {name for group in groups for name in group["ids"]}
        for group in (*groups, *({"ids": [name]} for name in records if name not in grouped)):
            known = [records[name] for name in group["ids"] if name in records]
            if known:
                yield _of_records(package, known, group)


def _of_records(
    package: Mapping[str, str], records: list[dict[str, Any]], group: Mapping[str, Any]
) -> Finding:
    first = records[0]
    name = canonicalize_name(_text(package["name"]))
    aliases = {
        alias for record in records for alias in (record["id"], *_texts(record.get("aliases")))
    }
    return Finding(
        first["id"],
        tuple(sorted({*aliases, *_texts(group.get("aliases"))} - {first["id"]})),
        name,
        _text(package["version"]),
        _severity(records, group),
        next((text for record in records if (text := _summary(record))), ""),
        tuple(sorted({version for one in records for version in _fixed(one, name)}, key=_order)),
        next((url for record in records if (url := _page(record))), ""),
    )


def _severity(records: list[dict[str, Any]], group: Mapping[str, Any]) -> str:
    named = [
        _text(level).lower()
        for record in records
        if (level := (record.get("database_specific") or {}).get("severity"))
    ]
    if named:
        return named[0]
    score = float(group.get("max_severity") or 0)
    return next((name for least, name in LEVELS if score >= least), "")


def _summary(record: Mapping[str, Any]) -> str:
    return _line(_text(record.get("summary") or record.get("details") or ""))


def _fixed(record: Mapping[str, Any], name: str) -> Iterator[str]:
    for affected in record.get("affected") or ():
        package = affected.get("package") or {}
        if canonicalize_name(package.get("name", "")) == name:
            for span in affected.get("ranges") or ():
                if span.get("type") != "GIT":
                    events = (event for event in span["events"] if "fixed" in event)
                    yield from (_text(event["fixed"]) for event in events)


def _page(record: Mapping[str, Any]) -> str:
    references = sorted(record.get("references") or (), key=lambda one: one["type"] != "ADVISORY")
    return next((_text(one["url"]) for one in references), "")


def _text(value: object) -> str:
    """Return a value that is a text. Raises TypeError for another one."""
    if not isinstance(value, str):
        raise TypeError
    return value


def _texts(values: object) -> tuple[str, ...]:
    """Return the texts of a list, of which null is an empty one. Raises TypeError for others."""
    if not isinstance(values, list | None):
        raise TypeError
    return tuple(map(_text, values or ()))


def _line(text: str) -> str:
    """Return a text's first paragraph on one line, shortened."""
    line = " ".join(text.strip().partition("\n\n")[0].split())
    return line if len(line) <= 300 else f"{line[:297].rstrip()}..."


def _order(version: str) -> tuple[bool, Version | str]:
    try:
        return False, Version(version)
    except InvalidVersion:
        return True, version


def _same(version: str | None, other: str) -> bool:
    if version is None:
        return False
    try:
        return Version(version) == Version(other)
    except InvalidVersion:
        return version == other

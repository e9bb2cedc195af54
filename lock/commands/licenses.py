"""`lock licenses [SOURCES]`: shows licences, and holds them against a policy."""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from lock.commands import arguments

if TYPE_CHECKING:
    from lock.inspection.licenses import Licensed, Violation
    from lock.licenses.metadata import License
    from lock.licenses.policy import Policy

# The paths to a package that are printed; JSON has all.
MOST_PATHS = 5
DESCRIPTION = """\
Show the licence of each package, and what it was told from: the lock, the package's metadata, or
the text of its licence. With a policy, fail where it forbids one."""
EPILOG = """\
policy.yaml:
  allow: [permissive, public-domain, MPL-2.0]
                            SPDX names, globs, or categories
  deny: [AGPL-*]            stronger than `allow`
  unknown: deny             what no metadata tells
  packages:
    docutils:               what the metadata doesn't tell
      license: BSD-2-Clause AND 0BSD AND CC-PDDC
      reason: says COPYING.txt
    mysqlclient: {accept: true, reason: only on our servers}

examples:
  lock licenses
  lock licenses --policy policy.yaml
  lock licenses --group default --json locks/3.12.yaml

exit status: 0 done, 1 the policy forbids a licence, 2 usage or network; the other packages are
shown all the same.
"""


def parser() -> argparse.ArgumentParser:
    """Return the parser of the command's arguments."""
    made = arguments.parser("licenses", "[OPTION]... [SOURCES]", DESCRIPTION, EPILOG)
    arguments.add_sources(made)
    arguments.add_groups(made)
    arguments.add_systems(made)
    made.add_argument(
        "--policy", type=Path, metavar="FILE", help="fail where this file forbids a licence"
    )
    made.add_argument(
        "--offline",
        action="store_true",
        help="download nothing; packages whose licence isn't on this machine are named",
    )
    arguments.add_json(made)
    return made


def run(parsed: argparse.Namespace) -> int:
    """Print the licences; return the exit code."""
    from lock.errors import LockError
    from lock.inspection import licenses
    from lock.io import progress
    from lock.lockfile import reader

    policy = None
    if parsed.policy is not None:
        from lock.licenses import policy as policies

        policy = policies.read(parsed.policy)
    lock = reader.read(parsed.sources)
    groups, systems = licenses.select(lock, parsed.groups, parsed.systems or ())
    with progress.status(f"reading the licences of {len(lock.packages)} packages"):
        found = licenses.licenses(lock, groups, systems, arguments.environment(parsed))
    forbidden = licenses.violations(lock, found, policy, groups) if policy else []
    missing = [
        (one, one.license)
        for one in found
        if isinstance(one.license, LockError)
        and _told(one, policy) is None
        and not (policy and policy.accepts(one.package.name))
    ]
    for line in licenses.unused(lock, policy) if policy else ():
        print(line, file=sys.stderr)
    for one, error in missing:
        print(f"{one.label}: its licence isn't known: {error}", file=sys.stderr)
    if parsed.json:
        data = {
            "python": lock.python,
            "packages": [_data(one, policy) for one in found],
            **({"forbidden": [*map(_violation_data, forbidden)]} if policy else {}),
        }
        print(json.dumps(data, indent=2))
    else:
        for line in _table(found, policy):
            print(line)
        for violation in forbidden:
            print(_violation(violation, str(parsed.policy)), file=sys.stderr)
    return 1 if forbidden else 2 if missing else 0


def _told(one: "Licensed", policy: "Policy | None") -> "License | None":
    """Return the licence of a package; None where it can't be had."""
    from lock.errors import LockError

    told = None if isinstance(one.license, LockError) else one.license
    return policy.clarified(one.package.name, told) if policy else told


def _table(found: "Sequence[Licensed]", policy: "Policy | None") -> list[str]:
    rows = []
    for one in found:
        told = _told(one, policy)
        origin = told.origin if told else ""
        rows.append(
            (
                one.package.name,
                one.package.shown_version,
                str(told) if told else "?",
                f"({origin})" if origin else "",
            )
        )
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)][:2] if rows else []
    return [
        "  ".join(
            [*(cell.ljust(width) for cell, width in zip(row, widths, strict=False)), *row[2:]]
        ).rstrip()
        for row in rows
    ]


def _violation(violation: "Violation", file: str) -> str:
    """Return the lines that say what is forbidden, by which line, and who needs the package."""
    name = violation.licensed.package.name
    head = f"{violation.licensed.label}: {violation.license} is forbidden"
    rules = [f"  {file}:{one.line}: {one.why}" for one in violation.forbidden]
    paths = [f"  needed by {path}" for path in violation.needed_by[:MOST_PATHS]]
    others = len(violation.needed_by) - len(paths)
    more = [f"  and by {others} more; `lock why {name}` shows them"] if others > 0 else []
    return "\n".join([head, *rules, *paths, *more])


def _data(one: "Licensed", policy: "Policy | None") -> dict[str, object]:
    told = _told(one, policy)
    return {
        "name": one.package.name,
        "version": one.package.version,
        "systems": [*one.systems],
        "license": told.expression if told else None,
        "from": told.origin if told else "",
        "text": told.text if told else "",
        "files": [*told.files] if told else [],
        **({} if told else {"problem": str(one.license)}),
    }


def _violation_data(violation: "Violation") -> dict[str, object]:
    return {
        "name": violation.licensed.package.name,
        "version": violation.licensed.package.version,
        "license": str(violation.license),
        "rules": [
            {"line": one.line, "license": one.license, "why": one.why}
            for one in violation.forbidden
        ],
        "needed-by": [*violation.needed_by],
    }

"""What osv-scanner and pip-audit write is read; what isn't theirs is refused."""

import json
from pathlib import Path
from typing import Any

import pytest

from lock.errors import UsageError
from report.vulnerabilities import read

RECORDS: list[dict[str, Any]] = [
    {
        "id": "PYSEC-2023-100",
        "aliases": ["CVE-2023-36053", "GHSA-jh3w-4vvf-mjgr"],
        "details": "A regular expression\nis slow.\n\nMore of it.",
        "affected": [
            {
                "package": {"ecosystem": "PyPI", "name": "Django"},
                "ranges": [
                    {"type": "GIT", "events": [{"introduced": "0"}, {"fixed": "abcdef"}]},
                    {"type": "ECOSYSTEM", "events": [{"introduced": "3.2"}, {"fixed": "3.2.20"}]},
                    {"type": "ECOSYSTEM", "events": [{"introduced": "4"}, {"fixed": "4.1.10"}]},
                ],
            }
        ],
        "references": [
            {"type": "WEB", "url": "https://example.org/web"},
            {"type": "ADVISORY", "url": "https://example.org/advisory"},
        ],
    },
    {
        "id": "GHSA-jh3w-4vvf-mjgr",
        "aliases": ["CVE-2023-36053"],
        "summary": "Slow",
        "database_specific": {"severity": "HIGH"},
    },
]
OSV = {
    "results": [
        {
            "source": {"path": "requirements.txt", "type": "lockfile"},
            "packages": [
                {
                    "package": {"name": "Django", "version": "3.2", "ecosystem": "PyPI"},
                    "vulnerabilities": RECORDS,
                    "groups": [
                        {"ids": ["PYSEC-2023-100", "GHSA-jh3w-4vvf-mjgr"], "max_severity": "7.5"}
                    ],
                },
                {
                    "package": {"name": "left-pad", "version": "1", "ecosystem": "npm"},
                    "vulnerabilities": [{"id": "NPM-1"}],
                },
            ],
        }
    ]
}
PIP_AUDIT = {
    "dependencies": [
        {"name": "asgiref", "version": "3.8.1", "vulns": []},
        {"name": "unpublished", "skip_reason": "not on the index"},
        {
            "name": "Django",
            "version": "3.2",
            "vulns": [
                {
                    "id": "PYSEC-2023-100",
                    "fix_versions": ["3.2.20", "4.1.10"],
                    "aliases": ["CVE-2023-36053"],
                    "description": "A regular expression is slow.",
                }
            ],
        },
    ],
    "fixes": [],
}


def data(tmp_path: Path, content: object, versions: dict[str, str]) -> dict[str, Any]:
    file = tmp_path / "found.json"
    file.write_text(json.dumps(content), encoding="utf-8")
    return dict(read(file).data(versions))


def test_records_of_one_vulnerability_are_one_finding(tmp_path: Path) -> None:
    assert data(tmp_path, OSV, {"django": "3.2.0"}) == {
        "source": "found.json",
        "found": [
            {
                "id": "PYSEC-2023-100",
                "aliases": ("CVE-2023-36053", "GHSA-jh3w-4vvf-mjgr"),
                "package": "django",
                "version": "3.2",
                "severity": "high",
                "summary": "A regular expression is slow.",
                "fixed": ("3.2.20", "4.1.10"),
                "url": "https://example.org/advisory",
            }
        ],
        "others": [],
    }


def test_a_score_gives_the_severity_where_nobody_names_it(tmp_path: Path) -> None:
    records = [{"id": "OSV-1"}]
    item = {"package": {"name": "a", "version": "1", "ecosystem": "PyPI"}}
    for score, severity in (("9.8", "critical"), ("4.0", "medium"), ("0.0", ""), ("", "")):
        group = {"ids": ["OSV-1"], "max_severity": score}
        packages = [{**item, "vulnerabilities": records, "groups": [group]}]
        [found] = data(tmp_path, {"results": [{"packages": packages}]}, {"a": "1"})["found"]
        assert found["severity"] == severity


def test_a_record_in_no_group_is_a_finding(tmp_path: Path) -> None:
    item = {
        "package": {"name": "a", "version": "1", "ecosystem": "PyPI"},
        "vulnerabilities": [{"id": "A"}, {"id": "B", "aliases": None, "affected": None}],
        "groups": [{"ids": ["A"]}],
    }
    found = data(tmp_path, {"results": [{"packages": [item]}, {"packages": None}]}, {"a": "1"})
    assert [one["id"] for one in found["found"]] == ["A", "B"]


@pytest.mark.parametrize("content", [PIP_AUDIT, PIP_AUDIT["dependencies"]])
def test_pip_audit_is_read(tmp_path: Path, content: object) -> None:
    [found] = data(tmp_path, content, {"django": "3.2"})["found"]
    assert (found["id"], found["fixed"]) == ("PYSEC-2023-100", ("3.2.20", "4.1.10"))


def test_findings_of_other_versions_stand_apart(tmp_path: Path) -> None:
    found = data(tmp_path, OSV, {"django": "5.2"})
    assert (found["found"], len(found["others"])) == ([], 1)


def test_a_scan_that_found_nothing_is_read(tmp_path: Path) -> None:
    for content in ({"results": []}, {"results": None}, {"dependencies": []}):
        assert data(tmp_path, content, {})["found"] == []


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("{", "this is not JSON; give JSON of `osv-scanner"),
        ("{}", "it has neither `results` nor `dependencies`"),
        ("[1]", "it has neither `results` nor `dependencies`"),
        ('{"results": [{"packages": [{"package": 1}]}]}', "it isn't as the tool writes it"),
        ('{"dependencies": [{"vulns": [{}]}]}', "it isn't as the tool writes it: .* no `id`;"),
        *(
            (
                f'{{"dependencies": [{{"name": "a", "version": {version}, "vulns": '
                f'[{{"id": "X"}}, {{"id": {found}, "fix_versions": {fixed}}}]}}]}}',
                "it isn't as the tool writes it: a value is of another kind; give",
            )
            for version, found, fixed in (
                ("1", '"Y"', "[]"),
                ('"1"', "3", "[]"),
                ('"1"', '"Y"', '"abc"'),
            )
        ),
    ],
)
def test_other_files_are_refused(tmp_path: Path, content: str, message: str) -> None:
    file = tmp_path / "found.json"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(UsageError, match=message) as error:
        read(file)
    assert str(error.value).startswith(f"{file}: ")


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="there is no such file"):
        read(tmp_path / "missing.json")

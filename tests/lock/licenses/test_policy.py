"""What a policy about licences allows, and what is told of a wrong one."""

import pytest

from lock.errors import UsageError
from lock.licenses import policy
from lock.licenses.metadata import License


def forbidden(text: str, expression: str | None, name: str = "demo") -> list[str]:
    """Return what a policy forbids of a licence: the line and the licence."""
    rules = policy.parse(text, "policy.yaml")
    told = License(expression, "License", "" if expression else "BSD License")
    clarified = rules.clarified(name, told)
    assert clarified is not None
    return [f"{one.line}: {one.license}" for one in rules.forbids(name, clarified)]


@pytest.mark.parametrize(
    ("text", "expression", "expected"),
    [
        ("allow: [MIT]", "MIT", []),
        ("allow: [mit]", "MIT", []),
        ("allow: [MIT]", "ISC", ["1: ISC"]),
        # One side of an OR serves; of an AND both are needed.
        ("allow: [MIT]", "ISC OR MIT", []),
        ("allow: [MIT]", "ISC AND MIT", ["1: ISC"]),
        ("allow: [MIT]", "(ISC OR MIT) AND (BSD-2-Clause OR MIT)", []),
        ("allow: [MIT]", "MIT AND (ISC OR 0BSD)", ["1: ISC", "1: 0BSD"]),
        (
            "allow:\n  - BSD-*\n  - MIT\ndeny:\n  - GPL-*",
            "BSD-3-Clause AND GPL-3.0-only",
            ["5: GPL-3.0-only"],
        ),
        ("deny: [GPL-*]", "ISC", []),
        ("deny: [GPL-*]", "LGPL-3.0-only", []),
        ("deny: [GPL-*]", "GPL-2.0-only OR MIT", []),
        # `deny` is stronger than `allow`.
        ("allow: ['*']\ndeny: [GPL-*]", "GPL-2.0-only", ["2: GPL-2.0-only"]),
        # Categories.
        ("allow: [permissive]", "Apache-2.0 AND BSD-3-Clause AND ISC", []),
        ("allow: [permissive]", "MPL-2.0", ["1: MPL-2.0"]),
        ("allow: [permissive, copyleft-limited]", "MPL-2.0", []),
        ("allow: [Public Domain]", "CC0-1.0", []),
        ("deny: [copyleft]", "AGPL-3.0-or-later", ["1: AGPL-3.0-or-later"]),
        # Whoever may choose a later version needs one that is allowed.
        ("allow: [GPL-3.0-only]", "GPL-2.0-or-later", []),
        ("allow: [GPL-2.0-only]", "GPL-2.0-or-later", []),
        ("allow: [GPL-2.0-only]", "GPL-3.0-or-later", ["1: GPL-3.0-or-later"]),
        ("allow: [GPL-2.0-only]\ndeny: [GPL-3.0-*]", "GPL-2.0-or-later", []),
        ("deny: [GPL-3.0-only]", "GPL-3.0-or-later", ["1: GPL-3.0-or-later"]),
        ("allow: [GPL-*]\ndeny: [GPL-3.0-only]", "GPL-3.0-or-later", ["2: GPL-3.0-or-later"]),
        ("deny: [GPL-2.0-only]", "GPL-2.0-or-later", []),
        ("allow: [GPL-3.0-or-later]", "GPL-3.0-only", ["1: GPL-3.0-only"]),
        ("allow: [MPL-2.0]", "MPL-1.1+", []),
        # Names that SPDX has replaced.
        ("allow: [GPL-2.0-or-later]", "GPL-2.0+", []),
        ("allow: [LGPL-2.1+]", "LGPL-2.1-or-later", []),
        ("deny: [GPL-2.0-only]", "GPL-2.0", ["1: GPL-2.0"]),
        # Exceptions add permissions, so a licence that is allowed stays so.
        ("allow: [Apache-2.0]", "Apache-2.0 WITH LLVM-exception", []),
        (
            "allow: [GPL-2.0-only with Classpath-exception-2.0]\ndeny: [GPL-*]",
            "GPL-2.0-only WITH Classpath-exception-2.0",
            [],
        ),
        (
            "allow: [GPL-2.0-only with Classpath-exception-2.0]\ndeny: [GPL-*]",
            "GPL-2.0-only",
            ["2: GPL-2.0-only"],
        ),
        # Later versions have the exception, too.
        (
            "allow: [GPL-3.0-only with Classpath-exception-2.0]",
            "GPL-2.0-or-later WITH Classpath-exception-2.0",
            [],
        ),
        (
            "allow: [GPL-2.0-only with Classpath-exception-2.0]",
            "GPL-3.0-or-later WITH Classpath-exception-2.0",
            ["1: GPL-3.0-or-later"],
        ),
        ("deny: [GPL-2.0-only with GCC-*]", "GPL-2.0-or-later WITH GCC-exception-2.0", []),
        (
            "deny: [GPL-3.0-only with GCC-*]",
            "GPL-3.0-or-later WITH GCC-exception-2.0",
            ["1: GPL-3.0-or-later WITH GCC-exception-2.0"],
        ),
        (
            "deny: [GPL-2.0-only with GCC-*]",
            "GPL-2.0-only WITH GCC-exception-2.0",
            ["1: GPL-2.0-only WITH GCC-exception-2.0"],
        ),
        ("allow: [LicenseRef-Own]", "LicenseRef-Own", []),
        ("allow: [licenseref-own]", "LicenseRef-Own", []),
        ("allow: [MIT]", "LicenseRef-Own", ["1: LicenseRef-Own"]),
        # What isn't told.
        ("allow: [MIT]", None, ["1: unknown: BSD License"]),
        ("allow: [MIT]\nunknown: deny", None, ["2: unknown: BSD License"]),
        ("allow: [MIT]\nunknown: allow", None, []),
        # Clarifications.
        ("allow: [MIT]\npackages: {Demo: MIT}", None, []),
        ("allow: [MIT]\npackages:\n  demo: GPL-3.0-only", "MIT", ["1: GPL-3.0-only"]),
        ("allow: [MIT]\npackages:\n  demo: {license: ISC OR MIT, reason: so}", None, []),
        ("allow: [MIT]\npackages:\n  demo: {accept: true}", "GPL-3.0-only", []),
        ("allow: [MIT]\npackages:\n  other: {accept: true}", "ISC", ["1: ISC"]),
    ],
)
def test_policies(text: str, expression: str | None, expected: list[str]) -> None:
    assert forbidden(text, expression) == expected


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "policy.yaml: the policy is empty; write `allow: [permissive]`"),
        ("- MIT", "policy.yaml:1: a policy is a mapping"),
        ("unknown: allow", "policy.yaml:1: it has neither `allow` nor `deny`; write one of them"),
        ("allow: [MIT]\nfoo: 1", "policy.yaml:2: foo: unknown key; known are `allow` ("),
        ("allow:\n- MIT\n- BSD", "policy.yaml:3: allow: no SPDX licence is called 'BSD'"),
        (
            "deny: [GPL-2.0-only with Classpath-exeption-2.0]",
            "policy.yaml:1: deny: SPDX has no exception 'Classpath-exeption-2.0'; write one",
        ),
        (
            "allow: MIT\npackages:\n  A.b: MIT\n  a-b: ISC",
            "policy.yaml:4: packages.a-b: the package stands twice; keep one of them, the first "
            "stands in line 3",
        ),
        ("deny: [GPX-*]", "policy.yaml:1: deny: no SPDX licence is called 'GPX-*'"),
        ("allow: [LicenseRef-]", "policy.yaml:1: allow: no SPDX licence is called 'LicenseRef-'"),
        ("allow: [MIT", "see `lock licenses --help` for the file's form"),
        ("allow: []", "policy.yaml:1: allow: the list is empty; name at least one"),
        ("allow: [MIT]\nunknown: maybe", "policy.yaml:2: unknown: neither `allow` nor `deny`"),
        ("allow: [MIT]\nallow: [ISC]", "policy.yaml:2: allow: the key stands twice"),
        ("allow: MIT\npackages: [a]", "policy.yaml:2: packages: this is no mapping"),
        (
            "allow: MIT\npackages:\n  a b: MIT",
            "policy.yaml:3: packages.a b: this is no package's name",
        ),
        (
            "allow: MIT\npackages:\n  a: BSD License",
            "policy.yaml:3: packages.a: 'BSD License' is no SPDX expression; write one such as",
        ),
        (
            "allow: MIT\npackages:\n  a: {reason: because}",
            "policy.yaml:3: packages.a: it says nothing of the licence; write `license` or",
        ),
        (
            "allow: MIT\npackages:\n  a: {licence: MIT}",
            "policy.yaml:3: packages.a.licence: unknown key; known are `license` (",
        ),
        (
            "allow: MIT\npackages:\n  a: {accept: perhaps}",
            "policy.yaml:3: packages.a.accept: neither `true` nor `false`",
        ),
    ],
)
def test_what_is_wrong_with_a_policy_is_told_with_its_line(text: str, message: str) -> None:
    with pytest.raises(UsageError) as caught:
        policy.parse(text, "policy.yaml")
    assert message in str(caught.value)


def test_all_that_is_wrong_is_told_at_once() -> None:
    with pytest.raises(UsageError) as caught:
        policy.parse("allow: [BSD]\nunknown: 1\npackages: {a: b c}\n", "policy.yaml")
    assert [line.split(" ")[0] for line in str(caught.value).splitlines()] == [
        "policy.yaml:1:",
        "policy.yaml:2:",
        "policy.yaml:3:",
    ]

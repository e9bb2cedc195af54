"""Packages of requirements.yaml that come from nixpkgs, are replaced, or left out."""

import pytest

from lock.errors import UsageError
from lock.inputs.yaml.requirements_yaml import parse


def errors(text: str) -> list[str]:
    with pytest.raises(UsageError) as caught:
        parse(text, "r.yaml")
    return str(caught.value).split("\n")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("PyGObject: {from: nixpkgs}", ["pygobject"]),
        ('tkinter: {from: nixpkgs, version: ">=3"}\na: 1', ["tkinter"]),
        ("requirements: {b: {from: nixpkgs}, a: 1}\ngroups: {dev: {A_c: {from: nixpkgs}}}", None),
    ],
)
def test_packages_come_from_nixpkgs(text: str, expected: list[str] | None) -> None:
    assert [*parse(text, "r.yaml").from_nixpkgs] == (expected or ["a-c", "b"])


def test_a_range_and_a_marker_stay_requirements() -> None:
    text = "gi: {from: nixpkgs, version: ^3, markers: sys_platform == 'linux', extras: x}"
    assert [str(one) for one in parse(text, "r.yaml").packages] == [
        'gi[x]>=3,<4 ; sys_platform == "linux"'
    ]


def test_packages_are_left_out_and_replaced() -> None:
    found = parse("requirements: {a: 1}\nexclude: [Open_CV, b]\nreplace: {Psycopg2: P.B}", "r.yaml")
    assert found.settings.excluded == ("b", "open-cv")
    assert found.replaced == {"psycopg2": "p-b"}


def test_a_file_may_say_nothing_else() -> None:
    found = parse("replace: {a: b}\npython: 3.11", "r.yaml")
    assert (found.replaced, found.packages, found.python) == ({"a": "b"}, (), "3.11")
    assert parse("exclude: [a]", "r.yaml").settings.excluded == ("a",)


def test_packages_may_have_the_names_of_the_keys() -> None:
    found = parse("replace: 1\nexclude: 2", "r.yaml")
    assert [str(one) for one in found.packages] == ["exclude==2", "replace==1"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("a: {from: debian}", 'r.yaml:1: a.from: "debian" is no place that packages come from;'),
        ("a: {from: [nixpkgs]}", "r.yaml:1: a.from: a single value is expected here;"),
        ("a:\n  from: nixpkgs\n  index: x", "r.yaml:3: a: `from` and `index` stand together;"),
        ("a: {from: nixpkgs, git: 'https://x.example/y'}", "`from` and `git` stand together;"),
        ("a: {from: nixpkgs, url: 'https://x.example/a-1.zip'}", "`from` and `url` stand"),
        ("a: {from: nixpkgs, prefer-sdist: true}", "`from` and `prefer-sdist` stand together"),
        ("a: {from: nixpkgs, build-requires: [b]}", "`from` and `build-requires` stand"),
        (
            "requirements: {a: 1}\noverrides: {b: {from: nixpkgs}}",
            "overrides.b: `from` has no meaning here;",
        ),
        ("exclude: [a b]", 'r.yaml:1: exclude: "a b" is no package\'s name;'),
        (
            "exclude: {a: }",
            "r.yaml:1: exclude: a list of packages is expected here; write one such",
        ),
        (
            "requirements: {b: 1}\nexclude: [a]\noverrides: {a: <2}",
            "r.yaml:2: exclude: `overrides` has a version of `a`, which nothing installs; keep",
        ),
        ("replace: {a: [b]}", "r.yaml:1: replace.a: the name of one package is expected here;"),
        (
            "replace:\n  a: b\n  b: a",
            "r.yaml:2: replace.a: `b` is replaced as well, by `a`; leave one of them out",
        ),
        ("exclude: []", "r.yaml:1: exclude: the list is empty;"),
        ("requirements:\n  a: 1\nexclude:\n  - A", "r.yaml:4: exclude: `A` is required here, too;"),
        (
            "requirements: {b: 1}\ngroups: {dev: {a: 1}}\nexclude: a",
            "r.yaml:3: exclude: `a` is required here, too; keep one of them",
        ),
        ("replace: [a]", "r.yaml:1: replace: a mapping is expected here; write one such as"),
        ("replace: {a>1: b}", 'r.yaml:1: replace: "a>1" is no package\'s name;'),
        ("replace:\n  a: b==1", 'r.yaml:2: replace.a: "b==1" is no package\'s name;'),
        ("replace:\n  a:", 'r.yaml:2: replace.a: "" is no package\'s name;'),
        ("replace: {a_b: c, a-b: d}", "replace.a-b: the same package stands twice;"),
        ("replace:\n  A: a", "r.yaml:2: replace.a: it stands in its own place; name another"),
        (
            "replace:\n  a: b\n  b: c",
            "r.yaml:2: replace.a: `b` is replaced as well, by `c`; write `a: c`, or leave one",
        ),
        (
            "requirements:\n  a: {from: nixpkgs}\nreplace:\n  a: b",
            "a: it comes from nixpkgs, but `replace` names it, too; keep one of both",
        ),
        (
            "requirements: {a: {from: nixpkgs}}\noverrides: [a>1]",
            "r.yaml:1: a: it comes from nixpkgs, but `overrides` has a requirement of it; keep",
        ),
        (
            "requirements: {c: {from: nixpkgs}, b: 1}\nexclude: [c]",
            "r.yaml:2: exclude: `c` is required here, too",
        ),
        (
            "requirements: {a: {from: nixpkgs}}\ngroups: {g: {a: {git: 'https://x.example/y'}}}",
            "r.yaml:1: a: it comes from nixpkgs, but a requirement of it has `git`; keep one",
        ),
        (
            "requirements: {b: 1}\nexclude: [a]\nreplace:\n  a: b",
            "replace.a: it is replaced, but `exclude` names it, too; keep one of both",
        ),
        (
            "requirements: {b: 1}\nexclude: [c]\nreplace:\n  b: c",
            "r.yaml:4: replace.b: `exclude` names `c`, so nothing would stand in its place;",
        ),
        (
            "requirements: {a: {prefer-sdist: true}}\nreplace: {a: b}",
            "r.yaml:2: replace.a: it is replaced, but a requirement of it has `prefer-sdist`;",
        ),
    ],
)
def test_what_is_wrong_is_told_with_line_and_key(text: str, told: str) -> None:
    assert any(told in line for line in errors(text)), errors(text)

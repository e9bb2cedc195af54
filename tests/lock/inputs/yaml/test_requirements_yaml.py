"""Requirements files: what they mean, and that each error names file, line and key."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.requirements import Requirement as PackagingRequirement

from lock.errors import UsageError
from lock.inputs import read
from lock.inputs.yaml.requirements_yaml import parse


def wanted(text):
    return [str(requirement) for requirement in parse(text, "r.yaml").packages]


def errors(text):
    with pytest.raises(UsageError) as caught:
        parse(text, "r.yaml")
    return str(caught.value).split("\n")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('Django: ">3.2"', ["django>3.2"]),
        ("mypy: 0.910", ["mypy==0.910"]),
        ('mypy: "0.910"', ["mypy==0.910"]),
        ("mypy: '0.910'", ["mypy==0.910"]),
        ("a: 1.20", ["a==1.20"]),
        ("a: 1_000.1e3 ", None),
        ("a: 010", ["a==010"]),
        ("a: 2021-01-01", None),
        ("a: 1:30", None),
        ("a: 1e3", None),
        ("a: ^1.2", ["a>=1.2,<2"]),
        ("a: ~1.2", ["a>=1.2,<1.3"]),
        ("a: 1.2.*", ["a==1.2.*"]),
        ("a: <2", ["a<2"]),
        ("a: ==1.2", ["a==1.2"]),
        ("a:", ["a"]),
        ("a: null", ["a"]),
        ("a: ~", ["a"]),
        ('a: ""', ["a"]),
        ("a: '*'", ["a"]),
        ("{a: 1, b: 2}", ["a==1", "b==2"]),
        ('"a": 1', ["a==1"]),
        ("b: 1\na: 1", ["a==1", "b==1"]),
        ('httpx[http2]: ">=0.27"', ["httpx[http2]>=0.27"]),
        ("httpx[http2, Brotli_x]:", ["httpx[brotli-x,http2]"]),
        ("a: {version: 1, extras: [x, Y_z]}", ["a[x,y-z]==1"]),
        ("a[w]: {extras: x}", ["a[w,x]"]),
        ("a: {markers: sys_platform == 'linux'}", ['a ; sys_platform == "linux"']),
        ("a: {markers: os_name == 'extra==='}", ['a ; os_name == "extra==="']),
        ("a: {version: '*', markers: }", ["a"]),
        ("a: {}", ["a"]),
        ("yes: 1\nno: 2", ["no==2", "yes==1"]),
        ("\ufeffa: 1", ["a==1"]),
        ("a: 1\r\nb: 2\r\n", ["a==1", "b==2"]),
        ("requirements: 1.0", ["requirements==1.0"]),
    ],
)
def test_scalars_are_the_text_that_the_user_wrote(text, expected):
    if expected is None:
        assert "is no version specifier" in errors(text)[0]
    else:
        assert wanted(text.removeprefix("\ufeff")) == expected


@pytest.mark.parametrize("text", ["python: 3.10\na: 1", 'python: "3.10"\nrequirements: {a: 1}'])
def test_the_python_is_the_text_that_was_written(text):
    assert parse(text, "r.yaml").python == "3.10"
    assert wanted(text) == ["a==1"]


def test_the_full_form_has_options():
    text = "systems: [x86_64-linux, aarch64-darwin]\nrequirements:\n  a: 1\n  python: 2\n"
    found = parse(text, "r.yaml")
    assert found.systems == ("aarch64-darwin", "x86_64-linux")
    assert found.python is None
    assert wanted(text) == ["a==1", "python==2"]


def test_one_system_may_stand_without_a_list():
    assert parse("systems: x86_64-linux\nrequirements: {a: 1}", "r").systems == ("x86_64-linux",)


ERRORS = [
    ("a: 1\nb: ^x\n", 'r.yaml:2: b: "^x" is no version specifier; write'),
    ("a:\n  version: ^x\n", 'r.yaml:2: a: "^x" is no version specifier; write'),
    ("a: 1 || 2", "r.yaml:1: a: the gaps between the alternatives of"),
    ("a: 1\n\na: 2\n", "r.yaml:3: a: the key stands twice; keep one of them, the first stands in"),
    ("Foo_Bar: 1\nfoo.bar: 2\n", "r.yaml:2: foo.bar: the same package as `Foo_Bar` in line 1;"),
    ("a[x]: 1\na[y]: 2\n", "r.yaml:2: a[y]: the same package as `a[x]` in line 1;"),
    ("a b: 1", "r.yaml:1: a b: not a package's name; write"),
    ("-a: 1", "r.yaml:1: -a: not a package's name; write"),
    ("a_: 1", "r.yaml:1: a_: not a package's name; write"),
    ("a[x_]: 1", 'r.yaml:1: a[x_]: "x_" is no name of an extra; write'),
    ("a>=1: 1", "r.yaml:1: a>=1: not a package's name; write"),
    ("\"a ; os_name == 'x'\": 1", "r.yaml:1: a ; os_name == 'x': not a package's name;"),
    ('"": 1', "r.yaml:1: not a package's name; write"),
    ("a[: 1", "r.yaml:1: a[: not a package's name; write"),
    ("é: 1", "r.yaml:1: é: not a package's name; write"),
    ("a: {verson: 1}", "r.yaml:1: a.verson: unknown key; known are `build-requires`"),
    ("a: [1]", "r.yaml:1: a: a single value is expected here; write"),
    ("a: {version: [1]}", "r.yaml:1: a: a single value is expected here; write"),
    ("a: {prefer-sdist: yes}", "r.yaml:1: a.prefer-sdist: neither `true` nor `false`; write one"),
    ("a: {prefer-sdist: [true]}", "r.yaml:1: a.prefer-sdist: neither `true` nor `false`;"),
    ("a: {extras: []}", "r.yaml:1: a: the list is empty; name"),
    ("a: {extras: [-]}", 'r.yaml:1: a: "-" is no name of an extra; write'),
    ("a: {extras: [[b]]}", "r.yaml:1: a: a single value is expected here; write"),
    ("a: {markers: linux}", 'r.yaml:1: a: "linux" is no marker; write'),
    ("a: {markers: extra == 'b'}", "r.yaml:1: a: `extra` means nothing in a requirement's marker;"),
    ("a: {markers: os_name === 'b'}", "r.yaml:1: a: a marker can't compare with `===` here;"),
    ("? [a]\n: 1", "r.yaml:1: a key must be one text; write"),
    ("a: >3", "r.yaml:1: a: YAML does not read this value as it looks; put the value in double"),
    ("a: !=3", "r.yaml:1: a: YAML does not read this value as it looks; put the value in double"),
    ("a: 1\nb: *\n", "r.yaml:2: this is not YAML"),
    ("a: >=3", "r.yaml:1: this is not YAML"),
    ("a: 1\n\tb: 2", "r.yaml:2: this is not YAML"),
    ("a: 1\n b: 2", "r.yaml:2: this is not YAML"),
    ("a: [1", "r.yaml:1: this is not YAML"),
    ("a: 1\n---\nb: 1\n", "r.yaml:2: this is not YAML"),
    ("a: 1\nb: \x01\n", "r.yaml:2: the character U+0001 is not allowed; remove it"),
    ("", "r.yaml:1: the file is empty; write"),
    ("# nothing\n", "r.yaml:1: the file is empty; write"),
    ("null", "r.yaml:1: the file is empty; write"),
    ("- a", "r.yaml:1: the file is not a mapping of names to specifiers; write"),
    ("a", "r.yaml:1: the file is not a mapping of names to specifiers; write"),
    ("{}", "r.yaml:1: no package is asked for; write"),
    ("python: 3.11", "r.yaml:1: no package is asked for; write"),
    ("requirements:", "r.yaml:1: no package is asked for; write"),
    ("requirements: {}", "r.yaml:1: no package is asked for; write"),
    ("requirements: {a: 1}\nb: 2", "r.yaml:2: b: unknown key; known are `conflicts`"),
    ("requirements: {a: 1}\nsystems: [b]", 'r.yaml:2: systems: "b" is no system'),
    ("requirements: {a: 1}\nsystems: []", "r.yaml:2: systems: the list is empty; name"),
    ("a: 1\nsystems: [x86_64-linux]", "r.yaml:2: systems: options stand beside `requirements:`;"),
    ("a: 1\npython: 3.7", "r.yaml:2: python: Python 3.7 is too old to be locked for; the oldest"),
    ("a: 1\npython: ^3.8", 'r.yaml:2: python: "^3.8" is no version of Python; write'),
    ("a: 1\npython: 3.11.2", 'r.yaml:2: python: "3.11.2" names a patch release; write 3.11,'),
    ("a: 1\npython: 3.12t", "r.yaml:2: python: Python 3.12t has no free-threaded build"),
    ("a: 1\npython:", 'r.yaml:2: python: "" is no version of Python; write'),
    ("a: 1\npython: [3.11]", "r.yaml:2: python: a single value is expected here; write"),
]


@pytest.mark.parametrize(("text", "expected"), ERRORS)
def test_an_error_is_one_line_with_file_line_and_key(text, expected):
    found = errors(text)
    assert len(found) == 1
    assert found[0].startswith(expected)
    assert "; " in found[0]


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("[Cython, numpy]", ("cython", "numpy")),
        ("[numpy, Cython, numpy]", ("cython", "numpy", "numpy")),
        ("setuptools<58", ("setuptools<58",)),
        ("['numpy >=1.2 , <2 ; python_version < \"3.9\"']", None),
        ("[numpy ^1.26, 'Foo_Bar[A_b]~=1.0']", ("foo-bar[A_b]~=1.0", "numpy<2,>=1.26")),
        ("[numpy (>=1.2)]", ("numpy>=1.2",)),
        ("{numpy: ^1.26, Cython: '*'}", ("cython", "numpy>=1.26,<2")),
        ("{numpy: {version: 1.2, extras: [x]}, Cython: }", ("cython", "numpy[x]==1.2")),
    ],
)
def test_what_a_build_needs_is_read_in_every_form(written, expected):
    for text in (
        f"a: {{build-requires: {written}}}",
        f"requirements: {{a: {{build-requires: {written}}}}}",
    ):
        [package] = parse(text, "r.yaml").packages
        assert str(package) == "a"
        for found in package.build_requires:
            PackagingRequirement(found)
        assert package.build_requires == (expected or ('numpy<2,>=1.2; python_version < "3.9"',))


@pytest.mark.parametrize(
    ("written", "problem"),
    [
        ("[]", "the list is empty; "),
        ("[[a]]", "a single value is expected here; "),
        ("['']", '"" is no requirement; '),
        ("[a b]", '"b" is no version specifier; '),
        ("[a @ https://index.example/a.tar.gz]", "is no requirement; "),
        ("[a>=1 ; nonsense]", '"nonsense" is no marker; '),
        ("['a ; extra == \"x\"']", "`extra` means nothing in a requirement's marker; "),
    ],
)
def test_a_wrong_requirement_of_a_build_names_its_place(written, problem):
    [told] = errors(f"b: 1\na: {{build-requires: {written}}}\n")
    assert told.startswith("r.yaml:2: a.build-requires: ")
    assert problem in told


@pytest.mark.parametrize("option", ["build-requires: [c]", "prefer-sdist: true"])
def test_a_build_s_build_is_described_with_its_own_package(option):
    [told] = errors(f"a:\n  build-requires:\n    b:\n      {option}\n")
    assert told.startswith("r.yaml:4: a.build-requires.b: ")
    assert "name that below `b` itself" in told


def test_all_errors_are_listed_in_the_order_of_the_lines():
    found = errors("requirements:\n  b: ^x\n  c d: 1\nnope: 1\npython: 2\n")
    assert [line.split(": ")[0] for line in found] == [f"r.yaml:{line}" for line in (2, 3, 4, 5)]


def test_values_that_yaml_takes_for_its_own_get_the_advice_to_quote():
    for value in ("*", ">=1", ">3", "!=1", "|2", "@x", "`x"):
        assert 'in double quotes, as in `Django: ">3.2"`' in errors(f"Django: {value}")[0], value


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (None, "there is no such file"),
        (b"a: \xff", "not UTF-8"),
        ("folder", "this is a folder; name the file in it"),
    ],
)
def test_a_file_that_cannot_be_read_is_named(tmp_path, content, problem):
    file = tmp_path / "r.yaml"
    if content == "folder":
        file.mkdir()
    elif content is not None:
        file.write_bytes(content)
    with pytest.raises(UsageError, match=problem) as caught:
        read(file)
    assert str(caught.value).startswith(f"{file}: ")


def test_a_byte_order_mark_is_no_part_of_the_first_key(tmp_path):
    file = tmp_path / "r.yaml"
    file.write_bytes(b"\xef\xbb\xbfa: 1\n")
    assert [str(requirement) for requirement in read(file).packages] == ["a==1"]


PIECES = ["a", "b[x]", "requirements", "python", "systems", "version", ": ", ":", "\n", "\n  "]
PIECES += ["- ", "[", "]", "{", "}", ",", "^1", ">=2", "*", "&a", "!x", "|", ">", "'", '"', "#"]
PIECES += [
    "? ",
    "3.11",
    "~",
    "null",
    "\t",
    "<<: *a",
    "é",
    "extras",
    "markers",
    "build-requires",
    "prefer-sdist",
    "---\n",
    "%",
]


@given(st.lists(st.sampled_from(PIECES), max_size=20).map("".join) | st.text(max_size=30))
def test_any_text_gives_requirements_or_lines_that_say_where(text):
    try:
        found = parse(text, "r.yaml")
    except UsageError as error:
        for line in str(error).split("\n"):
            assert line.startswith("r.yaml:"), line
            assert "; " in line
    else:
        names = [PackagingRequirement(str(requirement)).name for requirement in found.packages]
        assert names == sorted(set(names)) != []

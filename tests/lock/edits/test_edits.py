"""Requirements added to files of every kind, and removed: no other byte changes."""

from pathlib import Path

import pytest

from lock import edits
from lock.edits.edit import Edit
from lock.errors import LockError, UnsatisfiableError, UsageError
from lock.inputs.values import pep508

PLAIN = """\
# What the site needs.
Django: ">3.2"  # long-term

# Images
Pillow: "*"
"""
FULL = """\
python: 3.11
requirements:
  a: "1"
  # The middle.
  c:
    version: "==2"
    build-requires: [x]
groups:
  dev:
    pytest: "*"
"""


def edited(text: str, *add: str, remove=(), group=None, name="requirements.yaml", env=None) -> str:
    wanted = tuple(pep508.requirement(one, Path("/")) for one in add)
    return edits.apply(text, Path(name), Edit(wanted, tuple(remove), group), env or {})[0]


@pytest.mark.parametrize(
    ("text", "add", "group", "before", "after"),
    [
        # In its place where the keys are sorted, with the comments of the next one below.
        (PLAIN, "httpx[http2]>=0.27", None, "\n# Images", 'httpx[http2]: ">=0.27"\n\n# Images'),
        (PLAIN, "zope", None, 'Pillow: "*"\n', 'Pillow: "*"\nzope: "*"\n'),
        # Not before what is said above the first one.
        (PLAIN, "abc", None, "  # long-term\n", '  # long-term\nabc: "*"\n'),
        ("b: 1\na: 1\n", "aa", None, "a: 1\n", 'a: 1\naa: "*"\n'),
        ("b: 1", "c", None, "b: 1", 'b: 1\nc: "*"\n'),
        ("b: 1\r\n", "c", None, "b: 1\r\n", 'b: 1\r\nc: "*"\r\n'),
        ("", "c>1", None, "", 'c: ">1"\n'),
        ("{a: 1}\n", "c[x]", None, "{a: 1}", '{a: 1, "c[x]": "*"}'),
        (FULL, "b", None, "  # The middle", '  b: "*"\n  # The middle'),
        (FULL, "d", None, "[x]\n", '[x]\n  d: "*"\n'),
        (FULL, "tox>4", "dev", 'pytest: "*"\n', 'pytest: "*"\n    tox: ">4"\n'),
        (FULL, "sphinx", "docs", 'pytest: "*"\n', 'pytest: "*"\n  docs:\n    sphinx: "*"\n'),
        # What is asked for already.
        (PLAIN, "django>=5", None, '">3.2"', '">=5"'),
        (PLAIN, "django", None, "", ""),
        (PLAIN, "pillow[xmp]", None, 'Pillow: "*"', 'Pillow[xmp]: "*"'),
        (FULL, "c>3", None, '"==2"', '">3"'),
        ("c: {prefer-sdist: true}\n", "c>3", None, "{pre", '{version: ">3", pre'),
        ("c:\n  prefer-sdist: true\n", "c>3", None, "  pre", '  version: ">3"\n  pre'),
        ("c:\nd:\n", "c>3", None, "c:\n", 'c: ">3"\n'),
        # Where, and where from.
        (
            PLAIN,
            "uvloop>=0.19 ; sys_platform == 'linux'",
            None,
            'Pillow: "*"\n',
            'Pillow: "*"\nuvloop: {version: ">=0.19", markers: "sys_platform == \\"linux\\""}\n',
        ),
        (
            PLAIN,
            "x @ git+https://g.example/x.git@v1",
            None,
            'Pillow: "*"\n',
            'Pillow: "*"\nx: {git: "https://g.example/x.git", rev: "v1"}\n',
        ),
        (
            PLAIN,
            "x @ git+https://g.example/x.git#subdirectory=a/b",
            None,
            'Pillow: "*"\n',
            'Pillow: "*"\nx: {git: "https://g.example/x.git", subdirectory: "a/b"}\n',
        ),
        (
            PLAIN,
            "pillow @ https://f.example/pillow-1.0-py3-none-any.whl",
            None,
            'Pillow: "*"',
            'Pillow: {url: "https://f.example/pillow-1.0-py3-none-any.whl"}',
        ),
        # Names that YAML would take for something else.
        (PLAIN, "y", None, 'Pillow: "*"\n', 'Pillow: "*"\ny: "*"\n'),
        (PLAIN, "null", None, "\n# Images", '"null": "*"\n\n# Images'),
    ],
)
def test_yaml_gets_a_line_and_nothing_else_changes(text, add, group, before, after):
    found = edited(text, add, group=group)
    assert found == (text.replace(before, after, 1) if before else text or after)


def test_a_group_brings_the_full_form_along():
    assert edited("python: 3.11\n# Web\na: 1  # first\n\nb:\n", "c", group="dev") == (
        "python: 3.11\nrequirements:\n  # Web\n  a: 1  # first\n\n  b:\n"
        'groups:\n  dev:\n    c: "*"\n'
    )


@pytest.mark.parametrize(
    ("text", "name", "group", "gone"),
    [
        (PLAIN, "django", None, 'Django: ">3.2"  # long-term\n'),
        (FULL, "c", None, '  c:\n    version: "==2"\n    build-requires: [x]\n'),
        (FULL, "pytest", "dev", 'groups:\n  dev:\n    pytest: "*"\n'),
        ("{a: 1, b: 2}", "a", None, "a: 1, "),
        ("{a: 1, b: 2}", "b", None, ", b: 2"),
    ],
)
def test_yaml_loses_an_entry_and_nothing_else(text, name, group, gone):
    assert edited(text, remove=[name], group=group) == text.replace(gone, "", 1)


TXT = f"""\
# all of it
-r more.txt
abc==1  # why
Httpx[http2]>=0.2 \\
  --hash=sha256:{"0" * 64}
z
"""


@pytest.mark.parametrize(
    ("add", "before", "after"),
    [
        ("m>1", "z\n", "m>1\nz\n"),
        ("abc>2", "abc==1  # why", "abc>2  # why"),
        ("abc[x]", "abc==1  # why", "abc[x]==1  # why"),
        ("zz", "z\n", "z\nzz\n"),
        ("z", "", ""),
    ],
)
def test_lines_of_requirements_txt_are_changed(tmp_path, add, before, after):
    (tmp_path / "more.txt").write_text("other\n")
    found = edited(TXT, add, name=str(tmp_path / "requirements.txt"))
    assert found == (TXT.replace(before, after, 1) if before else TXT)


def test_a_line_that_goes_takes_its_hashes_along(tmp_path):
    (tmp_path / "more.txt").write_text("other\n")
    found = edited(TXT, remove=["httpx"], name=str(tmp_path / "requirements.txt"))
    assert found == "# all of it\n-r more.txt\nabc==1  # why\nz\n"


def test_a_pyproject_for_another_python_than_ours_is_changed(uv, tmp_path):
    name = str(tmp_path / "pyproject.toml")
    for line in ('requires-python = ">=3.8,<3.9"  # old\r', "requires-python='==2.7.*'"):
        text = f'[project]\nname = "x"\nversion = "1"\n{line}\ndependencies = ["b"]\n'
        added = edited(text, "a", name=name, env={"WHEELHOUSE_UV": uv})
        assert f"\n{line}\n" in added
        assert '"a"' in added
        assert (
            edited(added, remove=["a"], name=name, env={"WHEELHOUSE_UV": uv}).splitlines()[:4]
            == (text.splitlines()[:4])
        )


def test_pyproject_is_changed_by_uv(uv, tmp_path):
    text = (
        '[project]\nname = "p"\nversion = "1"\n# kept\ndependencies = [\n  "abc>1",\n]\n\n'
        '[dependency-groups]\ndev = ["pytest"]\n'
    )
    env = {"WHEELHOUSE_UV": uv}
    name = str(tmp_path / "pyproject.toml")
    added = edited(text, "httpx[http2]>=0.27", name=name, env=env)
    assert added == text.replace('  "abc>1",\n', '  "abc>1",\n  "httpx[http2]>=0.27",\n')
    assert edited(added, remove=["httpx"], name=name, env=env) == text
    assert '"tox"' in edited(text, "tox", group="dev", name=name, env=env)
    with pytest.raises(UnsatisfiableError, match="it is in dev, which --group names"):
        edited(text, remove=["pytest"], name=name, env=env)


@pytest.mark.parametrize(
    ("text", "edit", "problem"),
    [
        (PLAIN, {"remove": ["flask"]}, "requirements.yaml: it doesn't ask for flask"),
        (
            FULL,
            {"remove": ["pytest"]},
            "requirements.yaml: it doesn't ask for pytest; it is in dev, which --group names",
        ),
        (FULL, {"remove": ["a"], "group": "dev"}, "requirements.yaml: the group dev doesn't ask"),
        (PLAIN, {"remove": ["django"], "group": "dev"}, "requirements.yaml: groups stand beside"),
        ("{a: 1}", {"add": "b", "group": "dev"}, "requirements.yaml: groups stand beside"),
        ('a: "1"', {"remove": ["a"]}, "requirements.yaml:1: the file is empty"),
        ("a: &x 1\nb: *x\n", {"remove": ["a"]}, "requirements.yaml"),
    ],
)
def test_what_can_t_be_edited_is_told(text, edit, problem):
    with pytest.raises(LockError) as caught:
        edited(text, *edit.pop("add", ()), **edit)
    assert str(caught.value).startswith(problem)


@pytest.mark.parametrize(
    ("name", "text", "after"),
    [
        ("requirements.txt", "# none yet\n-c limits.txt\n", "# none yet\n-c limits.txt\nabc\n"),
        ("requirements.yaml", "# none yet\n", '# none yet\nabc: "*"\n'),
        ("requirements.yaml", "requirements:\n", 'requirements:\n  abc: "*"\n'),
        (
            "pyproject.toml",
            '[project]\nname = "p"\nversion = "1"\ndependencies = []\n',
            '[project]\nname = "p"\nversion = "1"\ndependencies = [\n    "abc",\n]\n',
        ),
    ],
)
def test_a_file_that_asks_for_nothing_gets_its_first_package(uv, tmp_path, name, text, after):
    (tmp_path / "limits.txt").write_text("abc<9\n")
    found = edited(text, "abc", name=str(tmp_path / name), env={"WHEELHOUSE_UV": uv})
    assert found.split() == after.split()


@pytest.mark.parametrize("variable", ["UV_DEFAULT_INDEX", "UV_INDEX", "UV_EXTRA_INDEX_URL"])
def test_the_index_of_the_machine_is_not_written(uv, tmp_path, variable):
    text = '[project]\nname = "p"\nversion = "1"\ndependencies = []\n'
    env = {"WHEELHOUSE_UV": uv, variable: "https://user:secret@index.example/simple"}
    name = str(tmp_path / "pyproject.toml")
    for added in ("abc", "abc @ git+https://g.example/x.git"):
        assert "index.example" not in edited(text, added, name=name, env=env)


@pytest.mark.parametrize("name", ["uv.lock", "poetry.lock", "pylock.toml"])
def test_another_tool_s_lock_is_not_edited(name):
    with pytest.raises(UsageError, match="edit this kind of file; change it with "):
        edited("lock-version = '1.0'\n", "a", name=name)


def test_a_file_of_another_encoding_is_not_edited(tmp_path):
    file = tmp_path / "requirements.txt"
    file.write_bytes("a\n".encode("utf-16"))
    with pytest.raises(UsageError) as caught:
        edits.read_text(file)
    assert str(caught.value) == f"{file}: only a file in UTF-8 can be edited; save it as that"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("requirements.yaml", 'idna: "*"\n'),
        ("requirements.txt", "idna\n"),
        ("pyproject.toml", '[project]\nname = "p"\nversion = "1"\ndependencies = ["idna"]\n'),
        ("thing.py", '# /// script\n# dependencies = ["idna"]\n# ///\n'),
    ],
)
def test_a_package_that_is_named_twice_is_one(name: str, text: str) -> None:
    once = edited(text, "six>1", name=name)
    assert edited(text, "six>1", "Six >1", name=name) == once
    assert edited(once, remove=("six", "six"), name=name) == edited(
        once, remove=("six",), name=name
    )
    with pytest.raises(UsageError, match="six is to be added as `six` and as `six>1`; name it"):
        edited(text, "six", "six>1", name=name)

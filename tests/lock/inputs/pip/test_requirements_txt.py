"""requirements.txt: what its lines mean, and that each error names file and line."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lock.errors import UsageError
from lock.inputs import read
from lock.inputs.pip.requirements_txt import parse
from lock.models.requirements import Git, Index, Local, Url

SHA256 = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


def wanted(text):
    return [str(requirement) for requirement in parse(text, "r.txt").packages]


def errors(text, file="r.txt"):
    with pytest.raises(UsageError) as caught:
        parse(text, str(file))
    return str(caught.value).split("\n")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Django>3.2", ["django>3.2"]),
        ("b\na ~= 1.2 # why\n\n# a\n", ["a~=1.2", "b"]),
        ("a[X_y, z] >= 1, < 2", ["a[x-y,z]<2,>=1"]),
        ("a \\\n  >= 1\nb", ["a>=1", "b"]),
        ("a==1 ; python_version < '3.9'", ['a==1 ; python_version < "3.9"']),
        (
            "a==1 ; python_version < '3.9'\na==2 ; python_version >= '3.9'",
            ['a==1 ; python_version < "3.9"', 'a==2 ; python_version >= "3.9"'],
        ),
        ("a (>=1)", ["a>=1"]),
        ("a\r\nb\r\n", ["a", "b"]),
        ("a\na", ["a"]),
        ("a-b.c", ["a-b-c"]),
        ("--prefer-binary\n--trusted-host x.example\n--no-require-hashes\na", ["a"]),
    ],
)
def test_a_line_is_a_requirement(text, expected):
    assert wanted(text) == expected


def test_hashes_are_kept_in_any_place_that_pip_reads():
    other = SHA256[::-1]
    text = f"a==1 \\\n    --hash=sha256:{SHA256} \\\n    --hash sha256:{other}\n    # via b\nb==2\n"
    assert parse(text, "r.txt").hashes == {"a": tuple(sorted([SHA256, other]))}


def test_other_hashes_keep_their_kind():
    sha512, md5 = "AB" * 64, "cd" * 16
    text = (
        f"a==1 --hash=sha512:{sha512} --hash=sha256:{SHA256}\n"
        f"https://b.example/b-1.0.tar.gz#egg=b&md5={md5}\n"
        f"c @ https://c.example/c-1.0.tar.gz#sha256={SHA256} ; os_name == 'posix'\n"
    )
    assert parse(text, "r.txt").hashes == {
        "a": (SHA256, f"sha512:{sha512.lower()}"),
        "b": (f"md5:{md5}",),
        "c": (SHA256,),
    }


def test_every_line_must_have_a_hash_where_that_is_asked_for():
    text = f"a==1 --hash=sha256:{SHA256}\nb\n--require-hashes\nc\n"
    assert errors(text) == [
        "r.txt:2: b has no hash, and `--require-hashes` is there; "
        "write `--hash=sha256:…` behind it",
        "r.txt:4: c has no hash, and `--require-hashes` is there; "
        "write `--hash=sha256:…` behind it",
    ]
    assert parse(f"{text}--no-require-hashes\n", "r.txt").hashes == {"a": (SHA256,)}


def test_index_options_become_indexes():
    text = (
        "-i https://main.example/simple/\n--extra-index-url=https://more.example/simple/\n"
        "-f https://links.example/page.html\n--extra-index-url https://more.example/simple/\na\n"
    )
    assert parse(text, "r.txt").indexes == (
        Index("extra-1", "https://more.example/simple/"),
        Index("links-2", "https://links.example/page.html", flat=True, unnamed=True),
        Index("main", "https://main.example/simple/", default=True),
    )


def test_without_an_index_only_the_links_are_looked_at():
    found = parse("--no-index\n-f https://links.example/\na", "r.txt")
    assert found.indexes == (Index("links-1", "https://links.example/", flat=True, unnamed=True),)
    assert found.settings.no_index


@pytest.mark.parametrize(
    ("text", "no_binary", "no_build"),
    [
        ("--no-binary Foo_Bar,b", ("b", "foo-bar"), ()),
        ("--no-binary :all:", (":all:",), ()),
        ("--only-binary=:all:", (), (":all:",)),
        ("--no-binary :all:\n--only-binary b", (":all:",), ("b",)),
        ("--no-binary b\n--only-binary :all:", (), (":all:",)),
        ("--no-binary b\n--no-binary :none:", (), ()),
        ("--only-binary b,c\n--no-binary b", ("b",), ("c",)),
        ("--only-binary b --no-binary c", ("c",), ("b",)),
    ],
)
def test_the_format_of_packages_is_chosen_as_by_pip(text, no_binary, no_build):
    settings = parse(f"{text}\na", "r.txt").settings
    assert (settings.no_binary, settings.no_build) == (no_binary, no_build)


@pytest.mark.parametrize(
    ("text", "expected", "by_name"),
    [
        ("--pre", "allow", {}),
        ("--all-releases :all:\n--only-final b", "allow", {"b": "disallow"}),
        ("--only-final :all:", "disallow", {}),
        ("--all-releases B,c\n--only-final c", "", {"b": "allow", "c": "disallow"}),
        ("--pre\n--all-releases :none:", "", {}),
    ],
)
def test_prereleases_are_chosen_as_by_pip(text, expected, by_name):
    settings = parse(f"{text}\na", "r.txt").settings
    assert (settings.prerelease, settings.prerelease_of) == (expected, by_name)


def test_files_include_others_as_seen_from_their_own_folder(tmp_path):
    (tmp_path / "more").mkdir()
    limits = f"file://{tmp_path}/limits.txt"
    (tmp_path / "r.txt").write_text(f"-r more/base.txt\n-c {limits}\na\n")
    (tmp_path / "more" / "base.txt").write_text("b\n--constraint ../other.txt\n")
    (tmp_path / "limits.txt").write_text("c<2\n-c more/last.txt\n-r asked.txt\n")
    (tmp_path / "other.txt").write_text("d==1\n")
    (tmp_path / "more" / "last.txt").write_text("e==1\n")
    (tmp_path / "asked.txt").write_text("f\n")
    found = read(tmp_path / "r.txt")
    # pip installs what a file of constraints includes by `-r`.
    assert [*map(str, found.packages)] == ["a", "b", "f"]
    assert found.constraints == ("c<2", "d==1", "e==1")


def test_places_are_direct_references(tmp_path):
    project = tmp_path / "libs"
    project.mkdir()
    (project / "pyproject.toml").write_text('[project]\nname = "Lib_x"\nversion = "1"\n')
    (tmp_path / "r.in").write_text(
        "a @ https://a.example/a-1.0.tar.gz ; os_name == 'posix'\n"
        "https://b.example/b_c-1.0-py3-none-any.whl#egg=b-c\n"
        "git+https://c.example/c.git@v1#egg=c\nd @ git+ssh://git@d.example/d.git\n"
        "-e ./libs[extra]\n"
    )
    found = {package.name: package for package in read(tmp_path / "r.in").packages}
    assert found["a"].reference == Url("https://a.example/a-1.0.tar.gz")
    assert found["a"].marker == 'os_name == "posix"'
    assert found["b-c"].reference == Url("https://b.example/b_c-1.0-py3-none-any.whl")
    assert found["c"].reference == Git("https://c.example/c.git", "v1")
    assert found["d"].reference == Git("ssh://git@d.example/d.git")
    assert found["lib-x"].reference == Local(str(project), "./libs")
    assert found["lib-x"].extras == ("extra",)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("a b", '"a b" is no requirement (PEP 508); write'),
        ("a=1", '"a=1" is no requirement (PEP 508); write'),
        ("a==1 b==2", '"a==1 b==2" is no requirement (PEP 508); write'),
        ("a ; extra == 'x'", "`extra` means nothing in a requirement's marker; "),
        ("a --hash=md5:00", '"md5:00" is no hash that pip takes; write'),
        ("a --hash=sha512:00", '"sha512:00" is no hash that pip takes; write'),
        ("https://a.example/a-1.0.tar.gz#sha256=0", '"0" is no sha256; write its 64'),
        ("a --hash", "`--hash` lacks its value; write"),
        ("a --global-option=x", "`--global-option` can't be locked here; leave"),
        ("a --config-settings x=y", "`--config-settings` can't be locked here; leave"),
        ("a -C x=y", "`--config-settings` can't be locked here; leave"),
        ("a --pre", "`--pre` can't be locked here; write it on a line of its own"),
        (f"--hash=sha256:{SHA256}", "`--hash` stands alone; write it behind a requirement"),
        ('a --hash="x', "a quotation mark is missing; close"),
        ("--nonsense=1", "`--nonsense` is no option that is known here; mend"),
        ("--no", "`--no` is no option that is known here; mend"),
        ("-c", "`--constraint` lacks its value; write"),
        ("-i https://u:secret@i.example/", "an address must not hold a password; put"),
        ("-f ./wheels", "there is no /"),
        ("-r nowhere.txt", "nowhere.txt: there is no such file; "),
        ("-r https://r.example/r.txt", "https://r.example/r.txt: a file on another machine isn't"),
        ("./nowhere", "there is no /"),
        ("https://a.example/file.whl", '"file.whl" is no name of a wheel; write'),
        ("git+https:nonsense", "this is no address; write"),
        (
            "a @ git+https://a.example/a#subdirectory=../b",
            '"../b" is no folder below the top; write',
        ),
    ],
)
def test_a_wrong_line_is_named(line, expected):
    [told] = errors(f"b\n{line}\nc")
    assert told.startswith(f"r.txt:2: {expected}")
    assert "; " in told
    assert "secret" not in told


def test_errors_in_several_files_are_told_at_once(tmp_path):
    (tmp_path / "r.txt").write_text("a b\n-r base.txt\n--nonsense\n")
    (tmp_path / "base.txt").write_text("\n?\n")
    found = errors((tmp_path / "r.txt").read_text(), tmp_path / "r.txt")
    assert [line.split(": ")[0] for line in found] == [
        f"{tmp_path}/r.txt:1",
        f"{tmp_path}/r.txt:3",
        f"{tmp_path}/base.txt:2",
    ]


def test_a_circle_of_files_is_refused(tmp_path):
    (tmp_path / "r.txt").write_text("a\n-r base.txt\n")
    (tmp_path / "base.txt").write_text("-r r.txt\n")
    [told] = errors((tmp_path / "r.txt").read_text(), tmp_path / "r.txt")
    assert told.startswith(
        f"{tmp_path}/base.txt:1: r.txt: the files include each other in a circle"
    )


def test_a_file_without_requirements_is_refused():
    assert errors("# nothing\n") == [
        "r.txt:1: no package is asked for; write lines such as `Django>3.2`"
    ]


PIECES = ["a", "==1", " ", "\n", "\\\n", "#", "-r ", "-c x", "-e .", "--hash=", "[x]", "@", "'"]
PIECES += ["git+https://", "https://x/a-1.tar.gz", ";", "os_name", "--", "-i ", "(", ")", "file:"]


@pytest.fixture(scope="module")
def offline():
    """Let uv ask nobody for the names of addresses."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("UV_OFFLINE", "1")
        yield


# uv is run for some of the texts.
@settings(deadline=None)
@pytest.mark.usefixtures("offline")
@given(st.lists(st.sampled_from(PIECES), max_size=15).map("".join) | st.text(max_size=30))
def test_any_text_gives_requirements_or_lines_that_say_where(text):
    try:
        found = parse(text, "r.txt")
    except UsageError as error:
        for line in str(error).split("\n"):
            assert line.startswith("r.txt:"), line
            assert "; " in line
    else:
        assert found.packages

"""uv's settings: each key is honoured, refused or told, and read from where uv reads it."""

import re
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from lock.errors import UsageError
from lock.inputs import read
from lock.inputs.uv.uv_keys import INDEX_KEYS, KEYS, Treatment
from lock.lockfile.requested import requested
from lock.models.requirements import ALL, Index, Metadata, Requirements
from tests.support.project import ROOT

PROJECT = '[project]\nname = "thing"\nversion = "1"\ndependencies = ["a>=1", "b"]\n'
GROUPS = '[dependency-groups]\ndev = ["c"]\n'
# Key → a valid value that isn't the default.
VALUES = {
    "index": '[{name = "x", url = "https://x.example/simple"}]',
    "index-url": '"https://x.example/simple"',
    "extra-index-url": '["https://x.example/simple"]',
    "find-links": '["https://x.example/links.html"]',
    "no-index": "true",
    "index-strategy": '"unsafe-best-match"',
    "keyring-provider": '"subprocess"',
    "allow-insecure-host": '["x.example"]',
    "native-tls": "true",
    "system-certs": "true",
    "http-proxy": '"http://proxy.example"',
    "https-proxy": '"http://proxy.example"',
    "no-proxy": '["x.example"]',
    "resolution": '"lowest-direct"',
    "prerelease": '"allow"',
    "prerelease-package": '{a = "allow"}',
    "fork-strategy": '"fewest"',
    "exclude-newer": '"2026-01-01"',
    "exclude-newer-package": '{a = "7 days", b = false}',
    "dependency-metadata": '[{name = "a", version = "1.0", requires-dist = ["b"]}]',
    "constraint-dependencies": '["a<2"]',
    "override-dependencies": '["a<2"]',
    "exclude-dependencies": '["b"]',
    "build-constraint-dependencies": '["c<2"]',
    "environments": "[\"sys_platform == 'linux'\"]",
    "minimum-libc-version": '{glibc = "2.28"}',
    "conflicts": '[[{group = "dev"}, {group = "docs"}]]',
    "no-binary": "true",
    "no-binary-package": '["a"]',
    "no-build": "true",
    "no-build-package": '["a"]',
    "extra-build-dependencies": '{a = [{requirement = "b", match-runtime = true}]}',
    "sources": '{a = {url = "https://x.example/a-1.0.tar.gz"}}',
    "no-sources": "true",
    "no-sources-package": '["b"]',
    "workspace": '{members = ["member"]}',
    "package": "true",
    "dev-dependencies": '["d"]',
    "dependency-groups": '{dev = {requires-python = ">=3.12"}}',
    "config-settings": '{editable_mode = "compat"}',
    "config-settings-package": '{a = {x = "y"}}',
    "extra-build-variables": '{a = {X = "1"}}',
    "no-build-isolation": "true",
    "no-build-isolation-package": '["a"]',
    "default-groups": '["dev"]',
    "pip": '{resolution = "lowest"}',
    "upgrade": "true",
    "upgrade-package": '["a"]',
    "required-environments": "[\"sys_platform == 'linux'\"]",
    "require-build-hashes": "true",
    "torch-backend": '"cpu"',
    "required-version": '">=0.1"',
    "managed": "true",
    "cache-keys": '[{file = "x"}]',
    "offline": "true",
    "preview": "true",
    "preview-features": '["format"]',
    "no-cache": "true",
    "cache-dir": '"cache"',
    "concurrent-downloads": "4",
    "concurrent-builds": "4",
    "concurrent-installs": "4",
    "python-preference": '"system"',
    "python-downloads": '"never"',
    "python-install-mirror": '"https://x.example"',
    "pypy-install-mirror": '"https://x.example"',
    "graalpy-install-mirror": '"https://x.example"',
    "pyodide-install-mirror": '"https://x.example"',
    "python-downloads-json-url": '"https://x.example"',
    "link-mode": '"copy"',
    "compile-bytecode": "true",
    "reinstall": "true",
    "reinstall-package": '["a"]',
    "publish-url": '"https://x.example"',
    "trusted-publishing": '"always"',
    "check-url": '"https://x.example"',
    "add-bounds": '"lower"',
    "audit": '{ignore = ["X-1"]}',
    "build-backend": '{module-name = "thing"}',
}
INDEX_VALUES = {
    "name": '"y"',
    "url": '"https://y.example/simple"',
    "default": "true",
    "explicit": "true",
    "format": '"flat"',
    "authenticate": '"always"',
    "ignore-error-codes": "[403]",
    "exclude-newer": '"2026-01-01"',
    "cache-control": '{api = "max-age=60"}',
    "hash-algorithm": '"sha256"',
    "publish-url": '"https://x.example"',
}
# Its reader is the build.
READ_ELSEWHERE = {"build-backend"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a project's member."""
    (tmp_path / "member").mkdir()
    (tmp_path / "member" / "pyproject.toml").write_text(
        PROJECT.replace("thing", "member").replace('"a>=1"', '"m"'), encoding="utf-8"
    )
    return tmp_path


def write(folder: Path, tool: str = "", uv_toml: str | None = None) -> Path:
    """Write the project's files, and return the path of its pyproject.toml."""
    file = folder / "pyproject.toml"
    table = f"[tool.uv]\n{tool}\n" if tool else ""
    file.write_text(PROJECT + GROUPS + table, encoding="utf-8")
    if uv_toml is not None:
        (folder / "uv.toml").write_text(uv_toml, encoding="utf-8")
    return file


def parsed(folder: Path, tool: str = "", uv_toml: str | None = None) -> Requirements:
    return read(write(folder, tool, uv_toml))


def all_of(found: Requirements) -> tuple[Requirements, object]:
    """Return requirements with what isn't compared of them."""
    return found, found.settings.variables


def error(folder: Path, tool: str = "", uv_toml: str | None = None) -> str:
    with pytest.raises(UsageError) as caught:
        parsed(folder, tool, uv_toml)
    return str(caught.value).replace(f"{folder}/", "")


def keys_of(treatment: Treatment) -> list[str]:
    return [key for key, about in KEYS.items() if about.treatment is treatment]


def of_uv(uv: str, folder: Path) -> str:
    """Return on one line what uv says of its settings."""
    done = subprocess.run(
        [uv, "lock", "--offline"], cwd=folder, capture_output=True, text=True, check=False
    )
    return " ".join(done.stderr.split())


def test_every_key_of_uv_is_known_and_no_other(tmp_path: Path, uv: str) -> None:
    (tmp_path / "uv.toml").write_text("surely-unknown = 1\n", encoding="utf-8")
    (tmp_path / "pyproject.toml").write_text(PROJECT, encoding="utf-8")
    told = of_uv(uv, tmp_path)
    listed = re.search(r"unknown field `surely-unknown`, expected one of (.*)", told)
    assert listed, told
    assert sorted(re.findall(r"`([\w-]+)`", listed[1])) == sorted(KEYS)


def test_the_document_has_every_key() -> None:
    rows = re.findall(
        r"^\| `([\w-]+)` \| (.*?) \| (.*?) \|$",
        (ROOT / "docs" / "uv-settings.md").read_text("utf-8"),
        re.MULTILINE,
    )
    expected = [
        (key, about.treatment.value, about.meaning)
        for table in (KEYS, INDEX_KEYS)
        for key, about in table.items()
    ]
    assert sorted(rows) == sorted(expected)


@pytest.mark.parametrize("key", VALUES)
def test_uv_takes_the_value_that_is_tested(folder: Path, uv: str, key: str) -> None:
    line = f"{key} = {VALUES[key]}\n"
    write(folder, *(("", line) if KEYS[key].in_uv_toml else (line,)))
    told = of_uv(uv, folder)
    assert "Failed to parse" not in told
    assert "unknown" not in told


@pytest.mark.parametrize("key", keys_of(Treatment.HONOURED))
def test_an_honoured_key_is_read(folder: Path, key: str) -> None:
    if key in READ_ELSEWHERE:
        assert parsed(folder, f"{key} = {VALUES[key]}").notes == ()
        return
    beside = {
        "no-sources": f"sources = {VALUES['sources']}",
        "no-sources-package": f"sources = {VALUES['sources'].replace('a =', 'b =')}",
    }.get(key, "offline = false")
    before = parsed(folder, beside)
    after = parsed(folder, f"{beside}\n{key} = {VALUES[key]}")
    assert all_of(after) != all_of(before)
    assert after.notes == ()


@pytest.mark.parametrize("key", keys_of(Treatment.WITHOUT_EFFECT))
def test_a_key_without_effect_is_told(folder: Path, key: str) -> None:
    plain = parsed(folder)
    found = parsed(folder, f"{key} = {VALUES[key]}")
    assert all_of(replace(found, notes=())) == all_of(plain)
    [note] = found.notes
    assert note.startswith(f"{folder / 'pyproject.toml'}: ")
    assert f"tool.uv.{key}" in note
    assert (KEYS[key].meaning in note) == KEYS[key].matters


def test_a_value_that_asks_for_nothing_is_not_told(folder: Path) -> None:
    assert parsed(folder, "upgrade = false\nno-build-isolation-package = []\npip = {}").notes == ()


def test_several_keys_without_effect_are_one_line(folder: Path) -> None:
    found = parsed(folder, 'link-mode = "copy"\noffline = true\nshiny = 1\nnewer = 2')
    assert [note.replace(f"{folder}/", "") for note in found.notes] == [
        "pyproject.toml: without effect on a lock: tool.uv.link-mode, tool.uv.offline",
        "pyproject.toml: no setting of uv that is known here, so without effect: tool.uv.shiny, "
        "tool.uv.newer",
    ]


@pytest.mark.parametrize("key", INDEX_KEYS)
def test_each_key_of_an_index_is_read_or_told(folder: Path, key: str) -> None:
    values = {"name": '"x"', "url": '"https://x.example/simple"'}
    before = parsed(folder, f"index = [{inline(values)}]")
    after = parsed(folder, f"index = [{inline(values | {key: INDEX_VALUES[key]})}]")
    idle = INDEX_KEYS[key].treatment is Treatment.WITHOUT_EFFECT
    assert (before.indexes == after.indexes) == idle
    assert any(f"tool.uv.index.{key}" in note for note in after.notes) == idle


def inline(values: dict[str, str]) -> str:
    return "{" + ", ".join(f"{key} = {value}" for key, value in values.items()) + "}"


def test_indexes_by_their_addresses(folder: Path) -> None:
    found = parsed(
        folder,
        'index-url = "https://main.example/simple"\n'
        'extra-index-url = ["https://one.example/simple", "https://two.example/simple"]\n'
        'find-links = ["https://links.example/all.html"]\n'
        'index = [{name = "named", url = "https://named.example/simple"}]',
    )
    assert found.indexes == (
        Index("named", "https://named.example/simple"),
        Index("extra-index-url-1", "https://one.example/simple", unnamed=True),
        Index("extra-index-url-2", "https://two.example/simple", unnamed=True),
        Index("find-links-1", "https://links.example/all.html", flat=True, unnamed=True),
        Index("index-url", "https://main.example/simple", default=True, unnamed=True),
    )


def test_a_folder_of_files_is_seen_from_the_file(folder: Path) -> None:
    (folder / "vend").mkdir()
    [index] = parsed(folder, 'find-links = ["./vend"]').indexes
    assert index == Index(
        "find-links-1", (folder / "vend").as_uri(), flat=True, unnamed=True, written="./vend"
    )
    shown = {"name": "find-links-1", "url": "./vend", "format": "links"}
    assert requested(parsed(folder, 'find-links = ["./vend"]'))["indexes"] == [shown]
    assert error(folder, 'find-links = ["./away"]') == (
        "pyproject.toml: tool.uv.find-links: there is no away; name a folder, or an address"
    )


def test_the_settings_have_their_values(folder: Path) -> None:
    found = parsed(
        folder,
        'resolution = "lowest"\nprerelease-package = {A_b = "allow"}\nno-binary = true\n'
        'no-build-package = ["C_d"]\nexclude-newer-package = {a = false, b = "7 days"}\n'
        'exclude-dependencies = ["B_b"]\nextra-build-dependencies = {a = ["x<2", '
        '{requirement = "y"}, {requirement = "b>1", match-runtime = true}]}\n'
        'dependency-metadata = [{name = "A_c", requires-dist = ["z ; extra == \'q\'"], '
        'provides-extra = ["q"], requires-python = ">=3.8"}]',
    )
    settings = found.settings
    assert settings.resolution == "lowest"
    assert settings.prerelease_of == {"a-b": "allow"}
    assert settings.exclude_newer_of == {"a": "false", "b": "7 days"}
    assert settings.excluded == ("b-b",)
    assert settings.no_binary == (ALL,)
    assert settings.no_build == ("c-d",)
    assert settings.match_runtime == {"a": ("b>1",)}
    assert found.build_requires == {"a": ("x<2", "y")}
    assert settings.metadata == (Metadata("a-c", None, ('z; extra == "q"',), ("q",), ">=3.8"),)


def test_a_group_is_for_some_pythons(folder: Path) -> None:
    found = parsed(folder, 'dependency-groups = {dev = {requires-python = ">=3.12,<4"}}')
    [wanted] = found.groups["dev"]
    assert wanted.marker == 'python_full_version < "4" and python_full_version >= "3.12"'


@pytest.mark.parametrize(
    ("tool", "expected"),
    [
        ('resolution = "low"', 'tool.uv.resolution: "low" is not known; write one of highest,'),
        ("no-index = 3", "tool.uv.no-index: this is not `true` or `false`; write"),
        ('exclude-newer-package = {a = "x"}', 'tool.uv.exclude-newer-package.a: "x" is no date'),
        ('index-url = "https://u:p@x.example"', "tool.uv.index-url: an address must not hold"),
        ('no-build-package = ["a b"]', 'tool.uv.no-build-package: "a b" is no name of a package'),
        ("override-dependencies = [{package = {name = 'a'}}]", "tool.uv.override-dependencies: an"),
        ("exclude-dependencies = [{package = {name = 'a'}}]", "tool.uv.exclude-dependencies: a"),
        ('minimum-libc-version = {glibc = "x"}', 'tool.uv.minimum-libc-version.glibc: "x" is no'),
        ("minimum-libc-version = {bionic = '1'}", "tool.uv.minimum-libc-version.bionic: this is"),
        ('environments = ["x"]', 'tool.uv.environments: "x" is no marker'),
        ("dependency-metadata = [{}]", "tool.uv.dependency-metadata.name: the metadata has no"),
        ("extra-build-dependencies = {a = [3]}", "tool.uv.extra-build-dependencies.a: this is no"),
        (
            'index = [{url = "https://x.example", format = "round"}]',
            'tool.uv.index.format: "round" is not known; write one of simple, flat',
        ),
    ],
)
def test_a_wrong_value_is_one_error(folder: Path, tool: str, expected: str) -> None:
    told = error(folder, tool)
    assert told.startswith(f"pyproject.toml: {expected}"), told
    assert "\n" not in told


class TestUvToml:
    """A uv.toml beside the pyproject.toml."""

    def test_it_replaces_all_settings(self, folder: Path) -> None:
        found = parsed(folder, 'resolution = "lowest"\nno-index = true', 'prerelease = "allow"\n')
        assert found.settings.resolution == ""
        assert not found.settings.no_index
        assert found.settings.prerelease == "allow"
        assert [note.replace(f"{folder}/", "") for note in found.notes] == [
            "pyproject.toml: tool.uv.resolution, tool.uv.no-index has no effect; uv takes the "
            "settings of uv.toml instead"
        ]

    def test_what_is_a_project_s_stays(self, folder: Path) -> None:
        found = parsed(
            folder,
            'constraint-dependencies = ["a<2"]\nsources = {b = {index = "i"}}\n'
            'index = [{name = "i", url = "https://i.example"}]',
            "",
        )
        assert found.constraints == ("a<2",)
        assert found.indexes == (Index("i", "https://i.example", explicit=True),)
        assert found.index_of == {"b": "i"}

    def test_constraints_in_it_have_no_effect(self, folder: Path) -> None:
        found = parsed(folder, "", 'constraint-dependencies = ["a<2"]\n')
        assert found.constraints == ()
        assert [note.replace(f"{folder}/", "") for note in found.notes] == [
            "uv.toml: constraint-dependencies has no effect for `uv lock` there; move it to "
            "`[tool.uv]` of the pyproject.toml"
        ]

    def test_a_project_s_key_is_refused_in_it(self, folder: Path) -> None:
        assert error(folder, "", "package = true\nenvironments = []\n").split("\n") == [
            "uv.toml: environments: uv takes this in a pyproject.toml only; move it there",
            "uv.toml: package: uv takes this in a pyproject.toml only; move it there",
        ]

    def test_an_error_names_it(self, folder: Path) -> None:
        assert error(folder, "", 'resolution = "x"\n').startswith('uv.toml: resolution: "x" is not')
        assert error(folder, "", "x = \n").startswith("uv.toml:1: this is not TOML")

    def test_that_of_a_folder_above_holds_without_a_table(self, folder: Path) -> None:
        inner = folder / "inner"
        inner.mkdir()
        (folder / "uv.toml").write_text('resolution = "lowest"\n', encoding="utf-8")
        assert parsed(inner).settings.resolution == "lowest"
        assert parsed(inner, "offline = false").settings.resolution == ""


def test_a_member_has_the_settings_of_its_root(folder: Path) -> None:
    write(
        folder,
        'resolution = "lowest"\nconstraint-dependencies = ["a<2"]\n'
        'workspace = {members = ["member"]}',
    )
    member = folder / "member" / "pyproject.toml"
    text = member.read_text("utf-8").replace('"m"', '"a"')
    member.write_text(f'{text}[tool.uv]\nresolution = "highest"\n', encoding="utf-8")
    (folder / "member" / "uv.toml").write_text('prerelease = "allow"\n', encoding="utf-8")
    found = read(member)
    assert found.settings.resolution == "lowest"
    assert found.settings.prerelease == ""
    assert found.constraints == ("a<2",)
    assert found.notes == (
        f"{member}: tool.uv.resolution has no effect in a member of a workspace; move it to "
        f"{folder / 'pyproject.toml'}",
    )


def test_a_source_that_the_build_does_not_have_is_told(folder: Path) -> None:
    file = write(folder, 'sources = {b = {url = "https://x.example/b-1.0.zip"}}')
    text = file.read_text("utf-8") + '[build-system]\nrequires = ["B>=1", "c"]\n'
    file.write_text(text, encoding="utf-8")
    assert read(file).notes == (
        f"{file}: tool.uv.sources.b has no effect on the build, which takes it from an index",
    )

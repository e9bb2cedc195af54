"""What locking again keeps of an existing lock."""

import pytest

from lock.lockfile import document, existing
from lock.lockfile.canonical import dump
from lock.models.requirements import Git
from tests.support import format_one


@pytest.mark.parametrize(
    ("text", "python"),
    [
        ('wheelhouse: 1\npython: "3.11"\n', "3.11"),
        ('{"wheelhouse": 2,\n"python": "3.11"\n}\n', "3.11"),
        ('{"wheelhouse": 2,\n"python": "3.11",\n"links": [\n  {"name": ', "3.11"),
        ('{"wheelhouse": 2,\n"python": 3.11\n}\n', None),
        ("closure:\n  a: 1\nlinks: []\npython: '3.8'\n", "3.8"),
        ("python: 3.10\n", "3.10"),
        ("closure:\n  python: 3.10\n", None),
        ("", None),
    ],
)
def test_the_python_of_an_existing_file_is_found(tmp_path, text, python):
    file = tmp_path / "sources.yaml"
    file.write_text(text)
    assert existing.python(file) == python


def test_without_a_file_there_is_no_python(tmp_path):
    assert existing.python(tmp_path / "sources.yaml") is None


@pytest.mark.parametrize("write", [dump, format_one.as_format_one], ids=["format 2", "format 1"])
def test_a_lock_says_what_locking_again_keeps(tmp_path, write):
    commit = "0" * 40
    link = {"package": "a", "version": "1.0", "systems": ["x86_64-linux"]}
    data = {
        "wheelhouse": 2,
        "python": "3.11",
        "systems": {"aarch64-darwin": {"macos": "14.0"}, "x86_64-linux": {"glibc": "2.35"}},
        "requested": {
            "requirements": {"default": ["g @ git+https://git.example/g@main", "a"]},
            "only-groups": ["dev", "docs"],
            "only-packages": ["member"],
        },
        "projects": [{"name": "member", "path": "."}],
        "licenses": {"a": "MIT"},
        "links": [
            {"name": "a.whl", "sha256": "0", "url": "u", "size": 1} | link,
            {"name": "g", "git": "https://git.example/g", "rev": commit}
            | {"package": "g", "version": "2.0"},
        ],
        "build-links": [{"name": "b.whl", "package": "b", "version": "3.0"}],
    }
    file = tmp_path / "sources.yaml"
    file.write_text(write(data))
    assert existing.python(file) == "3.11"
    assert existing.systems(file) == data["systems"]
    assert existing.only_groups(file) == ("dev", "docs")
    assert existing.only_members(file) == ("member",)
    assert existing.has_licenses(file)
    assert not existing.has_only_dependencies(file)
    kept = existing.preferences(file)
    assert [(one.name, one.version) for one in kept.environment] == [("a", "1.0"), ("g", "2.0")]
    assert [(one.name, one.version) for one in kept.builds] == [("b", "3.0")]
    [found] = existing.commits(file, {"g": Git("https://git.example/g", "main")})
    assert (found.name, found.version) == ("g", "2.0")
    assert commit in str(found)


def test_all_but_the_cut_item_is_read_of_a_lock_that_was_cut_off():
    data = {
        "wheelhouse": 2,
        "systems": {"x86_64-linux": {"glibc": "2.35"}},
        "groups": {"default": ["a", "b"]},
        "links": [{"name": "a", "package": "a"}, {"name": "b", "package": "b"}],
    }
    text = dump(data)
    assert document.salvaged(text) == data
    del data["links"][1]
    assert document.salvaged(text[:-12]) == data


def test_versions_of_both_sides_of_a_merge_conflict_are_kept(tmp_path):
    file = tmp_path / "sources.yaml"
    text = dump(
        {
            "wheelhouse": 2,
            "python": "3.11",
            "links": [
                {"name": "a", "package": "a", "version": "1"},
                {"name": "b", "package": "b", "version": "1"},
                {"name": "c", "package": "c", "version": "1"},
            ],
        }
    )
    line = '  {"name": "b", "package": "b", "version": "1"},\n'
    other = '  {"name": "d", "package": "d", "version": "1"},\n'
    assert line in text
    file.write_text(text.replace(line, f"<<<<<<< HEAD\n{line}=======\n{other}>>>>>>> topic\n", 1))
    assert existing.python(file) == "3.11"
    found = existing.preferences(file).environment
    assert [one.name for one in found] == ["a", "b", "d", "c"]

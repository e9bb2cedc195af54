"""The requirements of several files, merged into one lock."""

from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path

import pytest

from lock import inputs
from lock.errors import UsageError
from lock.inputs.together import merge
from lock.models.requirements import Index, Metadata, Requirements, Settings
from lock.pipeline.plan import required_python

A, B = Path("a"), Path("b")


def merged(folder: Path, texts: Mapping[str, str], *, with_python: bool = True) -> Requirements:
    """The requirements of some files, written into a folder."""
    for name, text in texts.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    files = [folder / name for name in texts]
    return inputs.read_together(files, with_python=with_python)


def test_lists_are_joined_and_each_entry_stands_once(tmp_path: Path) -> None:
    found = merged(
        tmp_path,
        {
            "a.txt": "b>1\na\n-c c.txt\n",
            "c.txt": "x<3\n",
            "d.yaml": "requirements: {a: '*', c: '==1'}\nconstraints: [x<2]\n"
            "groups: {dev: {t: '*'}}\n",
            "e.yaml": "requirements: {}\ngroups: {dev: {s: '*'}, docs: {d: '*'}}\n",
        },
    )
    assert [str(one) for one in found.packages] == ["a", "b>1", "c==1", "x<3"]
    assert {name: [*map(str, listed)] for name, listed in found.groups.items()} == {
        "dev": ["s", "t"],
        "docs": ["d"],
    }
    assert found.constraints == ("x<2", "x<3")


def test_a_file_that_is_named_twice_counts_once(tmp_path: Path) -> None:
    found = merged(tmp_path, {"a.txt": "a\n", "./a.txt": "a\n"})
    assert [str(one) for one in found.packages] == ["a"]


def test_indexes_without_names_of_their_own_stay_apart(tmp_path: Path) -> None:
    found = merged(
        tmp_path,
        {
            "a.txt": "--extra-index-url https://one.example/simple\na\n",
            "b.txt": "--extra-index-url https://two.example/simple\n"
            "--extra-index-url https://one.example/simple\nb\n",
            "c.txt": "--index-url https://main.example/simple\nc\n",
            "d.txt": "--find-links https://links.example/all\nd\n",
        },
    )
    assert [(index.name, index.url, index.default, index.flat) for index in found.indexes] == [
        ("extra-1", "https://one.example/simple", False, False),
        ("extra-2", "https://two.example/simple", False, False),
        ("links-1", "https://links.example/all", False, True),
        ("main", "https://main.example/simple", True, False),
    ]


def yaml_index(name: str, url: str, use: str = "") -> str:
    more = f", {use}: true" if use else ""
    return f"requirements: {{a: '*'}}\nindexes: {{{name}: {{url: '{url}'{more}}}}}\n"


@pytest.mark.parametrize(
    ("one", "other", "key"),
    [
        ("python: 3.11\na:\n", "python: 3.12\na:\n", "python"),
        (
            "requirements: {a: '*'}\nexclude-newer: 2025-01-01\n",
            "requirements: {a: '*'}\nexclude-newer: 2025-01-02\n",
            "exclude-newer",
        ),
        (
            "requirements: {a: '*'}\nsystems: [x86_64-linux]\n",
            "requirements: {a: '*'}\nsystems: [aarch64-linux]\n",
            "systems",
        ),
        (
            "requirements: {a: '*'}\nglibc: '2.35'\n",
            "requirements: {a: '*'}\nglibc: '2.28'\n",
            "glibc",
        ),
        (
            yaml_index("own", "https://one.example/simple"),
            yaml_index("own", "https://two.example/simple"),
            "index own",
        ),
        (
            yaml_index("one", "https://one.example/simple", "default"),
            yaml_index("two", "https://two.example/simple", "default"),
            "default index",
        ),
    ],
)
def test_a_contradiction_names_both_files(tmp_path: Path, one: str, other: str, key: str) -> None:
    with pytest.raises(UsageError) as caught:
        merged(tmp_path, {"one.yaml": one, "same.txt": "a\n", "other.yaml": other})
    names = f"{tmp_path}/one.yaml and {tmp_path}/other.yaml"
    assert str(caught.value).startswith(f"{names}: {key}: they contradict each other (")


def test_a_python_on_the_command_line_decides(tmp_path: Path) -> None:
    texts = {"one.yaml": "python: 3.11\na:\n", "other.yaml": "python: 3.12\na:\n"}
    assert required_python(merged(tmp_path, texts, with_python=False)) is None


def test_ranges_of_python_hold_together(tmp_path: Path) -> None:
    project = '[project]\nname = "{0}"\nversion = "1"\nrequires-python = "{1}"\n'
    project += 'dependencies = ["x"]\n[tool.uv]\npackage = false\n'
    found = merged(
        tmp_path,
        {
            "p/pyproject.toml": project.format("p", ">=3.10"),
            "q/pyproject.toml": project.format("q", "<3.13"),
        },
    )
    assert found.requires_python == ">=3.10,<3.13"


def test_the_lock_of_another_tool_joins_no_other_file(tmp_path: Path) -> None:
    pylock = 'lock-version = "1.0"\ncreated-by = "x"\n'
    pylock += '[[packages]]\nname = "a"\nversion = "1"\n[[packages.wheels]]\n'
    pylock += (
        f'url = "https://f.example/a-1-py3-none-any.whl"\nhashes = {{sha256 = "{"0" * 64}"}}\n'
    )
    with pytest.raises(UsageError, match=r"pylock.toml is a lock with versions of its own"):
        merged(tmp_path, {"a.txt": "b\n", "pylock.toml": pylock})


def test_projects_of_one_name_in_two_folders_are_told(tmp_path: Path) -> None:
    project = '[project]\nname = "p"\nversion = "1"\n[build-system]\nrequires = ["x"]\n'
    texts = {"one/pyproject.toml": project, "two/pyproject.toml": project}
    with pytest.raises(UsageError, match="project p: they contradict each other"):
        merged(tmp_path, texts)


def test_a_project_that_another_file_depends_on_is_one_project(tmp_path: Path) -> None:
    project = '[project]\nname = "p"\nversion = "1"\n[build-system]\nrequires = ["x"]\n'
    found = merged(tmp_path, {"p/pyproject.toml": project, "a.txt": "-e ./p\n"})
    assert [(one.name, one.is_own) for one in found.projects] == [("p", True)]


def test_settings_are_joined_and_contradict_each_other() -> None:
    one = Settings(
        resolution="lowest", prerelease_of={"a": "allow"}, no_build=("b",), excluded=("y",)
    )
    other = Settings(
        prerelease_of={"b": "allow"}, no_build=("a",), metadata=(Metadata("m"),), excluded=("x",)
    )
    found = merge([A, B], [with_settings(one), with_settings(other)])
    assert found.settings == Settings(
        resolution="lowest",
        prerelease_of={"a": "allow", "b": "allow"},
        no_build=("a", "b"),
        metadata=(Metadata("m"),),
        excluded=("x", "y"),
    )
    with pytest.raises(UsageError, match=r"^a and b: resolution: they contradict each other"):
        merge([A, B], [with_settings(one), with_settings(Settings(resolution="highest"))])
    different = Settings(prerelease_of={"a": "disallow"})
    with pytest.raises(UsageError, match=r"^a and b: prerelease-of: a: they contradict"):
        merge([A, B], [with_settings(one), with_settings(different)])


def with_settings(settings: Settings) -> Requirements:
    return Requirements(None, None, (), settings=settings)


def test_no_field_of_one_file_is_lost() -> None:
    empty = Requirements(None, None, ())
    found = {
        "python": "3.11",
        "systems": ("x86_64-linux",),
        "indexes": (Index("own", "https://one.example/simple"),),
        "requires_python": ">=3.9",
        "settings": Settings(resolution="lowest"),
    }
    for field in fields(Requirements):
        if field.name in ("locked", "projects"):
            continue
        default = getattr(empty, field.name)
        value = found.get(field.name) or (
            {"x": "1"} if isinstance(default, Mapping) else ("x",) if default == () else "x"
        )
        one = Requirements(
            **({"python": None, "systems": None, "packages": ()} | {field.name: value})
        )
        for pair in ([one, empty], [empty, one]):
            assert getattr(merge([A, B], pair), field.name) == value

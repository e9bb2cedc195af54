"""Pipfile as input: its categories are groups."""

import pytest
import yaml

from lock.errors import UsageError
from lock.inputs.pipenv import pipfile
from lock.models.requirements import Git, Local, Url

PIPFILE = """\
[[source]]
name = "main"
url = "https://index.example/simple"
verify_ssl = true

[[source]]
name = "other"
url = "https://other.example/simple"
verify_ssl = true

[packages]
A_x = {version = ">=1", extras = ["Fast_x"], markers = "python_version < '4'", os_name = "=='nt'"}
b = "~=1.0"
c = {version = "*", index = "other"}
d = {git = "https://g.example/d.git", ref = "v1", editable = true}
e = {file = "https://f.example/e-1.0.zip"}
f = {path = "./lib", editable = true}
g = {version = "*", index = "main", no_binary = true}

[dev-packages]
h = "*"

["docs"]
b = "*"

[requires]
python_full_version = "3.11.4"

[pipenv]
allow_prereleases = true
sort_pipfile = true
new_key = 1

[scripts]
go = "python -V"
"""


def groups(found):
    named = {group: [*map(str, listed)] for group, listed in found.groups.items()}
    return {"default": [*map(str, found.packages)], **named}


def parsed(tmp_path, text):
    return pipfile.parse(text, str(tmp_path / "Pipfile"))


def test_categories_references_sources_and_python_are_read(tmp_path):
    (tmp_path / "lib").mkdir()
    (tmp_path / "lib" / "pyproject.toml").write_text('[project]\nname = "f"\nversion = "3"\n')
    found = parsed(tmp_path, PIPFILE)
    path = str(tmp_path / "lib")
    assert groups(found) == {
        "default": [
            'a-x[fast-x]>=1 ; python_version < "4" and os_name == "nt"',
            "b~=1.0",
            "c",
            "d @ git+https://g.example/d.git@v1",
            "e @ https://f.example/e-1.0.zip",
            f"f @ file://{path}",
            "g",
        ],
        "dev": ["h"],
        "docs": ["b"],
    }
    references = {one.name: one.reference for one in found.packages if one.reference}
    assert references == {
        "d": Git("https://g.example/d.git", "v1"),
        "e": Url("https://f.example/e-1.0.zip"),
        "f": Local(path, "./lib"),
    }
    assert found.index_of == {"c": "other"}
    assert [(one.name, one.default, one.explicit) for one in found.indexes] == [
        ("main", True, False),
        ("other", False, True),
    ]
    assert found.python == "3.11"
    assert found.prefer_sdist == ["g"]
    assert found.settings.prerelease == "allow"
    assert found.notes == (
        f"{tmp_path}/Pipfile: pipenv.new_key: it has no effect here",
        f"{tmp_path}/Pipfile: scripts: they have no effect; only packages are locked",
    )


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "packages: no package is asked for; "),
        ("[packages]\na = 1\n", "packages.a: this is neither a text nor a table; "),
        ('[packages]\na = {versoin = "1"}\n', "packages.a.versoin: unknown key; "),
        ('[packages]\na = {version = "*", index = "x"}\n', "packages.a.index: there is no source"),
        ('[packages]\na = ">>1"\n', 'packages.a: ">>1" is no version specifier; '),
        ('[packages]\na = {version = "*", markers = "x"}\n', "packages.a.markers: its marker is"),
        ('[packages]\na = {git = "https://g.example/a", path = "."}\n', "packages.a: `git` and"),
        (
            '[packages]\na = {git = "https://g.example/a", subdirectory = "x"}\n',
            "packages.a.subdirectory: a project in a subdirectory can't be locked; ",
        ),
        ('[packages]\na = "*"\n[requires]\npython_version = "2.7"\n', "requires.python_version: "),
        (
            '[packages]\na = "*"\n[pipenv]\ninstall_search_all_sources = true\n',
            "pipenv.install_search_all_sources: each package comes from the first source",
        ),
        ('[packages]\na = "*"\n[dev]\nb = "*"\n', "dev: the group `dev` is what stands in"),
        ('[[source]]\nname = "a"\n[packages]\na = "*"\n', "source.url: the source has no address"),
    ],
)
def test_what_is_wrong_is_told(tmp_path, text, problem):
    with pytest.raises(UsageError) as caught:
        parsed(tmp_path, text)
    assert str(caught.value).startswith(f"{tmp_path}/Pipfile: {problem}")
    assert "; " in str(caught.value)


def test_only_packages_that_name_a_further_source_come_from_it(lock, index, new_index):
    other = new_index()
    for number, one in enumerate((index, other), 1):
        for name in ("a", "b"):
            one.wheel(name, f"{number}.0")
    del lock.environment["UV_DEFAULT_INDEX"]
    lock.write(
        f'[[source]]\nname = "main"\nurl = "{index.simple}"\n'
        f'[[source]]\nname = "other"\nurl = "{other.simple}"\n'
        '[packages]\na = {version = "*", index = "other"}\nb = "*"\n'
        '[requires]\npython_version = "3.11"\n',
        "Pipfile",
    )
    links = yaml.safe_load(lock.succeed("Pipfile"))["links"]
    assert {link["package"]: link["version"] for link in links} == {"a": "2.0", "b": "1.0"}


def test_what_has_no_effect_is_told_once_and_prereleases_may_be_allowed(lock, index):
    index.wheel("a", "1.0")
    index.wheel("a", "2.0rc1")
    text = '[packages]\na = "*"\n[requires]\npython_version = "3.11"\n[scripts]\ngo = "x"\n'
    lock.write(text, "Pipfile")
    done = lock.run("Pipfile")
    assert done.stderr.count("scripts: they have no effect") == 1
    assert '"a": "1.0"' in (lock.folder / "sources.yaml").read_text("utf-8")
    lock.write(f"{text}[pipenv]\nallow_prereleases = true\n", "Pipfile")
    assert '"a": "2.0rc1"' in lock.succeed("--upgrade", "Pipfile")

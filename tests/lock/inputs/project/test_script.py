"""Scripts with inline metadata (PEP 723) as input."""

import pytest
import yaml

from lock.errors import UsageError
from lock.inputs import read
from lock.inputs.project import script

SCRIPT = '''\
#!/usr/bin/env python
"""# /// of something else."""
# /// script
# requires-python = ">=3.11"
# dependencies = [
#   "b[x]<2 ; sys_platform == 'linux'",
#   "A_a",
# ]
#
# [tool.uv]
# exclude-newer = "2026-01-31"
# constraint-dependencies = ["c<3"]
# [tool.uv.sources]
# a-a = { index = "own" }
# [[tool.uv.index]]
# name = "own"
# url = "https://index.example/simple"
# explicit = true
# [tool.other]
# key = 1
# ///

# /// other
# dependencies = ["no"]
# ///
print("# /// script")
'''


def test_dependencies_python_and_uv_s_settings_are_read():
    found = script.parse(SCRIPT, "x.py")
    assert [*map(str, found.packages)] == ["a-a", 'b[x]<2 ; sys_platform == "linux"']
    assert found.requires_python == ">=3.11"
    assert found.exclude_newer == "2026-01-31"
    assert found.constraints == ("c<3",)
    assert found.index_of == {"a-a": "own"}
    assert [(index.name, index.explicit) for index in found.indexes] == [("own", True)]
    assert script.parse(SCRIPT.replace("\n", "\r\n"), "x.py") == found


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("print()\n", "x.py: it is a Python file without a block of requirements (PEP 723); "),
        ("# /// script\n# dependencies = []\n", "x.py:1: the block `# /// script` isn't closed"),
        (SCRIPT + SCRIPT, "x.py:29: a second block `# /// script`; keep one"),
        ("\n# /// script\n# dependencies = [\n# ]]\n# ///\n", "x.py:4: this is not TOML"),
        ("# /// script\n# dependencies = []\n# ///\n", "x.py: dependencies: no package is asked"),
        (
            '# /// script\n# dependencies = ["a b"]\n# ///\n',
            'x.py: dependencies: "a b" is no requirement (PEP 508); ',
        ),
        (
            '# /// script\n# dependencies = ["a"]\n# dependency-groups = 1\n# ///\n',
            "x.py: dependency-groups: unknown key; known are dependencies, requires-python, tool",
        ),
        (
            '# /// script\n# dependencies = ["a"]\n# requires-python = "3"\n# ///\n',
            'x.py: requires-python: "3" is no range of versions; ',
        ),
        (
            '# /// script\n# dependencies = ["a"]\n# [tool.uv.sources]\n'
            '# a = { index = "x" }\n# ///\n',
            "x.py: a: there is no index `x`; ",
        ),
    ],
)
def test_what_is_wrong_is_told(text, problem):
    with pytest.raises(UsageError) as caught:
        script.parse(text, "x.py")
    assert str(caught.value).startswith(problem)
    assert "; " in str(caught.value)


def test_the_python_that_it_only_runs_on_needs_no_argument(lock, index):
    index.wheel("a", "1.0")
    lock.write(
        '# /// script\n# requires-python = "==3.11.*"\n# dependencies = ["a"]\n# ///\nimport a\n',
        "x.py",
    )
    done = lock.run("x.py")
    assert done.returncode == 0, done.stderr
    data = yaml.safe_load((lock.folder / "x.py.sources.yaml").read_text("utf-8"))
    assert (data["python"], data["closure"]) == ("3.11", {"a": "1.0"})


def test_paths_are_seen_from_the_script(tmp_path):
    folder = tmp_path / "scripts"
    (folder / "lib").mkdir(parents=True)
    (folder / "lib" / "pyproject.toml").write_text('[project]\nname = "a"\nversion = "1"\n')
    (folder / "x.py").write_text(
        '# /// script\n# dependencies = ["a"]\n# [tool.uv.sources]\n# a = { path = "lib" }\n# ///\n'
    )
    found = read(folder / "x.py")
    assert [project.path for project in found.projects] == [str(folder / "lib")]

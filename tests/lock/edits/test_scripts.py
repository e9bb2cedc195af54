"""Requirements added to the block of a script, and removed: its code stays as it is."""

from pathlib import Path

import pytest

from lock import edits
from lock.edits.edit import Edit
from lock.errors import LockError, UnsatisfiableError, UsageError
from lock.inputs.values import pep508

CODE = '#!/usr/bin/env python\n"""A script."""\nimport os\n'
BLOCK = """\
#!/usr/bin/env python
# /// script
# requires-python = "==3.9.*"
# dependencies = [
#   "b",  # the second
#   "c>1",
# ]
#
# [tool.uv]
# exclude-newer = "2026-01-01T00:00:00Z"
# ///

# /// other
# requires-python = "x"
# ///
import b
"""


def edited(text: str, uv: str, *add: str, remove: tuple[str, ...] = ()) -> str:
    wanted = tuple(pep508.requirement(one, Path("/")) for one in add)
    return edits.apply(text, Path("x.py"), Edit(wanted, remove), {"WHEELHOUSE_UV": uv})[0]


def test_an_empty_script_gets_a_block(uv, tmp_path):
    file = tmp_path / "x.py"
    file.touch()
    wanted = Edit((pep508.requirement("a", tmp_path),))
    assert '"a"' in edits.apply("", file, wanted, {"WHEELHOUSE_UV": uv})[0]


def test_lines_of_the_block_are_changed(uv):
    # Whatever Python uv finds, it needn't be one of the script's.
    added = BLOCK.replace('#   "b",', '#   "a",\n#   "b",')
    assert edited(BLOCK, uv, "a") == added
    assert edited(BLOCK, uv, remove=("c",)) == BLOCK.replace('#   "c>1",\n', "")
    # An address of an index stays an address.
    placed = edited(BLOCK, uv, "z @ https://example.org/z-1.0-py3-none-any.whl")
    assert placed == BLOCK.replace(
        '#   "c>1",\n', '#   "c>1",\n#   "z @ https://example.org/z-1.0-py3-none-any.whl",\n'
    )


def test_a_script_without_a_block_gets_one_that_is_for_every_python(uv):
    made = edited(CODE, uv, "a")
    block = '# /// script\n# dependencies = [\n#     "a",\n# ]\n# ///\n'
    assert made == CODE.replace("python\n", f"python\n{block}", 1)


@pytest.mark.parametrize(
    ("text", "edit", "kind", "problem"),
    [
        (BLOCK, Edit(remove=("zz",)), UnsatisfiableError, "x.py: it doesn't ask for zz"),
        (BLOCK, Edit(remove=("c",), group="dev"), UsageError, "a script has no groups"),
        ("", Edit(remove=("c",)), UsageError, "there is no such script; write it first"),
        (CODE, Edit(remove=("c",)), UsageError, "without a block of requirements"),
        (BLOCK, Edit(from_nixpkgs=True), UsageError, "only requirements.yaml can say"),
    ],
)
def test_what_can_t_be_edited_is_told(uv, text, edit, kind, problem):
    with pytest.raises(LockError, match=problem) as caught:
        edits.apply(text, Path("x.py"), edit, {"WHEELHOUSE_UV": uv})
    assert type(caught.value) is kind


def test_the_lock_of_a_script_stands_beside_it(lock, index):
    index.wheel("a", "1.0")
    index.wheel("b", "1.0")
    (lock.folder / "tools").mkdir()
    file = lock.write('# /// script\n# dependencies = ["a"]\n# ///\n', "tools/x.py")
    (lock.folder / "tools" / "x.py.lock").write_text("")
    assert lock.run("3.11", "--system", "x86_64-linux", "tools/x.py").returncode == 0
    done = lock.run("add", "b", "-r", "tools/x.py")
    assert done.returncode == 0, done.stderr
    assert "tools/x.py.lock: it is stale now; renew it with its tool" in done.stderr
    assert '"b"' in file.read_text("utf-8")
    assert '\n  "b": ' in (lock.folder / "tools" / "x.py.sources.yaml").read_text("utf-8")
    assert lock.run("--check", "tools/x.py").returncode == 0
    assert lock.run("3.11", "3.12", "--system", "x86_64-linux", "tools/x.py").returncode == 0
    names = sorted(path.name for path in (lock.folder / "tools").glob("*.yaml"))
    assert names == [
        "x.py.sources-3.11.yaml",
        "x.py.sources-3.12.yaml",
        "x.py.sources.yaml",
    ]
    (lock.folder / "tools" / "x.py.sources.yaml").unlink()
    index.wheel("a", "2.0")
    assert "2 locks" not in lock.run("--upgrade", "tools/x.py").stderr
    assert '"a": "2.0"' in (lock.folder / "tools" / "x.py.sources-3.12.yaml").read_text("utf-8")
    assert not (lock.folder / "sources.yaml").exists()


@pytest.mark.parametrize(
    ("changed", "difference"),
    [
        ('# dependencies = ["a>=1", "b"]', "b is new"),
        ('# dependencies = ["a"]', "a>=1 is not asked for any more; a is new"),
        ('# requires-python = ">=3.12"\n# dependencies = ["a>=1"]', "requires-python is >=3.12"),
        ('# dependencies = ["A >= 1"]\n#\n# [tool.uv]\n# constraint-dependencies = ["b<2"]', "b"),
    ],
)
def test_uv_s_lock_of_another_state_of_a_script_is_refused(lock, changed, difference):
    text = '# /// script\n# dependencies = ["a>=1"]\n# ///\n'
    lock.write(text, "x.py")
    lock.write(
        'version = 1\nrequires-python = ">=3.11"\n\n[manifest]\n'
        'requirements = [{ name = "a", specifier = ">=1" }]\n\n[[package]]\nname = "a"\n'
        'version = "1.0"\nsource = { registry = "https://example.org/simple" }\n'
        'wheels = [{ url = "https://example.org/a-1.0-py3-none-any.whl", hash = "sha256:'
        f'{"0" * 64}", size = 1 }}]\n',
        "x.py.lock",
    )
    done = lock.run("3.12", "--no-native", "x.py.lock", "fresh.yaml")
    assert done.returncode == 0, done.stderr
    lock.write(text.replace('# dependencies = ["a>=1"]', changed), "x.py")
    told = lock.fail(1, "3.12", "--no-native", "x.py.lock", "stale.yaml")
    assert told.startswith("x.py.lock: it is stale: x.py has changed since it was locked (")
    assert difference in told
    assert "`uv lock --script x.py`" in told

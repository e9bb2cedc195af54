"""What locking again keeps of an existing lock."""

import pytest

from lock.lockfile import existing


@pytest.mark.parametrize(
    ("text", "python"),
    [
        ('wheelhouse: 1\npython: "3.11"\n', "3.11"),
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

"""The file that is locked where the user names none."""

import pytest

from lock.pipeline.file_names import requirements_file


@pytest.mark.parametrize(
    ("names", "chosen", "edited"),
    [
        ((), "requirements.yaml", "requirements.yaml"),
        (("pyproject.toml", "pdm.lock"), "pdm.lock", "pyproject.toml"),
        (("pyproject.toml", "uv.lock", "pdm.lock"), "uv.lock", "pyproject.toml"),
        (("Pipfile", "Pipfile.lock", "setup.py"), "Pipfile.lock", "Pipfile.lock"),
        (("Pipfile", "setup.py"), "Pipfile", "Pipfile"),
        (("Pipfile", "requirements.txt"), "requirements.txt", "requirements.txt"),
    ],
)
def test_a_lock_comes_before_what_it_was_made_from(tmp_path, monkeypatch, names, chosen, edited):
    monkeypatch.chdir(tmp_path)
    for name in names:
        (tmp_path / name).touch()
    assert requirements_file().name == chosen
    assert requirements_file(edited=True).name == edited

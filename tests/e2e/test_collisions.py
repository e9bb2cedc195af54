"""Real packages that bring different files to the same place."""

import re
from pathlib import Path

import pytest

from tests.support.nix import environment

pytestmark = [pytest.mark.nix, pytest.mark.index]

ENVIRONMENT = f"env = {environment('colliding')};"
# It opens PortAudio, which the host package set doesn't have.
SILENT = "sounddevice; sys_platform == 'darwin'"


def written(file: str, packages: list[str], remedy: str = "") -> str:
    """Return the text of a file that requires packages, with the remedy where the error says."""
    if file == "requirements.yaml":
        lines = "".join(f'  {name}: "*"\n' for name in packages)
        return f'overrides: ["{SILENT}"]\n{remedy}\nrequirements:\n{lines}'
    return (
        '[project]\nname = "app"\nversion = "1"\nrequires-python = ">=3.11"\n'
        f"dependencies = {packages}\n\n"
        f'[tool.uv]\noverride-dependencies = ["{SILENT}"]\n{remedy}\n'
    )


def refused(nix, user_flake, file: str, packages: list[str], python: str) -> tuple[Path, str]:
    """Lock packages that collide; return the flake and the error of its environment."""
    folder = user_flake(ENVIRONMENT)
    (folder / file).write_text(written(file, packages), encoding="utf-8")
    nix.lock(folder, "--system", "x86_64-linux", python)
    done = nix.run("build", "--no-link", "--print-build-logs", "path:.#env", cwd=folder)
    assert done.returncode != 0
    lines = (line.rpartition("colliding> ")[2] for line in done.stderr.splitlines())
    return folder, "\n".join(lines)


def remedy_for(file: str, message: str) -> str:
    """Return what the error says to write into a file."""
    pattern = r"^ *(exclude: \[.*\])$" if file == "requirements.yaml" else "`(exclude-dep.*?)`"
    found = re.search(pattern, message, flags=re.MULTILINE)
    assert found, message
    return found[1]


def test_texts_at_the_root_of_the_environment_are_no_collision(nix, user_flake):
    requirements = 'pytest-datadir: "==1.3.1"\nvose-alias-method: "==1.1.1"\n'
    folder = user_flake(ENVIRONMENT, requirements=requirements)
    nix.lock(folder, "--system", "x86_64-linux", "3.11")
    # Both install a LICENSE there; the first by name wins.
    text = (nix.build("path:.#env", cwd=folder) / "LICENSE").read_text()
    package = nix.build("path:.#env.packages.pytest-datadir", cwd=folder)
    assert text == (package / "wheelhouse" / "data" / "LICENSE").read_text()
    nix.build("path:.#env.tests.imports", cwd=folder)


@pytest.mark.one_nix
@pytest.mark.parametrize("file", ["requirements.yaml", "pyproject.toml"])
def test_of_packages_with_the_same_module_the_error_excludes_one(nix, user_flake, file):
    packages = ["mediapipe", "opencv-python-headless"]
    folder, message = refused(nix, user_flake, file, packages, "3.11")
    assert re.search(
        r"^ *lib/python3\.11/site-packages/cv2/\*  "
        r"opencv-contrib-python and opencv-python-headless, \d+ files$",
        message,
        flags=re.MULTILINE,
    ), message
    assert "opencv-contrib-python (required by mediapipe) and opencv-python-headless" in message
    assert "ignoreCollisions" not in message
    remedy = remedy_for(file, message)
    assert "[opencv-contrib-python]" in remedy.replace('"', "")
    (folder / file).write_text(written(file, packages, remedy), encoding="utf-8")
    nix.lock(folder)
    nix.build("path:.#env.tests.imports", cwd=folder)


@pytest.mark.large
def test_detection_with_two_opencvs_builds_after_the_remedy(nix, user_flake):
    packages = ["mediapipe", "ultralytics"]
    folder, message = refused(nix, user_flake, "requirements.yaml", packages, "3.12")
    assert "(required by mediapipe) and opencv-python (required by ultralytics)" in message
    remedy = remedy_for("requirements.yaml", message)
    assert remedy == "exclude: [opencv-python]"
    text = written("requirements.yaml", packages, remedy)
    (folder / "requirements.yaml").write_text(text, encoding="utf-8")
    nix.lock(folder)
    nix.build("path:.#env.tests.imports", cwd=folder)

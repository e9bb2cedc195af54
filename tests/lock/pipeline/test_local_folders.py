"""Indexes that are folders: the files in them are locked as links by path."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.support.index_server import Index, requiring
from tests.support.lock_app import LockApp

WHEEL = "alpha-1.0-py3-none-any.whl"
TOML = '[project]\nname = "x"\nversion = "0"\nrequires-python = ">=3.8"\ndependencies = ["alpha"]\n'


@pytest.fixture
def vend(lock: LockApp, index: Index) -> Path:
    """A folder of files beside the requirements, which the index hasn't got."""
    folder = lock.folder / "vend"
    folder.mkdir()
    index.wheel("alpha", "1.0", "beta")
    (folder / WHEEL).write_bytes(index.files[f"/files/{WHEEL}"])
    index.pages.clear()
    index.wheel("beta", "1.0")
    return folder


def links(lock: LockApp, *arguments: str) -> dict[str, dict[str, Any]]:
    listed = yaml.safe_load(lock.succeed("3.11", *arguments))["links"]
    return {link["package"]: link for link in listed}


def text_file(lock: LockApp) -> str:
    lock.write("--find-links ./vend\nalpha\n", "requirements.txt")
    return "requirements.txt"


def url_in_text_file(lock: LockApp) -> str:
    lock.write(f"--find-links {(lock.folder / 'vend').as_uri()}\nalpha\n", "requirements.txt")
    return "requirements.txt"


def text_file_below(lock: LockApp) -> str:
    (lock.folder / "below").mkdir()
    lock.write("-f ../vend\nalpha\n", "below/requirements.txt")
    return "below/requirements.txt"


def yaml_file(lock: LockApp) -> str:
    lock.write("requirements: {alpha: '*'}\nindexes: {vend: ./vend}\n")
    return "requirements.yaml"


def yaml_file_in_full(lock: LockApp) -> str:
    lock.write(
        "requirements: {alpha: {index: vend}}\nindexes: {vend: {url: vend, explicit: true}}\n"
    )
    return "requirements.yaml"


def settings_of_uv(lock: LockApp) -> str:
    lock.write(f'{TOML}[tool.uv]\nfind-links = ["vend"]\n', "pyproject.toml")
    return "pyproject.toml"


def index_of_uv(lock: LockApp) -> str:
    index = '[[tool.uv.index]]\nname = "vend"\nurl = "./vend"\nformat = "flat"\n'
    lock.write(TOML + index, "pyproject.toml")
    return "pyproject.toml"


KINDS = [
    text_file,
    url_in_text_file,
    text_file_below,
    yaml_file,
    yaml_file_in_full,
    settings_of_uv,
    index_of_uv,
]


@pytest.mark.usefixtures("vend")
@pytest.mark.parametrize("write", KINDS)
def test_a_file_of_a_folder_is_a_link_by_its_path(
    lock: LockApp, index: Index, write: Callable[[LockApp], str]
) -> None:
    file = write(lock)
    found = links(lock, file)
    assert found["alpha"]["path"] == f"vend/{WHEEL}"
    assert found["beta"]["url"] == f"{index.url}/files/beta-1.0-py3-none-any.whl"
    assert "url" not in found["alpha"]
    # Nothing depends on where the folder is.
    before = lock.succeed("3.11", file)
    assert str(lock.folder) not in before.replace((lock.folder / "vend").as_uri(), "")
    assert lock.run("--check", file).returncode == 0


@pytest.mark.usefixtures("vend")
def test_a_lock_of_uv_from_a_folder_is_kept(lock: LockApp) -> None:
    lock.write(TOML, "pyproject.toml")
    (lock.folder / "below").mkdir()
    lock.write(
        'version = 1\nrevision = 3\nrequires-python = ">=3.8"\n'
        '[[package]]\nname = "alpha"\nversion = "1.0"\nsource = { registry = "../vend" }\n'
        f'wheels = [{{ path = "{WHEEL}" }}]\n'
        '[[package]]\nname = "x"\nversion = "0"\nsource = { virtual = "." }\n'
        'dependencies = [{ name = "alpha" }]\n',
        "below/uv.lock",
    )
    assert links(lock, "below/uv.lock")["alpha"]["path"] == f"vend/{WHEEL}"


@pytest.mark.usefixtures("vend")
def test_a_folder_of_pages_serves_as_an_index(lock: LockApp) -> None:
    page = lock.folder / "simple" / "alpha"
    page.mkdir(parents=True)
    (page / "index.html").write_text(f'<a href="../../vend/{WHEEL}">{WHEEL}</a>', encoding="utf-8")
    lock.write("requirements: {alpha: '*'}\nindexes: {own: ./simple}\n")
    assert links(lock)["alpha"]["path"] == f"vend/{WHEEL}"
    lock.write("--extra-index-url ./simple\nalpha\n", "requirements.txt")
    assert links(lock, "requirements.txt")["alpha"]["path"] == f"vend/{WHEEL}"


def test_a_build_takes_what_it_needs_from_a_folder(lock: LockApp, index: Index, vend: Path) -> None:
    index.sdist("gamma", "1.0", requiring("alpha"))
    index.pages.pop("/simple/gamma/")
    (vend / "gamma-1.0.tar.gz").write_bytes(index.files["/files/gamma-1.0.tar.gz"])
    lock.write("--find-links vend\ngamma\n", "requirements.txt")
    data = yaml.safe_load(lock.succeed("3.11", "requirements.txt"))
    assert [link["path"] for link in data["links"]] == ["vend/gamma-1.0.tar.gz"]
    by_name = {link["package"]: link for link in data["build-links"]}
    assert by_name["alpha"]["path"] == f"vend/{WHEEL}"


@pytest.mark.parametrize("write", [text_file, yaml_file, index_of_uv])
def test_a_folder_is_looked_at_by_explain_and_outdated(
    lock: LockApp, vend: Path, write: Callable[[LockApp], str]
) -> None:
    lock.succeed("3.11", write(lock))
    (vend / "alpha-1.1-py3-none-any.whl").write_bytes((vend / WHEEL).read_bytes())
    explained = lock.run("explain", "alpha")
    assert explained.returncode == 0, explained.stderr
    assert f"taken    {WHEEL}: the best that fits" in explained.stdout
    assert lock.run("outdated").stdout == "alpha 1.0 -> 1.1\n"


@pytest.mark.usefixtures("vend")
def test_files_that_a_lock_names_by_path_are_in_no_index(lock: LockApp, index: Index) -> None:
    lock.write("requirements: {alpha: {path: vend/alpha-1.0-py3-none-any.whl}}\n")
    lock.succeed("3.11")
    index.wheel("beta", "1.5")
    assert lock.run("outdated").stdout == "beta 1.0 -> 1.5\n"


@pytest.mark.parametrize(
    ("text", "file", "place"),
    [
        ("-f nowhere\nalpha\n", "requirements.txt", "requirements.txt:1: "),
        (
            "requirements: {alpha: '*'}\nindexes: {own: nowhere}\n",
            "requirements.yaml",
            "requirements.yaml:2: indexes.own: ",
        ),
    ],
)
def test_a_folder_that_is_not_there_is_named(
    lock: LockApp, text: str, file: str, place: str
) -> None:
    lock.write(text, file)
    told = lock.fail(2, "3.11", file)
    assert told.startswith(
        f"{place}there is no {lock.folder}/nowhere; name a folder, or an address"
    )

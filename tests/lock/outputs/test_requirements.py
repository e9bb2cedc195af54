"""A lock as requirements.txt with hashes."""

import hashlib
from pathlib import Path

from lock.inputs.pip.requirements_txt import parse
from lock.models.nix_base32 import from_hex
from lock.models.requirements import Git, Local, Url
from lock.outputs import render
from tests.support.lock_data import DARWIN, LINUX, item, link, lock_of, wheel
from tests.support.uv_lock_texts import SHA256

COMMIT = "6a6e7c4a5a8d5a4d2f1b0c9e8d7f6a5b4c3d2e1f"
ANOTHER = hashlib.sha256(b"another").hexdigest()
TARBALL = "https://forge.example/thing/archive/v1.tar.gz"


def test_each_version_has_its_marker_and_the_hashes_of_all_its_files() -> None:
    lock = lock_of(
        [
            item("alpha", "beta", {"name": "mac", "systems": [DARWIN]}),
            item("beta", version="1.0", systems=[DARWIN]),
            item("beta", version="2.0+cpu", systems=[LINUX]),
            item("tester", "beta"),
        ],
        [
            wheel("alpha", tag="cp311-cp311-macosx_11_0_arm64", sha256=from_hex(ANOTHER)),
            link("alpha-1.0.tar.gz"),
            wheel("beta", systems=[DARWIN]),
            wheel("beta", version="2.0+cpu", systems=[LINUX]),
            wheel("tester"),
        ],
        groups={"default": ["alpha"], "dev": ["tester"], "docs": ["beta"]},
    )
    assert render(lock, "requirements") == (
        "# Made by wheelhouse for Python 3.11.\n"
        "# Without dev, docs.\n"
        "alpha==1.0 \\\n"
        f"    --hash=sha256:{ANOTHER} \\\n"
        f"    --hash=sha256:{SHA256}\n"
        "beta==1.0 ; sys_platform == 'darwin' \\\n"
        f"    --hash=sha256:{SHA256}\n"
        "beta==2.0+cpu ; sys_platform == 'linux' \\\n"
        f"    --hash=sha256:{SHA256}\n"
    )
    with_tester = render(lock, "requirements", ["default", "dev"])
    assert f"\ntester==1.0 \\\n    --hash=sha256:{SHA256}\n" in with_tester
    assert "Without" not in with_tester


def test_what_comes_from_no_index_is_named_by_its_place(tmp_path: Path) -> None:
    file = "local-1.0-py3-none-any.whl"
    (tmp_path / file).write_bytes(b"wheel")
    digest = hashlib.sha256(b"wheel").hexdigest()
    lock = lock_of(
        [
            item("beside"),
            item("folder", systems=[LINUX]),
            item("local"),
            item("repository"),
            item("thing"),
        ],
        [
            link("beside-1.0", path="../beside"),
            link("folder-1.0", path="libs/folder", systems=[LINUX]),
            link(file, path=file),
            link("repository-1.0", git="https://forge.example/repository", rev=COMMIT),
            link("v1.tar.gz", "thing", url=TARBALL),
        ],
        file=tmp_path / "sources.yaml",
    )
    text = render(lock, "requirements")
    assert text == (
        "# Made by wheelhouse for Python 3.11.\n"
        "../beside\n"
        "./libs/folder ; sys_platform == 'linux'\n"
        f"./{file} \\\n"
        f"    --hash=sha256:{digest}\n"
        f"repository @ git+https://forge.example/repository@{COMMIT}\n"
        f"thing @ {TARBALL} \\\n"
        f"    --hash=sha256:{SHA256}\n"
    )
    for folder in (tmp_path / "libs" / "folder", tmp_path.parent / "beside"):
        folder.mkdir(parents=True, exist_ok=True)
        project = f'[project]\nname = "{folder.name}"\nversion = "1.0"\n'
        (folder / "pyproject.toml").write_text(project)
    requirements = parse(text, str(tmp_path / "requirements.txt"))
    assert {package.name: package.reference for package in requirements.packages} == {
        "beside": Local(f"{tmp_path.parent}/beside", "../beside"),
        "folder": Local(f"{tmp_path}/libs/folder", "./libs/folder"),
        "local": Local(f"{tmp_path}/{file}", f"./{file}"),
        "repository": Git("https://forge.example/repository", COMMIT),
        "thing": Url(TARBALL),
    }
    assert requirements.hashes == {"local": (digest,), "thing": (SHA256,)}


def test_the_indexes_of_the_requirements_are_named() -> None:
    indexes = [
        {"name": "links", "url": "https://index.example/links", "format": "flat"},
        {"name": "company", "url": "https://index.example/company", "use": "explicit"},
        {"name": "more", "url": "https://index.example/more"},
        {"name": "main", "url": "https://index.example/simple", "use": "default"},
    ]
    text = render(lock_of([item("a")], requested={"indexes": indexes}), "requirements")
    assert text.splitlines()[1:5] == [
        "--find-links https://index.example/links",
        "--extra-index-url https://index.example/company",
        "--extra-index-url https://index.example/more",
        "--index-url https://index.example/simple",
    ]

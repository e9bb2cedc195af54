"""The steps `layer`, `image` and `image_archive` write images that agree with each other."""

import gzip
import hashlib
import json
import os
import pty
import subprocess
import sys
import tarfile
from pathlib import Path
from typing import Any

import pytest

from builder.layer import ARCHIVE
from tests.support.builder_steps import Builder, error_message
from tests.support.images import Image

ROOT = {"user": None, "folders": ["/data"], "links": {}}


class Images:
    """Makes images of one store path, by the builder's steps."""

    def __init__(self, builder: Builder) -> None:
        self.builder = builder
        self.path = builder.scratch / "0123-demo"
        (self.path / "bin").mkdir(parents=True)
        (self.path / "bin" / "demo").write_text("#!/bin/sh\n")
        (self.path / "bin" / "demo").chmod(0o755)
        self.layers = [
            {"title": "demo", "paths": [str(self.path)]},
            {"title": "libraries", "paths": []},
            {"title": "application", "paths": [], "root": ROOT},
        ]

    def step(self, name: str, out: str, **spec: Any) -> "subprocess.CompletedProcess[str]":
        image = {
            "name": "web",
            "tag": "1.0",
            "created": 1,
            "platform": {"architecture": "amd64", "os": "linux"},
            "config": self.config("demo"),
            "links": {},
        }
        store = {"NIX_STORE": str(self.builder.scratch)}
        return self.builder.run_step(name, {**image, **spec}, self.builder.scratch / out, store)

    def config(self, program: str) -> dict[str, Any]:
        return {
            "Entrypoint": [program],
            "Cmd": [],
            "Env": [f"PATH={self.path}/bin"],
            "Volumes": {},
            "WorkingDir": "/",
        }

    def made(self, name: str, out: str, **spec: Any) -> Path:
        done = self.step(name, out, **spec)
        assert done.returncode == 0, done.stderr
        return self.builder.scratch / out

    def image(self) -> Image:
        folders = [
            self.made("layer", f"layer-{number}", **layer)
            for number, layer in enumerate(self.layers)
        ]
        return Image(self.made("image", "image", layers=[str(folder) for folder in folders]))

    def archive(self, program: Any = None) -> Path:
        name = "archive" if program is None else "stream"
        return self.made("image_archive", name, layers=self.layers, program=program)

    def program(self) -> Path:
        program = {
            "name": "stream",
            "python": sys.executable,
            "builder": str(self.builder.program),
        }
        return self.archive(program) / "bin" / "stream"


@pytest.fixture
def images(builder: Builder) -> Images:
    return Images(builder)


def test_every_file_of_a_layout_has_the_hash_that_it_is_named_by(images: Images) -> None:
    image = images.image()
    assert json.loads((image.folder / "oci-layout").read_text())["imageLayoutVersion"] == "1.0.0"
    blobs = list((image.folder / "blobs" / "sha256").iterdir())
    assert [hashlib.sha256(blob.read_bytes()).hexdigest() for blob in blobs] == [
        blob.name for blob in blobs
    ]
    described = [image.manifest["config"], *image.manifest["layers"]]
    assert len(described) == len(blobs) - 1
    for one in described:
        assert image.blob(one["digest"]).stat().st_size == one["size"]


def test_a_layer_has_the_hash_of_what_is_compressed_and_no_time(images: Images) -> None:
    image = images.image()
    plain = [hashlib.sha256(gzip.decompress(file.read_bytes())) for file in image.layers.values()]
    assert image.config["rootfs"]["diff_ids"] == [f"sha256:{one.hexdigest()}" for one in plain]
    header = image.layers["demo"].read_bytes()[:10]
    assert header[3:8] == bytes(5)


def test_a_layer_without_files_is_left_out(images: Images) -> None:
    assert list(images.image().layers) == ["demo", "application"]
    assert not (images.builder.scratch / "layer-1" / ARCHIVE).exists()


def test_an_archive_has_the_same_image(images: Images) -> None:
    image = images.image()
    with tarfile.open(images.archive()) as archive:
        names = archive.getnames()

        def content(name: str) -> bytes:
            opened = archive.extractfile(name)
            assert opened is not None
            return opened.read()

        ((document),) = json.loads(content("manifest.json"))
        assert document["RepoTags"] == ["web:1.0"]
        assert names == [*document["Layers"], document["Config"], "manifest.json"]
        assert json.loads(content(document["Config"])) == image.config
        assert [f"sha256:{hashlib.sha256(content(name)).hexdigest()}" for name in document["Layers"]
                ] == image.config["rootfs"]["diff_ids"]  # fmt: skip


def test_a_program_streams_the_archive(images: Images) -> None:
    printed = subprocess.run([images.program()], env={}, capture_output=True, check=True).stdout
    assert printed == images.archive().read_bytes()


def test_names_are_streamed_as_they_are_in_any_locale(images: Images, tmp_path: Path) -> None:
    (images.path / "ü").touch()
    made = ["localedef", "--inputfile=POSIX", "--charmap=ISO-8859-1", tmp_path / "latin"]
    # 1 for warnings.
    assert subprocess.run(made, capture_output=True, check=False).returncode <= 1
    variables = {"LOCPATH": str(tmp_path), "LC_ALL": "latin"}
    done = subprocess.run([images.program()], env=variables, capture_output=True, check=True)
    assert done.stdout == images.archive().read_bytes()


def test_a_program_whose_reader_ends_says_nothing(images: Images) -> None:
    read, write = os.pipe()
    os.close(read)
    done = subprocess.run([images.program()], stdout=write, stderr=subprocess.PIPE, check=False)
    os.close(write)
    assert done.stderr == b""


def test_a_program_that_finds_no_space_says_so(images: Images) -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [images.program()], stdout=full, stderr=subprocess.PIPE, text=True, check=False
        )
    assert done.returncode == 1
    assert done.stderr == (
        "wheelhouse: error: the image isn't whole: the standard output: No space left on device\n"
    )


def test_nothing_is_written_to_a_terminal(images: Images) -> None:
    ours, theirs = pty.openpty()
    done = subprocess.run(
        [images.program()], stdout=theirs, stderr=subprocess.PIPE, text=True, check=False
    )
    os.close(ours)
    os.close(theirs)
    assert done.returncode == 1
    assert done.stderr == (
        "wheelhouse: error: this writes an image; send it on, as in `… | docker load`\n"
    )


@pytest.mark.parametrize(
    ("step", "spec"),
    [("image", {"layers": []}), ("image_archive", {"layers": [], "program": None})],
)
def test_an_image_without_the_program_that_it_starts_is_refused(
    images: Images, step: str, spec: dict[str, Any]
) -> None:
    done = images.step(step, "refused", config=images.config("dmo"), **spec)
    assert error_message(done) == (
        "image web: there is no program dmo on its PATH; did you mean demo?"
    )
    assert not (images.builder.scratch / "refused").exists()

"""Write an image as a docker-archive, into a file or by a program that streams it.

Layers come first, each read once, so that nothing has to be stored; the documents that have their
hashes stand at the end.
"""

import hashlib
import json
import os
import signal
import sys
import tarfile
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from builder.image_config import archive_manifest, image_config
from builder.image_layers import Layer, read_closure, read_layer
from builder.image_program import check_image
from builder.image_tar import BLOCK, Entry, archive_size, file, header, write_archive

PLAN = "image.json"
# Names of files are read as the archive has them, in whatever locale it runs.
PROGRAM = """\
#!{python} -ISXutf8
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, {builder!r})

from builder.image_archive import stream

stream({plan!r})
"""

Write = Callable[[bytes], object]


def main(spec: dict[str, Any], out: Path) -> None:
    """Write the archive of an image to the file `out`, or a program that writes it.

    `spec["program"]` is null, or has the `name` of the program, and the `python` and the `builder`
    that run it. Raises BuildError where the image lacks the program that it would start.
    """
    check_image(spec)
    layers = [read_layer(layer, read_closure) for layer in spec["layers"]]
    layers = [layer for layer in layers if not layer.empty]
    if spec["program"] is None:
        with open(out, "wb") as archive:
            write_image(spec, layers, archive.write)
    else:
        write_program(spec, layers, out)


def write_image(spec: Mapping[str, Any], layers: Iterable[Layer], write: Write) -> None:
    """Write a docker-archive, a piece at a time."""
    names, named = [], []
    for number, layer in enumerate(layers):
        names.append(f"{number:03}/layer.tar")
        named.append((layer.title, write_layer(names[-1], layer, write)))
    config = image_config(spec, named)
    name = f"{hashlib.sha256(config).hexdigest()}.json"
    documents = [
        file(name, config, 0o444),
        file("manifest.json", archive_manifest(spec, name, names), 0o444),
    ]
    write_archive(documents, write)


def write_layer(name: str, layer: Layer, write: Write) -> str:
    """Write a layer as a member of an archive, and return its sha256."""
    size = archive_size(layer.entries())
    plain = hashlib.sha256()

    def write_piece(piece: bytes) -> None:
        plain.update(piece)
        write(piece)

    write(header(Entry(name, tarfile.REGTYPE, 0o444, size=size)))
    write_archive(layer.entries(), write_piece)
    write(bytes(-size % BLOCK))
    return plain.hexdigest()


def write_program(spec: Mapping[str, Any], layers: Iterable[Layer], out: Path) -> None:
    """Write a program that streams an image, and what it reads: the paths of each layer."""
    plan = out / "share" / PLAN
    plan.parent.mkdir(parents=True)
    image = {key: spec[key] for key in ("name", "tag", "created", "platform", "config")}
    described = [
        {"title": layer.title, "paths": layer.paths, "root": layer.root} for layer in layers
    ]
    plan.write_text(json.dumps({**image, "layers": described}), encoding="utf-8")
    text = PROGRAM.format(**spec["program"], plan=str(plan))
    program = out / "bin" / spec["program"]["name"]
    program.parent.mkdir()
    program.write_text(text, encoding="utf-8")
    program.chmod(0o755)


def stream(plan: str) -> None:
    """Write the image of a plan to the standard output.

    Raises SystemExit where that is a terminal, or can't be written.
    """
    if sys.stdout.isatty():
        sys.exit("wheelhouse: error: this writes an image; send it on, as in `… | docker load`")
    # Whoever reads the image may end early, and says why.
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    spec = json.loads(Path(plan).read_text("utf-8"))
    layers = [
        Layer(layer["title"], tuple(layer["paths"]), layer["root"]) for layer in spec["layers"]
    ]
    try:
        write_image(spec, layers, sys.stdout.buffer.write)
        sys.stdout.buffer.flush()
    except OSError as error:
        # At its end, Python would try to write the rest.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        place = error.filename or "the standard output"
        sys.exit(f"wheelhouse: error: the image isn't whole: {place}: {error.strerror}")

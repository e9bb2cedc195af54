"""Write the folder of an image, by the image layout of the Open Container Initiative.

Layers are links to where they lie in the store.
"""

import json
import os
from pathlib import Path
from typing import Any

from builder.image_config import (
    CONFIG_TYPE,
    LAYER_TYPE,
    MANIFEST_TYPE,
    Blob,
    document_blob,
    encode,
    image_config,
    index,
    manifest,
)
from builder.image_program import check_image
from builder.layer import ARCHIVE, NOTES


def main(spec: dict[str, Any], out: Path) -> None:
    """Write the image of `spec["layers"]`, results of the step `layer`.

    Raises BuildError where the image lacks the program that it would start.
    """
    check_image(spec)
    blobs = out / "blobs" / "sha256"
    blobs.mkdir(parents=True)
    layers, named = [], []
    for folder in spec["layers"]:
        notes = json.loads(Path(folder, NOTES).read_text("utf-8"))
        if notes["empty"]:
            continue
        layers.append(Blob(LAYER_TYPE, notes["sha256"], notes["size"]))
        named.append((notes["title"], notes["diff"]))
        os.symlink(f"{folder}/{ARCHIVE}", blobs / notes["sha256"])

    def write(media_type: str, content: bytes) -> Blob:
        blob = document_blob(media_type, content)
        (blobs / blob.sha256).write_bytes(content)
        return blob

    config = write(CONFIG_TYPE, image_config(spec, named))
    image = write(MANIFEST_TYPE, manifest(config, layers))
    (out / "index.json").write_bytes(index(spec, image))
    (out / "oci-layout").write_bytes(encode({"imageLayoutVersion": "1.0.0"}))
